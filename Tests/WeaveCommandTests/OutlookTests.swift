import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite(
  "resolve ends with one line: how many projects are at the newest, and what would let all be", .inProcess)
struct OutlookTests {
  let lab: Lab

  init() throws { lab = try Lab.threeProjects() }

  /// The last line on standard error, as names.
  private func outlook(_ options: String..., input: String = "") throws -> String {
    let result = try lab.run(["resolve"] + options, input: input)
    return try lab.named(String(result.stderr.split(separator: "\n").last ?? ""))
  }

  @Test("all are")
  func all() throws {
    try lab.link("telperion@v4", "laurelin@v4")
    #expect(
      try outlook("-c", "-", input: Constellations.pair()) == "all 2 projects at the newest they may run")
    #expect(
      try outlook("-c", "-", input: Constellations.narya) == "the one project is at the newest it may run")
  }

  @Test("some are: how many new links would let all be, which do")
  func newLinks() throws {
    try lab.constellation()
    try lab.link("telperion@v4", "laurelin@v1", "narya@v3")
    #expect(
      try outlook()
        == "1 of 3 projects at the newest they may run; 2 new links would let all be (`weave why PROJECT`)")
    struct Document: Decodable {
      struct Outlook: Decodable {
        struct Member: Decodable { let project, commit: String }
        let projects, newest, revocations: Int
        let newLinks: [[Member]]
      }
      let outlook: Outlook
    }
    let outlook = try lab.json(Document.self, "resolve", "--json").outlook
    #expect((outlook.projects, outlook.newest, outlook.revocations) == (3, 1, 0))
    for link in outlook.newLinks { try lab.link(link.map { "\($0.project)@\($0.commit)" }) }
    #expect(try self.outlook() == "all 3 projects at the newest they may run")
  }

  @Test("a revocation is in the way of all, beside links or alone")
  func revocations() throws {
    try lab.constellation(Constellations.trio)
    try lab.link("telperion@v1", "laurelin@v1", "narya@v1")
    try lab.revoke("telperion@v4", "laurelin@v4")
    #expect(
      try outlook()
        == "0 of 3 projects at the newest they may run; 2 new links would let all be, but for 1 revocation (`weave why PROJECT`)"
    )
    try lab.link("telperion@v4", "narya@v4")
    try lab.link("laurelin@v4", "narya@v4")
    #expect(
      try outlook()
        == "0 of 3 projects at the newest they may run; 1 revocation would have to be taken back for all to be "
        + "(`weave why PROJECT`)")
  }

  @Test("a commit that is revoked by itself is not one to be at")
  func revokedNewest() throws {
    try lab.link("telperion@v4", "laurelin@v3")
    try lab.revoke("laurelin@v4")
    #expect(
      try outlook("-c", "-", input: Constellations.pair()) == "all 2 projects at the newest they may run")
  }

  @Test("what is pinned or held can be no newer")
  func pinned() throws {
    try lab.link("telperion@v4", "laurelin@v1")
    let text = Constellations.pair(", pins: { laurelin: v1 }")
    #expect(try outlook("-c", "-", input: text) == "all 2 projects at the newest they may run")
  }

  @Test("its command is about the constellation that was asked of, and answers")
  func command() throws {
    try lab.constellation(Constellations.pair())
    try lab.constellation()
    try lab.link("telperion@v4", "laurelin@v1", "narya@v3")
    #expect(try outlook("-c", "pair").hasSuffix("(`weave why PROJECT -c pair`)"))
    try lab.weave("why", "laurelin", "-c", "pair")
  }
}
