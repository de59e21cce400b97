import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("One bad record of a remote", .inProcess)
struct OneBadRecordTests {
  private let lab: Lab
  private let hub: TestRepository
  private let bob: Colleague

  init() throws {
    lab = try Lab.withEachRecord()
    hub = try lab.share()
    bob = try lab.colleague("bob")
  }

  private static let records = [
    "refs/weave/public/locks/emerald-city", "refs/weave/public/sets/release-1",
    "refs/weave/public/observed/toto", "refs/weave/public/seen/toto", "refs/weave/public/manifest",
  ]

  /// Puts what is no record on top of `reference` in the hub.
  private func spoil(_ reference: String) throws {
    let parent = hub.resolve(reference).map { ["-p", $0] } ?? []
    let blob = try hub.git(["hash-object", "-w", "--stdin"], input: Array("x\n".utf8))
    let tree = try hub.git(["mktree"], input: Array("100644 blob \(blob)\tx\n".utf8))
    try hub.git(
      "update-ref", reference, hub.git(["commit-tree", tree] + parent, input: Array("x\n".utf8)))
  }

  @Test("is named, stops no other, and a pull ends with 0", arguments: records)
  func stopsNobody(reference: String) throws {
    let before = bob.store.resolve(reference)
    let revocation = try lab.weave("revoke", "telperion@v1", "-m", "loops")
    try lab.weave("set", "release-2", "telperion@v1", "narya@v1")
    try lab.weave("push")
    try spoil(reference)
    for _ in 1...2 {
      let pull = try bob.run("pull")
      #expect(pull.status == 0, "\(pull.stderr)")
      #expect(pull.stderr.contains("warning: \(reference) is refused: "), "\(pull.stderr)")
      #expect(bob.store.resolve(reference) == before)
      #expect(try bob.events().contains(revocation))
      #expect(bob.store.resolve("refs/weave/public/sets/release-2") != nil)
    }
    #expect(try bob.run("sha", "telperion", "--machine", "toto").status == 5)
  }

  @Test("that breaks Git's fetch is left out, and a pull ends with 0", arguments: records)
  func broken(reference: String) throws {
    let revocation = try lab.weave("revoke", "telperion@v1", "-m", "loops")
    try lab.weave("push")
    try FileManager.default.createDirectory(
      atPath: "\(hub.path)/\((reference as NSString).deletingLastPathComponent)",
      withIntermediateDirectories: true)
    try hub.write("\(String(repeating: "1", count: 40))\n", to: reference)
    let pull = try bob.run("pull")
    #expect(pull.status == 0, "\(pull.stderr)")
    #expect(pull.stderr.contains("warning: \(reference) is broken at "), "\(pull.stderr)")
    #expect(try bob.events().contains(revocation))
  }

  @Test(
    "that is a directory or a file where others have the other is passed over, and named",
    arguments: [true, false])
  func inTheWay(isAbove: Bool) throws {
    let lock = "refs/weave/public/locks/emerald-city"
    let before = bob.store.resolve(lock)
    let revocation = try lab.weave("revoke", "telperion@v1", "-m", "loops")
    try lab.weave("push")
    let tip = try #require(hub.resolve(lock))
    try hub.git("update-ref", "-d", lock)
    try hub.git("update-ref", isAbove ? "refs/weave/public/locks" : "\(lock)/x", tip)
    for _ in 1...2 {
      let pull = try bob.run("pull")
      #expect(pull.status == 0, "\(pull.stderr)")
      #expect(pull.stderr.contains("warning: \(lock) is refused: it was deleted there"), "\(pull.stderr)")
      #expect(bob.store.resolve(lock) == before)
      #expect(try bob.events().contains(revocation))
    }
    try bob.weave("fetch")
    try bob.weave(
      "lock", "-c", "emerald-city", "-m", "again", "--restore", #require(before), "--even-revoked")
    let push = try bob.run("push")
    #expect(push.status == 1)
    #expect(push.stderr.contains("error: \(lock) is refused: "), "\(push.stderr)")
    #expect(push.stderr.contains("exists; cannot create"), "\(push.stderr)")
  }

  /// Has a second state of each record made in the lab, and bob pull it.
  private func goOn() throws {
    try lab.link("telperion@v2", "laurelin@v2", "narya@v2")
    try lab.weave("lock", "-c", "emerald-city")
    try lab.weave("set", "remove", "release-1")
    try lab.weave("set", "release-1", "telperion@v2", "laurelin@v2")
    try lab.report("toto", "telperion@v2")
    try lab.weave("project", "set", "telperion", "track", "main")
    try lab.weave("push")
    try bob.weave("pull")
  }

  enum Move: CaseIterable { case replaced, deleted }

  /// When a machine was seen is replaced each time.
  private static let growing = records.filter { !$0.contains("/seen/") }

  @Test(
    "that no longer has what the hub had of it is refused at each pull, and ours stays", arguments: growing,
    Move.allCases)
  func takenBack(reference: String, move: Move) throws {
    try goOn()
    let newest = try #require(bob.store.resolve(reference))
    switch move {
    case .replaced:
      // But for where it stands it is as good as the one that it replaces.
      let message = try hub.git("log", "-1", "--format=%B", reference) + "\n"
      try hub.git(
        "update-ref", reference,
        hub.git(
          ["commit-tree", "\(reference)~1^{tree}", "-p", "\(reference)~1"], input: Array(message.utf8)))
    case .deleted: try hub.git("update-ref", "-d", reference)
    }
    for _ in 1...2 {
      let pull = try bob.run("pull")
      #expect(pull.status == 0, "\(pull.stderr)")
      let reason =
        move == .deleted ? "it was deleted there" : "it was rewritten there: \(newest) is gone from it"
      #expect(
        pull.stderr.contains("warning: \(reference) is refused: \(reason); ours stays"), "\(pull.stderr)")
      #expect(bob.store.resolve(reference) == newest)
    }
  }

  @Test(
    "of which the hub shows an earlier state changes nothing, and a push gives the newer again",
    arguments: growing)
  func rewound(reference: String) throws {
    try goOn()
    let newest = try #require(bob.store.resolve(reference))
    try hub.git("update-ref", reference, "\(reference)~1")
    for _ in 1...2 {
      let pull = try bob.run("pull")
      #expect(pull.status == 0, "\(pull.stderr)")
      #expect(bob.store.resolve(reference) == newest)
    }
    try bob.weave("push")
    #expect(hub.resolve(reference) == newest)
  }

  @Test("keeps what is newer here from being sent, which the push says, with who mends it")
  func push() throws {
    let manifest = "refs/weave/public/manifest"
    try spoil(manifest)
    try bob.weave("project", "set", "telperion", "track", "v1")
    let link = try bob.weave("link", "telperion@v1", "narya@v1")
    let push = try bob.run("push")
    #expect(push.status == 1)
    #expect(push.stderr.contains("error: \(manifest) is not sent: what "), "\(push.stderr)")
    #expect(push.stderr.contains("git update-ref -d \(manifest)"), "\(push.stderr)")
    try hub.git("update-ref", "-d", manifest)
    try bob.weave("push")
    let pull = try lab.run("pull")
    #expect(pull.status == 0, "\(pull.stderr)")
    #expect(try lab.me.events().contains(link))
    #expect(try lab.weave("project", "list").contains("v1"))
  }

  @Test("a manifest of another store, where ours was, is named as that, by pull and push, and stops nobody")
  func foreignManifest() throws {
    let other = try otherStore()
    try hub.git("fetch", "--quiet", other.path, "+refs/weave/public/manifest:refs/weave/public/manifest")
    let pull = try bob.run("pull")
    #expect(pull.status == 0, "\(pull.stderr)")
    #expect(
      pull.stderr.contains("warning: refs/weave/public/manifest is refused: it is of another store, "),
      "\(pull.stderr)")
    try bob.weave("project", "set", "telperion", "track", "v1")
    let push = try bob.run("push")
    #expect(push.status == 1)
    #expect(push.stderr.contains("error: refs/weave/public/manifest is not sent: "), "\(push.stderr)")
  }

  @Test("a remote of another store is named as that by pull and by push, and nothing of it is taken")
  func foreignRemote() throws {
    let other = try otherStore()
    try bob.weave("remote", "add", "other", other.path)
    let before = try bob.store.refs()
    for command in ["pull", "push"] {
      let result = try bob.run(command, "other")
      #expect(result.status == 1)
      #expect(result.stderr.contains("error: other is the remote of another store, "), "\(result.stderr)")
      #expect(
        result.stderr.contains("hint: `weave remote remove other`, or `weave clone "), "\(result.stderr)")
      #expect(try bob.store.refs() == before)
    }
    // Once it is ours there is nothing to make good.
    for reference in try other.refs().keys { try other.git("update-ref", "-d", reference) }
    try bob.weave("push", "other")
    try bob.weave("pull", "other")
  }

  private func otherStore() throws -> TestRepository {
    let directory = lab.directory.appending("other")
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    try lab.weave("init", in: directory)
    return TestRepository(at: "\(directory)/.weave/.git")
  }

  @Test("a hub whose manifest is none gives no clone, which ends with 1 and leaves nothing")
  func clone() throws {
    try spoil("refs/weave/public/manifest")
    let clone = try lab.run("clone", hub.path, "fresh", in: lab.directory.path)
    #expect(clone.status == 1)
    #expect(!FileManager.default.fileExists(atPath: lab.directory.appending("fresh")))
  }
}
