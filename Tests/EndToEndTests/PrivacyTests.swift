import Foundation
import TestSupport
import Testing

@Suite("Private projects")
struct PrivacyTests {
  /// Two public projects and a private one called `narya`, with something private of every kind, and something public
  /// beside it.
  private func withSecret(_ body: (Lab) throws -> Void) throws {
    try Lab.withTwoProjects { lab, _, _ throws in
      _ = try lab.makeSource("narya")
      try lab.weave("project", "add", "narya", lab.source("narya").path, "--private")
      try lab.weave("fetch")
      try lab.link("telperion@v1", "laurelin@v1")
      let hidden = try lab.link("telperion@v1", "laurelin@v1", "narya@v1")
      try lab.weave("revoke", "narya@main", "telperion@main", "-m", "narya loops")
      try lab.weave("withdraw", hidden, "-m", "not tested")
      try lab.link("telperion@v1", "laurelin@v1", "narya@main")
      try lab.weave("constellation", "add", "-", input: Constellations.pair())
      try lab.weave("constellation", "add", "-", input: Constellations.trio)
      for name in ["pair", "trio"] { try lab.weave("lock", "-c", name) }
      try lab.report("toto", "telperion@v1", "laurelin@v1", "narya@v1")
      try lab.report("barge", "telperion@v1", "laurelin@v1")
      try lab.tellingNoSecret(body)
    }
  }

  /// Every object of the repository, reachable or not, and every ref, as bytes.
  private func everything(in repository: TestRepository) throws -> [UInt8] {
    let objects = try runGit(
      ["cat-file", "--batch-all-objects", "--batch", "--unordered"], in: repository.path,
      environment: repository.environment)
    return Array((objects.stdout + (try repository.git("for-each-ref"))).utf8)
  }

  @Test("after a push to a public remote no byte there is a private project's name, commit or content")
  func nothingLeaks() throws {
    try withSecret { lab throws in
      let hub = try lab.share()
      let there = String(decoding: try everything(in: hub), as: UTF8.self)
      #expect(there.contains("telperion"))
      #expect(!there.contains("narya"))
      for id in try lab.source("narya").git("rev-list", "--all", "--objects").split(separator: "\n") {
        #expect(!there.contains(id.prefix(40)))
      }
      for id in try lab.store.git("rev-list", "--glob=refs/weave/private/*").split(separator: "\n") {
        #expect(hub.resolve("\(id)^{object}") == nil, "\(id) is there")
      }
      let exchange = TestRepository(at: "\(lab.store.path)/weave/exchange/public.git")
      #expect(!String(decoding: try everything(in: exchange), as: UTF8.self).contains("narya"))
    }
  }

  @Test("a private remote has it all, and a clone of it says the same")
  func privateRemote() throws {
    try withSecret { lab throws in
      try lab.share(as: "vault", private: true)
      let bob = try lab.colleague("bob", from: "vault", private: true)
      #expect(try bob.events() == lab.me.events())
      #expect(try bob.weave("status", "-c", "trio") == lab.weave("status", "-c", "trio"))
      #expect(try bob.weave("lock", "-c", "trio", "--show") == lab.weave("lock", "-c", "trio", "--show"))
      try bob.check()
    }
  }

  @Test("a clone of the public remote works without a word of the private project")
  func publicClone() throws {
    try withSecret { lab throws in
      try lab.share()
      let bob = try lab.colleague("bob")
      #expect(try bob.events().count == 1)
      #expect(try bob.weave("project", "list").contains("narya") == false)
      #expect(try bob.weave("constellation", "list") == "pair")
      #expect(try bob.weave("lock", "--list").split(separator: "\n").count == 1)
      try bob.check()
    }
  }

  @Test("neither a pull, a push nor a fetch tells a remote of a commit that it may not know")
  func haves() throws {
    try withSecret { lab throws in
      try lab.share()
      let bob = try lab.colleague("bob")
      try bob.weave("link", "telperion@main", "laurelin@main")
      try bob.weave("push")
      try lab.source("telperion").commit("more")
      let secret = Set(
        (try lab.store.git("rev-list", "--glob=refs/weave/private/*", "--glob=refs/weave-local/*")
          + "\n" + lab.source("narya").git("rev-list", "--all", "--objects"))
          .split(separator: "\n").map { String($0.prefix(40)) })
      var told: Set<String> = []
      for command in [["pull"], ["push"], ["fetch", "telperion"]] {
        if command == ["push"] { try lab.link("telperion@main", "laurelin@v1") }
        let trace = lab.directory.appending("trace-\(command[0])")
        let result = try lab.run(command, environment: lab.environment.with(["GIT_TRACE_PACKET": trace]))
        #expect(result.status == 0, "\(result.stderr)")
        let text = try String(contentsOfFile: trace, encoding: .utf8)
        told.formUnion(text.matches(of: /[0-9a-f]{40}/).map { String($0.output) })
        #expect(!text.contains("narya"))
      }
      #expect(!told.isEmpty)
      // Commits of the public projects are kept in chains that are local.
      let known = Set(
        try ["telperion", "laurelin"].flatMap {
          try lab.source($0).git("rev-list", "--all").split(separator: "\n").map(String.init)
        })
      #expect(told.intersection(secret).subtracting(known) == [])
    }
  }

  @Test("words that hold a private name are refused in what everybody would read, unless forced")
  func words() throws {
    try withSecret { lab throws in
      for arguments in [
        ["link", "telperion@main", "laurelin@main", "-m", "with Narya, too"],
        ["link", "telperion@main", "laurelin@main", "--evidence", "https://ci.example/narya/12"],
        ["revoke", "telperion@main", "-m", "narya."],
      ] {
        let refusal = try lab.refusal(arguments)
        #expect(
          refusal == """
            error: the event would be public, and holds the name of the private project narya
            hint: leave the name out, or --force where it means something else

            """)
      }
      let locked = try lab.store.git("rev-parse", "refs/weave/public/locks/pair")
      let relocked = try lab.refusal(["lock", "-c", "pair", "--restore", locked, "-m", "narya"])
      #expect(relocked.contains("the lock would be public"), "\(relocked)")
      try lab.weave("lock", "-c", "trio", "-m", "narya")
      let constellation = Constellations.pair(named: "other") + "\ndata: { note: narya }\n"
      let refusal = try lab.refusal(["constellation", "add", "-"], input: constellation)
      #expect(refusal.contains("the constellation would be public"), "\(refusal)")
      // A longer word is another word, and where the event is private anyway nothing is wrong.
      try lab.weave("link", "telperion@main", "laurelin@main", "-m", "naryan")
      try lab.weave("link", "telperion@main", "narya@v1", "-m", "with narya")
      try lab.weave("revoke", "telperion@main", "-m", "narya", "--force")
      try lab.weave("constellation", "add", "-", "--force", input: constellation)
    }
  }

  @Test("what a machine says is private where its own name holds a private project's")
  func machine() throws {
    try withSecret { lab throws in
      try lab.report("narya.example.org", "telperion@v1")
      let hub = try lab.share()
      #expect(!String(decoding: try everything(in: hub), as: UTF8.self).contains("narya"))
      #expect(try lab.run("status", "-c", "pair").status == 0)
      try lab.share(as: "vault", private: true)
      let vault = try lab.bare("vault")
      #expect(vault.resolve("refs/weave/private/observed/narya.example.org") != nil)
    }
  }

  @Test("a project can become private until a public record names it, also one that a remote has")
  func becomingPrivate() throws {
    try Lab.withTwoProjects { lab, _, _ throws in
      _ = try lab.makeSource("narya")
      try lab.weave("project", "add", "narya", lab.source("narya").path)
      try lab.weave("fetch")
      try lab.weave("project", "set", "narya", "private", "true")
      let hub = try lab.share()
      #expect(!String(decoding: try everything(in: hub), as: UTF8.self).contains("narya"))

      try lab.weave("project", "set", "narya", "private", "false")
      try lab.weave("push")
      let published = try lab.refusal(["project", "set", "narya", "private", "true"])
      #expect(
        published.hasPrefix(
          "error: cannot make narya private: the manifest that a remote has names it, "
            + "and what was published cannot be taken back\n"), "\(published)")
      let link = try lab.link("telperion@v1", "laurelin@v1")
      let named = try lab.refusal(["project", "set", "laurelin", "private", "true"])
      #expect(named.contains("the event \(link.prefix(7)) names it"), "\(named)")
    }
  }

  @Test("the name of a private project that was removed stays private")
  func removed() throws {
    try withSecret { lab throws in
      try lab.weave("project", "remove", "narya", "--force")
      try lab.report("gondor", "telperion@v1", "narya@v1")
      let refusal = try lab.refusal(["link", "telperion@main", "laurelin@main", "-m", "with narya"])
      #expect(refusal.contains("the private project narya"), "\(refusal)")
      let again = try lab.refusal(["project", "add", "narya", lab.source("narya").path])
      #expect(
        again.hasPrefix("error: the name narya is that of a private project that was removed"), "\(again)")
      let hub = try lab.share()
      #expect(!String(decoding: try everything(in: hub), as: UTF8.self).contains("narya"))
      try lab.weave("project", "add", "narya", lab.source("narya").path, "--private")
      try lab.weave("fetch")
    }
  }

  @Test("a project is not added as private where public records hold its name, also one that a machine has")
  func addedLate() throws {
    try Lab.withTwoProjects { lab, _, _ throws in
      _ = try lab.makeSource("narya")
      let add = ["project", "add", "narya", lab.source("narya").path, "--private"]
      let link = try lab.weave("link", "telperion@v1", "laurelin@v1", "-m", "needs narya")
      let event = try lab.refusal(add)
      #expect(event.contains("the event \(link.prefix(7)) names it"), "\(event)")
      try lab.report("toto", "telperion@v1")
      try lab.weave(add + ["--force"])
    }
    try Lab.withTwoProjects { lab, _, _ throws in
      _ = try lab.makeSource("narya")
      try lab.report("narya.example.org", "telperion@v1")
      let refusal = try lab.refusal(["project", "add", "narya", lab.source("narya").path, "--private"])
      #expect(refusal.contains("refs/weave/public/observed/narya.example.org names it"), "\(refusal)")
    }
  }

  @Test("somebody else's public project of the same name stops no push, neither to the vault nor to the hub")
  func sameName() throws {
    try withSecret { lab throws in
      try lab.share()
      let bob = try lab.colleague("bob")
      try bob.weave("project", "add", "narya", lab.source("laurelin").path)
      try bob.weave("push")
      try lab.weave("pull")
      try lab.share(as: "vault", private: true)
      _ = try lab.makeSource("nenya")
      try lab.weave("project", "add", "nenya", lab.source("nenya").path)
      try lab.weave("link", "telperion@main", "laurelin@main", "--force", "-m", "works")
    }
  }

  @Test("a private name in a constellation is found however YAML spells it, and where a range makes it")
  func escapes() throws {
    try withSecret { lab throws in
      for (name, machines) in [("\"\\x6earya\"", "{}"), ("x", "{ \"n[a:c]rya\": {} }")] {
        let text =
          "constellation: \(name)\nprojects: { telperion: {} }\nroles: {}\nmachines: \(machines)\n"
        let refusal = try lab.refusal(["constellation", "add", "-"], input: text)
        #expect(refusal.contains("the constellation would be public"), "\(refusal)")
      }
    }
  }

  @Test("no word is in a constellation that its text has not", arguments: ["iswithhost", "nil"])
  func ownWords(name: String) throws {
    try Lab.withTwoProjects { lab, _, _ throws in
      let text = "constellation: x\nprojects: { telperion: {} }\nmachines: { \"toto[1:9]\": {} }\n"
      try lab.constellation(text)
      _ = try lab.makeSource(name)
      try lab.weave("project", "add", name, lab.source(name).path, "--private")
      try lab.constellation(text)
    }
  }

  @Test("what a remote was given stays published when the remote is removed")
  func removedRemote() throws {
    try Lab.withTwoProjects { lab, _, _ throws in
      _ = try lab.makeSource("narya")
      try lab.weave("project", "add", "narya", lab.source("narya").path)
      try lab.share()
      try lab.weave("remote", "remove", "hub")
      let refusal = try lab.refusal(["project", "set", "narya", "private", "true"])
      #expect(refusal.contains("the manifest that a remote has names it"), "\(refusal)")
    }
  }

  @Test("notes in a public project's checkout name no private project, those in a private one's do")
  func notes() throws {
    try withSecret { lab throws in
      let checkouts = try ["telperion", "narya"].map { try lab.checkout($0) }
      for name in ["telperion", "narya"] { try lab.weave("project", "set", name, "notes", "true") }
      let (open, secret) = (checkouts[0], checkouts[1])
      #expect(try open.git("log", "--notes=weave", "--all").contains("laurelin"))
      #expect(try !String(decoding: everything(in: open), as: UTF8.self).contains("narya"))
      #expect(try secret.git("log", "--notes=weave", "--all").contains("telperion"))
    }
  }

  /// Makes a set with plain Git, on top of what there is of it, that names `narya` at a commit of nobody's.
  @discardableResult
  private func writeSet(_ name: String, naming digit: String, in repository: TestRepository) throws -> String
  {
    let line = "narya \(String(repeating: digit, count: 40))\n"
    let blob = try repository.git(["hash-object", "-w", "--stdin"], input: Array(line.utf8))
    let tree = try repository.git(["mktree"], input: Array("100644 blob \(blob)\tset\n".utf8))
    let reference = "refs/weave/public/sets/\(name)"
    let former = repository.resolve(reference).map { ["-p", $0] } ?? []
    let commit = try repository.git(
      ["commit-tree", tree, "-m", "set \(name)\n\nWeave-Set: \(name)"] + former)
    try repository.git("update-ref", reference, commit)
    return commit
  }

  @Test(
    "whoever guesses a private project's name in a public remote's set stops no push to another, nor learns of it"
  )
  func guessed() throws {
    try withSecret { lab throws in
      let hub = try lab.share()
      let set = try writeSet("guess", naming: "1", in: hub)
      try lab.weave("pull", "hub")
      let other = try lab.share(as: "other")
      #expect(other.resolve("refs/weave/public/sets/guess") == set)
      let there = String(decoding: try everything(in: other), as: UTF8.self)
      #expect(there.components(separatedBy: "narya").count == 2)
      for id in try lab.source("narya").git("rev-list", "--all", "--objects").split(separator: "\n") {
        #expect(!there.contains(id.prefix(40)))
      }
    }
  }

  @Test("a join of ours with a public remote's set that holds a private name goes out as that does")
  func guessedApart() throws {
    try withSecret { lab throws in
      let hub = try lab.share()
      let guess = try writeSet("guess", naming: "1", in: hub)
      try lab.weave("set", "guess", "telperion@v1")
      try lab.weave("pull", "hub")
      for name in ["hub", "other"] {
        let remote = try name == "hub" ? hub : lab.share(as: name)
        try lab.weave("push", name)
        #expect(remote.resolve("refs/weave/public/sets/guess^1") == guess)
      }
    }
  }

  @Test("what a public remote had stays no secret when that is removed")
  func guessedAndRemoved() throws {
    try withSecret { lab throws in
      let hub = try lab.share()
      let set = try writeSet("guess", naming: "1", in: hub)
      try lab.weave("pull", "hub")
      try lab.weave("remote", "remove", "hub")
      let other = try lab.share(as: "other")
      #expect(other.resolve("refs/weave/public/sets/guess") == set)
    }
  }

  @Test("an event that somebody puts into one's own ledger, and that names a private project, stops no push")
  func guessedEvent() throws {
    try withSecret { lab throws in
      let hub = try lab.share()
      let ledger = try #require(
        hub.git("for-each-ref", "--format=%(refname)", "refs/weave/public/ledger").split(separator: "\n")
          .first)
      let message = try hub.git("log", "-1", "--format=%B", String(ledger)).replacing(
        "laurelin", with: "narya")
      let commit = try hub.git(
        "commit-tree", "4b825dc642cb6eb9a060e54bf8d69288fbee4904", "-m", message, "-p", String(ledger))
      try hub.git("update-ref", String(ledger), commit)
      try lab.weave("pull", "hub")
      try lab.link("telperion@main", "laurelin@main", "--force")
      let other = try lab.share(as: "other")
      #expect(other.resolve("\(commit)^{commit}") == commit)
    }
  }

  @Test("a public record that holds a private name is held back alone, and named, while the others go out")
  func heldBack() throws {
    try withSecret { lab throws in
      let hub = try lab.share()
      let set = try writeSet("mine", naming: "1", in: lab.store)
      let link = try lab.link("telperion@main", "laurelin@v1")
      let result = try lab.run("push", "hub")
      #expect(result.status == 1)
      #expect(
        result.stderr.contains(
          """
          error: refs/weave/public/sets/mine is not sent: it is public, and \(set) names the private project narya
          hint: push to a private remote, or make public what it names

          """), "\(result.stderr)")
      #expect(hub.resolve("\(link)^{commit}") == link)
      let exchange = TestRepository(at: "\(lab.store.path)/weave/exchange/public.git")
      for repository in [hub, exchange] {
        #expect(!String(decoding: try everything(in: repository), as: UTF8.self).contains("narya"))
      }
    }
  }

  @Test(
    "what goes on from a public remote's set that holds a private name is held back where it holds one itself"
  )
  func goneOn() throws {
    try withSecret { lab throws in
      let hub = try lab.share()
      let guess = try writeSet("guess", naming: "1", in: hub)
      try lab.weave("pull", "hub")
      let own = try writeSet("guess", naming: "2", in: lab.store)
      for name in ["hub", "other"] {
        let remote = try lab.bare(name)
        if name == "other" { try lab.weave("remote", "add", name, remote.path) }
        let result = try lab.run("push", name)
        #expect(result.status == 1)
        #expect(result.stderr.contains("\(own) names the private project narya"), "\(result.stderr)")
        #expect(remote.resolve("\(own)^{object}") == nil)
        #expect(remote.resolve("refs/weave/public/sets/guess") == (name == "hub" ? guess : nil))
        #expect(remote.resolve("refs/weave/public/manifest") != nil)
      }
    }
  }

  @Test("what a private remote had in public records is a secret still")
  func ofVault() throws {
    try withSecret { lab throws in
      let vault = try lab.share(as: "vault", private: true)
      let set = try writeSet("inside", naming: "1", in: vault)
      try lab.weave("pull", "vault")
      #expect(lab.store.resolve("refs/weave/public/sets/inside") == set)
      let hub = try lab.bare()
      try lab.weave("remote", "add", "hub", hub.path)
      let result = try lab.run("push", "hub")
      #expect(result.status == 1)
      #expect(result.stderr.contains("refs/weave/public/sets/inside is not sent"), "\(result.stderr)")
      #expect(!String(decoding: try everything(in: hub), as: UTF8.self).contains("narya"))
    }
  }
}
