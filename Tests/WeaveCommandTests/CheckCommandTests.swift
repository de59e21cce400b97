import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("check says whether just these commits are fit", .inProcess)
struct CheckCommandTests {
  let lab: Lab

  init() throws { lab = try Self.template.copy() }

  private static let template = LabTemplate {
    let lab = try Lab.threeProjects()
    try lab.link("telperion@v3", "laurelin@v3", "narya@v3")
    return lab
  }

  @Test("yes")
  func fit() throws {
    try lab.constellation()
    #expect(
      try lab.words("check", "telperion@v3", "laurelin@v3", "narya@v3")
        == "fit: laurelin@v3 narya@v3 telperion@v3")
  }

  @Test("no: every pair that must be linked and is not, and the command for each once it is tested")
  func unlinked() throws {
    try lab.constellation()
    #expect(
      try lab.words("check", "telperion@v4", "laurelin@v4", "narya@v3", status: 5) == """
        not fit: laurelin@v4 narya@v3 telperion@v4
          not linked: laurelin@v4 narya@v3
          not linked: laurelin@v4 telperion@v4
        once tested:
          weave link laurelin@v4 narya@v3 -m TEXT
          weave link laurelin@v4 telperion@v4 -m TEXT
        """)
    try lab.runOffered(
      lab.run(["check", "telperion@v4", "laurelin@v4", "narya@v3"]).stderr, count: 2)
    try lab.weave("check", "telperion@v4", "laurelin@v4", "narya@v3")
  }

  @Test("no: every revocation, by whom and why, beside what is not linked")
  func revoked() throws {
    try lab.constellation()
    let pair = try lab.revoke("telperion@v3", "laurelin@v3", because: "DNS loops", minutesLater: -1)
    let one = try lab.revoke("telperion@v3", because: "no route")
    #expect(
      try lab.words(
        "check", "telperion@v3", "laurelin@v3", "narya@v4", status: 5,
        events: ["PAIR": pair, "ONE": one]) == """
          not fit: laurelin@v3 narya@v4 telperion@v3
            PAIR  Cid Committer revoked laurelin@v3 telperion@v3: DNS loops
            ONE  Cid Committer revoked telperion@v3: no route
            not linked: laurelin@v3 narya@v4
          """)
  }

  @Test("without a constellation every pair must be linked")
  func withoutConstellation() throws {
    #expect(
      try lab.words("check", "telperion@v3", "narya@v4", status: 5).hasPrefix(
        "not fit: narya@v4 telperion@v3\n  not linked: narya@v4 telperion@v3"))
    #expect(try lab.words("check", "telperion@v3", "narya@v3") == "fit: narya@v3 telperion@v3")
  }

  @Test("with one, only the pairs that meet: what shares no machine may be revoked together")
  func apart() throws {
    try lab.constellation()
    try lab.revoke("telperion@v3", "narya@v3")
    try lab.weave("check", "telperion@v3", "laurelin@v3", "narya@v3")
    try lab.words(
      "check", "-c", "-", "telperion@v3", "laurelin@v3", "narya@v3", status: 5, input: Constellations.trio)
  }

  @Test("what resolve picks is fit")
  func resolution() throws {
    try lab.constellation()
    try lab.link("telperion@v4", "laurelin@v3")
    let members = try lab.resolution().machines.flatMap { $0.projects.map { "\($0.project)@\($0.commit)" } }
    try lab.weave(["check"] + Set(members).sorted())
  }

  @Test("a project that the constellation does not have is an error")
  func foreign() throws {
    #expect(
      try lab.run(["check", "-c", "-", "narya@v3", "laurelin@v3"], input: Constellations.pair()).stderr
        .contains("pair has no project called 'narya'"))
  }

  @Test("it records nothing")
  func recordsNothing() throws {
    let before = try lab.contents()
    try lab.words("check", "telperion@v4", "laurelin@v4", status: 5)
    #expect(try lab.contents() == before)
  }
}
