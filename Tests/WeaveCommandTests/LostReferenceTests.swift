import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("Refs whose files a power cut left empty", .inProcess)
struct LostReferenceTests {
  private func empty(_ ref: String, in lab: Lab) throws {
    try Data().write(to: URL(fileURLWithPath: "\(lab.store.path)/\(ref)"))
  }

  /// Two links, a lock and two reports.
  private func withRecords(_ body: (Lab) throws -> Void) throws {
    try Lab.withTwoProjects { lab, telperion, laurelin throws in
      try lab.weave("link", "telperion@v1", "laurelin@v1", "-m", "first")
      try lab.weave("link", "telperion@main", "laurelin@main", "-m", "second")
      try lab.directory.write(
        """
        constellation: pair
        projects: { telperion: {}, laurelin: {} }
        roles: { dns: { projects: [telperion, laurelin] } }
        machines: { toto: { roles: [dns] } }
        """, to: "workspace/pair.yaml")
      try lab.weave("constellation", "add", "pair.yaml")
      try lab.weave("lock")
      try lab.weave("report", "--machine", "toto", "telperion=\(telperion.one)")
      try lab.weave("report", "--machine", "toto", "telperion=\(telperion.two)", "laurelin=\(laurelin.two)")
      try body(lab)
    }
  }

  @Test("fsck --repair puts ledgers, locks and observations back to where they were")
  func restored() throws {
    try withRecords { lab in
      let refs = try [
        lab.ledger(), "refs/weave/public/locks/pair", "refs/weave/public/observed/toto",
        "refs/weave/public/seen/toto",
      ]
      for ref in refs {
        let before = try #require(lab.store.resolve(ref))
        try empty(ref, in: lab)
        #expect(try lab.run("fsck").status == 1)
        let repair = try lab.run("fsck", "--repair")
        #expect(repair.status == 0, "\(repair.stdout)\(repair.stderr)")
        #expect(repair.stderr.contains("\(ref) was empty; it is at \(before) again"))
        #expect(lab.store.resolve(ref) == before)
      }
    }
  }

  @Test("a project's ref is removed, and the next fetch brings it back")
  func project() throws {
    try withRecords { lab in
      let ref = "refs/namespaces/telperion/refs/heads/main"
      let before = try #require(lab.store.resolve(ref))
      try empty(ref, in: lab)
      let repair = try lab.run("fsck", "--repair")
      // Until then its HEAD names what is not there.
      #expect(repair.status == 1, "\(repair.stdout)\(repair.stderr)")
      #expect(repair.stderr.contains("`weave fetch` gets it again"))
      try lab.weave("fetch")
      #expect(lab.store.resolve(ref) == before)
      #expect(try lab.run("fsck").status == 0)
    }
  }

  @Test("a commit that a killed writer left beside the ledger's end is not taken for it")
  func leftBeside() throws {
    try withRecords { lab in
      let ledger = try lab.ledger()
      let tip = try #require(lab.store.resolve(ledger))
      let root = try lab.store.git("rev-list", "--max-parents=0", ledger)
      let message = try lab.store.git("log", "-1", "--format=%B", tip) + "\n"
      try lab.store.git(
        ["commit-tree", "-p", root, "4b825dc642cb6eb9a060e54bf8d69288fbee4904"], input: Array((message).utf8))
      try lab.weave("withdraw", String(tip), "-m", "so that the ledger is longer")
      let end = try #require(lab.store.resolve(ledger))
      try empty(ledger, in: lab)
      #expect(try lab.run("fsck", "--repair").status == 0)
      #expect(lab.store.resolve(ledger) == end)
    }
  }

  @Test("where two commits may be the ledger's end, neither is taken, and that is said")
  func tie() throws {
    try withRecords { lab in
      let ledger = try lab.ledger()
      let tip = try #require(lab.store.resolve(ledger))
      let message = try lab.store.git("log", "-1", "--format=%B", tip) + "\n"
      try lab.store.git(
        ["commit-tree", "-p", "\(tip)^", "4b825dc642cb6eb9a060e54bf8d69288fbee4904"],
        environment: lab.environment.with(["GIT_COMMITTER_DATE": "@1700000999 +0000"]),
        input: Array(message.utf8))
      try empty(ledger, in: lab)
      let repair = try lab.run("fsck", "--repair")
      #expect(repair.status == 1)
      #expect(
        repair.stderr.contains("cannot tell where \(ledger), which is empty, stood: 3 commits are its own"))
      #expect(
        repair.stderr.contains("the file of \(ledger) is corrupt")
          || repair.stdout.contains("error: \(ledger) is empty"))
      try FileManager.default.removeItem(atPath: "\(lab.store.path)/\(ledger)")
      try lab.store.git("update-ref", ledger, tip)
    }
  }

  @Test("a ledger whose older value is among the packed refs goes to its end, not back to that")
  func packed() throws {
    try withRecords { lab in
      let ledger = try lab.ledger()
      try lab.store.git("pack-refs", "--all")
      try lab.weave("link", "telperion@v1", "laurelin@main", "-m", "after the refs were packed")
      let end = try #require(lab.store.resolve(ledger))
      try empty(ledger, in: lab)
      let repair = try lab.run("fsck", "--repair")
      #expect(repair.status == 0, "\(repair.stdout)\(repair.stderr)")
      #expect(lab.store.resolve(ledger) == end)
    }
  }

  @Test("a commit of a project whose message is like the ledger's is not taken for its end")
  func impostor() throws {
    try withRecords { lab in
      let ledger = try lab.ledger()
      let end = try #require(lab.store.resolve(ledger))
      let message = Array((try lab.store.git("log", "-1", "--format=%B", end) + "\n").utf8)
      let empty = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
      var tip = try #require(lab.store.resolve("refs/namespaces/telperion/refs/heads/main"))
      for _ in 0..<5 { tip = try lab.store.git(["commit-tree", "-p", tip, empty], input: message) }
      try self.empty(ledger, in: lab)
      let repair = try lab.run("fsck", "--repair")
      #expect(repair.status == 0, "\(repair.stdout)\(repair.stderr)")
      #expect(lab.store.resolve(ledger) == end)
    }
  }

  @Test("fsck lists an empty ledger and what else is wrong, one by one")
  func listed() throws {
    try withRecords { lab in
      let ledger = try lab.ledger()
      try empty(ledger, in: lab)
      try empty("refs/weave/public/observed/toto", in: lab)
      let check = try lab.run("fsck")
      #expect(check.status == 1)
      for ref in [ledger, "refs/weave/public/observed/toto"] {
        #expect(check.stdout.contains("error: \(ref) is empty"), "\(check.stdout)\(check.stderr)")
      }
      try lab.weave("fsck", "--repair")
    }
  }
}
