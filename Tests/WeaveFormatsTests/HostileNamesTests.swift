import Foundation
import TestSupport
import Testing
import WeaveFormats
import WeaveModel

/// Each format that weave writes, of names that somebody else chose, to the program that it is for.
@Suite("A name that would break out of its quotes stays a name")
struct HostileNamesTests {
  private static let payload = "id>&2;${builtins.readFile \"/etc/passwd\"}"
  private static let names = HostileTexts.around(
    ["'", "\"", "`", "$", "${", "\\", "{", ">", "-->"], payload: payload
  )
  .filter { !$0.isEmpty && !$0.unicodeScalars.contains { $0.properties.generalCategory == .control } }

  private func state(_ name: String, data: JSONValue? = nil) throws -> DesiredState {
    let machine = try DesiredState.Machine.host(name, ["telperion": "1"], roles: [name])
    return .wanting(
      constellation: name, roles: [name],
      DesiredState.Machine(
        name: name, kind: .host, roles: [name], aliases: [name], commits: machine.commits, data: data))
  }

  @Test("in env, to a shell that evaluates it")
  func env() throws {
    let script = try Self.names.map {
      "\(try state($0).shellVariables())printf '%s\\0' \"$WEAVE_CONSTELLATION\"\n"
    }
    let result = try Reader.run("sh", [], input: script.joined())
    #expect(result.stderr == "")
    #expect(differences(of: Reader.texts(result), from: Self.names) == [])
  }

  @Test("in nix-flake, to Nix", .enabled(if: Reader.isInstalled("nix-instantiate")))
  func flake() throws {
    let directory = try TemporaryDirectory()
    var files: [String] = []
    for (index, name) in Self.names.enumerated() {
      let member = try state(name).machines[0].commits[0]
      let input = FlakeInput(
        member: member,
        url: try FlakeInput.url(ofSource: "https://e.example/\(name)", reference: nil, at: member.commit),
        isFlake: true,
        projectsByInput: [name: member.project])
      let flake = try state(name).selecting(machine: name).flake(of: [input], root: nil)
      files.append(try directory.write(flake, to: "\(index).nix"))
    }
    let wanted =
      "map (f: let o = (f.outputs { telperion.rev = \"1\"; }).weave; in [ f.description o.constellation o.machine ])"
    let expression = "\(wanted) [ \(files.map { "(import \($0))" }.joined(separator: " ")) ]"
    let read = try Reader.run("nix-instantiate", ["--eval", "--strict", "--json", "-E", expression])
    try read.succeeded(["nix-instantiate"])
    let script = """
      import json
      for description, constellation, machine in json.loads(document):
          assert description == constellation + " at " + 40 * "0" and machine == constellation, description
          say(constellation)
      """
    #expect(try differences(of: Reader.python(script, document: read.stdout), from: Self.names) == [])
  }

  @Test(
    "of a flake's input becomes no other argument of nix",
    arguments: ["a\n--expr\nx", "--impure", "-x", "*", "", "a b", "\u{D4E}a", "a\u{301}", "1a", "a\r", "a.b"])
  func nixArguments(name: String) throws {
    let state = try state("toto")
    let member = state.machines[0].commits[0]
    let other = Member(project: try ProjectName("laurelin"), commit: member.commit)
    func input(_ member: Member, _ names: [String: ProjectName]) throws -> FlakeInput {
      try FlakeInput(
        member: member,
        url: FlakeInput.url(ofSource: "https://e.example/x", reference: nil, at: member.commit),
        isFlake: true,
        projectsByInput: names)
    }
    func arguments(_ name: String) throws -> String {
      try state.nixArguments(
        of: [input(member, [name: other.project]), input(other, [:])], root: member.project)
    }
    #expect(throws: UnwritableState.self) { try arguments(name) }
    #expect(try arguments("a_b-2").split(separator: "\n").count == 3)
  }

  @Test("in ansible, to Ansible, which runs none of it", .enabled(if: Reader.isInstalled("ansible")))
  func ansible() throws {
    let texts = Self.names.filter { !$0.unicodeScalars.contains("{") }
    let data = JSONValue.array(texts.map { .string($0) })
    var toto = try DesiredState.Machine.host("toto", ["telperion": "1"])
    toto = DesiredState.Machine(name: "toto", kind: .host, commits: toto.commits, data: data)
    let directory = try TemporaryDirectory()
    try directory.write(try DesiredState.wanting(toto).ansibleInventory(), to: "inventory.json")
    let script = try directory.write(
      "#!/bin/sh\ncat \(directory.appending("inventory.json"))\n", to: "inventory", executable: true)
    let environment = TestEnvironment(home: directory.path).with([
      "LC_ALL": "C.UTF-8"
    ])
    let read = try runProcess(
      "ansible", ["toto", "-i", script, "-c", "local", "-m", "debug", "-a", "var=weave_data"],
      in: directory.path,
      environment: environment.variables
    ).succeeded(["ansible"])
    let reading = """
      import json
      text = document.decode()
      for entry in json.loads(text[text.index("{"):])["weave_data"]: say(entry)
      """
    #expect(try differences(of: Reader.python(reading, document: read.stdout), from: texts) == [])
  }

  @Test("that Ansible would run is refused, whatever stands beside it", arguments: ["{{", "{%", "{#"])
  func templates(opening: String) throws {
    for mark in HostileTexts.marks {
      for text in [
        "\(mark)\(opening) lookup('pipe','id') }}", "\(opening)\(mark)x", "a\(mark)\(opening)\(mark)",
      ] {
        #expect(throws: UnwritableState.self) {
          try state("toto", data: .object([("note", .string(text))])).ansibleInventory()
        }
        #expect(throws: UnwritableState.self) {
          try state("toto", data: .object([(text, .string("a"))])).ansibleInventory()
        }
        #expect(throws: UnwritableState.self) { try state(text).ansibleInventory() }
        #expect(throws: UnwritableState.self) { try state(text).ansibleVariables(of: text) }
      }
    }
  }

  @Test(
    "that Ansible would take for its own is refused",
    arguments: ["__ansible_vault", "__ansible_unsafe", "__ansible_type"])
  func ansibleTypes(key: String) throws {
    #expect(throws: UnwritableState.self) {
      try state("toto", data: .object([("a", .array([.object([(key, .string("x"))])]))])).ansibleInventory()
    }
    #expect(throws: UnwritableState.self) {
      try state("toto", data: .string(key)).ansibleVariables(of: "toto")
    }
    #expect(throws: UnwritableState.self) { try state(key).ansibleInventory() }
    #expect(throws: UnwritableState.self) { try state(key).ansibleVariables(of: key) }
  }

  @Test(
    "of a machine that Ansible would take for a group is refused",
    arguments: ["all", "ungrouped", "weave_kind_host"])
  func groups(name: String) throws {
    #expect(throws: UnwritableState.self) { try state(name).ansibleInventory() }
  }

  @Test(
    "in prometheus, to Prometheus",
    .enabled(if: Reader.isInstalled("promtool") && Reader.hasPython("prometheus_client")))
  func prometheus() throws {
    let files = Self.names.map { PrometheusText(constellation: $0, lock: $0, machines: []).text }
    let script = """
      from prometheus_client.parser import text_string_to_metric_families
      for text in document.decode().split("\\0")[:-1]:
          for family in text_string_to_metric_families(text):
              for sample in family.samples: say(sample.labels["constellation"]); say(sample.labels["lock"])
      """
    let read = try Reader.python(script, document: files.map { $0 + "\0" }.joined())
    #expect(differences(of: read, from: Self.names.flatMap { [$0, $0] }) == [])
  }

  @Test("in templates, to the reader of what each writer is for", .enabled(if: Reader.hasPython("yaml")))
  func templates() throws {
    func filled(_ template: String) throws -> String {
      try Self.names.map { try state($0).filled(template: template, file: "t") }.joined()
    }
    let yaml = try filled("{{#machines}}- {{#aliases}}{{yaml(.)}}{{/aliases}}\n{{/machines}}")
    let readYAML = "import yaml\nfor text in yaml.safe_load(document): say(text)"
    #expect(try differences(of: Reader.python(readYAML, document: yaml), from: Self.names) == [])
    let json = try filled("{{json(constellation)}}\n")
    let readJSON = "import json\nfor line in document.splitlines(): say(json.loads(line))"
    #expect(try differences(of: Reader.python(readJSON, document: json), from: Self.names) == [])
    let shell = try filled("{{#machines}}printf '%s\\0' {{shell(machine)}}\n{{/machines}}")
    #expect(differences(of: Reader.texts(try Reader.run("sh", [], input: shell)), from: Self.names) == [])
  }

  // MARK: - Sources, in the files of other tools

  private static let sources = names.map { "/srv/x\($0)" }

  private func export(_ format: ExportFormat, _ source: String) throws -> String {
    try format.text(
      of: [PinnedProject(name: try ProjectName("telperion"), source: source, commit: try commit("1"))],
      label: source)
  }

  @Test("two spellings of one character are two remotes of a repo manifest")
  func equivalentBases() throws {
    let text = try ExportFormat.repo.text(
      of: [
        PinnedProject(name: try ProjectName("a"), source: "/srv/e\u{301}/a", commit: try commit("1")),
        PinnedProject(name: try ProjectName("b"), source: "/srv/\u{e9}/b", commit: try commit("2")),
      ], label: "x")
    #expect(text.contains("remote=\"remote-1\"") && text.contains("remote=\"remote-2\""))
  }

  @Test(
    "a source that repo would take no project of is refused (manifest_xml.py, `_CheckLocalPath`)",
    arguments: [
      "/srv/a/.git", "file:///srv/a/.git", "https://h/a/.repo-x", "https://h/~u", "https://h/a/.GIT",
      "https://h/a/.Repox", "https://h/a/x\u{200d}", "https://h/a/..",
    ])
  func unwritableForRepo(source: String) throws {
    #expect(throws: UnwritableProject.self) { try export(.repo, source) }
  }

  @Test("as a source in west, vcs and mani, to PyYAML", .enabled(if: Reader.hasPython("yaml")))
  func yaml() throws {
    let script = """
      import yaml
      for text in document.split(b"\\0")[:-1]:
          read = yaml.safe_load(text)
          if "manifest" in read: say(read["manifest"]["projects"][0]["url"])
          else: say(list((read.get("repositories") or read["projects"]).values())[0]["url"])
      """
    for format in [ExportFormat.west, .vcs, .mani] {
      let files = try Self.sources.map { try export(format, $0) + "\0" }.joined()
      #expect(
        try differences(of: Reader.python(script, document: files), from: Self.sources) == [], "\(format)")
    }
  }

  @Test(
    "as a source in mani's command, to the shell that mani starts", .enabled(if: Reader.hasPython("yaml")))
  func maniCommand() throws {
    let script = """
      import yaml
      for text in document.split(b"\\0")[:-1]: say(yaml.safe_load(text)["projects"]["telperion"]["clone"])
      """
    let files = try Self.sources.map { try export(.mani, $0) + "\0" }.joined()
    let commands = try Reader.python(script, document: files).map {
      String(decoding: $0, as: UTF8.self) + "\n"
    }
    let git = "git() { test \"$1\" = clone && printf '%s\\0' \"$5\"; return 0; }\n"
    let result = try Reader.run("sh", [], input: git + commands.joined())
    #expect(result.stderr == "")
    #expect(differences(of: Reader.texts(result), from: Self.sources) == [])
  }

  @Test("as a source in .gitmodules, to git config")
  func gitmodules() throws {
    let directory = try TemporaryDirectory()
    for source in Self.sources {
      let file = try directory.write(try export(.gitmodules, source), to: "gitmodules")
      let read = try Reader.run("git", ["config", "--null", "-f", file, "submodule.telperion.url"])
      #expect(differences(of: Reader.texts(read), from: [source]) == [])
    }
  }

  @Test("a project called as Nix calls the flake itself is refused in a flake")
  func flakeItself() throws {
    let own = PinnedProject(name: try ProjectName("self"), source: "/srv/x", commit: try commit("1"))
    #expect(throws: UnwritableProject.self) { try ExportFormat.flake.text(of: [own], label: "x") }
  }

  @Test("an address as of scp that repo would read as another is a URL in its manifest")
  func addressForRepo() throws {
    for (source, fetch) in [
      ("git@host.example:/srv/git/tel.git", "ssh://git@host.example/srv/git"),
      ("[::1]:/srv/lau", "ssh://[::1]/srv"), ("git@host.example:team/app", "git@host.example:team"),
      ("https://host.example/a:/b/c", "https://host.example/a:/b"), ("host:srv/x", "host:srv"),
      ("10.0.0.5:srv/x", "ssh://10.0.0.5/~/srv"), ("ci_host:x.git", "ssh://ci_host/~"),
      ("1host:~ann/x", "ssh://1host/~ann"), ("[::1]:srv/x", "ssh://[::1]/~/srv"),
      ("git@[::1]:a/b", "ssh://git@[::1]/~/a"), ("[git@host:2222]:a/b", "ssh://git@host:2222/~/a"),
    ] {
      let text = try export(.repo, source)
      #expect(text.contains("fetch=\"\(fetch)\""), "\(text)")
    }
  }

  @Test("as a source in the manifest of repo, to expat and to whom decodes a URL, as Git does")
  func repo() throws {
    let sources = Self.sources + ["/srv/a%41b/c%0ad", "/srv/a%2541", "/srv/a#b?c;d", "/srv/ a\u{9}b/~c"]
    let files = try sources.map { try export(.repo, $0) + "\0" }.joined()
    let script = """
      import urllib.parse, xml.etree.ElementTree as tree
      for text in document.split(b"\\0")[:-1]:
          root = tree.fromstring(text)
          assert [e.tag for e in root] == ["remote", "project"]
          # As repo joins them (manifest_xml.py, `_resolveFetchUrl`).
          base = urllib.parse.urljoin("file:///srv/manifest", root[0].get("fetch").rstrip("/"))
          say(urllib.parse.unquote((base + "/" + root[1].get("name"))[len("file://"):]))
      """
    #expect(try differences(of: Reader.python(script, document: files), from: sources) == [])
  }

  @Test("as a source in a flake, to Nix", .enabled(if: Reader.isInstalled("nix-instantiate")))
  func exportedFlake() throws {
    let directory = try TemporaryDirectory()
    let files = try Self.sources.enumerated().map {
      "(import \(try directory.write(try export(.flake, $0.element), to: "\($0.offset).nix")))"
    }
    let read = try Reader.run(
      "nix-instantiate",
      [
        "--eval", "--strict", "--json", "-E",
        "map (f: f.inputs.telperion.url) [ \(files.joined(separator: " ")) ]",
      ])
    try read.succeeded(["nix-instantiate"])
    let script = """
      import json, urllib.parse
      for url in json.loads(document):
          path, query = url[len("git+file://"):].rsplit("?", 1)
          assert query.startswith("rev="), url
          say(urllib.parse.unquote(path))
      """
    #expect(try differences(of: Reader.python(script, document: read.stdout), from: Self.sources) == [])
  }
}
