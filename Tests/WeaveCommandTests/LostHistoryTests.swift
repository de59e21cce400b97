import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("A push where what a record goes on from is lost, and no remote ever had it", .inProcess)
struct LostHistoryTests {
  private let lab: Lab
  private let hub: TestRepository

  /// A lock, a report, a set and an event, each twice.
  init() throws {
    lab = try Lab()
    try lab.weave("init")
    for project in ["telperion", "laurelin"] { try lab.addProject(project) }
    try lab.weave("fetch")
    try lab.constellation(
      """
      constellation: one
      projects: { telperion: {} }
      roles: { dns: { projects: [telperion] } }
      machines: { toto: { roles: [dns] } }

      """)
    for revision in ["v1", "main"] {
      try lab.weave("link", "telperion@\(revision)", "laurelin@\(revision)", "-m", revision)
      try lab.weave("hold", "toto", "telperion@\(revision)", "-m", "why")
      try lab.weave("lock", "-m", revision)
      try lab.report("toto", "telperion@\(revision)")
      try lab.weave("set", "rel", "telperion@\(revision)", "--replace")
    }
    hub = try lab.bare()
    try lab.weave("remote", "add", "hub", hub.path)
  }

  private func lose(_ revision: String) throws -> String {
    let id = try lab.store.git("rev-parse", "--verify", revision)
    try FileManager.default.removeItem(atPath: "\(lab.store.path)/objects/\(id.prefix(2))/\(id.dropFirst(2))")
    return id
  }

  private static let records = [
    "refs/weave/public/locks/one", "refs/weave/public/observed/toto", "refs/weave/public/sets/rel",
    "refs/weave/public/manifest",
  ]

  @Test(
    "sends all other records, names the ref, what is lost and what to type, and exits with 1",
    arguments: records, ["~1", "~1^{tree}", ""])
  func others(reference: String, lost: String) throws {
    // Without its manifest no command finds the store.
    if reference.hasSuffix("manifest"), lost.isEmpty { return }
    let id = try lose(reference + lost)
    let push = try lab.run("push")
    #expect(push.status == 1)
    #expect(push.stderr.contains("error: cannot read \(reference): "), "\(push.stderr)")
    #expect(push.stderr.contains(id), "\(push.stderr)")
    #expect(push.stderr.contains("`weave fsck --repair`"), "\(push.stderr)")
    #expect(hub.resolve(reference) == nil)
    for other in Self.records + [try lab.ledger()] where other != reference {
      #expect(hub.resolve(other) == lab.store.resolve(other), "\(other): \(push.stderr)")
    }
    #expect(try hub.git("fsck", "--strict", "--no-dangling") == "")
  }

  @Test("sends the others where the own ledger is what is broken")
  func ledger() throws {
    let ledger = try lab.ledger()
    _ = try lose("\(ledger)~1")
    let push = try lab.run("push")
    #expect(push.status == 1)
    #expect(push.stderr.contains("error: cannot read \(ledger): "), "\(push.stderr)")
    #expect(hub.resolve(ledger) == nil)
    for other in Self.records { #expect(hub.resolve(other) == lab.store.resolve(other), "\(push.stderr)") }
  }

  @Test("sends the record itself where the remote has what is lost")
  func remoteHasIt() throws {
    try lab.weave("push")
    _ = try lose("refs/weave/public/locks/one~1")
    try lab.weave("release", "toto", "telperion")
    try lab.weave("hold", "toto", "telperion@v1", "-m", "again")
    try lab.weave("lock", "-m", "third")
    try lab.weave("push")
    #expect(hub.resolve("refs/weave/public/locks/one") == lab.store.resolve("refs/weave/public/locks/one"))
    try lab.colleague("faramir").check()
  }

  @Test("goes out whole once the record that nobody has is given up, as the hint says, and made again")
  func givenUp() throws {
    _ = try lose("refs/weave/public/locks/one~1")
    let hint = "update-ref -d refs/weave/public/locks/one"
    #expect(try lab.run("push").stderr.contains(hint))
    try lab.store.git("update-ref", "-d", "refs/weave/public/locks/one")
    try lab.weave("lock", "-m", "again")
    try lab.weave("push")
    try lab.colleague("faramir").check()
  }

  @Test("a pull takes the other records where ours of one cannot be read")
  func pull() throws {
    try lab.weave("push")
    let faramir = try lab.colleague("faramir")
    try faramir.weave("set", "other", "telperion@v1")
    try faramir.weave("push")
    try lab.weave("link", "telperion@v1", "laurelin@main", "-m", "three")
    _ = try lose(lab.ledger())
    let pull = try lab.run("pull")
    #expect(pull.status == 1)
    let ledger = try lab.ledger()
    #expect(pull.stderr.contains("in the ledger of") || pull.stderr.contains(ledger), "\(pull.stderr)")
    #expect(try lab.weave("set", "list").contains("other"))
  }
}
