import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("Private projects", .inProcess)
struct PrivacyTests {
  @Test("after a push to a public remote no byte there is a private project's name, commit or content")
  func nothingLeaks() throws {
    try Lab.withSecret { lab throws in
      let hub = try lab.share()
      let there = String(decoding: try hub.objectsAndRefs(), as: UTF8.self)
      #expect(there.contains("telperion"))
      #expect(!there.contains("narya"))
      for id in try lab.source("narya").git("rev-list", "--all", "--objects").split(separator: "\n") {
        #expect(!there.contains(id.prefix(40)))
      }
      for id in try lab.store.git("rev-list", "--glob=refs/weave/private/*").split(separator: "\n") {
        #expect(hub.resolve("\(id)^{object}") == nil, "\(id) is there")
      }
      let exchange = TestRepository(at: "\(lab.store.path)/weave/exchange/public.git")
      #expect(!String(decoding: try exchange.objectsAndRefs(), as: UTF8.self).contains("narya"))
    }
  }

  @Test("a private remote has it all, and a clone of it says the same")
  func privateRemote() throws {
    try Lab.withSecret { lab throws in
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
    try Lab.withSecret { lab throws in
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
    try Lab.withSecret { lab throws in
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
    try Lab.withSecret { lab throws in
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
    try Lab.withSecret { lab throws in
      try lab.report("narya.example.org", "telperion@v1")
      let hub = try lab.share()
      #expect(!String(decoding: try hub.objectsAndRefs(), as: UTF8.self).contains("narya"))
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
      #expect(!String(decoding: try hub.objectsAndRefs(), as: UTF8.self).contains("narya"))

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
    try Lab.withSecret { lab throws in
      try lab.weave("project", "remove", "narya", "--force")
      try lab.report("gondor", "telperion@v1", "narya@v1")
      let refusal = try lab.refusal(["link", "telperion@main", "laurelin@main", "-m", "with narya"])
      #expect(refusal.contains("the private project narya"), "\(refusal)")
      let again = try lab.refusal(["project", "add", "narya", lab.source("narya").path])
      #expect(
        again.hasPrefix("error: the name narya is that of a private project that was removed"), "\(again)")
      let hub = try lab.share()
      #expect(!String(decoding: try hub.objectsAndRefs(), as: UTF8.self).contains("narya"))
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
    try Lab.withSecret { lab throws in
      try lab.share()
      let bob = try lab.colleague("bob")
      try bob.weave("project", "add", "narya", lab.source("laurelin").path)
      try bob.weave("push")
      try lab.weave("pull")
      // The name means the private one here.
      #expect(try lab.weave("project", "list").contains(lab.source("narya").path))
      try lab.weave("fetch")
      try lab.weave("set", "mine", "narya@v1")
      #expect(try lab.weave("set", "show", "mine", "--json").contains(lab.id("narya@v1")))
      try lab.share(as: "vault", private: true)
      _ = try lab.makeSource("nenya")
      try lab.weave("project", "add", "nenya", lab.source("nenya").path)
      try lab.weave("link", "telperion@main", "laurelin@main", "--force", "-m", "works")
    }
  }

  @Test("a private name in a constellation is found however YAML spells it, and where a range makes it")
  func escapes() throws {
    try Lab.withSecret { lab throws in
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
    try Lab.withSecret { lab throws in
      let checkouts = try ["telperion", "narya"].map { try lab.checkout($0) }
      for name in ["telperion", "narya"] { try lab.weave("project", "set", name, "notes", "true") }
      let (open, secret) = (checkouts[0], checkouts[1])
      #expect(try open.git("log", "--notes=weave", "--all").contains("laurelin"))
      #expect(try !String(decoding: open.objectsAndRefs(), as: UTF8.self).contains("narya"))
      #expect(try secret.git("log", "--notes=weave", "--all").contains("telperion"))
    }
  }
}
