import Foundation
import TestSupport
import Testing

@Suite("Docs/pipelines.md works as it stands")
struct PipelinePageTests {
  private let pipeline: PipelineLab
  private var lab: Lab { pipeline.lab }

  init() throws { pipeline = try PipelineLab() }

  private static let inSync = ["toto.canon": "in-sync", "barge": "in-sync"]

  private func expectDeployed(sourceLocation: SourceLocation = #_sourceLocation) throws {
    for (machine, project) in [
      ("toto.canon", "telperion"), ("toto.canon", "laurelin"), ("barge", "laurelin"),
    ] {
      #expect(
        try pipeline.checkedOut(project, on: machine) == lab.id("\(project)@v2"),
        sourceLocation: sourceLocation)
    }
    #expect(try pipeline.statuses() == Self.inSync, sourceLocation: sourceLocation)
  }

  // MARK: GitHub Actions

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
    try expectDeployed()
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
    try expectDeployed()
  }

  @Test(
    "GitLab CI: what was revoked is not deployed, and a machine that does not answer fails the last job",
    .enabled(if: PipelineLab.readsYAML, noYAML))
  func gitLabRefused() throws {
    let definition = try gitLab()
    try pipeline.revoke()
    let deploy = try pipeline.run(
      definition.deploy, of: definition, ["MACHINE": "toto.canon"], as: "deploy")
    #expect(deploy.status == 5)
    #expect(deploy.stderr.contains("DNS loops"), "\(deploy.stderr)")
    try pipeline.expectNothingDeployed()
    try FileManager.default.removeItem(atPath: lab.directory.appending("machines/barge"))
    #expect(try pipeline.run(definition.drift, of: definition, as: "drift").status != 0)
  }

  // MARK: typed on a machine

  @Test(
    "NixOS: the wrapper evaluates with nix to the revs that are wanted; nixos-rebuild is a stub",
    .enabled(if: Peer.nix.isInstalled, "nix is not installed (apt-get install nix-bin)"))
  func nixOS() throws {
    struct Configuration: Decodable {
      struct System: Decodable { let configurationRevision: String }
      let laurelin, version: String
      let system: System
    }
    try Stub.nixosRebuild.write(in: lab.directory)
    let result = try pipeline.type("NixOS").succeeded(["NixOS"])
    let configuration = try JSONDecoder().decode(
      Configuration.self,
      from: Data(
        contentsOf: URL(
          fileURLWithPath: lab.directory.appending("machines/toto.canon/configuration.json"))))
    #expect(try configuration.laurelin == lab.id("laurelin@v2"), "\(result.stderr)")
    #expect(try configuration.system.configurationRevision == lab.id("telperion@v2"))
    #expect(configuration.version == "v2")
    #expect(try pipeline.statuses() == ["toto.canon": "in-sync", "barge": "-"])
  }

  @Test(
    "Terraform: a real apply deploys each machine, and a plan then finds nothing",
    .enabled(
      if: Peer.terraform.isInstalled,
      "terraform is not installed (https://developer.hashicorp.com/terraform/install)"))
  func terraform() throws {
    try pipeline.place("main.tf", in: "Terraform")
    try pipeline.type("Terraform").succeeded(["Terraform"])
    try expectDeployed()
    #expect(
      try lab.runPeer("terraform", ["plan", "-input=false", "-detailed-exitcode"], in: pipeline.directory)
        .status == 0)
  }

  @Test(
    "Ansible: a real playbook, with local connections, checks out weave_revs and reports",
    .enabled(
      if: Peer.ansibleInventory.isInstalled, "ansible-inventory is not installed (pip install ansible-core)"))
  func ansible() throws {
    try placeAnsible()
    let result = try pipeline.type("Ansible")
    #expect(result.status == 0, "\(result.stdout)\(result.stderr)")
    try expectDeployed()
  }

  @Test(
    "Ansible: a playbook for machines that are behind or never said anything leaves the others alone",
    .enabled(
      if: Peer.ansibleInventory.isInstalled, "ansible-inventory is not installed (pip install ansible-core)"))
  func ansibleByStatus() throws {
    try placeAnsible(hosts: "weave_status_behind,weave_status_never")
    try lab.report("barge", "laurelin@v2")
    try lab.weave("push")
    for _ in 1...2 {
      let result = try pipeline.type("Ansible")
      #expect(result.status == 0, "\(result.stdout)\(result.stderr)")
      #expect(try pipeline.checkedOut("laurelin", on: "toto.canon") == lab.id("laurelin@v2"))
      #expect(try pipeline.checkedOut("laurelin", on: "barge") == lab.id("laurelin@v1"))
      #expect(try pipeline.statuses() == Self.inSync)
    }
  }

  private func placeAnsible(hosts: String = "all") throws {
    try pipeline.place("inventory", in: "Ansible")
    // All machines are this one here, so each has a /srv of its own.
    try pipeline.place("deploy.yml", in: "Ansible") {
      $0.replacing("\"/srv/", with: "\"\(lab.directory.path)/machines/{{ inventory_hostname }}/srv/")
        .replacing("hosts: all", with: "hosts: \(hosts)")
    }
  }

  @Test(
    "Nomad: a stub that holds nomad to its limits on paths, items and sizes takes the variable and the job",
    .enabled(if: PipelineLab.hasJQ, "jq is not installed (apt-get install jq)"))
  func nomad() throws {
    try placeNomad()
    try pipeline.type("Nomad").succeeded(["Nomad"])
    #expect(try pipeline.statuses() == ["toto.canon": "-", "barge": "in-sync"])
  }

  private func placeNomad() throws {
    try Stub.nomad.write(in: lab.directory)
    for name in ["barge.nomad.hcl", "weave.policy.hcl"] { try pipeline.place(name, in: "Nomad") }
  }

  @Test(
    "what is HCL is well formed, as terraform fmt reads it",
    .enabled(
      if: Peer.terraform.isInstalled,
      "terraform is not installed (https://developer.hashicorp.com/terraform/install)"),
    arguments: [("main.tf", "Terraform"), ("barge.nomad.hcl", "Nomad"), ("weave.policy.hcl", "Nomad")])
  func hcl(name: String, section: String) throws {
    let text = try pipeline.page.file(name, in: section)
    try lab.runPeer("terraform", ["fmt", "-"], in: pipeline.directory, input: text)
      .succeeded(["terraform", "fmt"])
  }

  @Test(
    "typed commands end at a refusal, which they show, and deploy nothing",
    arguments: ["NixOS", "Terraform", "Nomad"])
  func refused(section: String) throws {
    try Stub.nixosRebuild.write(in: lab.directory)
    try placeNomad()
    try pipeline.place("main.tf", in: "Terraform")
    try pipeline.revoke()
    let result = try pipeline.type(section)
    #expect(result.status == 5)
    #expect(result.stderr.contains("DNS loops"), "\(result.stderr)")
    #expect(!result.stderr.contains("To origin"), "it went on: \(result.stderr)")
    try pipeline.expectNothingDeployed()
  }

  @Test(
    "Ansible ends at a refusal too, though its inventory is only a script",
    .enabled(
      if: Peer.ansibleInventory.isInstalled, "ansible-inventory is not installed (pip install ansible-core)"))
  func ansibleRefused() throws {
    try placeAnsible()
    try pipeline.revoke()
    let result = try pipeline.type("Ansible")
    #expect(result.status != 0)
    #expect(!result.stdout.contains("PLAY"), "it went on without hosts")
    #expect((result.stdout + result.stderr).contains("DNS loops"), "\(result.stdout)\(result.stderr)")
    try pipeline.expectNothingDeployed()
  }

  @Test("every section of the page with something to run is run here")
  func sections() {
    #expect(
      pipeline.page.sections == [
        "What there is", "GitHub Actions", "GitLab CI", "NixOS", "Terraform", "Ansible", "Nomad",
      ])
  }
}
