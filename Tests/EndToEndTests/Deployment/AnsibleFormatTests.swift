import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("Ansible takes a resolution")
struct AnsibleFormatTests {
  private let lab: Lab

  private struct Inventory: Decodable {
    struct Group: Decodable { let hosts, children: [String]? }
    struct Meta: Decodable { let hostvars: [String: Host] }
    struct Host: Decodable {
      let ansible_host: String?
      let weave_id, weave_status: String
      let weave_revs: [String: String]
    }
    let groups: [String: Group]
    let hosts: [String: Host]

    init(from decoder: any Decoder) throws {
      hosts = try Meta(from: decoder.container(keyedBy: Key.self).superDecoder(forKey: Key("_meta"))).hostvars
      var groups = try decoder.singleValueContainer().decode([String: Group].self)
      groups["_meta"] = nil
      self.groups = groups
    }

    private struct Key: CodingKey {
      let stringValue: String
      var intValue: Int? { nil }
      init(_ text: String) { stringValue = text }
      init?(stringValue: String) { self.init(stringValue) }
      init?(intValue: Int) { nil }
    }
  }

  init() throws {
    lab = try Lab.threeProjects()
    try lab.constellation(
      Constellations.emeraldCity(toto: ", address: 10.0.0.7").replacing(
        "roles:\n", with: "roles:\n  web-1: { projects: [narya] }\n"))
    try lab.link("telperion@v2", "laurelin@v2", "narya@v2")
    try lab.weave("lock")
    try lab.report("toto", "telperion@v1", "laurelin@v2")
  }

  @Test("as an inventory that knows every machine, its groups, its address and its commits")
  func list() throws {
    let inventory = try lab.json(Inventory.self, "lock", "--show", "--format", "ansible")
    #expect(
      inventory.groups["all"]?.children == [
        "ungrouped", "weave_kind_host", "weave_role_dns", "weave_role_media", "weave_role_web_1",
        "weave_status_behind", "weave_status_never",
      ])
    #expect(inventory.groups["weave_role_dns"]?.hosts == ["toto"])
    #expect(inventory.groups["weave_role_web_1"]?.hosts == [])
    #expect(inventory.groups["weave_status_behind"]?.hosts == ["toto"])
    #expect(inventory.groups["weave_status_never"]?.hosts == ["barge"])
    #expect(inventory.hosts["toto"]?.ansible_host == "10.0.0.7")
    #expect(inventory.hosts["barge"]?.ansible_host == nil)
    #expect(try inventory.hosts["barge"]?.weave_revs["narya"] == lab.id("narya@v2"))
    #expect(
      try lab.weave("lock", "--show", "--format", "ansible", "--list")
        == lab.weave("lock", "--show", "--format", "ansible"))
  }

  @Test("an older lock says nothing of how machines stand")
  func olderLock() throws {
    let first = try lab.store.git("rev-parse", "refs/weave/public/locks/emerald-city")
    try lab.link("telperion@v3", "laurelin@v3", "narya@v3")
    try lab.weave("lock")
    #expect(!(try lab.weave("lock", "--show", first, "--format", "ansible").contains("weave_status")))
  }

  @Test("--host prints a machine's variables, and of what is none an error")
  func host() throws {
    let host = try lab.json(
      Inventory.Host.self, "resolve", "--format", "ansible", "--host", "toto")
    #expect(host.weave_status == "behind")
    #expect(
      try lab.refusal(["resolve", "--format", "ansible", "--host", "totto"]).contains(
        "no host called 'totto'"))
  }

  @Test(
    "from a script of two lines, without a warning",
    .enabled(
      if: Peer.ansibleInventory.isInstalled, "ansible-inventory is not installed (pip install ansible-core)"),
    arguments: ["resolve", "lock --show"])
  func script(command: String) throws {
    let script = lab.directory.appending("inventory")
    try "#!/bin/sh\nexec '\(weaveExecutable)' -C '\(lab.workspace)' \(command) --format ansible \"$@\"\n"
      .write(toFile: script, atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: script)
    let list = try lab.runPeer(
      "ansible-inventory", ["-i", script, "--list"], in: lab.directory.path
    ).succeeded(["ansible-inventory"])
    #expect(!list.stderr.contains("WARN"), "\(list.stderr)")
    #expect(try list.stdout.contains(lab.id("narya@v2")))
    let graph = try lab.peer("ansible-inventory", "-i", script, "--graph", in: lab.directory.path)
    #expect(graph.contains("|--@weave_role_dns:\n  |  |--toto"), "\(graph)")
    let host = try lab.peer(
      "ansible-inventory", "-i", script, "--host", "toto", in: lab.directory.path)
    #expect(host.contains("\"ansible_host\": \"10.0.0.7\""), "\(host)")
  }

  @Test(
    "what Ansible would run as a template is refused, wherever it stands",
    arguments: [
      ", data: { x: [\"{% if true %}\"] }",
      ", data: { x: \"#jinja2: variable_start_string:'[['\\n[[ lookup('pipe','id') ]]\" }",
      ", data: { \"{{ x }}\": 1 }", ", aliases: [\"{#x\"]",
    ])
  func templates(more: String) throws {
    let lab = try Lab.threeProjects()
    try lab.constellation(Constellations.emeraldCity(toto: more))
    try lab.link("telperion@v2", "laurelin@v2", "narya@v2")
    try lab.weave("lock")
    for question in [["--list"], ["--host", "toto"]] {
      let said = try lab.refusal(["lock", "--show", "--format", "ansible"] + question)
      #expect(said.contains("which Ansible would run as a template"), "\(said)")
    }
  }
}
