import TestSupport
import Testing

@testable import LabSupport

@Suite("the links that why and propose offer do what they promise, run as they stand", .inProcess)
struct OfferedLinkTests {
  let lab: Lab

  init() throws { lab = try Lab.threeProjects() }

  /// What `arguments` print as it stands, ids and all.
  private func raw(_ arguments: String...) throws -> String { try lab.weave(arguments) }

  @Test("why: the project is at its newest, and all else as it was")
  func why() throws {
    try lab.constellation(Constellations.trio)
    try lab.link("telperion@v2", "laurelin@v3", "narya@v1")
    try lab.runOffered(try raw("why", "narya"), count: 2)
    #expect(
      try lab.picks(on: "toto") == [
        "telperion": lab.id("telperion@v2"), "laurelin": lab.id("laurelin@v3"), "narya": lab.id("narya@v4"),
      ])
  }

  @Test("why: a newest that is unfit with what the others run is not what it offers")
  func whyPastRevocation() throws {
    try lab.constellation(Constellations.pair())
    try lab.link("telperion@v4", "laurelin@v1")
    try lab.revoke("telperion@v4", "laurelin@v4")
    try lab.runOffered(try raw("why", "laurelin"), count: 1)
    #expect(try lab.picks(on: "toto")["laurelin"] == lab.id("laurelin@v3"))
    let after = try lab.words("why", "laurelin")
    #expect(!after.contains("weave link"), "\(after)")
    #expect(try lab.reasons("laurelin") == ["v4": "unlinked"])
  }

  @Test("why: what is linked already is not offered again")
  func whyFewest() throws {
    try lab.constellation(Constellations.trio)
    try lab.link("telperion@v2", "laurelin@v3", "narya@v1")
    try lab.link("telperion@v2", "narya@v4")
    try lab.runOffered(try raw("why", "narya"), count: 1)
    #expect(try lab.picks(on: "toto")["narya"] == lab.id("narya@v4"))
  }

  @Test("propose: the resolution is what was to be tested")
  func propose() throws {
    try lab.constellation()
    try lab.link("telperion@v1", "laurelin@v1", "narya@v1")
    try lab.runOffered(try raw("propose"), count: 2)
    #expect(try lab.words("resolve").hasSuffix("all 3 projects at the newest they may run"))
    #expect(try lab.words("propose") == "toto, barge: 0 commits behind in all")
  }

  @Test("propose: with fewer links, as far as they lead")
  func proposeFew() throws {
    try lab.constellation()
    try lab.link("telperion@v1", "laurelin@v1", "narya@v1")
    try lab.runOffered(try raw("propose", "--links", "1"), count: 1)
    #expect(try lab.words("propose", "--links", "1").hasPrefix("toto, barge: 6 commits behind in all"))
  }

  @Test("propose: nothing that puts a project back, which resolve would not follow")
  func proposeForward() throws {
    try lab.constellation(Constellations.trio)
    try lab.link("telperion@v4", "laurelin@v1", "narya@v1")
    try lab.link("telperion@v3", "laurelin@v4")
    try lab.link("laurelin@v4", "narya@v4")
    #expect(
      try lab.words("propose", "--links", "1")
        == "toto: 6 commits behind in all; found no way to change that by 1 new link")
    try lab.runOffered(try raw("propose", "--links", "2"), count: 2)
    #expect(try lab.words("resolve").hasSuffix("all 3 projects at the newest they may run"))
  }

  @Test("propose: never a pair that is revoked, nor a commit that is")
  func proposeFit() throws {
    try lab.constellation(Constellations.pair())
    try lab.link("telperion@v4", "laurelin@v1")
    try lab.revoke("telperion@v4", "laurelin@v4")
    try lab.revoke("laurelin@v3")
    try lab.runOffered(try raw("propose"), count: 1)
    #expect(try lab.picks(on: "toto")["laurelin"] == lab.id("laurelin@v2"))
  }
}
