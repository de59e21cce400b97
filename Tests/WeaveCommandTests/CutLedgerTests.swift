import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("A ledger on which somebody put what nobody takes", .inProcess)
struct CutLedgerTests {
  enum Junk: CaseIterable { case tree, size, join }

  /// Puts a commit that is refused onto `tip`, and an event above it; returns the newer.
  private static func put(_ junk: Junk, onto tip: String, in hub: TestRepository) throws -> String {
    let empty = try hub.git(["mktree"], input: [])
    let blob = try hub.git(["hash-object", "-w", "--stdin"], input: Array("x".utf8))
    let full = try hub.git(["mktree"], input: Array("100644 blob \(blob)\tx\n".utf8))
    let bad: String =
      switch junk {
      case .tree: try hub.git("commit-tree", full, "-p", tip, "-m", "x")
      case .size:
        try hub.git(
          ["commit-tree", empty, "-p", tip], input: Array(repeating: UInt8(ascii: "x"), count: 10 << 20))
      case .join:
        try hub.git("commit-tree", full, "-p", tip, "-p", "\(tip)^", "-m", "join")
      }
    return try hub.git("commit-tree", empty, "-p", bad, "-m", "above")
  }

  @Test("loses no event below that, and a pull ends with 1 and says so", arguments: Junk.allCases)
  func below(junk: Junk) throws {
    try Lab.withHub { lab, hub, bob throws in
      let link = try lab.link("telperion@v1", "laurelin@v1")
      let revocation = try lab.weave("revoke", "telperion@main", "-m", "loops")
      try lab.weave("push")
      let ledger = try lab.ledger()
      try hub.git("update-ref", ledger, Self.put(junk, onto: ledger, in: hub))
      for _ in 1...2 {
        let pull = try bob.run("pull")
        #expect(pull.status == 1)
        #expect(pull.stderr.contains("error: \(ledger) is refused: "), "\(pull.stderr)")
        #expect(pull.stderr.contains("; what is below that counts"), "\(pull.stderr)")
        #expect(try bob.events() == [link, revocation].sorted())
      }
      try bob.check()
    }
  }

  @Test(
    "so that Git refuses it loses no event below that, to whoever pulls and whoever clones, however often")
  func refusedByGit() throws {
    try Lab.withHub { lab, hub, bob throws in
      let link = try lab.link("telperion@v1", "laurelin@v1")
      try lab.weave("push")
      try bob.weave("pull")
      let revocation = try lab.weave("revoke", "telperion@main", "-m", "loops")
      let other = try lab.link("telperion@v1", "laurelin@main")
      try lab.weave("push")
      let ledger = try lab.ledger()
      let empty = try hub.git(["mktree"], input: [])
      let bad = try hub.commitThatGitRefuses(onto: hub.git("rev-parse", ledger))
      try hub.git("update-ref", ledger, hub.git("commit-tree", empty, "-p", bad, "-m", "above"))
      for _ in 1...2 {
        let pull = try bob.run("pull")
        #expect(pull.status == 1)
        #expect(pull.stderr.contains("error: \(ledger) is broken at origin"), "\(pull.stderr)")
        #expect(try bob.events() == [link, revocation, other].sorted())
      }
      try bob.check()
      let clone = try lab.run("clone", hub.path, lab.directory.appending("new"), in: lab.directory.path)
      #expect(clone.status == 1)
      #expect(try lab.eventIDs(in: lab.directory.appending("new")).count == 3)
    }
  }

  @Test("is no reason for a clone to have no lock, where it is on a chain of locks")
  func locks() throws {
    let lab = try Lab.threeProjects()
    try lab.constellation(Constellations.pair())
    try lab.link("telperion@v1", "laurelin@v1")
    try lab.weave("lock", "-c", "pair")
    let hub = try lab.share()
    let answer = try lab.weave("sha", "telperion", "--machine", "toto")
    let locks = "refs/weave/public/locks/pair"
    try hub.git("update-ref", locks, hub.commitThatGitRefuses(onto: hub.git("rev-parse", locks)))
    let new = try lab.colleague("new")
    #expect(try new.weave("sha", "telperion", "--machine", "toto") == answer)
    #expect(try new.run("pull").stderr.contains("warning: \(locks) is broken at origin"))
    #expect(try new.weave("sha", "telperion", "--machine", "toto") == answer)
  }

  @Test("is given whole again by an ordinary push of its writer", arguments: Junk.allCases)
  func givenAgain(junk: Junk) throws {
    try Lab.withHub { lab, hub, bob throws in
      let link = try lab.link("telperion@v1", "laurelin@v1")
      let other = try lab.link("telperion@main", "laurelin@main")
      try lab.weave("push")
      let ledger = try lab.ledger()
      try hub.git("update-ref", ledger, Self.put(junk, onto: ledger, in: hub))
      _ = try bob.run("pull")
      let revocation = try lab.weave("revoke", "telperion@main", "-m", "loops")
      let push = try lab.run("push")
      #expect(push.status == 0, "\(push.stderr)")
      #expect(push.stderr.contains("note: \(ledger) is given whole again"), "\(push.stderr)")
      #expect(try hub.resolve(ledger) == lab.store.resolve(ledger))
      let pull = try bob.run("pull")
      #expect(pull.status == 0, "\(pull.stderr)")
      #expect(try bob.events() == [link, other, revocation].sorted())
      #expect(try lab.run("push").stderr == "To hub: nothing new\n")
    }
  }

  @Test("waits for whoever keeps the hub where that takes no deletion, which the push says")
  func protected() throws {
    try Lab.withHub { lab, hub, _ throws in
      try lab.link("telperion@v1", "laurelin@v1")
      try lab.weave("push")
      try hub.write("#!/bin/sh\ncase $3 in *[!0]*) ;; *) exit 1 ;; esac\n", to: "hooks/update")
      try FileManager.default.setAttributes(
        [.posixPermissions: 0o755], ofItemAtPath: "\(hub.path)/hooks/update")
      let ledger = try lab.ledger()
      try hub.git("update-ref", ledger, Self.put(.tree, onto: ledger, in: hub))
      try lab.weave("revoke", "telperion@main", "-m", "loops")
      let push = try lab.run("push")
      #expect(push.status == 1)
      #expect(push.stderr.contains("git update-ref -d \(ledger)"), "\(push.stderr)")
      try hub.git("update-ref", "-d", ledger)
      try lab.weave("push")
      #expect(try hub.resolve(ledger) == lab.store.resolve(ledger))
    }
  }
}
