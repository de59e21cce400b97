import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("Sharing events", .inProcess)
struct SharingTests {
  @Test("what one pushes the other pulls, and both say the same")
  func exchange() throws {
    try Lab.withHub { lab, _, bob throws in
      let link = try lab.link("telperion@v1", "laurelin@v1")
      try lab.weave("push")
      let revocation = try bob.weave("revoke", "telperion@main", "-m", "loops")
      try bob.weave("push")
      try lab.weave("pull")
      try bob.weave("pull")
      #expect(try bob.events() == [link, revocation].sorted())
      #expect(try lab.me.events() == bob.events())
      #expect(try lab.weave("links") == bob.weave("links"))
    }
  }

  @Test("a push touches the writer's own ledger, and no ref that is not newer here")
  func ownRefsOnly() throws {
    try Lab.withHub { lab, hub, bob throws in
      try lab.link("telperion@v1", "laurelin@v1")
      try lab.weave("push")
      try bob.weave("pull")
      let before = try hub.refs()
      try bob.weave("link", "telperion@main", "laurelin@main")
      try bob.weave("push")
      let changed = try hub.refs().filter { before[$0.key] != $0.value }
      #expect(try Array(changed.keys) == [bob.ledger()])
    }
  }

  @Test("a remote gets nothing but refs under refs/weave/public, and what else is there stays")
  func ordinaryContentStays() throws {
    try Lab.withTwoProjects { lab, telperion, _ throws in
      let forge = try lab.bare("forge")
      try telperion.repository.git("push", "--quiet", forge.path, "main", "v1")
      let before = try forge.refs()
      try lab.link("telperion@v1", "laurelin@v1")
      try lab.share(as: "forge")
      let after = try forge.refs()
      #expect(after.filter { before[$0.key] != nil } == before)
      let new = after.keys.filter { before[$0] == nil }
      #expect(new.count == 2)
      #expect(new.allSatisfy { $0.hasPrefix("refs/weave/public/") })
      #expect(try lab.colleague("eve", from: "forge").events().count == 1)
    }
  }

  @Test("pushing again sends nothing, and pulling again brings nothing")
  func again() throws {
    try Lab.withHub { lab, hub, _ throws in
      try lab.link("telperion@v1", "laurelin@v1")
      #expect(try lab.run("push").stderr == "To hub: 1 event\n")
      let refs = try hub.refs()
      #expect(try lab.run("push").stderr == "To hub: nothing new\n")
      #expect(try lab.run("pull").stderr == "From hub: nothing new\n")
      #expect(try hub.refs() == refs)
    }
  }

  @Test("another store can be a remote, and a file:// URL its name")
  func storeAsRemote() throws {
    try Lab.withTwoProjects { lab, _, _ throws in
      let link = try lab.link("telperion@v1", "laurelin@v1")
      try lab.weave("clone", "file://\(lab.store.path)", "bob", in: lab.directory.path)
      let bob = Colleague(lab: lab, workspace: lab.directory.appending("bob"))
      let revocation = try bob.weave("revoke", "telperion@main", "-m", "loops")
      try bob.weave("push")
      #expect(try lab.me.events() == [link, revocation].sorted())
    }
  }

  @Test("a remote that holds another store is refused, and gets nothing")
  func foreignStore() throws {
    try Lab.withTwoProjects { lab, _, _ throws in
      let other = lab.directory.appending("other")
      try FileManager.default.createDirectory(atPath: other, withIntermediateDirectories: true)
      try lab.weave("init", in: other)
      let theirs = TestRepository(at: "\(other)/.weave/.git")
      let before = try theirs.refs()
      try lab.link("telperion@v1", "laurelin@v1")
      try lab.weave("remote", "add", "other", theirs.path)
      let push = try lab.run("push")
      #expect(push.status == 1)
      #expect(push.stderr.hasPrefix("error: other is the remote of another store, "), "\(push.stderr)")
      #expect(try theirs.refs() == before)
      #expect(try lab.run("pull").status == 1)
    }
  }

  @Test("two copies of one ledger that went apart are joined without a question, by everybody alike")
  func joins() throws {
    try Lab.withHub { lab, hub, bob throws in
      // A directory that was copied, writer and all.
      let twin = Colleague(lab: lab, workspace: lab.directory.appending("twin"))
      try FileManager.default.copyItem(atPath: lab.workspace, toPath: twin.workspace)
      let one = try lab.link("telperion@v1", "laurelin@v1")
      let other = try twin.weave("link", "telperion@main", "laurelin@main")
      try lab.weave("push")
      let push = try twin.run("push")
      #expect(push.status == 0, "\(push.stderr)")
      let joined = try #require(hub.resolve(lab.ledger()))
      #expect(try hub.git("show", "--no-patch", "--format=%an <%ae> %s", joined) == "weave <> join")
      try lab.weave("pull")
      try bob.weave("pull")
      for colleague in [lab.me, twin, bob] {
        #expect(try colleague.events() == [one, other].sorted())
        #expect(try colleague.store.resolve(lab.ledger()) == joined)
        try colleague.check()
      }
      // The other way round it is the same commit.
      try lab.store.git("update-ref", lab.ledger(), one)
      try twin.store.git("update-ref", lab.ledger(), other)
      try hub.git("update-ref", lab.ledger(), other)
      try FileManager.default.removeItem(atPath: "\(lab.store.path)/weave/exchange")
      try lab.weave("pull")
      #expect(try lab.store.resolve(lab.ledger()) == joined)
    }
  }

  @Test("a ledger that was deleted at the remote is there again after its writer's next push")
  func deletedLedgerComesBack() throws {
    try Lab.withHub { lab, hub, bob throws in
      let link = try bob.weave("link", "telperion@main", "laurelin@main")
      try bob.weave("push")
      try lab.weave("pull")
      try hub.git("update-ref", "-d", bob.ledger())
      let pull = try lab.run("pull")
      #expect(pull.status == 1)
      #expect(
        try pull.stderr.contains("error: \(bob.ledger()) is refused: it was deleted there; ours stays"),
        "\(pull.stderr)")
      #expect(try lab.me.events() == [link])
      _ = try bob.run("pull")
      #expect(try bob.events() == [link])
      let push = try bob.run("push")
      #expect(
        push.stderr.hasSuffix(
          "To origin: 1 event\nnote: origin had lost what it was given; what is yours to give is there again\n"
        ),
        "\(push.stderr)")
      #expect(try hub.resolve(bob.ledger()) == bob.store.resolve(bob.ledger()))
      #expect(try lab.run("pull").status == 0)
    }
  }

  @Test("a remote that was emptied is filled again by the next push")
  func emptiedRemote() throws {
    try Lab.withHub { lab, hub, _ throws in
      try lab.link("telperion@v1", "laurelin@v1")
      try lab.report("toto", "telperion@v1")
      try lab.weave("push")
      let refs = try hub.refs()
      try FileManager.default.removeItem(atPath: hub.path)
      _ = try lab.bare()
      try lab.weave("push")
      #expect(try hub.refs() == refs)
      #expect(try lab.colleague("eve").events() == lab.me.events())
      #expect(try lab.run("push").stderr == "To hub: nothing new\n")
    }
  }

  @Test("one repository cannot be a public and a private remote")
  func bothAudiences() throws {
    try Lab.withStore { lab throws in
      let hub = try lab.bare().path
      try lab.weave("remote", "add", "hub", hub)
      let refusal = try lab.refusal(["remote", "add", "vault", hub, "--private"])
      #expect(refusal.hasPrefix("error: hub is the same repository, and public\n"), "\(refusal)")
    }
  }

  @Test("a remote is added, listed and removed as in Git, and git remote sees it")
  func remotes() throws {
    try Lab.withStore { lab throws in
      let hub = try lab.bare().path
      try lab.weave("remote", "add", "hub", "../hub.git")
      let vault = try lab.bare("vault").path
      try lab.weave("remote", "add", "vault", vault, "--private")
      #expect(
        try lab.weave("remote", "list")
          == "REMOTE  FOR      URL\nhub     public   \(hub)\nvault   private  \(vault)")
      #expect(try lab.store.git("remote") == "hub\nvault")
      let twice = try lab.refusal(["remote", "add", "hub", hub])
      #expect(twice.hasPrefix("error: there is a remote called hub already\n"), "\(twice)")
      try lab.weave("remote", "remove", "vault")
      #expect(try lab.weave("remote", "list") == "REMOTE  FOR     URL\nhub     public  \(hub)")
      let unknown = try lab.refusal(["push", "hubb"])
      #expect(unknown == "error: no remote is called 'hubb'\nhint: did you mean 'hub'?\n")
    }
  }

  @Test("without a remote push and pull say how to add one")
  func noRemote() throws {
    try Lab.withStore { lab throws in
      for command in ["push", "pull"] {
        #expect(
          try lab.refusal([command])
            == "error: no remote is known\nhint: `weave remote add origin URL` adds one\n")
      }
    }
  }

  @Test(
    "a source or a remote that would run a program is refused",
    arguments: ["ext::sh -c touch%20/tmp/x", "--upload-pack=touch x", "", "a\u{1B}[31mb"])
  func programs(url: String) throws {
    try Lab.withStore { lab throws in
      let added = try lab.refusal(["remote", "add", "hub", "--", url])
      #expect(added.contains("is no source that `git fetch` takes"), "\(added)")
      let cloned = try lab.run("clone", "--", url, "x")
      #expect(cloned.status == 1, "\(cloned.stderr)")
      #expect(!FileManager.default.fileExists(atPath: "\(lab.workspace)/x"))
    }
  }
}
