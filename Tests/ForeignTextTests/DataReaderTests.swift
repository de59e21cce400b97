import ForeignText
import TestSupport
import Testing

@Suite("Text of others, written as data, is what a reader of the format reads")
struct DataReaderTests {
  /// YAML, JSON and Prometheus' labels can hold U+0000.
  static let nul: [Unicode.Scalar] = ["\0"]

  @Test("by PyYAML", .enabled(if: Reader.hasPython("yaml")))
  func yaml() throws {
    let texts = HostileTexts.around(
      ["\"", "\\", "'", ":", ": ", " #", "{{", "- ", "%", "@", "`", "!", "&", "*", "|", ">"], payload: "x: y",
      besides: Self.nul)
    let document = texts.map { "- \(Quoted.yaml($0)): \(Quoted.yaml($0))\n" }.joined()
    let script = """
      import yaml
      for entry in yaml.safe_load(document):
          (key, value), = entry.items()
          assert key == value
          say(value.replace("\\0", "NUL"))
      """
    #expect(
      try differences(of: Reader.python(script, document: document), from: texts.map(Self.withoutNUL)) == [])
  }

  @Test("by PyYAML, in a comment: nothing", .enabled(if: Reader.hasPython("yaml")))
  func comment() throws {
    let texts = HostileTexts.around(["\n", "\r", "\u{85}", "\u{2028}", "\u{2029}"], payload: "- b")
    let document = texts.map { "# \(Quoted.comment($0))\n" }.joined() + "- a\n"
    let script = "import yaml\nfor entry in yaml.safe_load(document): say(entry)"
    #expect(try differences(of: Reader.python(script, document: document), from: ["a"]) == [])
  }

  @Test("by Python's JSON, as strings and in a document that somebody else encoded")
  func json() throws {
    let texts = HostileTexts.around(["\"", "\\", "/", "</script>", ","], payload: "]", besides: Self.nul)
    let script = "import json\nfor text in json.loads(document): say(text.replace('\\0', 'NUL'))"
    let own = "[" + texts.map { Quoted.json($0) }.joined(separator: ",") + "]"
    #expect(try differences(of: Reader.python(script, document: own), from: texts.map(Self.withoutNUL)) == [])
    // RFC 8259 wants no more than these escaped.
    let raw = texts.map { text in
      "\""
        + text.mapScalars { scalar in
          scalar == "\"" || scalar == "\\"
            ? "\\" + String(scalar)
            : scalar.value < 32
              ? "\\u00" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16) : nil
        } + "\""
    }
    let document = Quoted.jsonDocument("[\n" + raw.joined(separator: ",\n") + "\n]")
    #expect(
      try differences(of: Reader.python(script, document: document), from: texts.map(Self.withoutNUL)) == [])
    #expect(!document.unicodeScalars.contains { $0.isUnseen && $0 != "\n" })
  }

  @Test(
    "by promtool and Prometheus' own reader in Python",
    .enabled(if: Reader.isInstalled("promtool") && Reader.hasPython("prometheus_client")))
  func prometheus() throws {
    let texts = HostileTexts.around(["\"", "\\", "\n", "}", ",", "\\n"], payload: "} 1\nup{a=\"")
    let document =
      "# HELP m a metric\n# TYPE m gauge\n"
      + texts.enumerated().map { "m{n=\"\($0.offset)\",a=\(Quoted.prometheus($0.element))} 1\n" }.joined()
    let check = try Reader.run("promtool", ["check", "metrics"], input: document)
    #expect(check.status == 0, "\(check.stderr)")
    let script = """
      from prometheus_client.parser import text_string_to_metric_families
      for family in text_string_to_metric_families(document.decode()):
          for sample in family.samples: say(sample.labels["a"])
      """
    #expect(try differences(of: Reader.python(script, document: document), from: texts) == [])
  }

  @Test("by the documented grammar of $GITHUB_OUTPUT")
  func gitHubOutput() {
    let texts = HostileTexts.around(["=", "<<", "END", "\nEND\n", "\r\nEND\r\n"], payload: "\nname=x")
    let file = texts.enumerated().map { Quoted.gitHubOutput("n\($0.offset)", $0.element) }.joined()
    // `name=value`, or `name<<delimiter`, lines, and a line that is the delimiter alone.
    var lines = file.utf8.split(separator: 10, omittingEmptySubsequences: false).map { Array($0) }[...]
    var values: [[UInt8]] = []
    while let line = lines.popFirst(), !line.isEmpty {
      let text = String(decoding: line, as: UTF8.self)
      let name = "n\(values.count)"
      if let value = text.dropping(prefix: name + "=") {
        values.append(Array(value.utf8))
      } else if let delimiter = text.dropping(prefix: name + "<<") {
        var value: [[UInt8]] = []
        while let line = lines.popFirst(), line != Array(delimiter.utf8) { value.append(line) }
        values.append(Array(value.joined(separator: [10])))
      } else {
        Issue.record("\(text) sets another output than \(name)")
      }
    }
    #expect(differences(of: values, from: texts) == [])
  }

  @Test("by a person, on one line of a terminal, and twice no other")
  func terminal() {
    for text in HostileTexts.around(["\u{1B}[2J", "\u{9B}2J", "\u{202E}"], payload: "x", besides: Self.nul) {
      let shown = Quoted.terminal(text)
      #expect(!shown.unicodeScalars.contains { $0.isUnseen })
      #expect(Array(Quoted.terminal(shown).utf8) == Array(shown.utf8))
      #expect(shown.unicodeScalars.count == text.unicodeScalars.count)
    }
  }

  @Test("by a person, in a text of YAML that PyYAML reads as before", .enabled(if: Reader.hasPython("yaml")))
  func yamlDocument() throws {
    let text = "a: \"x\u{202E}y\u{AD}\"\r\n# \u{9B}31m\t\nb: z\n"
    let shown = Quoted.yamlDocument(text)
    #expect(shown.unicodeScalars.allSatisfy { !$0.isUnseen || "\r\n\t".unicodeScalars.contains($0) })
    let script = "import yaml\nv = yaml.safe_load(document)\nsay(v['a']); say(v['b'])"
    #expect(
      try differences(of: Reader.python(script, document: shown), from: ["x\u{202E}y\u{AD}", "z"]) == [])
  }

  private static func withoutNUL(_ text: String) -> String { text.mapScalars { $0 == "\0" ? "NUL" : nil } }
}
