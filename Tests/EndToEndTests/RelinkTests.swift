import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("relink: what was said of rewritten commits")
struct RelinkTests {
  /// What `weave relink` prints, and the code that it exits with.
  private func relink(_ lab: Lab, _ arguments: String...) throws -> (text: String, status: Int32) {
    let result = try lab.run(["relink"] + arguments)
    return (result.stdout + result.stderr, result.status)
  }

  private func edit(_ repository: TestRepository, _ todo: String, onto base: String) throws {
    let editor = repository.environment.with([
      "GIT_SEQUENCE_EDITOR": "sed -i \(todo)", "GIT_EDITOR": "true",
      "GIT_COMMITTER_DATE": "@1700009999 +0000",
    ])
    try repository.git(["rebase", "--quiet", "--interactive", base], environment: editor)
  }

  @Test("an amended message: the link is offered by equal tree, taken by --yes, and not offered again")
  func amended() throws {
    try Lab.withTwoCheckouts { lab, telperion, laurelin throws in
      let old = try telperion.commit("mine")
      let event = try lab.link("telperion@\(old)", "laurelin@main")
      #expect(try relink(lab) == ("nothing to take\n", 0))
      try telperion.git("commit", "--quiet", "--amend", "--message=in other words")
      let new = try telperion.head()
      let tree = try telperion.git("rev-parse", "HEAD^{tree}")
      let before = try lab.store.refs()
      let (listed, status) = try relink(lab)
      #expect(status == 2)
      #expect(
        listed.hasPrefix(
          """
          link laurelin@\(try laurelin.head().prefix(7)) telperion@\(new.prefix(7))
            telperion@\(old.prefix(7)) is now \(new.prefix(7)): same tree \(tree.prefix(7))
            as \(event.prefix(7)) of Cid Committer: works

          """), "\(listed)")
      #expect(try lab.store.refs() == before)
      #expect(try relink(lab, "--yes").status == 0)
      #expect(try lab.linked("telperion") == new)
      let message = try lab.store.git("log", "-1", "--format=%B", lab.ledger())
      #expect(message.contains("\nworks\n"))
      #expect(
        message.contains(
          "\nWeave-Evidence: successor of \(event): telperion \(old) is now \(new), same tree \(tree)"))
      #expect(try relink(lab) == ("nothing to take\n", 0))
      #expect(try lab.store.git("rev-parse", "\(new)^{tree}") == tree)
    }
  }

  @Test("a rebase: by patch-id, which --yes leaves and --yes-all takes")
  func rebased() throws {
    try Lab.withTwoCheckouts { lab, telperion, _ throws in
      try telperion.git("checkout", "--quiet", "-b", "topic")
      let old = try telperion.commit("mine", file: "mine")
      try lab.link("telperion@\(old)", "laurelin@main")
      try telperion.checkout("main")
      try telperion.commit("theirs")
      try telperion.git("rebase", "--quiet", "main", "topic")
      let new = try telperion.head()
      let (listed, status) = try relink(lab, "--yes")
      #expect(status == 2)
      #expect(
        listed.contains("telperion@\(old.prefix(7)) is now \(new.prefix(7)): same patch-id "), "\(listed)")
      #expect(try lab.linked("telperion") == old)
      #expect(try relink(lab, "--yes-all").status == 0)
      #expect(try lab.linked("telperion") == new)
    }
  }

  @Test("a squash has the tree of its last commit, and is the successor of that one alone")
  func squashed() throws {
    try Lab.withTwoCheckouts { lab, telperion, _ throws in
      let base = try telperion.head()
      let first = try telperion.commit("first", file: "a")
      let last = try telperion.commit("last", file: "b")
      try lab.link("telperion@\(first)", "laurelin@v1")
      try lab.link("telperion@\(last)", "laurelin@main")
      try edit(telperion, "'2s/^pick/squash/'", onto: base)
      #expect(try telperion.git("rev-list", "--count", "\(base)..HEAD") == "1")
      let (listed, _) = try relink(lab)
      #expect(
        listed.contains("telperion@\(last.prefix(7)) is now \(try telperion.head().prefix(7)): same tree"))
      #expect(listed.contains("1 event names commits that no branch has"), "\(listed)")
    }
  }

  @Test("a reworded commit below others: each has a successor, by equal tree, on its own place")
  func reworded() throws {
    try Lab.withTwoCheckouts { lab, telperion, _ throws in
      let base = try telperion.head()
      var old: [String] = []
      for name in ["a", "b", "c"] { old.append(try telperion.commit(name, file: name)) }
      try telperion.git("commit", "--quiet", "--allow-empty", "--message=empty")
      old.append(try telperion.head())
      for id in old { try lab.link("telperion@\(id)", "laurelin@main") }
      try edit(telperion, "-e '1s/^pick/reword/'", onto: base)
      let new = try telperion.git("rev-list", "--reverse", "\(base)..HEAD").split(separator: "\n")
      #expect(Set(new).isDisjoint(with: old.map { $0[...] }))
      let (listed, _) = try relink(lab, "--yes")
      for (old, new) in zip(old, new) {
        #expect(listed.contains("telperion@\(old.prefix(7)) is now \(new.prefix(7)): same tree"), "\(listed)")
      }
    }
  }

  @Test("a cherry-pick is the successor of a commit whose branch is gone, and of none whose branch is there")
  func cherryPicked() throws {
    try Lab.withTwoCheckouts { lab, telperion, _ throws in
      try telperion.git("checkout", "--quiet", "-b", "topic")
      let old = try telperion.commit("mine", file: "mine")
      try lab.link("telperion@\(old)", "laurelin@main")
      try telperion.checkout("main")
      try telperion.commit("theirs")
      try telperion.git("cherry-pick", "topic")
      #expect(try relink(lab) == ("nothing to take\n", 0))
      try telperion.git("branch", "--quiet", "-D", "topic")
      #expect(try relink(lab).text.contains("is now \(try telperion.head().prefix(7)): same patch-id"))
    }
  }

  /// Links a commit of a topic branch, and rebases that onto `count` new commits of main, each of which changes one file.
  private func rebaseLinked(
    _ lab: Lab, _ telperion: TestRepository, onto count: Int, message: (Int) -> String,
    content: (Int) -> String
  ) throws {
    try telperion.git("checkout", "--quiet", "-b", "topic")
    let old = try telperion.commit("mine", file: "mine")
    try lab.link("telperion@\(old)", "laurelin@main")
    func data(_ text: String) -> String { "data \(text.utf8.count)\n\(text)\n" }
    var stream = ""
    for number in 0..<count {
      stream += "commit refs/heads/main\ncommitter A <a@example.org> \(1_700_100_000 + number) +0000\n"
      stream += data(message(number)) + (number == 0 ? "from refs/heads/main^0\n" : "")
      stream += "M 100644 inline many\n" + data(content(number))
    }
    try telperion.git(["-c", "core.fsync=none", "fast-import", "--quiet"], input: Array(stream.utf8))
    try telperion.git("rebase", "--quiet", "main", "topic")
  }

  @Test("among more than a thousand commits, a rebased one is found by its patch-id all the same")
  func amongMany() throws {
    try Lab.withTwoCheckouts { lab, telperion, _ throws in
      try rebaseLinked(lab, telperion, onto: 1_100, message: { "\($0)\n" }, content: { "\($0)\n" })
      #expect(try relink(lab).text.contains("is now \(try telperion.head().prefix(7)): same patch-id"))
    }
  }

  @Test(
    "what changes more than is compared is said and stops no other, and so are messages of megabytes passed over"
  )
  func large() throws {
    try Lab.withTwoCheckouts { lab, telperion, _ throws in
      let half = String(repeating: "ab\n", count: 1_500_000)
      let message = "x\n\n" + String(repeating: "a\n", count: 1_000_000)
      try rebaseLinked(lab, telperion, onto: 20, message: { _ in message }) {
        String(repeating: "\($0)\n", count: 100) + half
      }
      let listed = try lab.run(["relink"], cpuSeconds: 30)
      #expect(listed.status == 2, "\(listed)")
      #expect(listed.stdout.contains("is now \(try telperion.head().prefix(7)): same patch-id"), "\(listed)")
      #expect(
        (listed.stdout + listed.stderr).contains("are not compared by what they change"), "\(listed)")
    }
  }

  @Test("a change of more files than are listed is passed over, and the others are compared")
  func manyFiles() throws {
    try Lab.withTwoCheckouts { lab, telperion, _ throws in
      func tree(_ lines: String) throws -> String { try telperion.git(["mktree"], input: Array(lines.utf8)) }
      try rebaseLinked(lab, telperion, onto: 20, message: { "\($0)\n" }, content: { "\($0)\n" })
      // Ten in each of nine levels.
      var bomb =
        "100644 blob \(try telperion.git(["hash-object", "-w", "--stdin"], input: Array("x".utf8)))\tf"
      bomb = try tree(bomb + "\n")
      for _ in 0..<9 { bomb = try tree((0..<10).map { "040000 tree \(bomb)\t\($0)\n" }.joined()) }
      let top = try telperion.git("ls-tree", "main") + "\n040000 tree \(bomb)\tbomb\n"
      let commit = try telperion.git(["commit-tree", "-p", "main", tree(top), "-m", "bomb"])
      try telperion.git("update-ref", "refs/heads/main", commit)
      try telperion.git("update-ref", "refs/heads/other", commit)
      let listed = try lab.run(["relink"], cpuSeconds: 30)
      #expect(listed.status == 2)
      let text = listed.stdout + listed.stderr
      #expect(text.contains("is now \(try telperion.head().prefix(7)): same patch-id"), "\(text)")
      #expect(text.contains("are not compared by what they change"), "\(text)")
    }
  }

  @Test("two changes of one binary file are no successors of each other")
  func binary() throws {
    try Lab.withTwoCheckouts { lab, telperion, _ throws in
      func binary(_ text: String) throws -> String {
        try telperion.write("\0\(text)", to: "image")
        try telperion.git("add", "image")
        try telperion.git("commit", "--quiet", "-m", text)
        return try telperion.head()
      }
      _ = try binary("first")
      try telperion.git("checkout", "--quiet", "-b", "topic")
      let old = try binary("mine")
      try lab.link("telperion@\(old)", "laurelin@main")
      try telperion.checkout("main")
      _ = try binary("theirs")
      try telperion.git("branch", "--quiet", "-D", "topic")
      let (listed, _) = try relink(lab)
      #expect(listed.contains("1 event names commits that no branch has"), "\(listed)")
      #expect(!listed.contains("same patch-id"), "\(listed)")
    }
  }

  @Test("a changed commit with the same Change-Id is offered by that")
  func changeID() throws {
    try Lab.withTwoCheckouts { lab, telperion, _ throws in
      let trailer = "Change-Id: I\(String(repeating: "0a", count: 20))"
      let old = try telperion.commit("mine\n\n\(trailer)", content: "a\n")
      try lab.link("telperion@\(old)", "laurelin@main")
      try telperion.write("better\n", to: "file")
      try telperion.git("commit", "--quiet", "--all", "--amend", "--no-edit")
      #expect(try relink(lab).text.contains(": same Change-Id I0a0a0a0"))
    }
  }

  @Test("upstream's rewritten branch is followed once the checkout has it, without one at once")
  func upstream() throws {
    try Lab.withTwoProjects { lab, source, _ throws in
      let laurelin = try lab.checkout("laurelin")
      let telperion = try lab.checkout("telperion")
      try lab.link("telperion@\(source.two)", "laurelin@\(laurelin.head())")
      try source.repository.git("commit", "--quiet", "--amend", "--message=again")
      try lab.weave("fetch")
      #expect(try relink(lab) == ("nothing to take\n", 0))
      try telperion.git("fetch", "--quiet")
      try telperion.git("reset", "--quiet", "--hard", "origin/main")
      #expect(try relink(lab).status == 2)
      try FileManager.default.removeItem(atPath: telperion.path)
      #expect(try relink(lab, "--yes").status == 0)
      #expect(try lab.linked("telperion") == source.repository.head())
    }
  }

  @Test("revocations come first, and a link of what is unfit is refused, with the reason")
  func revoked() throws {
    try Lab.withTwoCheckouts { lab, telperion, _ throws in
      let old = try telperion.commit("mine")
      try lab.link("telperion@\(old)", "laurelin@main")
      try lab.revoke("telperion@\(old)", because: "it leaks")
      try telperion.git("commit", "--quiet", "--amend", "--message=in other words")
      let new = try telperion.head()
      let (listed, status) = try relink(lab, "--yes")
      #expect(status == 0)
      #expect(listed.hasPrefix("revoke telperion@\(new.prefix(7))\n"), "\(listed)")
      #expect(listed.contains("refused: link laurelin@"))
      #expect(listed.contains("revoked telperion@\(old.prefix(7)): it leaks"))
      #expect(try lab.refusal(["link", "telperion@\(new)", "laurelin@main"], status: 5).contains("it leaks"))
      #expect(try relink(lab) == ("nothing to take\n", 0))
    }
  }

  @Test("a snapshot's successor is the commit that was made of it")
  func committed() throws {
    try Lab.withTwoCheckouts { lab, telperion, _ throws in
      try telperion.write("changed\n", to: "file")
      try lab.weave("link", "--snapshot", "-m", "works")
      let snapshot = try lab.linked("telperion")
      try telperion.git("commit", "--quiet", "--all", "--message=done")
      #expect(try relink(lab, "--yes").text.contains("telperion@\(snapshot.prefix(7)) is now "))
      #expect(try lab.linked("telperion") == telperion.head())
    }
  }

  @Test("on a terminal each is asked, and what is not taken is offered again")
  func asked() throws {
    try Lab.withTwoCheckouts { lab, telperion, _ throws in
      try telperion.commit("mine")
      try lab.link("telperion@HEAD", "laurelin@main")
      try lab.link("telperion@HEAD", "laurelin@v1")
      try telperion.git("commit", "--quiet", "--amend", "--message=in other words")
      let events = try lab.events().count
      let result = try runProcess(
        "script", ["--quiet", "--return", "--command", "'\(weaveExecutable)' relink", "/dev/null"],
        in: lab.workspace, environment: lab.environment.with(["TERM": "xterm"]).variables,
        input: Array("n\ny\n".utf8))
      #expect(result.status == 0, "\(result.stdout)")
      #expect(result.stdout.ranges(of: "Take it? [y/N]").count == 2, "\(result.stdout)")
      #expect(try lab.events().count == events + 1)
      #expect(try relink(lab).status == 2)
    }
  }

  @Test("--json has the offers, what they replace and why, and what was taken")
  func json() throws {
    try Lab.withTwoCheckouts { lab, telperion, _ throws in
      let old = try telperion.commit("mine")
      let event = try lab.link("telperion@\(old)", "laurelin@main")
      try telperion.git("commit", "--quiet", "--amend", "--message=in other words")
      let result = try lab.run("relink", "--json", "--yes")
      #expect(result.status == 0)
      let document = try JSONDecoder().decode(RelinkDocument.self, from: Data(result.stdout.utf8))
      let offer = try #require(document.offers.first)
      #expect(offer.event.id == event)
      #expect(try offer.taken == lab.events()[0])
      #expect(offer.replaced.map(\.commit) == [old])
      #expect(try offer.replaced.map(\.successor) == [telperion.head()])
      #expect(offer.replaced.map(\.same) == ["tree"])
    }
  }

  @Test("a checkout that cannot be read leaves its project out, with a warning, and no other")
  func shallow() throws {
    try Lab.withTwoProjects { lab, telperion, laurelin throws in
      let checkout = try lab.checkout("laurelin")
      let old = try checkout.commit("mine")
      try lab.link("telperion@\(telperion.two)", "laurelin@\(old)")
      try TestRepository(at: lab.directory.path).git(
        "clone", "--quiet", "--depth=1", "file://\(telperion.repository.path)", "\(lab.workspace)/telperion")
      try checkout.git("commit", "--quiet", "--amend", "--message=in other words")
      let (listed, status) = try relink(lab)
      #expect(status == 2)
      #expect(listed.contains("warning: telperion is left out: the checkout"), "\(listed)")
      #expect(listed.contains("laurelin@\(old.prefix(7)) is now"), "\(listed)")
    }
  }
}

private struct RelinkDocument: Decodable {
  struct Offer: Decodable {
    struct Event: Decodable { let id: String }
    struct Replacement: Decodable { let commit, successor, same, value: String }
    let event: Event
    let replaced: [Replacement]
    let taken: String?
  }
  let offers: [Offer]
}
