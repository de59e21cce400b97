import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("Docs/pipelines.md works as it stands: what a CI runs")
struct PipelineRunnerTests {
  private let pipeline: PipelineLab
  private var lab: Lab { pipeline.lab }

  init() throws { pipeline = try PipelineLab() }

  private static let noYAML: Comment = "python3 has no yaml (pip install pyyaml; it comes with ansible-core)"

  private func workflow() throws -> Workflow {
    try pipeline.yaml(
      Workflow.self, pipeline.page.file(".github/workflows/deploy.yml", in: "GitHub Actions"))
  }

  @Test(
    "GitHub Actions: every step, with bash -e and what GitHub would fill in",
    .enabled(if: PipelineLab.readsYAML, noYAML))
  func gitHub() throws {
    struct Matrix: Decodable { let include: [[String: String]] }
    let workflow = try workflow()
    let wanted = try pipeline.run("wanted", of: workflow)
    #expect(wanted.failed == nil, "\(String(describing: wanted.failed))")
    let matrix = try #require(wanted.outputs["matrix"])
    let strategy = try #require(workflow.jobs["deploy"]?.strategy)
    let expanded = try Workflow.expand(
      strategy.matrix, ["fromJSON(needs.wanted.outputs.matrix)": matrix])
    let entries = try JSONDecoder().decode(Matrix.self, from: Data(expanded.utf8)).include
    #expect(entries.map { $0["machine"] } == ["toto.canon", "barge"])
    #expect(try entries.allSatisfy { try $0["rev_laurelin"] == lab.id("laurelin@v2") })
    for entry in entries {
      var context = Dictionary(uniqueKeysWithValues: entry.map { ("matrix.\($0.key)", $0.value) })
      for (name, value) in wanted.outputs { context["needs.wanted.outputs.\(name)"] = value }
      let deploy = try pipeline.run(
        "deploy", of: workflow, context, as: "deploy-\(entry["machine"] ?? "")")
      #expect(deploy.failed == nil, "\(String(describing: deploy.failed))")
    }
    let drift = try pipeline.run("drift", of: workflow)
    #expect(drift.failed == nil, "\(String(describing: drift.failed))")
    #expect(drift.summary.contains("| toto.canon | in-sync"), "\(drift.summary)")
    try pipeline.expectDeployed()
  }

  @Test(
    "GitHub Actions: what was revoked ends the first job, with 5 and the reason, and gives the others nothing",
    .enabled(if: PipelineLab.readsYAML, noYAML))
  func gitHubRefused() throws {
    try pipeline.revoke()
    let wanted = try pipeline.run("wanted", of: workflow())
    let failed = try #require(wanted.failed)
    #expect(failed.result.status == 5)
    #expect(failed.result.stderr.contains("DNS loops"), "\(failed.result.stderr)")
    #expect(wanted.outputText.isEmpty)
    try pipeline.expectNothingDeployed()
  }

  @Test(
    "GitHub Actions: the machines get what the first job was told, whatever is locked meanwhile",
    .enabled(if: PipelineLab.readsYAML, noYAML))
  func gitHubMeanwhile() throws {
    let workflow = try workflow()
    let wanted = try pipeline.run("wanted", of: workflow)
    try lab.source("laurelin").commit("v3")
    try lab.weave("fetch")
    try lab.link("telperion@v2", "laurelin@main")
    try lab.weave("lock")
    try lab.weave("push")
    let id = try #require(wanted.outputs["id"])
    let deploy = try pipeline.run(
      "deploy", of: workflow, ["needs.wanted.outputs.id": id, "matrix.machine": "barge"])
    #expect(deploy.failed == nil, "\(String(describing: deploy.failed))")
    #expect(try pipeline.checkedOut("laurelin", on: "barge") == lab.id("laurelin@v2"))
    #expect(try pipeline.statuses()["barge"] == "behind")
  }

  // MARK: GitLab CI

  private func gitLab() throws -> GitLabPipeline {
    try pipeline.yaml(GitLabPipeline.self, pipeline.page.file(".gitlab-ci.yml", in: "GitLab CI"))
  }

  @Test(
    "GitLab CI: every script, with bash -eo pipefail, and JUnit's report of each machine",
    .enabled(if: PipelineLab.readsYAML, noYAML))
  func gitLabDeploys() throws {
    let definition = try gitLab()
    let machines = try #require(definition.deploy.parallel?.matrix.first?["MACHINE"])
    for machine in machines {
      try pipeline.run(definition.deploy, of: definition, ["MACHINE": machine], as: "deploy-\(machine)")
        .succeeded(["deploy", machine])
    }
    try pipeline.run(definition.drift, of: definition, as: "drift").succeeded(["drift"])
    let script = """
      import sys, xml.etree.ElementTree as tree
      suite = tree.parse(sys.argv[1]).getroot().find('testsuite')
      print(suite.get('tests'), suite.get('failures'), suite.get('errors'))
      """
    #expect(
      try lab.peer(
        "python3", "-c", script, lab.directory.appending("jobs/drift/weave.xml"), in: pipeline.directory)
        == "2 0 0")
    try pipeline.expectDeployed()
  }

  @Test(
    "GitLab CI: what was revoked is not deployed: 5, and the reason",
    .enabled(if: PipelineLab.readsYAML, noYAML))
  func gitLabRefused() throws {
    let definition = try gitLab()
    try pipeline.revoke()
    let deploy = try pipeline.run(
      definition.deploy, of: definition, ["MACHINE": "toto.canon"], as: "deploy")
    #expect(deploy.status == 5)
    #expect(deploy.stderr.contains("DNS loops"), "\(deploy.stderr)")
    try pipeline.expectNothingDeployed()
  }

  @Test(
    "GitLab CI: a machine that does not answer is in the report, and fails the last job with 4",
    .enabled(if: PipelineLab.readsYAML, noYAML))
  func gitLabUnreachable() throws {
    let definition = try gitLab()
    try pipeline.run(definition.deploy, of: definition, ["MACHINE": "toto.canon"], as: "deploy")
      .succeeded(["deploy"])
    try FileManager.default.removeItem(atPath: lab.directory.appending("machines/barge"))
    #expect(try pipeline.run(definition.drift, of: definition, as: "drift").status == 4)
    #expect(
      try String(contentsOfFile: lab.directory.appending("jobs/drift/weave.xml"), encoding: .utf8)
        .contains("never seen"))
    #expect(try pipeline.statuses()["toto.canon"] == "in-sync")
  }
}
