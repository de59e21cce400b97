import TestSupport
import Testing

@testable import LabSupport

@Suite("weave hold and release", .inProcess)
struct HoldTests {
  private func withLock(_ body: (Lab) throws -> Void) throws {
    let lab = try Self.template.copy()
    try body(lab)
  }

  /// toto and barge, all of v2 locked.
  private static let template = LabTemplate {
    let lab = try Lab.threeProjects()
    try lab.constellation()
    try lab.link("telperion@v2", "laurelin@v2", "narya@v2")
    try lab.link("telperion@v1", "laurelin@v1", "narya@v1")
    try lab.weave("lock")
    return lab
  }

  @Test("a hold is wanted at once, on that machine alone, and no lock is needed")
  func atOnce() throws {
    try withLock { lab in
      try lab.weave("hold", "toto", "laurelin@v1", "-m", "kernel regression")
      #expect(try lab.weave("sha", "laurelin", "--machine", "toto") == lab.id("laurelin@v1"))
      #expect(try lab.weave("sha", "laurelin", "--machine", "barge") == lab.id("laurelin@v2"))
      #expect(try lab.weave("sha", "telperion", "--machine", "toto") == lab.id("telperion@v2"))
    }
  }

  @Test("without a revision the project stays at what the machine runs")
  func observed() throws {
    try withLock { lab in
      try lab.report("toto", "telperion@v1", "laurelin@v1")
      let said = try lab.run("hold", "toto", "laurelin", "-m", "it works, leave it").succeeded([])
      let short = try lab.short("laurelin@v1")
      #expect(
        said.stderr.hasPrefix("toto keeps laurelin at \(short); `weave release toto laurelin` ends it\n"),
        "\(said.stderr)")
      #expect(try lab.weave("sha", "laurelin", "--machine", "toto") == lab.id("laurelin@v1"))
    }
  }

  @Test("without a revision, of a machine that never reported, it stays at what is wanted of it")
  func wanted() throws {
    try withLock { lab in
      try lab.weave("hold", "toto", "laurelin", "-m", "leave it")
      try lab.link("telperion@v3", "laurelin@v3", "narya@v3")
      try lab.weave("lock")
      #expect(try lab.weave("sha", "laurelin", "--machine", "toto") == lab.id("laurelin@v2"))
    }
  }

  @Test("a machine that runs a foreign or dirty commit is asked for a revision")
  func foreign() throws {
    try withLock { lab in
      try lab.report("toto", "telperion@v1", "laurelin@v1", dirty: ["laurelin"])
      #expect(
        try lab.refusal(["hold", "toto", "laurelin", "-m", "x"]) == """
          error: toto runs laurelin at \(try lab.short("laurelin@v1")) with changes that no commit holds
          hint: name one: `weave hold toto laurelin@REVISION -m WHY`

          """)
    }
  }

  @Test("every status shows the hold, who made it, why and until when")
  func shown() throws {
    try withLock { lab in
      try lab.report("toto", "telperion@v2", "laurelin@v1")
      try lab.weave("hold", "toto", "laurelin", "-m", "kernel regression", "--until", "2100-01-01")
      let line = "toto keeps laurelin at \(try lab.short("laurelin@v1")), kernel regression (Cid Committer, "
      let shown = try lab.weave("status", "-c", "emerald-city")
      #expect(shown.contains(line), "\(shown)")
      #expect(shown.contains("), until 2100-01-01"), "\(shown)")
      #expect(shown.contains("toto     held"), "\(shown)")
      for format in ["markdown", "json"] {
        let text = try lab.weave("status", "-c", "emerald-city", "--format", format)
        #expect(text.contains("kernel regression"), "\(text)")
      }
    }
  }

  @Test("a hold past its date stays in force and is shown as expired")
  func expired() throws {
    try withLock { lab in
      try lab.weave("hold", "toto", "laurelin@v1", "-m", "kernel", "--until", "2023-12-01")
      var later = lab
      later.environment.setDate(TestEnvironment.epoch + 30 * 86_400)
      #expect(try later.weave("sha", "laurelin", "--machine", "toto") == lab.id("laurelin@v1"))
      let shown = try later.weave("status", "-c", "emerald-city")
      #expect(shown.contains("hold-expired"))
      #expect(shown.contains("until 2023-12-01: expired; `weave release toto laurelin` ends it"), "\(shown)")
      #expect(
        try later.refusal(["hold", "toto", "laurelin@v1", "-m", "x", "--until", "2023-12-01"])
          == "error: 2023-12-01 is over already\n")
    }
  }

  @Test("release ends it, and what the lock has is wanted again")
  func released() throws {
    try withLock { lab in
      try lab.weave("hold", "toto", "laurelin@v1", "-m", "kernel")
      try lab.weave("release", "toto", "laurelin")
      #expect(try lab.weave("sha", "laurelin", "--machine", "toto") == lab.id("laurelin@v2"))
      #expect(try !lab.weave("status", "-c", "emerald-city").contains("keeps"))
      #expect(
        try lab.refusal(["release", "toto", "laurelin"]) == "error: nothing holds laurelin on toto\n")
    }
  }

  @Test("what the constellation itself holds is not released, and the reader is told where to")
  func inTheFile() throws {
    try withLock { lab in
      try lab.constellation(
        Constellations.emeraldCity(toto: ", holds: [{ project: laurelin, at: v1, because: kernel }]"))
      #expect(
        try lab.refusal(["release", "toto", "laurelin"]) == """
          error: emerald-city itself holds laurelin on toto
          hint: take the hold out of its file, then `weave constellation add FILE`

          """)
    }
  }

  @Test("a second hold takes the place of the first, and of one in the file")
  func replaced() throws {
    try withLock { lab in
      try lab.constellation(
        Constellations.emeraldCity(toto: ", holds: [{ project: laurelin, at: v1, because: kernel }]"))
      for revision in ["v2", "v3"] {
        try lab.weave("hold", "toto", "laurelin@\(revision)", "-m", "because")
        #expect(
          try lab.weave("sha", "laurelin", "--machine", "toto", "--even-revoked")
            == lab.id("laurelin@\(revision)"))
      }
      try lab.weave("release", "toto", "laurelin")
      #expect(try lab.weave("sha", "laurelin", "--machine", "toto") == lab.id("laurelin@v1"))
    }
  }

  @Test("holding a commit that nobody linked with the machine's others is done, and said")
  func unlinked() throws {
    try withLock { lab in
      let said = try lab.run("hold", "toto", "laurelin@v1", "-m", "no choice").succeeded([])
      let pair = "laurelin@\(try lab.short("laurelin@v1")) telperion@\(try lab.short("telperion@v2"))"
      #expect(
        said.stderr.hasSuffix(
          "warning: toto is now to run \(pair), which nobody linked; `weave lock` picks what fits the hold\n"),
        "\(said.stderr)")
    }
  }

  @Test("holding what was revoked is done, and said")
  func revoked() throws {
    try withLock { lab in
      try lab.weave("revoke", "telperion@v2", "laurelin@v1", "-m", "loops")
      let said = try lab.run("hold", "toto", "laurelin@v1", "-m", "no choice").succeeded([])
      #expect(said.stderr.contains("warning: what toto should run is unfit now: "), "\(said.stderr)")
      #expect(try lab.run("sha", "laurelin", "--machine", "toto").status == 5)
    }
  }

  @Test(
    "what cannot be held is refused with a reason",
    arguments: [
      (
        ["hold", "tito", "laurelin@v1", "-m", "x"],
        "error: emerald-city has no machine called 'tito'\nhint: did you mean 'toto'?\n"
      ),
      (["hold", "toto", "narya@v1", "-m", "x"], "error: narya does not run on toto\n"),
      (
        ["hold", "toto", "laurelinn", "-m", "x"],
        "error: emerald-city has no project called 'laurelinn'\nhint: did you mean 'laurelin'?\n"
      ),
      (
        ["hold", "toto", "laurelin@v1", "-m", "x", "--until", "tomorrow"],
        "error: 'tomorrow' is no date as in 2026-12-01 or 2026-12-01T18:00:00Z\n"
      ),
    ])
  func refused(arguments: [String], message: String) throws {
    try withLock { lab in
      let said = try lab.refusal(arguments)
      #expect(said == message)
    }
  }

  @Test("a hold travels by push and pull, survives a garbage collection, and fsck finds nothing")
  func shared() throws {
    try Lab.withHub { lab, _, bob throws in
      try lab.constellation(Constellations.pair())
      try lab.link("telperion@v1", "laurelin@v1")
      try lab.weave("lock")
      let side = try lab.branchOff("laurelin", "fix", from: "v1")
      try lab.weave("hold", "toto", "laurelin@\(side)", "-m", "a fix that main lacks")
      try lab.source("laurelin").git("branch", "-D", "fix")
      try lab.weave("fetch")
      try lab.collectGarbage()
      #expect(try lab.weave("sha", "laurelin", "--machine", "toto") == side)
      try lab.check()
      try lab.weave("push")
      try bob.weave("pull")
      let status = try bob.weave("status", "-c", "pair")
      #expect(status.contains("toto keeps laurelin at \(side.prefix(7)), a fix that main lacks"), "\(status)")
      try lab.weave("release", "toto", "laurelin")
      try lab.weave("push")
      try bob.weave("pull")
      #expect(try !bob.weave("status", "-c", "pair").contains("keeps"))
    }
  }

  @Test("a damaged hold is named by fsck, counts for nothing, and can be released")
  func damaged() throws {
    try withLock { lab in
      try lab.weave("hold", "toto", "laurelin@v1", "-m", "kernel")
      let blob = try lab.store.git(["hash-object", "-w", "--stdin"], input: Array("junk\n".utf8))
      let tree = try lab.store.git("ls-tree", "-r", "refs/weave/public/manifest")
      let index = lab.directory.appending("index")
      let environment = lab.store.environment.with(["GIT_INDEX_FILE": index])
      func git(_ arguments: String...) throws -> String {
        try runProcess("git", arguments, in: lab.store.path, environment: environment.variables)
          .succeeded(arguments).trimmed
      }
      #expect(tree.contains("holds/laurelin@toto"))
      _ = try git("read-tree", "refs/weave/public/manifest")
      _ = try git("update-index", "--cacheinfo", "100644,\(blob),holds/laurelin@toto")
      let commit = try git("commit-tree", "-p", "refs/weave/public/manifest", "-m", "junk", git("write-tree"))
      try lab.store.git("update-ref", "refs/weave/public/manifest", commit)
      for _ in 0..<2 {
        let answer = try lab.run("sha", "laurelin", "--machine", "toto")
        #expect(answer.stderr.contains("warning: the hold laurelin@toto is damaged"), "\(answer.stderr)")
        #expect(try answer.trimmed == lab.id("laurelin@v2"))
      }
      let check = try lab.run("fsck")
      #expect(check.status == 1)
      #expect(check.stdout.contains("the hold laurelin@toto is damaged"), "\(check.stdout)\(check.stderr)")
      try lab.weave("release", "toto", "laurelin")
      try lab.check()
    }
  }

  @Test("a hold of a private project is private, whatever else is public")
  func privateProject() throws {
    try Lab.withTwoProjects { lab, _, _ in
      _ = try lab.makeSource("narya")
      try lab.weave("project", "add", "narya", lab.source("narya").path, "--private")
      try lab.weave("fetch")
      try lab.weave("constellation", "add", "-", input: Constellations.narya)
      try lab.weave("hold", "barge", "narya@v1", "-m", "narya is wobbly")
      let hub = try lab.share()
      let there = try hub.git("log", "-p", "--all", "--format=%B")
      #expect(!there.contains("narya"), "\(there)")
      #expect(try lab.weave("sha", "narya", "--machine", "barge") == lab.id("narya@v1"))
    }
  }
}
