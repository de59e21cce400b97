import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("Glued delimiters that stock Git put into a record")
struct AttackVariantRecordTests {
  private static let marks = [
    "\u{1193F}", "\u{11D46}", "\u{0605}", "\u{08E2}", "\u{1112}\u{1161}", "\u{1F1F3}", "\u{1F468}\u{200D}",
  ]
  private static let after = [
    "\u{0E33}", "\u{E0067}", "\u{20E3}", "\u{0302}", "\u{200D}", "\u{1F3FF}", "\u{0EB3}",
  ]

  /// Each of `delimiters` behind each mark, before each that follows, and between both; `payload` follows each.
  private static func text(_ delimiters: String..., payload: String) -> String {
    delimiters.map { delimiter in
      zip(marks, after).map { "\($0)\(delimiter)\(payload)\(delimiter)\($1)\(payload)\($0)\(delimiter)\($1)" }
        .joined()
    }.joined()
  }

  /// Puts `files` into the public manifest of the lab, in one more commit, and accepts that.
  private static func amendManifest(of lab: Lab, _ files: [String: String]) throws {
    var stream = """
      commit refs/weave/public/manifest
      committer Eve <eve@example.org> \(TestEnvironment.epoch) +0000
      data 4
      eve
      from refs/weave/public/manifest^0

      """
    for (path, content) in files.sorted(by: { $0.key < $1.key }) {
      stream += "M 644 inline \(path)\ndata \(content.utf8.count)\n\(content)\n"
    }
    try lab.store.git(["-c", "core.fsync=none", "fast-import", "--quiet"], input: Array(stream.utf8))
    _ = try lab.run("accept", "--all")
  }

  // MARK: a project's source

  /// A source, and what each format of `weave export` makes of it; nothing where weave refuses it.
  private static func export(_ source: String, _ format: String) throws -> String {
    let lab = try Lab.threeProjects()
    try amendManifest(of: lab, ["projects/telperion": "source \(source)\n"])
    let result = try lab.run("export", "telperion@v1", "laurelin@v1", "--format", format)
    #expect(result.status == 0, "\(format): \(result.stderr)")
    return result.stdout
  }

  private static let source =
    "/srv/" + text("'", "\"", "${", "`", "\\", "<", "]]>", "&", "#", ";", payload: "(touch PAWN)")

  @Test(
    "a source is one word of the shell that mani starts, in each shell",
    .enabled(if: Reader.hasPython("yaml")))
  func mani() throws {
    let text = try Self.export(Self.source, "mani")
    let script =
      "import yaml\np = yaml.safe_load(document)['projects']['telperion']\nsay(p['url']); say(p['clone'])"
    let read = try Reader.python(script, document: text)
    #expect(differences(of: Array(read.prefix(1)), from: [Self.source]) == [])
    let clone = String(decoding: read[1], as: UTF8.self)
    let directory = try TemporaryDirectory()
    for shell in ReportShell.installed {
      let result = try shell.run(
        ["-c", "git() { printf '%s\\0' \"$@\"; }; \(clone)"], in: directory.path,
        environment: TestEnvironment(home: directory.path).variables)
      #expect(Reader.texts(result).contains(Array(Self.source.utf8)), "\(shell.rawValue): \(result.stderr)")
      #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path) == [], "\(shell.rawValue)")
    }
  }

  @Test("a source is a text to the readers of west and vcs", .enabled(if: Reader.hasPython("yaml")))
  func yaml() throws {
    let west =
      "import yaml\nfor p in yaml.safe_load(document)['manifest']['projects']:\n  if p['name'] == 'telperion': say(p['url'])"
    #expect(
      differences(
        of: try Reader.python(west, document: Self.export(Self.source, "west")), from: [Self.source]) == [])
    let vcs = "import yaml\nsay(yaml.safe_load(document)['repositories']['telperion']['url'])"
    #expect(
      differences(of: try Reader.python(vcs, document: Self.export(Self.source, "vcs")), from: [Self.source])
        == [])
  }

  @Test("a source is a value to git config, and adds none")
  func gitmodules() throws {
    let directory = try TemporaryDirectory()
    let path = try directory.write(try Self.export(Self.source, "gitmodules"), to: "modules")
    let url = try Reader.run("git", ["config", "--file", path, "-z", "--get-all", "submodule.telperion.url"])
    #expect(differences(of: Reader.texts(url), from: [Self.source]) == [])
    let names = try Reader.run("git", ["config", "--file", path, "--name-only", "--list"])
    #expect(
      names.stdout.split(separator: "\n").sorted() == [
        "submodule.laurelin.path", "submodule.laurelin.url", "submodule.telperion.path",
        "submodule.telperion.url",
      ])
  }

  @Test("a source is an attribute of the manifest of repo to expat, and adds no element")
  func repo() throws {
    let text = try Self.export(Self.source, "repo")
    let script = """
      from xml.parsers.expat import ParserCreate
      parser = ParserCreate()
      parser.StartElementHandler = lambda name, attributes: say(name + " " + ",".join(sorted(attributes)))
      parser.Parse(document, True)
      """
    let read = try Reader.python(script, document: text).map { String(decoding: $0, as: UTF8.self) }
    #expect(Set(read) == ["manifest ", "remote fetch,name", "project name,path,remote,revision"])
    #expect(read.count { $0.hasPrefix("project ") } == 2)
  }

  @Test(
    "a source is a part of a string in a flake, to Nix", .enabled(if: Reader.isInstalled("nix-instantiate")))
  func flake() throws {
    let source =
      "/srv/" + Self.text("\"", "${", "''", "\\", payload: "; evil = builtins.abort \"PAWN\"; x = ")
    let text = try Self.export(source, "flake")
    let result = try Reader.run(
      "nix-instantiate",
      [
        "--eval", "--strict", "--json", "-E",
        "let f = (\(text)); in [ (builtins.attrNames f) (builtins.attrNames f.inputs) ]",
      ])
    #expect(
      try result.succeeded(["nix"]).trimmed
        == #"[["description","inputs","outputs"],["laurelin","telperion"]]"#)
  }

  // MARK: what a commit, a hold and an event say

  private static let delimiters = ["\"", "\\", "<img src=x onerror=", "|", "]", "`", "';"]
  private static let payload = " URL=x href=javascript: "
  private static let words = delimiters.map { text($0, payload: payload) }.joined()

  /// A store whose commits, hold, link and revocation all say ``words``, of which a list shows the beginning; and one
  /// revocation for each delimiter.
  private static func talkative() throws -> Lab {
    let lab = try Lab.threeProjects()
    for project in ["telperion", "laurelin"] { try lab.source(project).commit(words) }
    try lab.weave("fetch")
    try lab.weave(["link", "telperion@main", "laurelin@main", "-m", words])
    try lab.constellation(Constellations.pair())
    try lab.report("toto", "telperion@main", "laurelin@main")
    let blob = """
      hold telperion on toto

      \(words)

      Weave-Machine: toto
      Weave-Hold: telperion \(try lab.id("telperion@main"))
      Weave-Author: \(words.replacing("<", with: "").replacing(">", with: "")) <eve@example.org> 1700000000 +0000

      """
    try amendManifest(of: lab, ["holds/telperion@toto": blob])
    for delimiter in delimiters {
      try lab.weave(
        ["revoke", "telperion@main", "laurelin@main", "-m", text(delimiter, payload: payload)])
    }
    try lab.weave(["revoke", "telperion@main", "laurelin@main", "-m", words])
    return lab
  }

  private static let shared = Result { try talkative() }

  @Test("what they say is no element, and no attribute, of the picture and of junit, to expat")
  func xml() throws {
    let lab = try Self.shared.get()
    let script = """
      from xml.parsers.expat import ParserCreate
      parser = ParserCreate()
      parser.StartElementHandler = lambda name, attributes: say(name + " " + ",".join(sorted(attributes)))
      parser.Parse(document, True)
      """
    let graph = try Reader.python(script, document: lab.weave("graph", "--format", "svg"))
    let elements = Set(graph.map { String(decoding: $0.prefix { $0 != 0x20 }, as: UTF8.self) })
    #expect(
      elements.isSubset(of: ["svg", "style", "rect", "text", "line", "path", "title", "g", "circle", "tspan"])
    )
    #expect(!graph.contains { String(decoding: $0, as: UTF8.self).contains(/\b(on\w+|href)\b/) })
    let junit = try lab.run("status", "-c", "pair", "--format", "junit").stdout
    let read = Set(try Reader.python(script, document: junit).map { String(decoding: $0, as: UTF8.self) })
    #expect(
      read.isSubset(of: [
        "testsuites ", "testsuite errors,failures,name,skipped,tests", "testcase classname,name",
        "failure message,type",
        "skipped ", "skipped message", "system-out ",
      ]), "\(read)")
    #expect(read.contains("failure message,type"))
  }

  @Test("what they say is a label to Graphviz, and no attribute", .enabled(if: Reader.isInstalled("dot")))
  func dot() throws {
    let lab = try Self.shared.get()
    let text = try lab.weave("graph", "--format", "dot")
    let result = try Reader.run("dot", ["-Tjson0"], input: text)
    #expect(result.status == 0 && result.stderr.isEmpty, "\(result.stderr)")
    let script = """
      import json
      graph = json.loads(document)
      keys = set(graph) | {key for part in graph["objects"] + graph["edges"] for key in part}
      for key in sorted(keys & {"URL", "href", "edgeURL", "labelURL", "image", "shapefile", "onerror"}): say(key)
      """
    #expect(try Reader.python(script, document: result.stdout) == [])
  }

  @Test(
    "what they say is text in Markdown, to GitHub's reader", .enabled(if: Reader.isInstalled("cmark-gfm")))
  func markdown() throws {
    let lab = try Self.shared.get()
    let text = try lab.run("status", "-c", "pair", "--format", "markdown").stdout
    let html = try Reader.run(
      "cmark-gfm", ["-e", "table", "-e", "autolink", "--unsafe"], input: text
    ).succeeded(["cmark-gfm"]).stdout
    let tags = Set(html.matches(of: /<\/?([a-z]+)[^>]*>/).map { String($0.1) })
    #expect(
      tags.isSubset(of: ["p", "strong", "code", "table", "thead", "tbody", "tr", "th", "td", "ul", "li"]),
      "\(tags)")
    #expect(html.contains("&lt;img"))
  }

  @Test("what they say moves no terminal, and is whole in JSON", .enabled(if: Reader.hasPython("json")))
  func outputs() throws {
    let lab = try Self.shared.get()
    for arguments in [
      ["log"], ["status", "-c", "pair"], ["graph"], ["links"], ["why", "telperion"], ["affected"],
      ["show", try lab.events()[0]],
    ] {
      let result = try lab.run(arguments)
      let shown = result.stdout + result.stderr
      let bad = shown.unicodeScalars.filter { $0.properties.generalCategory == .format }
      #expect(bad.isEmpty, "\(arguments): \(bad)")
    }
    let script = """
      import json
      for event in json.loads(document)["events"]:
          if event.get("text"): say(event["text"])
      """
    let read = try Reader.python(script, document: lab.weave("log", "--json"))
    let said = Self.delimiters.map { Self.text($0, payload: Self.payload) } + [Self.words]
    #expect(Set(read) == Set(said.map { Array($0.utf8) }))
  }

  // MARK: a set's name

  @Test("a set whose name is no name is refused alone, and shown without what moves a terminal")
  func set() throws {
    let lab = try Lab.threeProjects()
    try lab.weave("set", "good", "telperion@v1")
    for name in [
      "\u{0605}'; touch PAWN", "a\u{115F}", "a\u{200D}b", "-m", "a\u{E0061}", "\u{0302}x", "x\u{9B}2J",
    ] {
      let tree = try lab.store.git("rev-parse", "refs/weave/public/sets/good^{tree}")
      let commit = try lab.store.git(
        ["commit-tree", tree], input: Array("set \(name)\n\nWeave-Set: \(name)\n".utf8))
      let component = name.utf8.map { byte in
        (0x61...0x7A).contains(byte) || byte == 0x2D
          ? String(UnicodeScalar(byte)) : "%" + String(format: "%02X", Int(byte))
      }.joined()
      let ref = "refs/weave/public/sets/\(component)"
      try lab.store.git("update-ref", ref, commit)
      for arguments in [
        ["set", "list"], ["set", "list", "--json"], ["set", "show", "good"], ["fsck"],
        ["set", "show", "--", name],
      ] {
        let result = try lab.run(arguments)
        let shown = (result.stdout + result.stderr).unicodeScalars
        #expect(
          !shown.contains { $0.properties.generalCategory == .format || (0x80...0x9F).contains($0.value) },
          "\(arguments) \(name.debugDescription): \(result.stdout) \(result.stderr)")
        if arguments.last == "good" || arguments == ["set", "list"] {
          #expect(result.stdout.contains("good") || result.stdout.contains("telperion"), "\(result.stderr)")
        }
        if arguments.last == name {
          #expect(result.status == 1, "\(name.debugDescription): \(result.stdout)")
        }
      }
      try lab.store.git("update-ref", "-d", ref)
    }
  }

  // MARK: a machine's name

  @Test(
    "an observation of what is no machine's name is no machine's, and is linked by nobody",
    arguments: ["-oProxyCommand=x", "toto\u{115F}", "toto\u{200D}", "a\u{0605}'", "to to"])
  func observation(name: String) throws {
    try Lab.withTwoProjects(endsBroken: true) { lab, _, _ throws in
      try lab.report("toto", "telperion@v1", "laurelin@v1")
      let hub = try lab.share()
      let component = name.utf8.map { byte in
        (0x61...0x7A).contains(byte) || byte == 0x2D
          ? String(UnicodeScalar(byte)) : "%" + String(format: "%02X", Int(byte))
      }.joined()
      let trailers = "Weave-Machine: \(name)\nWeave-Sequence: 5\n"
      let empty = try hub.git(["mktree"])
      for (kind, tree) in [("observed", "refs/weave/public/observed/toto^{tree}"), ("seen", empty)] {
        let commit = try hub.git(
          ["commit-tree", tree], input: Array("\(kind) \(name)\n\n\(trailers)".utf8))
        try hub.git("update-ref", "refs/weave/public/\(kind)/\(component)", commit)
      }
      _ = try lab.run("pull", "hub")
      let running = try Reader.python(
        "import json\nfor machine in json.loads(document)['running']: say(machine['machine'])",
        document: lab.weave("reverse", "telperion@v1", "--json"))
      #expect(running.map { String(decoding: $0, as: UTF8.self) } == ["toto"])
      let link = try lab.run("link", "--running=\(name)", "-m", "x")
      #expect(link.status == 1, "\(link.stdout)")
    }
  }
}
