import ForeignText
import TestSupport
import Testing

@Suite("Text of others, written in markup, is what a reader of the markup shows")
struct MarkupReaderTests {
  @Test("by expat, in attributes and between tags, but for what XML does not have")
  func xml() throws {
    let texts = HostileTexts.around(
      ["\"", "'", "<", ">", "&", "]]>", "&#0;", "&lt;"], payload: "/><evil a=\"")
    let document =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<r>"
      + texts.map { "<e a=\"\(Quoted.xml($0))\" b='\(Quoted.xml($0))'>\(Quoted.xml($0))</e>" }.joined()
      + "</r>"
    let script = """
      import xml.parsers.expat
      parser = xml.parsers.expat.ParserCreate()
      text, names = [], []
      def start(name, attributes):
          names.append(name)
          text.clear()
          if name == "e": say(attributes["a"]); say(attributes["b"])
      def end(name):
          if name == "e": say("".join(text))
      parser.StartElementHandler, parser.EndElementHandler = start, end
      parser.CharacterDataHandler = text.append
      parser.Parse(document, True)
      assert set(names) == {"r", "e"}
      """
    let wanted = texts.map { $0.mapScalars { $0 == "\u{1B}" || $0 == "\u{FFFF}" ? "\u{FFFD}" : nil } }
    #expect(
      try differences(of: Reader.python(script, document: document), from: wanted.flatMap { [$0, $0, $0] })
        == [])
  }

  @Test("by expat, in a comment: nothing")
  func xmlComment() throws {
    let texts = HostileTexts.around(["-", "--", "---", "-->", "--!>"], payload: "<evil/>")
    let document = "<r>" + texts.map { "<!-- \(Quoted.xmlComment($0)) -->" }.joined() + "</r>"
    let script = """
      import xml.parsers.expat
      parser = xml.parsers.expat.ParserCreate()
      parser.StartElementHandler = lambda name, attributes: say(name)
      parser.Parse(document, True)
      """
    #expect(try differences(of: Reader.python(script, document: document), from: ["r"]) == [])
  }

  @Test("by Graphviz, in the picture that it draws", .enabled(if: Reader.isInstalled("dot")))
  func dot() throws {
    // Graphviz folds what a picture cannot show: blanks at the sides, and a label of nothing.
    let texts = HostileTexts.around(
      ["\"", "\\", "&", "&lt;", "&#60;", "\\N", "\\n", "\\G", "<", "<b>"], payload: "x\", URL=\"evil"
    )
    .filter { !$0.isEmpty && $0.trimmed == $0 }
    let nodes = texts.enumerated().map { "  n\($0.offset) [label=\(Quoted.dot($0.element))];\n" }.joined()
    let drawn = try Reader.run(
      "dot", ["-Kosage", "-Tsvg"],
      input: "graph g {\n  node [fontname=monospace, shape=plaintext];\n\(nodes)}\n")
    try drawn.succeeded(["dot"])
    #expect(!drawn.stdout.contains("href"))
    let script = """
      import re, xml.etree.ElementTree as tree
      texts = {}
      for group in tree.fromstring(document).iter("{http://www.w3.org/2000/svg}g"):
          if group.get("class") == "node":
              texts[group[0].text] = "".join(t.text or "" for t in group.iter("{http://www.w3.org/2000/svg}text"))
      for n in range(len(texts)): say(texts["n%d" % n].replace("\\u00a0", " "))
      """
    #expect(
      try differences(
        of: Reader.python(script, document: drawn.stdout), from: texts.map { Quoted.terminal($0) }) == [])
  }

  @Test(
    "by GitHub's reader of Markdown, in a cell and in a line", .enabled(if: Reader.isInstalled("cmark-gfm")))
  func markdown() throws {
    let signs = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~".unicodeScalars.map { String($0) }
    let texts = HostileTexts.around(
      signs + [
        "<img src=x>", "![", "](http://e)", "https://e.example", "www.e.example", "&lt;", "1.", "~~", "- a",
        "+ a", "12) a", "1. a", "ma@evil.example", "@team/all", "WWW.e.example", "$x$", "===", "---",
      ],
      payload: "[x](y)")
    let rows = texts.map { "| \(Quoted.markdown($0)) | x |\n" }.joined()
    let lines = texts.map { "- \(Quoted.markdown($0))\n" }.joined()
    let html = try Reader.run(
      "cmark-gfm", ["--unsafe", "-e", "table", "-e", "autolink", "-e", "strikethrough", "-e", "tagfilter"],
      input: "| a | b |\n|---|---|\n\(rows)\n\(lines)")
    let script = """
      import html.parser
      allowed = {"table", "thead", "tbody", "tr", "th", "td", "ul", "li"}
      class Reader(html.parser.HTMLParser):
          text, column = None, 0
          def handle_starttag(self, tag, attributes):
              assert tag in allowed, (tag, attributes, self.getpos())
              if tag == "tr": self.column = 0
              if tag == "td": self.column += 1
              if tag == "li" or tag == "td" and self.column == 1: self.text = []
          def handle_data(self, data):
              if self.text is not None: self.text.append(data)
          def handle_endtag(self, tag):
              if tag in ("td", "li") and self.text is not None:
                  say("".join(self.text))
                  self.text = None
      Reader(convert_charrefs=True).feed(document.decode())
      """
    try html.succeeded(["cmark-gfm"])
    let shown = texts.map { Quoted.terminal($0) }
    #expect(try differences(of: Reader.python(script, document: html.stdout), from: shown + shown) == [])
  }

  @Test("by the documented grammar of Mermaid's strings, in which # and a number end with a semicolon")
  func mermaid() {
    for text in HostileTexts.around(
      ["\"", "#", ";", "&", "<", "`", "]", "%%"], payload: "\"]; click x \"javascript:")
    {
      let quoted = Quoted.mermaid(text)
      let inner = quoted.dropping(prefix: "\"").flatMap { $0.dropping(suffix: "\"") } ?? ""
      #expect(!inner.unicodeScalars.contains { "\"<>&`[](){}|%'\\".unicodeScalars.contains($0) })
      var parts = inner.split(atScalar: "#", keepsEmpty: true)[...]
      var read = String(parts.popFirst() ?? "")
      for part in parts {
        let code = part.cut(at: ";")
        let scalar = code.flatMap { UInt32($0.before) }.flatMap(Unicode.Scalar.init)
        #expect(scalar != nil)
        if let scalar, let code { read.unicodeScalars.append(scalar); read += code.after }
      }
      #expect(Array(read.utf8) == Array(Quoted.terminal(text).utf8))
    }
  }
}
