import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("Sharing the manifest, locks and observations")
struct ManifestSharingTests {
  @Test("projects and constellations that were added here and there are all in both afterwards")
  func merges() throws {
    try Lab.withHub { lab, _, bob throws in
      _ = try lab.makeSource("narya")
      _ = try lab.makeSource("nenya")
      try lab.weave("project", "add", "narya", lab.source("narya").path)
      try lab.weave("project", "set", "telperion", "track", "main")
      try lab.weave("push")
      try bob.weave("project", "add", "nenya", lab.source("nenya").path)
      try bob.weave("constellation", "add", "-", input: Constellations.pair())
      try bob.weave("push")
      try lab.weave("pull")
      #expect(
        try lab.store.resolve("refs/weave/public/manifest") == bob.store.resolve("refs/weave/public/manifest")
      )
      let list = try lab.weave("project", "list")
      for name in ["laurelin", "narya", "nenya", "telperion  main"] {
        #expect(list.contains(name), "\(list)")
      }
      #expect(try lab.weave("constellation", "list") == "pair")
    }
  }

  @Test(
    "an entry that both changed is named with both sides, nothing is lost, and --ours or --theirs settles it",
    arguments: ["--ours", "--theirs"])
  func conflict(side: String) throws {
    try Lab.withHub { lab, _, bob throws in
      let link = try bob.weave("link", "telperion@v1", "laurelin@v1")
      try bob.weave("project", "set", "telperion", "track", "v1")
      try bob.weave("push")
      try lab.weave("project", "set", "telperion", "track", "main")
      let before = try lab.store.resolve("refs/weave/public/manifest")
      let pull = try lab.run("pull")
      #expect(pull.status == 1)
      let source = lab.source("telperion").path
      #expect(
        pull.stderr.contains(
          """
          error: project/telperion was changed here and there; the manifest stays as it is
            here:  source \(source), track main
            there: source \(source), track v1
          hint: `weave pull hub --ours project/telperion`, or --theirs, settles it
          """), "\(pull.stderr)")
      #expect(try lab.store.resolve("refs/weave/public/manifest") == before)
      #expect(try lab.me.events() == [link])
      // The rest is still sent.
      let own = try lab.link("telperion@main", "laurelin@main")
      let push = try lab.run("push")
      #expect(push.status == 1)
      #expect(
        push.stderr == """
          To hub: 1 event
          error: refs/weave/public/manifest went apart from that of hub, and is not pushed
          hint: `weave pull hub` says what differs

          """)
      try bob.weave("pull")
      #expect(try bob.events() == [link, own].sorted())

      try lab.weave("pull", side, "project/telperion")
      try lab.weave("push")
      try bob.weave("pull")
      for colleague in [lab.me, bob] {
        let list = try colleague.weave("project", "list")
        #expect(list.contains("telperion  \(side == "--ours" ? "main" : "v1")"), "\(list)")
      }
    }
  }

  @Test(
    "an entry whose name a shell or a terminal would take otherwise is settled by the hint as it is pasted",
    arguments: ["a\u{1B}[31mb", "-x", "--ours", "it's \u{202E}$(id)"])
  func hints(name: String) throws {
    try Lab.withHub { lab, _, bob throws in
      try Self.put("theirs", as: name, into: bob.store)
      try bob.weave("push")
      try Self.put("ours", as: name, into: lab.store)
      let pull = try lab.run("pull")
      #expect(pull.status == 1, "\(pull)")
      let hint = try #require(pull.stderr.split(separator: "`").first { $0.hasPrefix("weave pull ") })
      let settled = try runProcess(
        "bash", ["-c", "weave() { \"$WEAVE\" \"$@\"; }; \(hint)"], in: lab.workspace,
        environment: lab.environment.with(["WEAVE": weaveExecutable]).variables)
      #expect(settled.status == 0, "\(hint): \(settled)")
    }
  }

  @Test("private manifests that two clones began, each its own, are one after they met at a private remote")
  func privateBeginnings() throws {
    try Lab.withHub { lab, _, bob throws in
      let manifest = "refs/weave/private/manifest"
      for (name, clone) in [("narya", lab.me), ("nenya", bob)] {
        _ = try lab.makeSource(name)
        try clone.weave("project", "add", name, lab.source(name).path, "--private")
      }
      let vault = try lab.share(as: "vault", private: true)
      try bob.weave("remote", "add", "vault", vault.path, "--private")
      try bob.weave("pull", "vault")
      try bob.weave("push", "vault")
      try lab.weave("pull", "vault")
      #expect(try vault.git("rev-list", "--max-parents=0", manifest).split(separator: "\n").count == 2)
      for clone in [lab.me, bob] {
        let list = try clone.weave("project", "list")
        #expect(list.contains("narya") && list.contains("nenya"), "\(list)")
      }
    }
  }

  @Test("a private manifest that is at a public remote is not taken")
  func misplacedManifest() throws {
    try Lab.withHub { lab, hub, bob throws in
      let manifest = "refs/weave/private/manifest"
      try lab.weave("project", "add", "narya", lab.makeSource("narya").repository.path, "--private")
      try lab.store.git("push", "--quiet", hub.path, manifest)
      try bob.weave("pull")
      #expect(bob.store.resolve(manifest) == nil)
      #expect(try !bob.weave("project", "list").contains("narya"))
    }
  }

  /// Puts `text` into the public manifest, as a newer weave may.
  private static func put(_ text: String, as name: String, into store: TestRepository) throws {
    let manifest = "refs/weave/public/manifest"
    let blob = try store.git(["hash-object", "-w", "--stdin"], input: Array(text.utf8))
    let environment = store.environment.with(["GIT_INDEX_FILE": store.path + "/by-hand"])
    try store.git(["read-tree", manifest], environment: environment)
    try store.git(
      ["update-index", "--add", "--cacheinfo", "100644,\(blob),\(name)"], environment: environment)
    let tree = try store.git(["write-tree"], environment: environment)
    let commit = try store.git("commit-tree", "-p", manifest, "-m", "by hand", tree)
    try store.git("update-ref", manifest, commit)
  }

  @Test("of two locks that were made at once the remote's is wanted, and ours is listed as not adopted")
  func locks() throws {
    try Lab.withHub { lab, _, bob throws in
      try lab.link("telperion@v1", "laurelin@v1")
      try lab.weave("constellation", "add", "-", input: Constellations.pair())
      try lab.weave("push")
      try bob.weave("pull")
      let theirs = try bob.weave("lock", "-m", "bob's")
      try bob.weave("push")
      try lab.link("telperion@main", "laurelin@main")
      let ours = try lab.weave("lock", "-m", "mine")
      let push = try lab.run("push")
      #expect(push.status == 0, "\(push.stderr)")
      #expect(
        push.stderr.contains(
          "pair was locked here and there; \(theirs.prefix(7)) of Cid Committer is wanted, "
            + "\(ours.prefix(7)) of Cid Committer is not adopted"), "\(push.stderr)")
      try bob.weave("pull")
      for colleague in [lab.me, bob] {
        let list = try colleague.weave("lock", "--list").split(separator: "\n")
        try #require(list.count == 2)
        #expect(list[0].hasPrefix(theirs.prefix(7)) && list[0].contains("in force"))
        #expect(list[1].hasPrefix(ours.prefix(7)) && list[1].contains("not adopted"))
        #expect(try colleague.weave("sha", "telperion", "--machine", "toto") == lab.id("telperion@v1"))
      }
      try lab.weave("lock", "--restore", String(ours.prefix(7)))
      try lab.weave("push")
      try bob.weave("pull")
      #expect(try bob.weave("sha", "telperion", "--machine", "toto") == lab.id("telperion@main"))
    }
  }

  @Test("what machines say arrives, and of two reports of one machine the later is believed by all")
  func observations() throws {
    try Lab.withHub { lab, _, bob throws in
      try lab.weave("constellation", "add", "-", input: Constellations.pair())
      try lab.report("toto", "telperion@v1", "laurelin@v1")
      try lab.weave("push")
      try bob.weave("pull")
      // Apart: here once more, there twice more.
      try lab.report("toto", "telperion@main", "laurelin@v1")
      for commit in ["v1", "main"] {
        try bob.weave(
          "report", "--machine", "toto", "telperion=\(lab.id("telperion@v1"))",
          "laurelin=\(lab.id("laurelin@main"))",
          "--dirty", commit == "v1" ? "telperion" : "laurelin")
      }
      try bob.weave("push")
      let push = try lab.run("push")
      #expect(push.status == 0, "\(push.stderr)")
      try bob.weave("pull")
      for colleague in [lab.me, bob] {
        let status = try colleague.run("status", "-c", "pair").stdout
        #expect(status.contains("dirty"), "\(status)")
      }
      let ref = "refs/weave/public/observed/toto"
      #expect(try lab.store.resolve(ref) == bob.store.resolve(ref))
    }
  }

  @Test("a clone has everything: projects, constellations, locks and observations, and checkouts on request")
  func clone() throws {
    try Lab.withTwoProjects { lab, telperion, _ throws in
      try lab.link("telperion@v1", "laurelin@v1")
      try lab.weave("constellation", "add", "-", input: Constellations.pair())
      try lab.weave("lock")
      try lab.report("toto", "telperion@v1", "laurelin@v1")
      let hub = try lab.share()
      let result = try lab.run("clone", hub.path, "bob", "--checkout", "telperion", in: lab.directory.path)
      #expect(result.status == 0, "\(result.stderr)")
      let bob = Colleague(lab: lab, workspace: lab.directory.appending("bob"))
      #expect(
        result.stderr
          == "Cloned into \(bob.workspace): 1 event, 2 of 2 projects fetched, telperion checked out\n")
      #expect(try bob.run("status", "-c", "pair", "--exit-code").status == 0)
      #expect(try bob.writer() != lab.writer())
      let checkout = TestRepository(at: "\(bob.workspace)/telperion")
      #expect(try checkout.head() == telperion.two)
      #expect(try checkout.git("config", "remote.origin.url") == lab.source("telperion").path)
      #expect(!FileManager.default.fileExists(atPath: "\(checkout.path)/.git/objects/info/alternates"))
      #expect(!FileManager.default.fileExists(atPath: "\(bob.workspace)/laurelin"))
      try bob.check()
    }
  }

  @Test("a clone of what holds no store leaves nothing behind, and says how to put one there")
  func cloneOfNothing() throws {
    try Lab.withDirectory { lab throws in
      let empty = try lab.bare("empty")
      for url in [empty.path, lab.directory.appending("nothing.git")] {
        let result = try lab.run("clone", url, "here")
        #expect(result.status == 1)
        #expect(!FileManager.default.fileExists(atPath: "\(lab.workspace)/here"))
      }
      let result = try lab.run("clone", empty.path, "here")
      #expect(
        result.stderr == """
          error: \(empty.path) holds no store: it has no refs/weave/public/manifest
          hint: `weave init`, `weave remote add origin \(empty.path)` and `weave push` put one there

          """)
      try lab.directory.write("mine", to: "workspace/full/file")
      let full = try lab.run("clone", empty.path, "full")
      #expect(full.stderr == "error: \(lab.workspace)/full exists and is not an empty directory\n")
      #expect(try String(contentsOfFile: "\(lab.workspace)/full/file", encoding: .utf8) == "mine")
    }
  }
}
