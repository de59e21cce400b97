import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("resolve where nothing fits", .inProcess)
struct ResolveNothingTests {
  let lab: Lab

  init() throws { lab = try Self.template.copy() }

  private static let template = LabTemplate {
    let lab = try Lab.threeProjects()
    try lab.constellation()
    return lab
  }

  @Test("it ends with 5 and names the pairs that no link holds")
  func pairs() throws {
    let error = try lab.refusal(["resolve"], status: 5)
    #expect(error.contains("laurelin and narya"))
    #expect(error.contains("laurelin and telperion"))
  }

  @Test("where there are no links at all, it names the way to the first")
  func firstLink() throws {
    #expect(try lab.refusal(["resolve"], status: 5).contains("weave link --running"))
    try lab.link("telperion@v1", "narya@v1")
    #expect(try !lab.refusal(["resolve"], status: 5).contains("weave link --running"))
  }

  @Test("it names the revocation in the way, by whom and why")
  func revocation() throws {
    try lab.link("telperion@v3", "laurelin@v3", "narya@v3")
    try lab.revoke("telperion@v3", "laurelin@v3", because: "DNS loops after a reboot")
    let error = try lab.refusal(["resolve"], status: 5)
    #expect(error.contains("Cid Committer"))
    #expect(error.contains("DNS loops after a reboot"))
    #expect(error.contains("weave reinstate"))
  }

  @Test("it names the fewest links that help, and these commands do help")
  func fewestLinks() throws {
    try lab.link("telperion@v3", "laurelin@v3")
    try lab.runOffered(try lab.refusal(["resolve"], status: 5), count: 1)
    #expect(try lab.picks(on: "toto")["telperion"] == lab.id("telperion@v3"))
  }

  @Test("with no link at all, two links help")
  func twoLinks() throws {
    try lab.runOffered(try lab.refusal(["resolve"], status: 5), count: 2)
    try lab.weave("resolve")
  }

  @Test("after a revocation of a pair, the links that it names help")
  func linksAfterRevocation() throws {
    try lab.link("telperion@v3", "laurelin@v3", "narya@v3")
    try lab.revoke("telperion@v3", "laurelin@v3")
    try lab.runOffered(try lab.refusal(["resolve"], status: 5), count: 1)
    try lab.weave("resolve")
  }

  @Test(
    "lock and sha end with 5 as well, and adopt nothing",
    arguments: [["lock"], ["sha", "laurelin", "--machine", "toto"]])
  func otherCommands(arguments: [String]) throws {
    try lab.refusal(arguments, status: 5)
  }

  @Test("pins whose pair is not linked are named")
  func pins() throws {
    try lab.link("telperion@v3", "laurelin@v3", "narya@v3")
    let text = Constellations.emeraldCity(toto: ", pins: { telperion: v1, laurelin: v2 }")
    let error = try lab.refusal(["resolve", "-c", "-"], status: 5, input: text)
    #expect(error.contains("toto"))
    #expect(lab.offeredLinks(error).count == 1)
  }

  @Test("a project that was never fetched is an ordinary error that says what to do")
  func neverFetched() throws {
    let lab = try Lab.threeProjectsNotFetched()
    try lab.constellation()
    #expect(try lab.refusal(["resolve"]).contains("weave fetch telperion"))
  }

  @Test("a track that is not there is an ordinary error that names it")
  func unknownTrack() throws {
    let text = Constellations.emeraldCity.replacingOccurrences(
      of: "laurelin: {}", with: "laurelin: { track: trunk }")
    #expect(try lab.refusal(["resolve", "-c", "-"], input: text).contains("'trunk'"))
  }
}
