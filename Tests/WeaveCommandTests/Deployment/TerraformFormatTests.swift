import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("Terraform takes a resolution", .inProcess)
struct TerraformFormatTests {
  private let lab: Lab

  init() throws {
    lab = try Lab.threeProjects()
    try lab.constellation()
    try lab.link("telperion@v2", "laurelin@v2", "narya@v2")
  }

  @Test(
    "as variables: a plan finds changes, and none once they are applied",
    .enabled(
      if: Peer.terraform.isInstalled,
      "terraform is not installed (https://developer.hashicorp.com/terraform/install)"))
  func variables() throws {
    let directory = try lab.scratch("terraform")
    try """
    variable "weave" {
      type = object({ constellation = string, id = string, machines = map(map(string)) })
    }
    resource "terraform_data" "machine" {
      for_each = var.weave.machines
      input    = each.value
    }
    output "laurelin" { value = terraform_data.machine["toto"].output.laurelin }
    """.write(toFile: directory + "/main.tf", atomically: true, encoding: .utf8)
    func write() throws {
      try lab.weave("resolve", "--format", "tfvars")
        .write(toFile: directory + "/weave.auto.tfvars.json", atomically: true, encoding: .utf8)
    }
    func plan() throws -> Int32 {
      try lab.runPeer("terraform", ["plan", "-input=false", "-detailed-exitcode"], in: directory).status
    }
    try write()
    try lab.peer("terraform", "init", "-input=false", in: directory)
    #expect(try plan() == 2)
    try lab.peer("terraform", "apply", "-input=false", "-auto-approve", in: directory)
    #expect(try plan() == 0)
    #expect(
      try lab.peer("terraform", "output", "-raw", "laurelin", in: directory) == lab.id("laurelin@v2"))
    try lab.link("telperion@v3", "laurelin@v3", "narya@v3")
    try write()
    #expect(try plan() == 2)
  }

  private func ask(_ query: String, _ arguments: String...) throws -> ProcessResult {
    try lab.run(["resolve", "--format", "terraform-external"] + arguments, input: query)
  }

  // The provider `external` comes from a registry only; what it asks of a program is documented
  // (https://registry.terraform.io/providers/hashicorp/external/latest/docs/data-sources/external).
  @Test(
    "as the answer to data \"external\", by its contract: one object of strings, the query on standard input")
  func external() throws {
    let result = try ask(#"{"constellation": "emerald-city", "machine": "toto"}"#)
    #expect(result.stderr == "")
    let answer = try JSONDecoder().decode([String: String].self, from: Data(result.stdoutBytes))
    #expect(answer["id"] == (try lab.resolution().resolution))
    #expect(try answer["toto/laurelin"] == lab.id("laurelin@v2"))
    #expect(answer.keys.sorted() == ["constellation", "id", "json", "toto/laurelin", "toto/telperion"])
    let whole = try #require(answer["json"])
    #expect(try whole.contains(lab.id("telperion@v2")))
  }

  @Test("a machine and a project leave one commit, under rev")
  func rev() throws {
    let result = try ask(#"{"machine": "toto", "project": "laurelin"}"#)
    let answer = try JSONDecoder().decode([String: String].self, from: Data(result.stdoutBytes))
    #expect(try answer["rev"] == lab.id("laurelin@v2"))
  }

  @Test("of the lock, too")
  func lock() throws {
    try lab.weave("lock")
    try lab.link("telperion@v3", "laurelin@v3", "narya@v3")
    let result = try lab.run(
      "lock", "--show", "--format", "terraform-external",
      input: #"{"machine": "toto", "project": "laurelin"}"#)
    let answer = try JSONDecoder().decode([String: String].self, from: Data(result.stdoutBytes))
    #expect(try answer["rev"] == lab.id("laurelin@v2"))
  }

  @Test(
    "an error is one line on standard error, and nothing on standard output",
    arguments: [
      "", "[]", #"{"machin": "toto"}"#, #"{"machine": 1}"#, #"{"machine": "totto"}"#,
      #"{"constellation": "kansas"}"#, #"{"machine": "toto", "project": "narya"}"#,
    ])
  func errors(query: String) throws {
    let result = try ask(query)
    #expect(result.status == 1)
    #expect(result.stdout == "")
    #expect(result.stderr.wholeMatch(of: /error: [^\n]+\n/) != nil, "\(result.stderr)")
  }

  @Test("so it is when nothing fits, with its own exit code")
  func nothingFits() throws {
    try lab.revoke("telperion@v2", "laurelin@v2", because: "DNS loops")
    let result = try ask("{}")
    #expect(result.status == 5)
    #expect(result.stderr.wholeMatch(of: /error: [^\n]+DNS loops[^\n]*\n/) != nil, "\(result.stderr)")
  }

  @Test("a query that says another thing than the arguments is an error")
  func contradiction() throws {
    #expect(
      try ask(#"{"machine": "barge"}"#, "--machine", "toto").stderr.contains("the query asks for the machine")
    )
    #expect(try ask("{}", "-c", "-").stderr.contains("cannot hold the constellation, too"))
  }
}
