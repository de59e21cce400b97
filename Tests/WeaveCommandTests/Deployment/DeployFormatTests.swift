import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("`resolve --format` and `lock --show --format`", .inProcess)
struct DeployFormatTests {
  private let lab: Lab

  init() throws {
    lab = try Lab.threeProjects()
    try lab.constellation()
    try lab.link("telperion@v2", "laurelin@v2", "narya@v2")
  }

  /// Every format that needs nothing else, and no program to be read.
  static let formats = [
    "json", "lines", "env", "nix-flake", "nix-args", "tfvars", "github-output", "nomad-var", "consul-kv",
    "ansible", "prometheus",
  ]

  /// What `arguments` print on standard output.
  private func output(_ arguments: String...) throws -> String {
    try lab.run(arguments).succeeded(["weave"] + arguments).stdout
  }

  @Test("print the same each time, with full ids only, and end with a line", arguments: formats)
  func stable(format: String) throws {
    try lab.weave("lock")
    for arguments in [["resolve", "--format", format], ["lock", "--show", "--format", format]] {
      let first = try lab.run(arguments).succeeded(arguments)
      #expect(first.stdout == (try lab.run(arguments).stdout))
      #expect(first.stdout.last == "\n")
      #expect(first.stdout.dropLast().last != "\n")
      let decoded = try first.stdout.replacing(lab.directory.path, with: "") + decodedValues(first.stdout)
      #expect(try decoded.contains(lab.id("laurelin@v2")))
      let ids = decoded.matches(of: /\b[0-9a-f]{7,}\b/).map(\.output).filter {
        $0.contains(where: \.isLetter)
      }
      #expect(ids.allSatisfy { $0.count == 40 }, "\(ids)")
    }
  }

  /// What the values of Consul's keys say.
  private func decodedValues(_ text: String) throws -> String {
    text.matches(of: #/"value" : "([A-Za-z0-9+/=]+)"/#).compactMap { Data(base64Encoded: String($0.1)) }
      .map { " " + String(decoding: $0, as: UTF8.self) }.joined()
  }

  @Test("of a machine say nothing of another", arguments: formats)
  func slice(format: String) throws {
    try lab.weave("lock")
    for arguments in [["resolve"], ["lock", "--show"]] {
      let slice = try lab.weave(arguments + ["--machine", "barge", "--format", format])
      #expect(!slice.contains(try lab.id("telperion@v2")))
      #expect(!slice.contains("toto"))
    }
  }

  @Test("json is what --json prints, of a resolution, of a lock, and of what is wanted")
  func json() throws {
    #expect(try output("resolve", "--format", "json") == output("resolve", "--json"))
    let lock = try lab.weave("lock")
    #expect(try output("lock", "--show", "--format", "json") == output("lock", "--show", "--json"))
    #expect(
      try output("lock", "--show", lock, "--format", "json") == output("lock", "--show", lock, "--json"))
  }

  @Test("the id is that of the whole resolution, also of one machine")
  func id() throws {
    let id = try lab.resolution().resolution
    for arguments in [[], ["--machine", "toto"]] {
      #expect(try lab.weave(["resolve", "--format", "env"] + arguments).hasPrefix("WEAVE_ID='\(id)'\n"))
    }
  }

  @Test("a shell reads the variables of env, whatever the constellation is called")
  func shell() throws {
    let name = "joe's \"lab\" $(id) \\"
    try lab.constellation(
      Constellations.emeraldCity.replacing("emerald-city", with: "'joe''s \"lab\" $(id) \\'"))
    try output("resolve", "-c", name, "--format", "env").write(
      toFile: lab.directory.appending("env"), atomically: true, encoding: .utf8)
    let read = try lab.peer(
      "sh", "-euc", ". ./env; printf '%s\\n' \"$WEAVE_CONSTELLATION\" \"$WEAVE_REV_LAURELIN\"",
      in: lab.directory.path)
    #expect(try read == name + "\n" + lab.id("laurelin@v2"))
  }

  @Test("machines that want different commits: one of them is to be chosen, and the matrix has all")
  func different() throws {
    try lab.link("laurelin@v1", "narya@v2")
    try lab.constellation(
      Constellations.emeraldCity.replacing("[media] }", with: "[media], pins: { laurelin: v1 } }"))
    for format in ["lines", "env", "nix-args", "nix-flake"] {
      #expect(try lab.refusal(["resolve", "--format", format]).contains("hint: --machine MACHINE chooses"))
    }
    #expect(
      try lab.weave("resolve", "--format", "lines", "--machine", "barge").contains(
        "laurelin\t\(lab.id("laurelin@v1"))"))
    let result = try lab.run("resolve", "--format", "github-output").succeeded(["weave"])
    #expect(result.stderr.contains("there is no output rev_laurelin"))
    let lines = result.stdout.split(separator: "\n")
    #expect(!lines.contains { $0.hasPrefix("rev_laurelin=") })
    #expect(try lines.contains("rev_narya=\(lab.id("narya@v2"))"))
    let matrix = try #require(lines.last?.wholeMatch(of: /matrix=(.*)/)?.1)
    let jobs = try JSONDecoder().decode([String: [[String: String]]].self, from: Data(matrix.utf8))["include"]
    #expect(jobs?.map { $0["machine"] } == ["toto", "barge"])
    #expect(try jobs?.map { $0["rev_laurelin"] } == [lab.id("laurelin@v2"), lab.id("laurelin@v1")])
  }

  @Test("notes are on standard error: that the lock wants other commits than the resolution")
  func notes() throws {
    try lab.weave("lock")
    try lab.link("telperion@v3", "laurelin@v3", "narya@v3")
    let result = try lab.run("resolve", "--format", "lines").succeeded(["weave"])
    #expect(try result.stdout.contains(lab.id("laurelin@v3")))
    #expect(result.stderr.contains("wants other commits on"))
  }

  @Test("a template is filled in, and --template alone asks for it")
  func template() throws {
    try lab.directory.write(
      "{{#machines}}{{machine}} {{commits.laurelin}}\n{{/machines}}", to: "workspace/hosts.mustache")
    let laurelin = try lab.id("laurelin@v2")
    let text = try lab.weave("resolve", "--template", "hosts.mustache")
    #expect(text == "toto \(laurelin)\nbarge \(laurelin)")
    #expect(try lab.weave("resolve", "--format", "template", "--template", "hosts.mustache") == text)
    #expect(
      try lab.refusal(["resolve", "--template", "none.mustache"]).contains("none.mustache"))
  }

  @Test("consul's keys end with the id, and every value is encoded")
  func consul() throws {
    struct Key: Decodable { let key: String, flags: Int, value: Data }
    let keys = try lab.json([Key].self, "resolve", "--format", "consul-kv")
    #expect(
      keys.map(\.key) == [
        "weave/emerald-city/toto/telperion", "weave/emerald-city/toto/laurelin",
        "weave/emerald-city/barge/laurelin", "weave/emerald-city/barge/narya", "weave/emerald-city/id",
      ])
    #expect(try String(decoding: keys[1].value, as: UTF8.self) == lab.id("laurelin@v2"))
    #expect(try String(decoding: keys[4].value, as: UTF8.self) == lab.resolution().resolution)
  }

  @Test("nomad's variable is one machine's, or the constellation's with the machines as JSON")
  func nomad() throws {
    struct Variable: Decodable { let Namespace, Path: String, Items: [String: String] }
    let machine = try lab.json(
      Variable.self, "resolve", "--machine", "toto", "--format", "nomad-var")
    #expect(machine.Path == "weave/emerald-city/toto")
    #expect(
      try machine.Items == [
        "id": lab.resolution().resolution, "telperion": lab.id("telperion@v2"),
        "laurelin": lab.id("laurelin@v2"),
      ])
    let whole = try lab.json(Variable.self, "resolve", "--format", "nomad-var")
    #expect(whole.Path == "weave/emerald-city")
    let machines = try JSONDecoder().decode(
      [String: [String: String]].self, from: Data(try #require(whole.Items["machines"]).utf8))
    #expect(try machines["barge"] == ["laurelin": lab.id("laurelin@v2"), "narya": lab.id("narya@v2")])
  }
}
