import Foundation
import TestSupport
import Testing

@testable import LabSupport

/// Marks that Unicode glues to what is beside them, so that a delimiter is no Character of its own.
private enum Glue {
  /// Those that may stand in a name: letters that Unicode prepends to the next, a syllable in its parts, half a flag, a
  /// vowel sign of Thai and one of Lao behind a letter.
  static let inNames = [
    "\u{1193F}", "\u{11D46}", "\u{111C3}", "\u{1112}\u{1161}\u{11AB}", "\u{1F1F3}", "\u{0E01}\u{0E33}",
    "\u{0E81}\u{0EB3}",
  ]
  /// Those that may stand before a delimiter in any text: these, and signs of Arabic, a family, a key.
  static let before =
    inNames + [
      "\u{0605}", "\u{06DD}", "\u{08E2}", "\u{070F}", "\u{1F468}\u{200D}\u{1F467}\u{200D}",
      "7\u{FE0F}\u{20E3}", "",
    ]
  /// Those that may stand after it: vowel signs, the end of a flag of tags, a hat on a hat, a colour of skin, joiners.
  static let after = [
    "\u{0E33}", "\u{0EB3}", "\u{E0067}\u{E007F}", "\u{0302}\u{0302}", "\u{1F3FF}", "\u{200D}\u{2640}\u{FE0F}",
    "\u{200C}", "\u{094D}", "\u{1160}", "",
  ]

  /// Each delimiter between marks, each of which is before one and after another, with `payload` behind.
  static func texts(_ delimiters: [String], _ payload: String) -> [String] {
    delimiters.flatMap { delimiter in
      before.map { "a\($0)\(delimiter)\(payload)" } + after.map { "a\(delimiter)\($0)\(payload)" }
        + before.indices.map { "\(before[$0])\(delimiter)\(after[$0 % after.count])\(payload)" }
    }
  }
}

@Suite("A delimiter that a letter, a sign or a joiner glues to itself")
struct AttackVariantTextTests {
  private static let pawn = "touch PAWN"

  private static func document(
    name: String = "ring", machine: String = "toto", role: String = "dns", data: [String] = []
  ) throws -> String {
    let object: [String: Any] = [
      "constellation": name, "priority": ["telperion", "laurelin"],
      "projects": ["telperion": [String: Any](), "laurelin": [:]],
      "roles": [role: ["projects": ["telperion", "laurelin"]]],
      "machines": [machine: ["roles": [role], "data": ["texts": data]] as [String: Any]],
    ]
    return String(decoding: try JSONSerialization.data(withJSONObject: object), as: UTF8.self)
  }

  private static func withLinkedProjects(_ body: (Lab) throws -> Void) throws {
    try Lab.withTwoProjects { lab, _, _ throws in
      try lab.link("telperion@v1", "laurelin@v1")
      try body(lab)
    }
  }

  // MARK: names

  /// A constellation's name with each delimiter of a shell, of Nix and of Prometheus between two marks.
  private static func name(_ mark: String) -> String {
    let parts = ["'; \(pawn);:'", "\"; \(pawn);:\"", "$(\(pawn))", "`\(pawn)`", "\\'", "${1}", "''"]
    return parts.map { "\(mark)\($0)" }.joined(separator: mark) + mark
  }

  @Test("in a constellation's name runs nothing in a shell that evaluates env", arguments: Glue.inNames)
  func env(mark: String) throws {
    try Self.withLinkedProjects { lab in
      let name = Self.name(mark)
      let vars = try lab.weave("resolve", "-c", "-", "--format", "env", input: Self.document(name: name))
      let script = "vars=$(cat) && eval \"$vars\" && printf %s \"$WEAVE_CONSTELLATION\""
      for shell in ReportShell.installed {
        let result = try shell.run(
          ["-c", script], in: lab.workspace, environment: lab.environment.variables, input: Array(vars.utf8))
        #expect(
          result.stdoutBytes == Array(name.utf8), "\(shell.rawValue): \(result.stdout) \(result.stderr)")
      }
      #expect(!FileManager.default.fileExists(atPath: "\(lab.workspace)/PAWN"))
    }
  }

  @Test(
    "in a constellation's name is a part of a string in the flake",
    .enabled(if: Reader.isInstalled("nix-instantiate")),
    arguments: Glue.inNames)
  func flake(mark: String) throws {
    try Self.withLinkedProjects { lab in
      let name =
        "x\(mark)\"; evil = builtins.abort \"\(mark)PAWN\(mark)\"; y = \(mark)\"${\(mark)builtins.abort\(mark)}\(mark)\\"
      let text = try lab.weave(
        "resolve", "-c", "-", "--format", "nix-flake", input: Self.document(name: name))
      let project = "{ rev = \"1\"; }"
      let result = try Reader.run(
        "nix-instantiate",
        [
          "--eval", "--strict", "--json", "-E",
          "((\(text)).outputs { telperion = \(project); laurelin = \(project); }).weave",
        ])
      let weave = try JSONSerialization.jsonObject(with: Data(try result.succeeded(["nix"]).stdoutBytes))
      let read = try #require(weave as? [String: Any])
      #expect(Array((read["constellation"] as? String ?? "").utf8) == Array(name.utf8))
      #expect(Set(read.keys) == ["constellation", "id", "revs"])
    }
  }

  @Test(
    "in a name is a part of a label to Prometheus", .enabled(if: Reader.isInstalled("promtool")),
    arguments: Glue.inNames)
  func prometheus(mark: String) throws {
    try Self.withLinkedProjects { lab in
      let name = "x\(mark)\"} 1 \(mark)\\\(mark)\"\(mark)\\n"
      let machine = "m\(mark)\",machine=\"\(mark)\\\(mark)\""
      let text = try lab.weave(
        "resolve", "-c", "-", "--format", "prometheus", input: Self.document(name: name, machine: machine))
      let tool = try Reader.run("promtool", ["check", "metrics"], input: text + "\n")
      #expect(tool.status == 0, "\(tool.stdout)\(tool.stderr)")
      let script = #"""
        import re
        text = document.decode()
        label = r'([a-z_]+)="((?:[^"\\\n]|\\["\\n])*)"'
        for line in text.split("\n"):
            if not line or line.startswith("#"): continue
            assert re.fullmatch(r"[a-z_]+\{%s(,%s)*\} [0-9]+" % (label, label), line), line
            labels = dict(re.findall(label, line))
            for key in ("constellation", "machine"):
                if key in labels:
                    say(key + "=" + re.sub(r"\\(.)", lambda m: {"n": "\n"}.get(m[1], m[1]), labels[key]))
        """#
      let read = Set(
        try Reader.python(script, document: text).map { String(decoding: $0, as: UTF8.self).utf8.map { $0 } })
      #expect(read == [Array("constellation=\(name)".utf8), Array("machine=\(machine)".utf8)])
    }
  }

  // MARK: what is passed on

  @Test(
    "in a machine's data is data in a template, by each writer, to its reader",
    .enabled(if: Reader.hasPython("yaml") && Reader.hasPython("hcl2")))
  func templates() throws {
    try Self.withLinkedProjects { lab in
      let texts = Glue.texts(["'", "\"", "`", "$", "\\", "{", "<", "|", "&"], "(\(Self.pawn));#{x}\"'")
      let document = try Self.document(data: texts)
      func fill(_ head: String, _ each: String, _ tail: String) throws -> String {
        let template = "\(head){{#machines}}{{#data.texts}}\(each)\n{{/data.texts}}{{/machines}}\(tail)"
        _ = try lab.directory.write(template, to: "t.mustache")
        return try lab.weave(
          "resolve", "-c", "-", "--template", lab.directory.appending("t.mustache"), input: document)
      }
      func expectSame(_ read: [[UInt8]], _ what: String) {
        let wrong = differences(of: read, from: texts)
        #expect(wrong.prefix(3) == [], "\(what): \(wrong.count)")
      }

      let words = try fill("", "printf '%s\\0' {{shell(.)}}", "")
      for shell in ReportShell.installed {
        let result = try shell.run(
          ["-s"], in: lab.workspace, environment: lab.environment.variables, input: Array(words.utf8))
        expectSame(Reader.texts(result), shell.rawValue)
      }
      #expect(!FileManager.default.fileExists(atPath: "\(lab.workspace)/PAWN"))
      let asYAML = "import yaml\nfor text in yaml.safe_load(document): say(text)"
      expectSame(try Reader.python(asYAML, document: fill("", "- {{yaml(.)}}", "")), "yaml")
      let asJSON = "import json\nfor text in json.loads(document): say(text or '')"
      let json = try fill("[", "{{json(.)}},", "").trimmingCharacters(in: ["\n", ","]) + "]"
      expectSame(try Reader.python(asJSON, document: json), "json")
      let asXML = """
        from xml.parsers.expat import ParserCreate
        parser, text, depth = ParserCreate(), [], [0]
        def start(name, attributes):
            assert name in ("r", "t") and list(attributes) in ([], ["a"]), (name, attributes)
            if name == "t": say(attributes["a"])
        parser.StartElementHandler = start
        parser.Parse(document, True)
        """
      expectSame(
        try Reader.python(asXML, document: fill("<r>", "<t a=\"{{xml(.)}}\">{{xml(.)}}</t>", "</r>")), "xml")
      if Reader.isInstalled("nix-instantiate") {
        let nix = try fill("[", "{{nix(.)}}", "]")
        let read = try Reader.run("nix-instantiate", ["--eval", "--strict", "--json", "-"], input: nix)
        expectSame(try Reader.python(asJSON, document: read.succeeded(["nix"]).stdout), "nix")
      }
      let config = try fill("[a]\n", "x = {{gitconfig(.)}}", "")
      let path = try lab.directory.write(config, to: "gitconfig")
      let read = try Reader.run("git", ["config", "--file", path, "-z", "--get-all", "a.x"])
      expectSame(Reader.texts(try read.succeeded(["git", "config"])), "git config")
      let asHCL = #"""
        import hcl2, re
        def character(match):
            code = match[1]
            return {"n": "\n", "r": "\r", "t": "\t"}.get(code) or (chr(int(code[1:], 16)) if code[0] in "uU" else code)
        for text in hcl2.loads(document.decode())["x"]:
            text = re.sub(r"([$%])\1\{", r"\1{", text[1:-1])
            say(re.sub(r"\\(u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.)", character, text))
        """#
      expectSame(try Reader.python(asHCL, document: fill("x = [\n", "{{hcl(.)}},", "]\n") + "\n"), "hcl")
      if Reader.isInstalled("dot") {
        let dot = try Reader.run(
          "dot", ["-Tjson"], input: fill("digraph {\n", "\"n\" [comment={{dot(.)}}];", "}"))
        #expect(dot.status == 0 && dot.stderr.isEmpty, "\(dot.stderr)")
      }
      if Reader.isInstalled("cmark-gfm") {
        let html = try Reader.run(
          "cmark-gfm", ["-e", "table", "-e", "autolink", "--unsafe"],
          input: fill("|a|b|\n|-|-|\n", "|{{markdown(.)}}|end|", "")
        ).succeeded(["cmark-gfm"]).stdout
        let asCells = """
          import html, re
          text = document.decode()
          assert not re.search("<(?!/?(table|thead|tbody|tr|th|td)>)", text), re.search("<(?!/?(table|thead|tbody|tr|th|td)>).{0,80}", text)
          for cell in re.findall("<td>((?:(?!</td>).)*)</td>\\\\n<td>end</td>", text, re.S): say(html.unescape(cell))
          """
        // What moves a terminal, or is not seen, is `?` there.
        let seen = texts.map { text in
          String(
            String.UnicodeScalarView(
              text.unicodeScalars.map { $0.properties.generalCategory == .format ? "?" : $0 }))
        }
        let wrong = differences(of: try Reader.python(asCells, document: html), from: seen)
        #expect(wrong.prefix(3) == [], "markdown: \(wrong.count)")
      }
    }
  }

  @Test(
    "in a machine's data is a variable to Ansible, or the inventory is refused",
    .enabled(if: Reader.isInstalled("ansible")))
  func ansible() throws {
    try Self.withLinkedProjects { lab in
      for open in ["{{", "{%", "{#"] {
        for mark in Glue.before {
          let text = "a\(mark)\(open)\(mark) lookup('pipe', '\(Self.pawn)') }}"
          let result = try lab.run(
            "resolve", "-c", "-", "--format", "ansible", input: try Self.document(data: [text]))
          #expect(result.status == 1 && result.stdout.isEmpty, "\(text.debugDescription)")
        }
      }
      let texts = Glue.texts(["'", "\"", "{", "}}"], " lookup('pipe', '\(Self.pawn)')")
      let inventory = try lab.weave(
        "resolve", "-c", "-", "--format", "ansible",
        input: try Self.document(role: "r\u{11D46}'\u{0E33}", data: texts))
      let directory = try TemporaryDirectory()
      try directory.write(inventory, to: "inventory.json")
      try directory.write(
        "#!/bin/sh\nexec cat '\(directory.appending("inventory.json"))'\n", to: "inventory", executable: true)
      let command = "{{ weave_data.texts | to_json | b64encode }}"
      let result = try runProcess(
        "ansible",
        [
          "-i", directory.appending("inventory"), "toto", "-c", "local", "-m", "debug", "-a",
          "msg=\(command)",
        ],
        in: directory.path,
        environment: TestEnvironment(home: directory.path).with(["LC_ALL": "C.UTF-8"]).variables)
      let script = """
        import base64, json, re
        for text in json.loads(base64.b64decode(re.search(b'"msg": "([A-Za-z0-9+/=]*)"', document)[1])): say(text)
        """
      let read = try Reader.python(script, document: result.succeeded(["ansible"]).stdout)
      #expect(differences(of: read, from: texts).prefix(3) == [])
      #expect(!FileManager.default.fileExists(atPath: directory.appending("PAWN")))
    }
  }
}
