import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("resolve picks the newest commits that are linked and fit", .inProcess)
struct ResolveTests {
  let lab: Lab

  init() throws { lab = try Lab.threeProjects() }

  @Test("the table has machine, project, short commit, how far behind, and subject")
  func table() throws {
    try lab.constellation()
    try lab.link("telperion@v3", "laurelin@v3", "narya@v2")
    let lines = try lab.weave("resolve").split(separator: "\n").map {
      $0.split(separator: " ", omittingEmptySubsequences: true).map(String.init)
    }
    #expect(lines.count == 5)
    #expect(
      try lines[1] == ["toto", "telperion", lab.short("telperion@v3"), "1", "telperion", "3"])
    #expect(try lines[4] == ["barge", "narya", lab.short("narya@v2"), "2", "narya", "2"])
  }

  @Test("with a machine and a project it prints the commit's id alone")
  func commitAlone() throws {
    try lab.constellation()
    try lab.link("telperion@v3", "laurelin@v3", "narya@v2")
    let result = try lab.run(["resolve", "--machine", "barge", "--project", "narya"])
    #expect(try result.stdout == lab.id("narya@v2") + "\n")
    #expect(result.stderr == "")
  }

  @Test("a project that the machine does not run is an error")
  func projectElsewhere() throws {
    try lab.constellation()
    try lab.link("telperion@v3", "laurelin@v3", "narya@v2")
    #expect(try lab.refusal(["resolve", "--machine", "toto", "--project", "narya"]).contains("narya"))
  }

  @Test("the JSON names its schema, the resolution and the reason for each commit")
  func json() throws {
    try lab.constellation()
    try lab.link("telperion@v3", "laurelin@v3", "narya@v2")
    let document = try lab.resolution()
    #expect(document.schema == "weave.resolution/1")
    #expect(document.constellation == "emerald-city")
    #expect(document.machines.map(\.machine) == ["toto", "barge"])
    let expected = try ResolutionDocument.Pick(
      project: "telperion", commit: lab.id("telperion@v3"), reason: "newest", behind: 1)
    #expect(document.machines[0].projects.first == expected)
  }

  @Test("the resolution's id is that of the tree that a lock of it has")
  func identifier() throws {
    try lab.constellation()
    try lab.link("telperion@v3", "laurelin@v3", "narya@v2")
    let id = try lab.resolution().resolution
    let lock = try lab.weave("lock")
    #expect(try lab.store.git("rev-parse", lock + "^{tree}") == id)
    let toto = try lab.store.git("show", id + ":toto")
    #expect(try toto == "laurelin \(lab.id("laurelin@v3"))\ntelperion \(lab.id("telperion@v3"))")
  }

  @Test("resolving writes no ref")
  func writesNothing() throws {
    try lab.constellation()
    try lab.link("telperion@v3", "laurelin@v3", "narya@v2")
    let before = try lab.store.refs()
    try lab.weave("resolve")
    #expect(try lab.store.refs() == before)
  }

  @Test("the first project of the priority gets its newest commit")
  func priority() throws {
    try lab.link("telperion@v4", "laurelin@v1")
    try lab.link("telperion@v1", "laurelin@v4")
    let first = try lab.picks(on: "toto", of: Constellations.pair())
    #expect(try first["telperion"] == lab.id("telperion@v4"))
    let second = try lab.picks(on: "toto", of: Constellations.pair() + "\npriority: [laurelin, telperion]")
    #expect(try second["laurelin"] == lab.id("laurelin@v4"))
  }

  @Test("links are not transitive: the third pair of three on one machine needs its own")
  func notTransitive() throws {
    try lab.link("telperion@v1", "laurelin@v1")
    try lab.link("laurelin@v1", "narya@v1")
    try lab.refusal(["resolve", "-c", "-"], status: 5, input: Constellations.trio)
    try lab.link("telperion@v1", "narya@v1")
    #expect(try lab.picks(on: "toto", of: Constellations.trio)["narya"] == lab.id("narya@v1"))
  }

  @Test("a project alone on its machine runs its newest commit that is not revoked")
  func alone() throws {
    #expect(try lab.picks(on: "barge", of: Constellations.narya)["narya"] == lab.id("narya@v4"))
    try lab.revoke("narya@v4")
    #expect(try lab.picks(on: "barge", of: Constellations.narya)["narya"] == lab.id("narya@v3"))
  }

  @Test("a tracked branch is what the picks come from")
  func track() throws {
    try lab.branchOff("telperion", "stable", from: "v2")
    try lab.link("telperion@stable", "laurelin@v1")
    try lab.link("telperion@v4", "laurelin@v1")
    #expect(try lab.picks(on: "toto", of: Constellations.pair())["telperion"] == lab.id("telperion@v4"))
    let stable = Constellations.pair(projects: "{ telperion: { track: stable }, laurelin: {} }")
    #expect(try lab.picks(on: "toto", of: stable)["telperion"] == lab.id("telperion@stable"))
  }

  @Test("a project's pin is exactly the commit or the tag")
  func pin() throws {
    try lab.link("telperion@v1", "laurelin@v1")
    try lab.link("telperion@v4", "laurelin@v4")
    let byTag = Constellations.pair(projects: "{ telperion: {}, laurelin: { pin: v1 } }")
    #expect(try lab.picks(on: "toto", of: byTag)["telperion"] == lab.id("telperion@v1"))
    let byCommit = Constellations.pair(
      projects: "{ telperion: {}, laurelin: { pin: \"\(try lab.id("laurelin@v1"))\" } }")
    #expect(try lab.picks(on: "toto", of: byCommit)["telperion"] == lab.id("telperion@v1"))
  }

  @Test("a machine's pin and hold are the reasons for its commits")
  func reasons() throws {
    try lab.link("telperion@v1", "laurelin@v2")
    let text = Constellations.pair(
      ", pins: { telperion: v1 }, holds: [{ project: laurelin, at: v2, because: kernel }]")
    let document = try lab.resolution(of: text)
    #expect(document.machines[0].projects.map(\.reason) == ["pin", "hold"])
  }

  @Test("a pin to a tag that is not there is an error that names it")
  func unknownPin() throws {
    let text = Constellations.pair(projects: "{ telperion: {}, laurelin: { pin: v9 } }")
    #expect(try lab.refusal(["resolve", "-c", "-"], input: text).contains("v9"))
  }

  @Test("a free project needs no link and, with a pin, no history")
  func free() throws {
    let commit = "7241bcbb4f099a66aafca120d37c65e8dda32717"
    let text = """
      constellation: c
      projects: { telperion: {}, nixpkgs: { pin: "\(commit)", free: true } }
      roles: { dns: { projects: [telperion, nixpkgs] } }
      machines: { toto: { roles: [dns] } }
      """
    let picks = try lab.picks(on: "toto", of: text)
    #expect(try picks == ["telperion": lab.id("telperion@v4"), "nixpkgs": commit])
  }

  @Test("only coupled projects need a live link")
  func couplings() throws {
    try lab.link("telperion@v2", "laurelin@v2")
    let text = Constellations.trio + "\ncouplings: [[telperion, laurelin]]"
    let picks = try lab.picks(on: "toto", of: text)
    #expect(try picks["telperion"] == lab.id("telperion@v2"))
    #expect(try picks["narya"] == lab.id("narya@v4"))
  }

  @Test("without couplings by wish, everything is newest, but for what is unfit")
  func emptyCouplings() throws {
    let text = Constellations.pair() + "\ncouplings: []"
    #expect(try lab.picks(on: "toto", of: text)["laurelin"] == lab.id("laurelin@v4"))
    try lab.revoke("telperion@v4", "laurelin@v4")
    let picks = try lab.picks(on: "toto", of: text)
    #expect(try picks == ["telperion": lab.id("telperion@v4"), "laurelin": lab.id("laurelin@v3")])
  }

  @Test("a coupling is respected between projects that share no machine")
  func couplingAcrossMachines() throws {
    try lab.link("telperion@v2", "narya@v3")
    let text = Constellations.emeraldCity + "\ncouplings: [[telperion, narya]]"
    #expect(try lab.picks(on: "toto", of: text)["telperion"] == lab.id("telperion@v2"))
    #expect(try lab.picks(on: "barge", of: text)["narya"] == lab.id("narya@v3"))
  }

  @Test("a machine with a pin of its own is resolved apart from the fleet")
  func groups() throws {
    try lab.link("telperion@v4", "laurelin@v4")
    try lab.link("telperion@v1", "laurelin@v1")
    let text = """
      constellation: groups
      projects: { telperion: {}, laurelin: {} }
      roles: { dns: { projects: [telperion, laurelin] } }
      machines:
        fleet: { roles: [dns] }
        odd: { roles: [dns], pins: { laurelin: v1 } }
      """
    #expect(try lab.picks(on: "fleet", of: text)["telperion"] == lab.id("telperion@v4"))
    #expect(try lab.picks(on: "odd", of: text)["telperion"] == lab.id("telperion@v1"))
  }

  @Test("a machine of a range is named by its exact name")
  func range() throws {
    let text = """
      constellation: webs
      projects: { narya: {} }
      roles: { ring: { projects: [narya] } }
      machines: { "web-[01:03].example": { roles: [ring] } }
      """
    let result = try lab.run(
      ["resolve", "-c", "-", "--machine", "web-02.example", "--project", "narya"], input: text)
    #expect(try result.stdout == lab.id("narya@v4") + "\n")
  }

  @Test("one revoked commit is never given", arguments: ["telperion@v4", "laurelin@v4"])
  func unfitCommit(member: String) throws {
    try lab.link("telperion@v4", "laurelin@v4")
    try lab.link("telperion@v3", "laurelin@v3")
    try lab.revoke(member)
    #expect(try lab.picks(on: "toto", of: Constellations.pair())["telperion"] == lab.id("telperion@v3"))
  }

  @Test("a revoked pair is never given, until it is reinstated")
  func unfitPair() throws {
    try lab.link("telperion@v4", "laurelin@v4")
    try lab.link("telperion@v3", "laurelin@v3")
    let revocation = try lab.revoke("telperion@v4", "laurelin@v4")
    #expect(try lab.picks(on: "toto", of: Constellations.pair())["telperion"] == lab.id("telperion@v3"))
    try lab.weave("reinstate", revocation, "-m", "it was the cable")
    #expect(try lab.picks(on: "toto", of: Constellations.pair())["telperion"] == lab.id("telperion@v4"))
  }

  @Test("three commits that are unfit together are not given to one machine, though each pair is live")
  func unfitThree() throws {
    try lab.link("telperion@v4", "laurelin@v4")
    try lab.link("laurelin@v4", "narya@v4")
    try lab.link("telperion@v4", "narya@v4")
    try lab.link("telperion@v3", "laurelin@v3", "narya@v3")
    #expect(try lab.picks(on: "toto", of: Constellations.trio)["narya"] == lab.id("narya@v4"))
    try lab.revoke("telperion@v4", "laurelin@v4", "narya@v4")
    #expect(try lab.picks(on: "toto", of: Constellations.trio)["narya"] == lab.id("narya@v3"))
    // No machine has all three: there they are fit.
    #expect(try lab.picks(on: "barge", of: Constellations.emeraldCity)["narya"] == lab.id("narya@v4"))
  }
}
