import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("propose says which new links are worth testing next", .inProcess)
struct ProposeTests {
  let lab: Lab

  init() throws { lab = try Self.template.copy() }

  private static let template = LabTemplate {
    let lab = try Lab.threeProjects()
    try lab.constellation()
    try lab.link("telperion@v4", "laurelin@v1")
    try lab.link("laurelin@v1", "narya@v3")
    return lab
  }

  @Test("how far behind all are in sum, how far they would be by one link, by two, and the commands for that")
  func table() throws {
    #expect(
      try lab.words("propose") == """
        toto, barge: 4 commits behind in all
          1 new link: 3 behind
          2 new links: 0 behind
        to test together: telperion@v4 laurelin@v4 narya@v4
        once tested:
          weave link laurelin@v4 narya@v4 -m TEXT
          weave link laurelin@v4 telperion@v4 -m TEXT
        """)
  }

  @Test("no more than --links")
  func one() throws {
    #expect(
      try lab.words("propose", "--links", "1") == """
        toto, barge: 4 commits behind in all
          1 new link: 3 behind
        to test together: telperion@v4 laurelin@v1 narya@v4
        once tested:
          weave link laurelin@v1 narya@v4 -m TEXT
        """)
  }

  @Test("what was not proved within the budget is called the best found")
  func bestFound() throws {
    struct Document: Decodable {
      struct Group: Decodable { let steps: [Step] }
      struct Step: Decodable { let proved: Bool }
      let groups: [Group]
    }
    try lab.link("telperion@v2", "laurelin@v4")
    try lab.link("laurelin@v3", "narya@v2")
    for project in Lab.threeProjectNames {
      for number in 5...20 { try lab.source(project).commit("\(project) \(number)") }
    }
    try lab.weave("fetch")
    let budgets = stride(from: 200, through: 400, by: 20)
    let steps = try #require(
      try budgets.first { try lab.weave("propose", "--steps", "\($0)").contains(" behind (the best found)") })
    let few = try lab.json(Document.self, "propose", "--json", "--steps", "\(steps)")
    #expect(few.groups[0].steps.contains { !$0.proved })
    #expect(try lab.json(Document.self, "propose", "--json").groups[0].steps.allSatisfy(\.proved))
  }

  @Test("--format matrix is an object with the pairs under `include`, each with what link takes")
  func matrix() throws {
    struct Matrix: Decodable { let include: [[String: String]] }
    let matrix = try lab.json(Matrix.self, "propose", "--format", "matrix")
    let first = try #require(matrix.include.first)
    #expect(
      try first == [
        "name": "laurelin@\(lab.short("laurelin@v4")) narya@\(lab.short("narya@v4"))",
        "link": "laurelin@\(lab.id("laurelin@v4")) narya@\(lab.id("narya@v4"))",
        "laurelin": lab.id("laurelin@v4"), "narya": lab.id("narya@v4"),
      ])
    for entry in matrix.include {
      try lab.link(entry["link", default: ""].split(separator: " ").map(String.init))
    }
    #expect(try lab.words("resolve").hasSuffix("all 3 projects at the newest they may run"))
  }

  @Test("a project called as a key of the matrix is, does not take its place")
  func matrixNames() throws {
    for name in ["link", "name"] { try lab.addProject(name) }
    try lab.weave("fetch")
    try lab.link("link@v1", "name@v1")
    let text = """
      constellation: names
      projects: { link: {}, name: {} }
      roles: { all: { projects: [link, name] } }
      machines: { toto: { roles: [all] } }
      """
    struct Matrix: Decodable { let include: [[String: String]] }
    let matrix = try lab.json(Matrix.self, "propose", "-c", "-", "--format", "matrix", input: text)
    #expect(
      try matrix.include.map { $0["link"] } == ["link@\(lab.id("link@main")) name@\(lab.id("name@main"))"])
  }

  @Test("where nothing is to be gained, the matrix is empty")
  func emptyMatrix() throws {
    try lab.link("telperion@v4", "laurelin@v4", "narya@v4")
    #expect(try lab.weave("propose", "--format", "matrix").filter { !$0.isWhitespace } == #"{"include":[]}"#)
    #expect(try lab.words("propose") == "toto, barge: 0 commits behind in all")
  }

  @Test("a number of links or a format that there is not is a wrong usage")
  func usage() throws {
    #expect(try lab.refusal(["propose", "--links", "0"]).contains("--links takes a number from 1 to 100"))
    #expect(try lab.refusal(["propose", "--format", "yaml"]).contains("matrix"))
    #expect(try lab.refusal(["propose", "--format", "matrix", "--json"]).contains("exclude each other"))
  }
}
