import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("A pull where something of a record is lost here, and the remote has it", .inProcess)
struct PullHealTests {
  private let lab: Lab

  init() throws {
    lab = try Lab.filled()
    try lab.weave("push")
  }

  private func path(of object: String, in store: String) -> String {
    "\(store)/objects/\(object.prefix(2))/\(object.dropFirst(2))"
  }

  private func lose(_ revision: String) throws -> String {
    let id = try lab.store.git("rev-parse", "--verify", revision)
    try FileManager.default.removeItem(atPath: path(of: id, in: lab.store.path))
    return id
  }

  @Test(
    "puts it back, says so, and exits with 0",
    arguments: [
      "refs/weave/public/locks/emerald-city", "refs/weave/public/locks/emerald-city^{tree}",
      "refs/weave/public/sets/release-1", "refs/weave/public/sets/release-1:set",
      "refs/weave/public/observed/toto", "refs/weave/public/observed/toto:observed",
      "refs/weave/public/seen/toto", "refs/weave/public/manifest", "refs/weave/public/manifest^{tree}",
      "refs/weave/public/manifest:constellations/emerald-city",
    ])
  func restored(revision: String) throws {
    _ = try lose(revision)
    let pull = try lab.run("pull")
    #expect(pull.status == 0, "\(pull.stderr)")
    #expect(pull.stderr.contains("warning: restored 1 object"), "\(pull.stderr)")
    try lab.check()
  }

  @Test("puts an event of a ledger back, also one that was cut short")
  func ledger() throws {
    let links = try lab.weave("links")
    let id = try lab.store.git("rev-parse", "\(lab.ledger())~1")
    let file = path(of: id, in: lab.store.path)
    let content = try Data(contentsOf: URL(fileURLWithPath: file))
    try FileManager.default.removeItem(atPath: file)
    try content.dropLast(8).write(to: URL(fileURLWithPath: file))
    try? FileManager.default.removeItem(atPath: "\(lab.store.path)/weave/index")
    #expect(try lab.run("links").status == 1)
    let pull = try lab.run("pull")
    #expect(pull.status == 0, "\(pull.stderr)")
    #expect(try lab.weave("links") == links)
    try lab.check()
  }

  @Test("asks the remote itself where the exchange repository has lost it, too")
  func exchange() throws {
    let id = try lose("refs/weave/public/sets/release-1:set")
    try FileManager.default.removeItem(
      atPath: path(of: id, in: "\(lab.store.path)/weave/exchange/public.git"))
    let pull = try lab.run("pull")
    #expect(pull.status == 0, "\(pull.stderr)")
    #expect(pull.stderr.contains("warning: restored 1 object of refs/weave/public/"), "\(pull.stderr)")
    try lab.check()
  }

  @Test("takes all else, and says what no remote has")
  func lostForGood() throws {
    try lab.weave("set", "release-1", "narya@v1", "--replace")
    _ = try lose("refs/weave/public/sets/release-1:set")
    let pull = try lab.run("pull")
    #expect(pull.stderr.contains("does not have what is lost of refs/weave/public/sets/release-1"))
  }
}
