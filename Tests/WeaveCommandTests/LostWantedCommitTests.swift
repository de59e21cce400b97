import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("`status` of a constellation of which a wanted commit is lost", .inProcess)
struct LostWantedCommitTests {
  private let lab: Lab

  init() throws {
    lab = try Lab()
    try lab.weave("init")
    try lab.addProject("telperion")
    try lab.weave("fetch")
    try lab.constellation(
      """
      constellation: one
      projects: { telperion: {} }
      roles: { dns: { projects: [telperion] } }
      machines: { toto: { roles: [dns] } }

      """)
    try lab.weave("lock")
    try lab.report("toto", "telperion@v1")
  }

  private func lose(_ id: String) throws {
    try FileManager.default.removeItem(atPath: "\(lab.store.path)/objects/\(id.prefix(2))/\(id.dropFirst(2))")
  }

  @Test("is an error that names it, and not a machine on commits of another history")
  func lost() throws {
    #expect(try lab.run("status", "-c", "one").stdout.contains("behind"))
    let wanted = try lab.store.git("rev-parse", "refs/namespaces/telperion/refs/heads/main")
    // What its branch leads to is another commit then, and only the lock names the one that is lost.
    try lab.source("telperion").commit("three")
    try lab.weave("fetch")
    try lose(wanted)
    let status = try lab.run("status", "-c", "one")
    #expect(status.status == 1, "\(status.stdout)")
    #expect(status.stderr.contains(wanted), "\(status.stderr)")
  }
}
