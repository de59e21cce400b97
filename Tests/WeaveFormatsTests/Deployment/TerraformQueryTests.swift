import Testing
import WeaveFormats

@Suite("What Terraform asks")
struct TerraformQueryTests {
  private func query(_ text: String) throws -> TerraformQuery {
    try TerraformQuery(parsing: Array(text.utf8))
  }

  @Test("may name a constellation, a machine and a project, or nothing")
  func keys() throws {
    let query = try query(#"{"constellation": "canon", "machine": "toto", "project": "laurelin"}"#)
    #expect(query.constellation == "canon")
    #expect(query.machine == "toto")
    #expect(query.project == "laurelin")
    #expect(try self.query("{}").machine == nil)
  }

  @Test(
    "is an error where it is anything else",
    arguments: [
      "", "null", "[]", "{", #"{"machin": "toto"}"#, #"{"machine": 7}"#, #"{"machine": null}"#,
      #"{"machine": ""}"#,
    ])
  func malformed(text: String) { #expect(throws: UnwritableState.self) { try query(text) } }
}
