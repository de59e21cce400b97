import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("Link, revoke, withdraw, reinstate", .inProcess)
struct EventTests {
  // MARK: link

  @Test("link prints the event's id alone on stdout, and on stderr which commits it linked")
  func idAlone() throws {
    try Lab.withTwoProjects { lab, telperion, laurelin throws in
      let result = try lab.run("link", "telperion@v1", "laurelin@main", "-m", "it works")
      #expect(result.status == 0)
      #expect(isIDAlone(result.stdout))
      #expect(
        result.stderr == "Linked laurelin@\(laurelin.two.prefix(7)) telperion@\(telperion.one.prefix(7))\n")
      #expect(try lab.events() == [result.stdout.trimmingCharacters(in: .newlines)])
    }
  }

  @Test("link says on stderr which member no tracked ref reaches, and what would make it count")
  func unreached() throws {
    try Lab.withTwoProjects { lab, telperion, _ throws in
      let side = try lab.branchOff("telperion", "side")
      let result = try lab.run("link", "telperion@side", "laurelin@main")
      #expect(result.status == 0)
      #expect(isIDAlone(result.stdout))
      let notes = result.stderr.split(separator: "\n").filter { $0.hasPrefix("note: ") }
      #expect(notes.count == 1 && notes[0].contains("telperion@\(side.prefix(7))"))
      try telperion.repository.merge("side")
      try lab.weave("fetch")
      #expect(try !lab.run("link", "telperion@side", "laurelin@main").stderr.contains("note: "))
    }
  }

  @Test("an event names its members in full, sorted by project, with store and writer")
  func message() throws {
    try Lab.withTwoProjects { lab, telperion, laurelin throws in
      let event = try lab.weave(
        "link", "telperion@v1", "laurelin@main", "-m", "it works", "--evidence", "https://ci.example/1")
      let writer = try lab.writer()
      let expected = """
        link laurelin@\(laurelin.two.prefix(7)) telperion@\(telperion.one.prefix(7))

        it works

        Weave-Event: link
        Weave-Ledger: \(try lab.storeID())/\(writer)
        Weave-Member: laurelin \(laurelin.two)
        Weave-Member: telperion \(telperion.one)
        Weave-Evidence: https://ci.example/1
        """
      #expect(try lab.store.git("log", "-1", "--format=%B", event) == expected)
    }
  }

  @Test("every event of every kind has the empty tree and the event before as its only parent")
  func emptyTrees() throws {
    try Lab.withTwoProjects { lab, _, _ throws in
      let link = try lab.weave("link", "telperion@v1", "laurelin@v1")
      let revocation = try lab.weave("revoke", link, "-m", "bad")
      let reinstated = try lab.weave("reinstate", revocation, "-m", "good after all")
      let empty = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
      #expect(
        try lab.store.git("log", "--format=%H %T %P", lab.ledger()) == """
          \(reinstated) \(empty) \(revocation)
          \(revocation) \(empty) \(link)
          \(link) \(empty)
          """)
    }
  }

  @Test("git log reads the ledger: who, when, what and why")
  func gitLog() throws {
    try Lab.withTwoProjects { lab, telperion, laurelin throws in
      let link = try lab.weave("link", "telperion@v1", "laurelin@v1", "-m", "DNS answers")
      try lab.weave("revoke", link, "-m", "DNS loops")
      let members = "laurelin@\(laurelin.one.prefix(7)) telperion@\(telperion.one.prefix(7))"
      #expect(
        try lab.store.git("log", "--format=%an <%ae> %at %s", lab.ledger()) == """
          Cid Committer <cid@example.org> \(TestEnvironment.epoch) revoke \(members)
          Cid Committer <cid@example.org> \(TestEnvironment.epoch) link \(members)
          """)
      let text = try lab.store.git("log", lab.ledger())
      #expect(text.contains("\n    DNS answers\n") && text.contains("\n    DNS loops\n"))
    }
  }

  @Test(
    "git interpret-trailers reads the members that weave wrote, whatever the text says",
    arguments: [
      "plain", "Weave-Event: revoke\nWeave-Member: telperion 0000000000000000000000000000000000000000",
      "---\ndiff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b",
      "para\n\n# ------------------------ >8 ------------------------\n\nWeave-Event: revoke",
      "Signed-off-by: Joe <joe@example.org>", "key: value\n folded\nother=thing", "a\r\nb\r\n\r\nc: d\r\n",
    ])
  func interpretTrailers(text: String) throws {
    try Lab.withTwoProjects { lab, telperion, laurelin throws in
      let event = try lab.weave("link", "telperion@v1", "laurelin@main", "--message=\(text)")
      let raw = try lab.store.git("log", "-1", "--format=%B", event)
      for separators in [":", ":=#"] {
        let trailers = try lab.store.git(
          ["-c", "trailer.separators=\(separators)", "interpret-trailers", "--parse", "--no-divider"],
          input: Array("\(raw)\n".utf8))
        #expect(
          trailers == """
            Weave-Event: link
            Weave-Ledger: \(try lab.storeID())/\(try lab.writer())
            Weave-Member: laurelin \(laurelin.two)
            Weave-Member: telperion \(telperion.one)
            """)
      }
      #expect(try lab.weave("links", "--live").contains(event.prefix(7)))
    }
  }

  @Test(
    "link refuses members that make no link, in one plain error, and writes nothing",
    arguments: [
      ["telperion@v1"], ["telperion@v1", "telperion@main"], ["nope@v1", "laurelin@v1"],
      ["telperion@nope", "laurelin@v1"], ["telperion", "laurelin@v1"], ["telperion@", "laurelin@v1"],
      ["@v1", "laurelin@v1"], ["telperion@v1", "laurelin@v1", "-m", "bell \u{7}"],
      ["telperion@v1", "laurelin@v1", "--running", "toto"], ["--running", "toto"], [],
      ["telperion@0123456789012345678901234567890123456789", "laurelin@v1"],
      ["telperion@v1^{tree}", "laurelin@v1"], ["telperion@--all", "laurelin@v1"],
    ])
  func refused(arguments: [String]) throws {
    try Lab.withTwoProjects { lab, _, _ throws in
      let before = try lab.store.refs()
      let result = try lab.run(["link"] + arguments)
      #expect(result.status == 1)
      #expect(result.stdout == "")
      #expect(result.stderr.hasPrefix("error: "))
      #expect(result.stderr.split(separator: "\n").filter { $0.hasPrefix("error: ") }.count == 1)
      #expect(try lab.store.refs() == before)
    }
  }

  @Test("a commit of another project is not a commit of this one")
  func otherProject() throws {
    try Lab.withTwoProjects { lab, _, laurelin throws in
      let result = try lab.run("link", "telperion@\(laurelin.one)", "laurelin@v1")
      #expect(result.status == 1)
      #expect(try lab.events() == [])
    }
  }

  @Test("a link of an unfit set is refused with exit 5 and the revocation's reason")
  func unfit() throws {
    try Lab.withTwoProjects { lab, _, _ throws in
      let revocation = try lab.weave("revoke", "telperion@v1", "laurelin@v1", "-m", "DNS loops")
      let result = try lab.run("link", "telperion@v1", "laurelin@v1")
      #expect(result.status == 5)
      #expect(result.stdout == "")
      #expect(result.stderr.contains("DNS loops"))
      #expect(result.stderr.contains(revocation.prefix(7)))
      #expect(try lab.events() == [revocation])
    }
  }

  @Test("a revoked single commit makes every link with it unfit")
  func unfitSingle() throws {
    try Lab.withTwoProjects { lab, _, _ throws in
      try lab.weave("revoke", "telperion@v1", "-m", "eats disks")
      let result = try lab.run("link", "telperion@v1", "laurelin@main")
      #expect(result.status == 5)
      #expect(result.stderr.contains("eats disks"))
      try lab.weave("link", "telperion@main", "laurelin@main")
    }
  }

  // MARK: the workspace and machines

  @Test("link without members links what is checked out")
  func checkedOut() throws {
    try Lab.withTwoProjects { lab, telperion, laurelin throws in
      try lab.checkout("telperion").checkout("v1")
      try lab.checkout("laurelin", as: "other-name")
      let result = try lab.run("link", "-m", "as checked out")
      #expect(result.status == 0, "\(result.stderr)")
      #expect(isIDAlone(result.stdout))
      let text = try lab.store.git("log", "-1", "--format=%B", lab.ledger())
      #expect(text.contains("Weave-Member: telperion \(telperion.one)"))
      #expect(text.contains("Weave-Member: laurelin \(laurelin.two)"))
    }
  }

  @Test("link without members refuses a dirty checkout and names the files")
  func dirty() throws {
    try Lab.withTwoProjects { lab, telperion, laurelin throws in
      let checkout = try lab.checkout("telperion")
      try lab.checkout("laurelin")
      try checkout.write("changed", to: "file")
      try checkout.write("new", to: "a directory/né w")
      let result = try lab.run("link", "-m", "as checked out")
      #expect(result.status == 1)
      #expect(result.stdout == "")
      #expect(result.stderr.contains("telperion"))
      #expect(result.stderr.contains("file"))
      #expect(result.stderr.contains("a directory"))
      #expect(try lab.events() == [])
    }
  }

  @Test("link --running and revoke --running take what the machine was observed to run")
  func running() throws {
    try Lab.withTwoProjects { lab, telperion, laurelin throws in
      try lab.weave(
        "report", "--machine", "toto", "telperion=\(telperion.one)", "laurelin=\(laurelin.two)")
      let link = try lab.weave("link", "--running", "toto", "-m", "runs")
      let text = try lab.store.git("log", "-1", "--format=%B", link)
      #expect(text.contains("Weave-Member: telperion \(telperion.one)"))
      #expect(text.contains("Weave-Member: laurelin \(laurelin.two)"))
      try lab.weave("revoke", "--running", "toto", "-m", "no longer")
      #expect(try lab.weave("links", "--revoked").contains(link.prefix(7)))
    }
  }

  // MARK: revoke

  @Test("revoke of an event's id takes that link's members and says which link it was")
  func revokeEvent() throws {
    try Lab.withTwoProjects { lab, telperion, laurelin throws in
      let link = try lab.weave("link", "telperion@v1", "laurelin@v1")
      let result = try lab.run("revoke", String(link.prefix(7)), "-m", "DNS loops")
      #expect(result.status == 0)
      #expect(isIDAlone(result.stdout))
      let text = try lab.store.git("log", "-1", "--format=%B", lab.ledger())
      #expect(text.contains("Weave-Revokes: \(link)"))
      #expect(text.contains("Weave-Member: telperion \(telperion.one)"))
      #expect(text.contains("Weave-Member: laurelin \(laurelin.one)"))
      #expect(try lab.weave("links", "--live") == "")
    }
  }

  @Test("revoke of commits says on stderr which of their pairs other links still hold")
  func stillLive() throws {
    try Lab.withTwoProjects { lab, telperion, laurelin throws in
      try lab.addProject("narya")
      try lab.weave("fetch")
      try lab.weave("link", "telperion@v1", "laurelin@v1", "narya@v1")
      try lab.weave("link", "telperion@v1", "laurelin@v1")
      let result = try lab.run("revoke", "telperion@v1", "laurelin@v1", "narya@v1", "-m", "all three loop")
      #expect(result.status == 0)
      #expect(isIDAlone(result.stdout))
      let notes = result.stderr.split(separator: "\n").filter { $0.hasPrefix("note: ") }.joined()
      #expect(notes.contains("telperion@\(telperion.one.prefix(7))"))
      #expect(notes.contains("laurelin@\(laurelin.one.prefix(7))"))
      #expect(!notes.contains("narya"))
    }
  }

  @Test("revoke needs a reason", arguments: [[], ["-m", ""], ["-m", "  \n "]])
  func reason(message: [String]) throws {
    try Lab.withTwoProjects { lab, _, _ throws in
      let result = try lab.run(["revoke", "telperion@v1"] + message)
      #expect(result.status == 1)
      #expect(try lab.events() == [])
    }
  }

  // MARK: withdraw and reinstate

  @Test("reinstate makes what was revoked count again")
  func reinstate() throws {
    try Lab.withTwoProjects { lab, _, _ throws in
      let link = try lab.weave("link", "telperion@v1", "laurelin@v1")
      let revocation = try lab.weave("revoke", link, "-m", "DNS loops")
      let result = try lab.run("reinstate", String(revocation.prefix(8)), "-m", "it was the cable")
      #expect(result.status == 0)
      #expect(isIDAlone(result.stdout))
      #expect(try lab.weave("links", "--live").contains(link.prefix(7)))
    }
  }

  @Test("a withdrawal of a link is final, and the same may be linked again")
  func final() throws {
    try Lab.withTwoProjects { lab, _, _ throws in
      let link = try lab.weave("link", "telperion@v1", "laurelin@v1")
      let withdrawal = try lab.weave("withdraw", link, "-m", "wrong lab")
      #expect(try lab.weave("links", "--live") == "")
      let result = try lab.run("withdraw", withdrawal, "-m", "no, right lab")
      #expect(result.status == 1)
      #expect(result.stderr.contains("final"))
      #expect(try lab.events() == [withdrawal, link])
      let again = try lab.weave("link", "telperion@v1", "laurelin@v1", "-m", "right lab")
      #expect(try lab.weave("links", "--live").contains(again.prefix(7)))
    }
  }

  @Test("reinstate refuses a link and a withdrawal; revoke refuses a revocation")
  func wrongKinds() throws {
    try Lab.withTwoProjects { lab, _, _ throws in
      let link = try lab.weave("link", "telperion@v1", "laurelin@v1")
      let revocation = try lab.weave("revoke", "telperion@main", "laurelin@main", "-m", "bad")
      let withdrawal = try lab.weave("withdraw", link, "-m", "wrong lab")
      let before = try lab.events()
      for id in [link, withdrawal] {
        #expect(try lab.run("reinstate", id, "-m", "x").status == 1)
      }
      for id in [revocation, withdrawal] {
        #expect(try lab.run("revoke", id, "-m", "x").status == 1)
      }
      #expect(try lab.events() == before)
    }
  }

  @Test(
    "an id that is unknown, too short or no id at all names no event",
    arguments: ["0000000000000000000000000000000000000000", "0000000", "000", "", "HEAD", "v1", "-x"])
  func unknownIDs(id: String) throws {
    try Lab.withTwoProjects { lab, _, _ throws in
      try lab.weave("link", "telperion@v1", "laurelin@v1")
      for command in ["withdraw", "reinstate"] {
        let result = try lab.run(command, "-m", "x", "--", id)
        #expect(result.status == 1)
        #expect(result.stdout == "")
        #expect(result.stderr.hasPrefix("error: "))
      }
      #expect(try lab.events().count == 1)
    }
  }

  @Test("show is an error where a member's commit is lost, and none where it was never fetched")
  func lostMember() throws {
    try Lab.withTwoProjects(endsBroken: true) { lab, telperion, _ throws in
      try lab.link("telperion@v1", "laurelin@main")
      let line = try lab.memberLine("telperion@v1")
      let strange = try lab.appendEvent(
        "link", ["Weave-Member: laurelin \(String(repeating: "a", count: 40))", line])
      #expect(try lab.weave("show", strange).contains("laurelin"))
      let event = try lab.weave("link", "telperion@main", "laurelin@v1", "-m", "works")
      let id = telperion.two
      try FileManager.default.removeItem(
        atPath: "\(lab.store.path)/objects/\(id.prefix(2))/\(id.dropFirst(2))")
      for arguments in [["show", event], ["show", event, "--json"]] {
        let error = try lab.refusal(arguments)
        #expect(error.contains("error: ") && error.contains("telperion"), "\(error)")
      }
    }
  }

  @Test("a commit of a project is no event, by its full id either")
  func commitIsNoEvent() throws {
    try Lab.withTwoProjects { lab, telperion, _ throws in
      try lab.weave("link", "telperion@v1", "laurelin@v1")
      #expect(try lab.run("withdraw", telperion.one, "-m", "x").status == 1)
      #expect(try lab.events().count == 1)
    }
  }

  @Test("a shortened id that two events begin with is refused as ambiguous")
  func ambiguous() throws {
    try Lab.withTwoProjects { lab, telperion, laurelin throws in
      try lab.weave("link", "telperion@v1", "laurelin@v1")
      // Events by hand, until two begin with the same four digits: about 300.
      let ledger = try lab.ledger()
      let body = """
        Weave-Event: link
        Weave-Ledger: \(try lab.storeID())/\(ledger.split(separator: "/").last!)
        Weave-Member: laurelin \(laurelin.one)
        Weave-Member: telperion \(telperion.one)

        """
      var stream = ""
      for number in 0..<700 {
        let message = "link number \(number)\n\n\(body)"
        stream += "commit \(ledger)\ncommitter A <a@example.org> \(1_700_000_000 + number) +0000\n"
        stream += "data \(message.utf8.count)\n\(message)\n"
        if number == 0 { stream += "from \(ledger)^0\n" }
      }
      try lab.store.git(["fast-import", "--quiet"], input: Array(stream.utf8))
      let events = try lab.events()
      let twins = Dictionary(grouping: events, by: { $0.prefix(4) }).first { $0.value.count > 1 }
      let prefix = try #require(twins).key
      let result = try lab.run("withdraw", String(prefix), "-m", "x")
      #expect(result.status == 1)
      #expect(result.stderr.contains("ambiguous") || result.stderr.contains("more than one"))
      #expect(try lab.events().count == events.count)
    }
  }
}
