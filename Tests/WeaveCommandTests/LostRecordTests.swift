import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("commands where a record is lost", .inProcess) struct LostRecordTests {
  private let lab: Lab

  /// A lock, a report, a set, a hold and an acknowledgement, each twice.
  init() throws {
    lab = try Lab()
    try lab.weave("init")
    try lab.addProject("telperion")
    try lab.weave("fetch")
    try lab.constellation(Self.constellation)
    for revision in ["v1", "main"] {
      try lab.weave("hold", "toto", "telperion@\(revision)", "-m", "why")
      try lab.weave("lock", "-m", revision)
      try lab.report("toto", "telperion@\(revision)")
      try lab.weave("set", "rel", "telperion@\(revision)", "--replace")
      try lab.weave("status", "--ack", "toto", "--for", "2d", "-m", revision)
    }
  }

  private static let constellation = """
    constellation: one
    projects: { telperion: {} }
    roles: { dns: { projects: [telperion] } }
    machines: { toto: { roles: [dns] } }

    """

  private func lose(_ revision: String) throws {
    let id = try lab.store.git("rev-parse", "--verify", revision)
    try FileManager.default.removeItem(atPath: "\(lab.store.path)/objects/\(id.prefix(2))/\(id.dropFirst(2))")
  }

  struct Loss: Sendable, CustomTestStringConvertible {
    let revision: String
    let asking: [String]
    let cure: [String]
    let words: String

    var testDescription: String { revision }
  }

  static let losses = [
    Loss(
      revision: "refs/weave/public/locks/one", asking: ["status", "-c", "one"],
      cure: ["lock", "-m", "again"],
      words: "weave lock -c one"),
    Loss(
      revision: "refs/weave/public/locks/one", asking: ["status", "-c", "one"],
      cure: ["lock", "--restore", "FIRST"], words: "weave lock -c one"),
    Loss(
      revision: "refs/weave/public/observed/toto", asking: ["status", "-c", "one"],
      cure: ["report", "--machine", "toto", "telperion=V1"], words: "weave report --machine toto"),
    Loss(
      revision: "refs/weave/public/seen/toto", asking: ["status", "-c", "one"],
      cure: ["report", "--machine", "toto", "telperion=V1"], words: "weave report --machine toto"),
    Loss(
      revision: "refs/weave/public/sets/rel", asking: ["set", "list"], cure: ["set", "rel", "telperion@v1"],
      words: "weave set rel"),
    Loss(
      revision: "refs/weave/public/sets/rel", asking: ["set", "list"], cure: ["set", "remove", "rel"],
      words: "weave set remove rel"),
    Loss(
      revision: "refs/weave/public/manifest:holds/telperion@toto", asking: ["resolve"],
      cure: ["hold", "toto", "telperion@v1", "-m", "again"], words: "weave hold"),
    Loss(
      revision: "refs/weave/public/manifest:holds/telperion@toto", asking: ["resolve"],
      cure: ["release", "toto", "telperion"], words: "weave release toto telperion"),
    Loss(
      revision: "refs/weave/public/manifest:acknowledgements/toto", asking: ["status", "-c", "one"],
      cure: ["status", "--ack", "toto", "--for", "1d", "-m", "again"], words: "--ack"),
    Loss(
      revision: "refs/weave/public/manifest:acknowledgements/toto", asking: ["status", "-c", "one"],
      cure: ["status", "--unack", "toto"], words: "weave status --unack toto"),
  ]

  @Test("say what to type, which goes past it; fsck --repair is not blocked", arguments: losses)
  func goPast(loss: Loss) throws {
    let first = try lab.store.git("rev-parse", "refs/weave/public/locks/one~")
    let v1 = try lab.id("telperion@v1")
    try lose(loss.revision)
    let asked = try lab.refusal(loss.asking)
    #expect(asked.contains(loss.words), "\(asked)")
    try lab.store.git("update-ref", "-d", "refs/weave-local/keep/telperion")
    let repair = try lab.run("fsck", "--repair")
    #expect(repair.status == 1)
    #expect(lab.store.resolve("refs/weave-local/keep/telperion") != nil, "\(repair.stdout)\(repair.stderr)")
    try lab.weave(loss.cure.map { $0 == "FIRST" ? first : $0.replacingOccurrences(of: "V1", with: v1) })
    try lab.weave(loss.asking)
    let check = try lab.run("fsck")
    // What is lost of a manifest stays lost in its history, which nobody can be given.
    guard !loss.revision.contains("manifest") else {
      #expect(check.status == 1)
      return #expect(check.stdout.contains("of an earlier state of refs/weave/public/manifest"))
    }
    #expect(check.status == 0, "\(check.stdout)\(check.stderr)")
    try lab.share()
    try lab.colleague("faramir").check()
  }

  @Test("a lock waits for no lock of another constellation that is lost, too")
  func bothLocks() throws {
    try lab.constellation(Self.constellation.replacingOccurrences(of: "one", with: "two"))
    try lab.weave("lock", "-c", "two")
    try lose("refs/weave/public/locks/two")
    try lab.constellation(Self.constellation + "# So that there is something to lock.\n")
    #expect(try lab.refusal(["lock", "-c", "one"]).contains("`weave lock -c two`"))
    try lose("refs/weave/public/locks/one")
    let lock = try lab.run("lock", "-c", "one")
    #expect(lock.status == 0)
    #expect(lock.stderr.contains("whether it contradicts that of one is not known"), "\(lock.stderr)")
    try lab.weave("lock", "-c", "two")
    try lab.weave("status", "-c", "two")
  }

  @Test(
    "a remote that still has the lost lock has both after a push, and its own in force",
    arguments: ["", "^{tree}"])
  func pushed(part: String) throws {
    try lab.share()
    try lose("refs/weave/public/locks/one\(part)")
    try lab.weave("hold", "toto", "telperion@v1", "-m", "why")
    try lab.weave("lock", "-m", "again")
    try lab.weave("push")
    #expect(try lab.locks(of: "one").count == 3)
    let colleague = try lab.colleague("faramir")
    try colleague.check()
    #expect(try colleague.weave("lock", "-c", "one", "--list").contains("not adopted  again"))
  }
}
