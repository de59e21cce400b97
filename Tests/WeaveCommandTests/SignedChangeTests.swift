import Foundation
import TestSupport
import Testing

@testable import LabSupport

/// What a signature on a commit of the manifest is a yes to.
@Suite("A signed commit of the manifest", .inProcess)
struct SignedChangeTests {
  private let lab: Lab
  private let hub: TestRepository
  private let bob: Colleague
  private static let manifest = "refs/weave/public/manifest"

  private static func constellation(_ signers: String, _ machines: String = "") -> String {
    Constellations.pair(machines) + "\ntrust: { signers: \(signers) }\n"
  }

  /// `pair` trusts ann, who signs all that is recorded in the lab; bob has it by the hub.
  init() throws {
    lab = try Lab.threeProjects()
    try lab.allowSigners(["ann", "eve"])
    try lab.sign(as: "ann")
    try lab.constellation(Self.constellation("[ann@example.org]"))
    try lab.link("telperion@v1", "laurelin@v1")
    hub = try lab.share()
    bob = try lab.colleague("bob")
    try lab.shareSigners(with: bob)
  }

  /// Somebody's unsigned commit on top of the hub's manifest, with the constellations and projects of another commit.
  private func putBack(_ commit: String) throws {
    let copy = try hub.git("commit-tree", "\(commit)^{tree}", "-p", Self.manifest, "-m", "once more")
    try hub.git("update-ref", Self.manifest, copy)
  }

  private func expectWaiting(_ entry: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let policy = try bob.weave("policy")
    let pull = try bob.run("pull", "--strict")
    #expect(pull.status == 1 && pull.stderr.contains(entry), "\(pull.stderr)", sourceLocation: sourceLocation)
    #expect(try bob.weave("policy") == policy, sourceLocation: sourceLocation)
  }

  @Test("is a yes for whoever pulls later")
  func counts() throws {
    try lab.constellation(Self.constellation("[ann@example.org, eve@example.org]"))
    try lab.weave("project", "set", "narya", "track", "main")
    try lab.weave("push")
    #expect(try bob.run("pull", "--strict").status == 0)
    #expect(try bob.weave("policy").contains("eve@example.org"))
  }

  @Test("is a yes, too, where somebody else changed another thing meanwhile, and weave joined both")
  func joined() throws {
    try bob.weave("project", "set", "narya", "track", "main")
    try lab.constellation(Self.constellation("[ann@example.org, eve@example.org]"))
    try lab.weave("push")
    let carol = try lab.colleague("carol")
    #expect(try bob.run("pull", "--strict").status == 0)
    try bob.weave("push")
    #expect(try bob.weave("policy").contains("eve@example.org"))
    #expect(try carol.run("pull", "--strict").status == 0)
  }

  @Test("is a yes where one side changed the entry, and none where the other did, too, and was settled")
  func settled() throws {
    let eve = try lab.colleague("eve")
    try eve.weave(
      "constellation", "add", "-", input: Self.constellation("[ann@example.org]", ", aliases: [t]"))
    try lab.constellation(Self.constellation("[ann@example.org, eve@example.org]"))
    try lab.weave("push")
    #expect(try eve.run("pull").stderr.contains("constellation/pair was changed here and there"))
    try eve.weave("pull", "--theirs", "constellation/pair")
    try eve.weave("push")
    #expect(try hub.git("show", "\(Self.manifest):constellations/pair").contains("eve@example.org"))
    try expectWaiting("constellation/pair: its trust")
  }

  @Test("of one is none where two are asked for; two record it, each before they pull the other's")
  func two() throws {
    let both = "[ann@example.org, eve@example.org], at-least: "
    try lab.constellation(Self.constellation(both + "2"))
    try lab.weave("push")
    try bob.weave("pull")
    let (eve, dan) = (try lab.colleague("eve"), try lab.colleague("dan"))
    try lab.sign(as: "eve", in: eve.store)
    try lab.shareSigners(with: dan)
    try lab.constellation(Self.constellation(both + "1"))
    try lab.weave("push")
    try expectWaiting("constellation/pair: its trust")
    try eve.weave("constellation", "add", "-", input: Self.constellation(both + "1"))
    try eve.weave("pull")
    try eve.weave("push")
    #expect(try dan.run("pull", "--strict").status == 0)
    #expect(try dan.weave("policy") == eve.weave("policy"))
    // Whoever pulled one of them alone was asked then, and still is.
    try expectWaiting("constellation/pair: its trust")
  }

  @Test(
    "moves a source where each constellation that names the project trusts its signer",
    arguments: [("ann", "telperion", true), ("eve", "telperion", false), ("eve", "laurelin", true)])
  func everyConstellation(signer: String, project: String, isYes: Bool) throws {
    try lab.constellation(
      Constellations.pair(projects: "{ \(project): {} }", named: "other").replacing(
        "[telperion, laurelin]", with: "[\(project)]") + "\ntrust: { signers: [\(signer)@example.org] }\n")
    try lab.weave("push")
    #expect(try bob.run("pull", "--strict").status == 0)
    try lab.weave("project", "set", "telperion", "source", lab.source("narya").path)
    try lab.weave("push")
    guard isYes else { return try expectWaiting("project/telperion: its source") }
    #expect(try bob.run("pull", "--strict").status == 0)
    #expect(try bob.weave("project", "list").contains(lab.source("narya").path))
  }

  @Test("is none to what its signer took back before somebody else recorded it again")
  func takenBack() throws {
    try lab.constellation(Self.constellation("[ann@example.org, eve@example.org]"))
    let wide = try lab.store.git("rev-parse", Self.manifest)
    try lab.constellation(Self.constellation("[ann@example.org]"))
    try lab.weave("push")
    try putBack(wide)
    try expectWaiting("constellation/pair: its trust")
  }

  @Test("is none to a source that its signer took back")
  func sourceTakenBack() throws {
    try lab.weave("project", "set", "telperion", "source", lab.source("narya").path)
    let moved = try lab.store.git("rev-parse", Self.manifest)
    try lab.weave("project", "set", "telperion", "source", lab.source("telperion").path)
    try lab.weave("push")
    try putBack(moved)
    try expectWaiting("project/telperion: its source")
  }

  @Test(
    "is none to the source that somebody else recorded, where its signer changed another line",
    arguments: ["track", "notes"])
  func anotherLine(key: String) throws {
    let eve = try lab.colleague("eve")
    try eve.weave("project", "set", "telperion", "source", lab.source("narya").path)
    try eve.weave("push")
    try lab.weave("pull")
    try lab.weave("project", "set", "telperion", key, key == "track" ? "main" : "true")
    try lab.weave("push")
    try expectWaiting("project/telperion: its source")
  }

  @Test(
    "of another store, or of a project, is refused with what joins it to this one's",
    arguments: ["another beginning", "another store", "a project"])
  func otherHistory(kind: String) throws {
    let tip = try hub.git("rev-parse", Self.manifest)
    let other: String
    switch kind {
    case "another store":
      let test = try Lab()
      try test.weave("init")
      try hub.git("fetch", "--quiet", test.store.path, Self.manifest)
      other = try hub.git("rev-parse", "FETCH_HEAD")
    case "a project":
      let project = lab.source("narya")
      try project.commit(
        "a file", file: "constellations/pair", content: Self.constellation("[eve@example.org]"))
      try project.git(
        "-c", "gpg.format=ssh", "commit", "--quiet", "--amend", "--no-edit", "-S" + lab.sshKey("ann"))
      try hub.git("fetch", "--quiet", project.path, "main")
      other = try hub.git("rev-parse", "FETCH_HEAD")
    default: other = try hub.git("commit-tree", "\(tip)^{tree}", "-m", "a beginning of its own")
    }
    let join = try hub.git("commit-tree", "\(tip)^{tree}", "-p", tip, "-p", other, "-m", "join")
    try hub.git("update-ref", Self.manifest, join)
    let pull = try bob.run("pull")
    #expect(pull.stderr.contains("what it joins has no beginning in common"), "\(pull.stderr)")
    #expect(try bob.store.git("rev-parse", Self.manifest) == tip)
  }

  @Test("of a constellation waits where a name in it is only spelled in another way")
  func spelling() throws {
    try lab.constellation(
      Self.constellation("[ann@example.org]", ", address: old.example").replacing("toto", with: "tot\u{e9}"))
    try lab.weave("push")
    #expect(try bob.run("pull", "--strict").status == 0)
    let eve = try lab.colleague("eve")
    let text = Self.constellation("[ann@example.org]", ", address: new.example").replacing(
      "toto", with: "tote\u{301}")
    try eve.weave("constellation", "add", "-", input: text)
    try eve.weave("push")
    let pull = try bob.run("pull", "--strict")
    #expect(pull.status == 1, "\(pull.stderr)")
    for subject in ["what its machines run", "the address of tot"] {
      #expect(pull.stderr.contains(subject), "\(pull.stderr)")
    }
  }
}
