import TestSupport
import Testing

@testable import LabSupport

@Suite("resolve and lock with --keep, --update and --only-revoked", .inProcess)
struct PreferenceTests {
  let lab: Lab

  init() throws { lab = try Self.template.copy() }

  /// toto is locked at v1 of telperion, laurelin and narya; what is newer was linked since then.
  private static let template = LabTemplate {
    let lab = try Lab.threeProjects()
    try lab.constellation(Constellations.trio)
    try lab.link("telperion@v1", "laurelin@v1", "narya@v1")
    try lab.weave("lock")
    try lab.link("telperion@v1", "laurelin@v2", "narya@v1")
    try lab.link("telperion@v1", "laurelin@v1", "narya@v2")
    try lab.link("telperion@v4", "laurelin@v4", "narya@v4")
    return lab
  }

  /// What toto is given, in the order telperion, laurelin, narya: the tags and the reasons.
  private func picks(_ options: String...) throws -> [String] {
    let document = try lab.json(ResolutionDocument.self, ["resolve", "--json"] + options)
    let picks = try #require(document.machines.first).projects
    return try Lab.threeProjectNames.map { name in
      let pick = try #require(picks.first { $0.project == name })
      return try lab.named(pick.commit) + " " + pick.reason
    }
  }

  @Test("without any of them, the newest")
  func newest() throws {
    #expect(try picks() == ["v4 newest", "v4 newest", "v4 newest"])
  }

  @Test("--keep moves nothing that fits")
  func keep() throws {
    #expect(try picks("--keep") == ["v1 lock", "v1 lock", "v1 lock"])
  }

  @Test("--keep moves as little as a revocation lets it, the first projects last")
  func keepAfterRevocation() throws {
    try lab.revoke("telperion@v1", "narya@v1")
    #expect(try picks("--keep") == ["v1 lock", "v1 lock", "v2 newest"])
  }

  @Test("--keep says in the table what the lock has")
  func keepTable() throws {
    let words = try lab.words("resolve", "--keep")
    #expect(words.contains("v1 (lock)"))
    #expect(words.hasSuffix("0 of 3 projects at the newest they may run"))
  }

  @Test("--update takes the newest of the one project that the others, as locked, let it")
  func update() throws {
    try lab.revoke("telperion@v4")
    #expect(try picks("--update", "narya") == ["v1 lock", "v1 lock", "v2 newest"])
    #expect(try picks("--update", "laurelin") == ["v1 lock", "v2 newest", "v1 lock"])
  }

  @Test("--update moves the others where the newest of the one asks for it")
  func updateMovesOthers() throws {
    #expect(try picks("--update", "narya") == ["v4 newest", "v4 newest", "v4 newest"])
  }

  @Test("--update of several projects keeps to their order of priority")
  func updateSeveral() throws {
    try lab.revoke("telperion@v4")
    #expect(try picks("--update", "narya", "laurelin") == ["v1 lock", "v2 newest", "v1 newest"])
  }

  @Test("--only-revoked keeps what no link holds any more, where --keep does not")
  func onlyRevoked() throws {
    let link = try lab.weave("links", "--json").split(separator: "\"").map(String.init).last {
      $0.count == 40
    }
    for id in try lab.events() where id != link { _ = try? lab.weave("withdraw", id, "-m", "a slip") }
    try lab.link("telperion@v4", "laurelin@v4", "narya@v4")
    #expect(try picks("--only-revoked") == ["v1 lock", "v1 lock", "v1 lock"])
    #expect(try picks("--keep") == ["v4 newest", "v4 newest", "v4 newest"])
  }

  @Test("--only-revoked moves what a revocation forbids, and no more")
  func onlyRevokedMoves() throws {
    try lab.revoke("telperion@v1", "laurelin@v1")
    #expect(try picks("--only-revoked") == ["v1 lock", "v2 newest", "v1 lock"])
  }

  @Test(
    "lock adopts what resolve shows with the same, and resolve names that command",
    arguments: [["--keep"], ["--update", "laurelin"], ["--only-revoked"]])
  func lock(options: [String]) throws {
    try lab.revoke("telperion@v1", "laurelin@v1")
    let shown = try lab.run(["resolve"] + options)
    let command = (["weave", "lock"] + options).joined(separator: " ")
    #expect(shown.stderr.contains("`\(command)` adopts these"), "\(shown.stderr)")
    let resolution = try lab.json(ResolutionDocument.self, ["resolve", "--json"] + options).resolution
    let id = try lab.weave(["lock"] + options)
    #expect(try lab.store.git("rev-parse", id + "^{tree}") == resolution)
  }

  @Test("the command that adopts it names the constellation that was asked for")
  func lockOfConstellation() throws {
    let shown = try lab.run(["resolve", "-c", "trio"])
    #expect(shown.stderr.contains("`weave lock -c trio` adopts these"))
    #expect(try lab.run(["resolve", "-c", "trio", "--keep"]).stderr.contains("adopts these") == false)
  }

  @Test("without a lock there is nothing to keep", arguments: ["--keep", "--only-revoked", "--update=narya"])
  func noLock(option: String) throws {
    let text = Constellations.trio.replacing("trio", with: "other")
    let error = try lab.refusal(["resolve", "-c", "-", option], input: text)
    #expect(
      error
        == "error: other has no lock to keep\nhint: `weave lock --constellation=-` adopts today's resolution\n"
    )
  }

  @Test("two of them at once are a wrong usage, and so is a project that is not there")
  func usage() throws {
    #expect(try lab.refusal(["resolve", "--keep", "--only-revoked"]).contains("exclude each other"))
    #expect(try lab.refusal(["lock", "--list", "--keep"]).contains("go with a new lock"))
    #expect(try lab.refusal(["resolve", "--update", "naria"]).contains("did you mean 'narya'?"))
  }
}
