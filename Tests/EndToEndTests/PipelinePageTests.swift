import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("Docs/pipelines.md works as it stands: what is typed")
struct PipelinePageTests {
  private let pipeline: PipelineLab
  private var lab: Lab { pipeline.lab }

  init() throws { pipeline = try PipelineLab() }

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
    try pipeline.expectDeployed()
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
    try pipeline.expectDeployed()
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
      #expect(try pipeline.statuses() == PipelineLab.inSync)
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
