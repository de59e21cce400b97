import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("A hostile remote", .inProcess)
struct HostileRemoteTests {
  private static let emptyTree = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"

  /// Writes a commit into `repository` and returns its id; nothing it names need be there.
  private func write(
    _ message: String = "junk", tree: String = emptyTree, parents: [String] = [],
    in repository: TestRepository
  ) throws -> String {
    let who = "Eve <eve@example.org> 1700000000 +0000"
    let text =
      "tree \(tree)\n" + parents.map { "parent \($0)\n" }.joined()
      + "author \(who)\ncommitter \(who)\n\n\(message)\n"
    return try repository.git(["hash-object", "-t", "commit", "-w", "--stdin"], input: Array(text.utf8))
  }

  /// Points a ref at `id` without a question.
  private func set(_ ref: String, to id: String, in repository: TestRepository) throws {
    try repository.write("\(id)\n", to: ref)
  }

  /// The workspace has a private project `narya`, a public ledger that the hub has, and a private event.
  private func withSecret(
    _ body: (_ lab: Lab, _ hub: TestRepository, _ bob: Colleague) throws -> Void
  ) throws {
    try Lab.withHub { lab, hub, bob throws in
      _ = try lab.makeSource("narya")
      try lab.weave("project", "add", "narya", lab.source("narya").path, "--private")
      try lab.weave("fetch")
      try lab.link("telperion@v1", "laurelin@v1")
      try lab.link("telperion@v1", "narya@v1")
      try lab.weave("push")
      try bob.weave("pull")
      try body(lab, hub, bob)
    }
  }

  /// A pull must be an error that says `words`, move no ref of the record, and let a push send nothing private.
  private func expectRefusal(
    _ words: String, _ lab: Lab, _ hub: TestRepository, ref: String, honest: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let before = try lab.store.refs()
    let pull = try lab.run("pull")
    #expect(pull.status == (ref.contains("/ledger/") ? 1 : 0), sourceLocation: sourceLocation)
    #expect(pull.stderr.contains(words), "\(pull.stderr)", sourceLocation: sourceLocation)
    #expect(try lab.store.refs() == before, sourceLocation: sourceLocation)
    // The remote takes it back, to be given everything.
    try hub.git("update-ref", ref, honest)
    try lab.link("telperion@main", "laurelin@main")
    let push = try lab.run("push")
    #expect(push.status == 0, "\(push.stderr)", sourceLocation: sourceLocation)
  }

  @Test("a ledger that goes on from a private commit of ours, by its id alone, brings and sends nothing")
  func privateParentByID() throws {
    try withSecret { lab, hub, _ throws in
      let honest = try #require(hub.resolve(lab.ledger()))
      let secret = try lab.id("narya@v1")
      let bait = try write(parents: [honest, secret], in: hub)
      try set(lab.ledger(), to: bait, in: hub)
      try expectRefusal(
        "error: \(lab.ledger()) is broken at hub", lab, hub, ref: lab.ledger(), honest: honest)
      #expect(hub.resolve("\(secret)^{commit}") == nil)
    }
  }

  @Test("a ledger that brings a private commit along is refused whole, and ours stays")
  func privateParentWithContent() throws {
    try withSecret { lab, hub, _ throws in
      let honest = try #require(hub.resolve(lab.ledger()))
      try hub.git("fetch", "--quiet", lab.source("narya").path, "v1")
      let secret = try lab.id("narya@v1")
      try set(lab.ledger(), to: write(parents: [honest, secret], in: hub), in: hub)
      try expectRefusal(
        "error: \(lab.ledger()) is refused: \(secret): its tree is not empty; what is below that counts", lab,
        hub,
        ref: lab.ledger(), honest: honest)
    }
  }

  @Test("a ledger that goes on from a private event of ours brings and sends nothing")
  func privateEvent() throws {
    try withSecret { lab, hub, _ throws in
      let honest = try #require(hub.resolve(lab.ledger()))
      let event = try #require(lab.store.resolve("refs/weave/private/ledger/\(lab.writer())"))
      try set(lab.ledger(), to: write(parents: [honest, event], in: hub), in: hub)
      try expectRefusal(
        "error: \(lab.ledger()) is broken at hub", lab, hub, ref: lab.ledger(), honest: honest)
      #expect(hub.resolve("\(event)^{commit}") == nil)
    }
  }

  @Test(
    "a private tree or blob of ours cannot be fetched back through a manifest, a lock or an observation",
    arguments: ["manifest", "locks/pair", "observed/toto", "sets/all"], ["tree", "blob"])
  func privateContent(record: String, kind: String) throws {
    try withSecret { lab, hub, _ throws in
      let ref = "refs/weave/public/\(record)"
      let honest = hub.resolve(ref)
      let names = try lab.source("narya").git("rev-parse", "v1^{tree}", "v1:file").split(separator: "\n")
      // The hub has neither: it knows their ids.
      let tree =
        try kind == "tree"
        ? String(names[0])
        : hub.git(["mktree", "--missing"], input: Array("100644 blob \(names[1])\tobserved\n".utf8))
      try set(ref, to: write(tree: tree, parents: honest.map { [$0] } ?? [], in: hub), in: hub)
      let before = try lab.store.refs()
      let pull = try lab.run("pull")
      #expect(pull.status == 0)
      #expect(pull.stderr.contains("warning: \(ref) is broken at hub"), "\(pull.stderr)")
      #expect(try lab.store.refs() == before)
      for name in names { #expect(hub.resolve("\(name)^{object}") == nil) }
    }
  }

  @Test("a ledger with a commit that has content is refused whole, reported, and the others are taken")
  func content() throws {
    try Lab.withHub { lab, hub, bob throws in
      let blob = try hub.git(["hash-object", "-w", "--stdin"], input: Array("content\n".utf8))
      let tree = try hub.git(["mktree"], input: Array("100644 blob \(blob)\tfile\n".utf8))
      let second = try write(tree: tree, in: hub)
      try hub.git("update-ref", "refs/weave/public/ledger/eve", write(parents: [second], in: hub))
      let link = try bob.weave("link", "telperion@v1", "laurelin@v1")
      try bob.weave("push")
      let pull = try lab.run("pull")
      #expect(pull.status == 1)
      #expect(
        pull.stderr.contains(
          "error: refs/weave/public/ledger/eve is refused: \(second): its tree is not empty; what is below that counts"
        ),
        "\(pull.stderr)")
      #expect(try lab.me.events() == [link])
      #expect(lab.store.resolve("refs/weave/public/ledger/eve") == nil)
      for object in [second, tree, blob] { #expect(lab.store.resolve("\(object)^{object}") == nil) }
    }
  }

  @Test("a ledger that was rewritten is refused each time, and what it said before stays")
  func rewritten() throws {
    try Lab.withHub { lab, hub, bob throws in
      let revocation = try bob.weave("revoke", "telperion@main", "-m", "loops")
      try bob.weave("push")
      try lab.weave("pull")
      let forged = try write(in: hub)
      try hub.git("update-ref", bob.ledger(), forged)
      for _ in 1...2 {
        let pull = try lab.run("pull")
        #expect(pull.status == 1)
        #expect(
          try pull.stderr.contains(
            "error: \(bob.ledger()) is refused: it was rewritten there: \(revocation) is gone from it; ours stays"
          ),
          "\(pull.stderr)")
        #expect(try lab.me.events() == [revocation])
      }
      // Its writer cannot push either, says so, and forces nothing.
      #expect(try bob.run("push").status == 1)
      try bob.weave("link", "telperion@v1", "laurelin@v1")
      #expect(try bob.run("push").status == 1)
      #expect(try hub.resolve(bob.ledger()) == forged)
    }
  }

  @Test(
    "what is no record of its kind is refused, and the rest is taken",
    arguments: [
      ("ledger/eve", "its tip is no commit"), ("manifest", "its tip is no commit"),
      ("observed/toto", "its tip is no commit"), ("locks/pair", "its tip is no commit"),
    ])
  func noCommit(record: String, reason: String) throws {
    try Lab.withHub { lab, hub, bob throws in
      let link = try bob.weave("link", "telperion@v1", "laurelin@v1")
      try bob.weave("push")
      let ref = "refs/weave/public/\(record)"
      try hub.git("update-ref", ref, hub.git(["hash-object", "-w", "--stdin"], input: [65]))
      let pull = try lab.run("pull")
      #expect(pull.status == (record == "ledger/eve" ? 1 : 0))
      #expect(pull.stderr.contains(": \(ref) is refused: "), "\(pull.stderr)")
      if record != "manifest" { #expect(pull.stderr.contains(reason), "\(pull.stderr)") }
      #expect(try lab.me.events() == [link])
    }
  }

  @Test("what a machine did not say is not taken for what it said")
  func misplacedObservation() throws {
    try Lab.withHub { lab, hub, bob throws in
      try bob.weave("report", "--machine", "barge", "telperion=\(lab.id("telperion@v1"))")
      try bob.weave("push")
      let tip = try #require(hub.resolve("refs/weave/public/observed/barge"))
      try hub.git("update-ref", "refs/weave/public/observed/toto", tip)
      let pull = try lab.run("pull")
      #expect(
        pull.stderr.contains(
          "refs/weave/public/observed/toto is refused: \(tip): it is nothing that toto said"),
        "\(pull.stderr)")
      #expect(lab.store.resolve("refs/weave/public/observed/toto") == nil)
      #expect(lab.store.resolve("refs/weave/public/observed/barge") == tip)
    }
  }

  @Test("a number that leaves none after it, and more than a machine may say at once, are refused")
  func greatObservation() throws {
    try Lab.withHub { lab, hub, _ throws in
      let record = "refs/weave/public/observed/barge"
      try lab.weave("report", "--machine", "barge", "telperion=\(lab.id("telperion@v1"))")
      try lab.weave("push")
      let tip = try #require(hub.resolve(record))
      func push(_ lines: String, number: Int) throws -> String {
        let blob = try hub.git(["hash-object", "-w", "--stdin"], input: Array(lines.utf8))
        let tree = try hub.git(["mktree"], input: Array("100644 blob \(blob)\tobserved\n".utf8))
        let message = "observed barge\n\nWeave-Machine: barge\nWeave-Sequence: \(number)\n"
        let commit = try hub.git(["commit-tree", "-p", tip, tree], input: Array(message.utf8))
        try hub.git("update-ref", record, commit)
        return try lab.run("pull").stderr
      }
      let line = "telperion \(try lab.id("telperion@main"))\n"
      #expect(try push(line, number: .max).contains("its number is too great"))
      let many = (0..<25_000).map { "p\(String($0 + 100_000)) \(String(repeating: "5", count: 40))\n" }
        .joined()
      #expect(try push(many, number: 2).contains("it is more than a machine may say at once, 1 MiB"))
      #expect(lab.store.resolve(record) == tip)
      #expect(try !push(line, number: 2).contains("refused"))
      #expect(lab.store.resolve(record) != tip)
    }
  }

  @Test(
    "a manifest whose source would run a program is refused",
    arguments: [
      "ext::sh -c touch%20pwned", "--upload-pack=touch pwned",
    ])
  func hostileSource(source: String) throws {
    try Lab.withHub { lab, hub, _ throws in
      let tip = try #require(hub.resolve("refs/weave/public/manifest"))
      let stream = """
        commit refs/weave/public/manifest
        committer Eve <eve@example.org> 1700000000 +0000
        data 3
        bad
        from \(tip)
        M 644 inline projects/evil
        data <<.
        source \(source)
        .

        """
      try hub.git(["fast-import", "--quiet"], input: Array(stream.utf8))
      let before = try lab.store.refs()
      let pull = try lab.run("pull")
      #expect(pull.status == 0)
      #expect(
        pull.stderr.contains("warning: refs/weave/public/manifest is refused: the source of evil: "),
        "\(pull.stderr)")
      #expect(try lab.store.refs() == before)
      let clone = try lab.run("clone", hub.path, "clone", in: lab.directory.path)
      #expect(clone.status == 1)
      #expect(!FileManager.default.fileExists(atPath: lab.directory.appending("clone")))
    }
  }

  @Test("an event that names 16,000 commits counts for nothing, and stops no command")
  func manyMembers() throws {
    try Lab.withHub { lab, hub, bob throws in
      let link = try bob.weave("link", "telperion@v1", "laurelin@v1")
      try bob.weave("push")
      let id = String(repeating: "a", count: 40)
      let members = (10_000..<26_000).map { "Weave-Member: p\($0) \(id)\n" }.joined()
      let message = try "link\n\nWeave-Event: link\nWeave-Ledger: \(lab.storeID())/eve\n\(members)"
      try hub.git("update-ref", "refs/weave/public/ledger/eve", write(String(message.dropLast()), in: hub))
      let pull = try lab.run("pull")
      #expect(pull.status == 0, "\(pull.stderr)")
      #expect(pull.stderr.contains("it names 16000 commits, of at most 1000"), "\(pull.stderr)")
      #expect(try lab.me.events() == [link])
      try lab.store.git("update-ref", "-d", "refs/weave/public/ledger/eve")
      try lab.forgetTips()
    }
  }

  @Test(
    "20,000 commits that are no events, and an event of 1.4 MB, cost time and one warning, and count for nothing"
  )
  func junk() throws {
    try Lab.withHub { lab, hub, bob throws in
      let link = try bob.weave("link", "telperion@v1", "laurelin@v1")
      try bob.weave("push")
      var stream = ""
      for number in 0..<20_000 {
        let body =
          number == 0 ? String(repeating: "Weave-Evidence: x\n", count: 80_000) : "\u{1B}]0;junk \(number)\n"
        stream +=
          "commit refs/weave/public/ledger/eve\ncommitter \u{1B}[31mEve\u{202E} <e@x> 1700000000 +0000\n"
          + "data \(body.utf8.count)\n\(body)\n"
      }
      try hub.git(["fast-import", "--quiet"], input: Array(stream.utf8))
      let pull = try lab.run("pull")
      #expect(pull.status == 0, "\(pull.stderr)")
      #expect(pull.stderr.split(separator: "\n").count <= 3, "\(pull.stderr)")
      #expect(pull.stderr.split(separator: "\n").count { $0.hasPrefix("warning: ") } == 1, "\(pull.stderr)")
      #expect(!pull.stderr.contains("\u{1B}") && !pull.stderr.contains("\u{202E}"))
      #expect(pull.stderr.contains("20000 in the ledgers counts for nothing"), "\(pull.stderr)")
      #expect(try lab.me.events() == [link])
      try lab.store.git("update-ref", "-d", "refs/weave/public/ledger/eve")
      try lab.forgetTips()
    }
  }
}
