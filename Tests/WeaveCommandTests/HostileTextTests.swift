import Foundation
import TestSupport
import Testing

@testable import LabSupport

/// A commit's subject and an event's reason, in each view that shows them to another program.
@Suite("Text that somebody else recorded", .inProcess)
struct HostileTextTests {
  private let lab: Lab

  /// What ends a quote, a cell or a tag where a writer misses it, each beside a mark that makes another Character of it.
  private static let text: String = {
    let breakers = [
      "'", "\"", "<img src=x>", "|", "`", "](x)", "&", "\\", "$(id)", "{{7}}", "-->", "#", "]", "&lt;",
    ]
    let marks = HostileTexts.marks.filter { $0.value > 0x7f }
    return breakers.enumerated().map { index, breaker in
      "\(marks[index % marks.count])\(breaker)\(marks[(index + 7) % marks.count])"
    }.joined(separator: " x ")
  }()

  /// The same where nothing is left that a terminal obeys, or that nobody sees.
  private static let shown = printable(text)

  private static func printable(_ text: String) -> String {
    let unseen: [Unicode.GeneralCategory] = [.control, .format, .lineSeparator, .paragraphSeparator]
    return String(
      String.UnicodeScalarView(
        text.unicodeScalars.map { unseen.contains($0.properties.generalCategory) ? "?" : $0 }))
  }

  private static let template = LabTemplate {
    let lab = try Lab.threeProjects()
    try lab.constellation(Constellations.trio)
    try lab.source("telperion").commit(text)
    try lab.source("telperion").tag("v9")
    try lab.weave("fetch")
    try lab.link("telperion@v2", "laurelin@v2", "narya@v2")
    try lab.link("telperion@v9", "laurelin@v2")
    try lab.weave("lock")
    try lab.report("toto", "telperion@v3", "laurelin@v3", "narya@v3")
    try lab.revoke("telperion@v3", "laurelin@v3", because: text)
    return lab
  }

  init() throws { lab = try Self.template.copy() }

  /// What expat finds in `document`: one line of JSON for each element, its name, its attributes and the text in it.
  private func elements(_ document: String) throws -> [String] {
    let script = """
      import xml.etree.ElementTree as tree
      for element in tree.fromstring(document).iter():
          say(element.tag.split("}")[-1] + " " + " ".join(element.attrib.values()) + " " + (element.text or ""))
      """
    return try Reader.python(script, document: document).map { String(decoding: $0, as: UTF8.self) }
  }

  private func tags(_ elements: [String]) -> Set<Substring> {
    Set(elements.compactMap { $0.split(separator: " ").first })
  }

  @Test("is the message of a failure in junit, to expat")
  func junit() throws {
    let elements = try elements(lab.weave("status", "-c", "trio", "--format", "junit"))
    #expect(tags(elements) == ["testsuites", "testsuite", "testcase", "failure"])
    #expect(elements.contains { Array($0.utf8).contains(Array(Self.shown.utf8)) }, "\(elements)")
  }

  @Test("is text in markdown, to GitHub's reader", .enabled(if: Reader.isInstalled("cmark-gfm")))
  func markdown() throws {
    let page = try lab.weave("status", "-c", "trio", "--format", "markdown")
    let html = try Reader.run("cmark-gfm", ["--unsafe", "-e", "table", "-e", "autolink"], input: page)
    let script = """
      import html.parser
      class Reader(html.parser.HTMLParser):
          def handle_starttag(self, tag, attributes): say("<" + tag)
          def handle_data(self, data): say(data)
      Reader(convert_charrefs=True).feed(document.decode())
      """
    let parts = try Reader.python(script, document: html.succeeded(["cmark-gfm"]).stdout)
      .map { String(decoding: $0, as: UTF8.self) }
    let tags = Set(parts.filter { $0.hasPrefix("<") && $0.count > 1 && $0.dropFirst().allSatisfy(\.isASCII) })
    #expect(
      tags.isSubset(of: [
        "<p", "<strong", "<table", "<thead", "<tbody", "<tr", "<th", "<td", "<code", "<ul", "<li",
      ]))
    #expect(parts.contains { Array($0.utf8).contains(Array(Self.shown.utf8)) }, "\(parts)")
  }

  @Test("is a title in the picture of the graph, to expat")
  func svg() throws {
    let elements = try elements(lab.weave("graph", "--format", "svg"))
    #expect(
      tags(elements).isSubset(of: [
        "svg", "style", "title", "g", "path", "text", "circle", "rect", "polygon", "line", "tspan",
      ]))
    #expect(elements.contains { Array($0.utf8).contains(Array(Self.shown.utf8)) }, "\(elements)")
  }

  @Test("is a label to Graphviz, and no attribute", .enabled(if: Reader.isInstalled("dot")))
  func dot() throws {
    let drawn = try Reader.run("dot", ["-Tsvg"], input: try lab.weave("graph", "--format", "dot"))
    let elements = try elements(drawn.succeeded(["dot"]).stdout)
    #expect(!elements.contains { $0.contains("href") || $0.hasPrefix("image") })
    // A label is cut to thirty columns.
    let start = Array(Self.shown.utf8.prefix(6))
    #expect(elements.contains { $0.hasPrefix("text") && Array($0.utf8).contains(start) }, "\(elements)")
  }

  @Test("is a string in Mermaid, without a sign that means something there")
  func mermaid() throws {
    let graph = try lab.weave("graph", "--format", "mermaid")
    for line in graph.split(separator: "\n") {
      // What stands between quotes holds codes only; outside of them nothing of the text is left.
      let parts = line.utf8.split(separator: UInt8(ascii: "\""), omittingEmptySubsequences: false)
      #expect(parts.count % 2 == 1, "\(line)")
      for (index, part) in parts.enumerated() where index % 2 == 1 {
        #expect(!part.contains { "<>&`[](){}|%'\\".utf8.contains($0) }, "\(line)")
      }
    }
  }

  @Test(
    "is the same in JSON, where nobody overlooks what is not seen",
    arguments: [
      ["log", "--json"], ["status", "-c", "trio", "--json"], ["links", "telperion@v9", "--json"],
    ])
  func json(command: [String]) throws {
    let document = try lab.weave(command)
    #expect(!document.unicodeScalars.contains { Self.isUnseen($0) })
    let script = """
      import json
      def walk(value):
          if isinstance(value, dict):
              for entry in value.values(): walk(entry)
          elif isinstance(value, list):
              for entry in value: walk(entry)
          elif isinstance(value, str): say(value)
      walk(json.loads(document))
      """
    let texts = try Reader.python(script, document: document)
    if command[0] != "links" {
      #expect(texts.contains { $0.contains(Array(Self.text.utf8)) })
    }
  }

  private static func isUnseen(_ scalar: Unicode.Scalar) -> Bool {
    scalar != "\n"
      && [.control, .format, .lineSeparator, .paragraphSeparator].contains(scalar.properties.generalCategory)
  }

  @Test(
    "moves no terminal",
    arguments: [["log"], ["status", "-c", "trio"], ["graph"], ["links", "telperion@v9"], ["fsck"]])
  func terminal(command: [String]) throws {
    let result = try lab.run(command)
    #expect(!(result.stdout + result.stderr).unicodeScalars.contains { Self.isUnseen($0) })
  }
}
