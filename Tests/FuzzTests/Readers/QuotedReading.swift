import ForeignText
import Foundation
import WeaveModel

@testable import WeaveFormats

/// What must hold of any text that is written for another program: the reader of that syntax reads it again.
enum QuotedReading {
  static func check(_ bytes: [UInt8]) throws(Violation) -> Bool {
    let text = String(decoding: bytes, as: UTF8.self)
    try checkData(text)
    try checkWords(text)
    try checkMarkup(text)
    try checkScalars(text)
    return text.unicodeScalars.contains { !$0.isASCII }
  }

  private static func same(_ read: String?, _ text: String, _ syntax: String) throws(Violation) {
    try Violation.unless(
      read.map { Array($0.utf8) } == Array(text.utf8), "\(syntax) reads '\(read ?? "nothing")' of '\(text)'")
  }

  private static func checkData(_ text: String) throws(Violation) {
    let yaml = "constellation: \(Quoted.yaml(text))\n# \(Quoted.comment(text))\n"
    let root = try? YAMLMapping.top(of: yaml, file: "f")
    guard case .text(let read)? = root?["constellation"]?.content else {
      throw Violation("YAML does not read '\(text)'")
    }
    // Foundation, by which Yams makes its texts, drops a byte order mark at the beginning of each.
    let scalars = text.unicodeScalars
    try same(
      read, scalars.first == "\u{FEFF}" ? String(String.UnicodeScalarView(scalars.dropFirst())) : text, "YAML"
    )
    let json = Data(Quoted.jsonDocument("[\n\(Quoted.json(text))\n]").utf8)
    try same((try? JSONDecoder().decode([String].self, from: json))?.first, text, "JSON")
    // Git's configuration has no way to write this one.
    guard !text.unicodeScalars.contains("\0") else { return }
    let config = "[a \"\(Quoted.gitSubsection(text))\"]\n\tb = \(Quoted.gitConfig(text))\n\tc = d\n"
    let entries = (try? GitConfig.entries(of: config, file: "f")) ?? []
    try Violation.unless(entries.count == 2 && entries[1].value == "d", "Git reads \(entries) of '\(text)'")
    try same(entries[0].value, text, "Git")
    try same(
      entries[0].subsection, text.mapScalars { $0 == "\n" ? "\u{FFFD}" : nil },
      "the head of a section of Git's")
  }

  private static func checkWords(_ text: String) throws(Violation) {
    // As a shell reads it: quotes that begin and end, and a backslash before one or another; to fish one within escapes.
    let word = Array(Quoted.shell(text).utf8)
    var (read, index, isQuoted) = ([UInt8](), 0, false)
    while index < word.count {
      if word[index] == UInt8(ascii: "'") {
        isQuoted.toggle()
      } else if isQuoted {
        try Violation.unless(word[index] != UInt8(ascii: "\\"), "to fish a backslash escapes: '\(text)'")
        read.append(word[index])
      } else {
        try Violation.unless(
          word[index...].starts(with: #"\'"#.utf8) || word[index...].starts(with: #"\\"#.utf8),
          "a shell's word is not quoted at \(index): '\(text)'")
        index += 1
        read.append(word[index])
      }
      index += 1
    }
    try Violation.unless(!isQuoted, "a shell's quote does not end")
    try same(
      String(decoding: read, as: UTF8.self), text.mapScalars { $0 == "\0" ? "\u{FFFD}" : nil }, "a shell")
    for (syntax, quoted, opening) in [("Nix", Quoted.nix(text), "$"), ("HCL", Quoted.hcl(text), "")] {
      let inner = Array(quoted.utf8.dropFirst().dropLast())
      var index = 0
      while index < inner.count {
        try Violation.unless(
          inner[index] != UInt8(ascii: "\"") && !opening.utf8.contains(inner[index]),
          "\(syntax)'s string ends early")
        try Violation.unless(
          !inner[index...].starts(with: "${".utf8)
            && (syntax == "Nix" || !inner[index...].starts(with: "%{".utf8)),
          "\(syntax) would interpolate")
        index += inner[index] == UInt8(ascii: "\\") ? 2 : 1
      }
      try Violation.unless(index == inner.count, "\(syntax)'s string does not end")
    }
  }

  private static func checkMarkup(_ text: String) throws(Violation) {
    let document = "<!-- \(Quoted.xmlComment(text)) --><a b=\"\(Quoted.xml(text))\" c='\(Quoted.xml(text))'/>"
    let root = try? XMLElement.root(of: document, file: "f")
    let wanted = text.mapScalars { scalar in
      let isXML =
        scalar.value >= 32 ? ![0xfffe, 0xffff].contains(scalar.value) : [9, 10, 13].contains(scalar.value)
      return isXML ? nil : "\u{FFFD}"
    }
    try same(root?.attributes["b"], wanted, "XML")
    try same(root?.attributes["c"], wanted, "XML")
    let markdown = Quoted.markdown(text)
    try Violation.unless(
      !markdown.unicodeScalars.contains { $0.isUnseen }, "Markdown has what nobody sees")
    for quoted in [Quoted.dot(text), Quoted.mermaid(text)] {
      try Violation.unless(
        !quoted.unicodeScalars.contains { $0.isUnseen }, "a picture has what nobody sees")
    }
  }

  /// Parts that are put together again are the whole.
  private static func checkScalars(_ text: String) throws(Violation) {
    for mark in ["/", "\n", " ", ":"] as [Unicode.Scalar] {
      try same(
        text.split(atScalar: mark, keepsEmpty: true).joined(separator: String(mark)), text,
        "a split at '\(mark)'")
      guard let cut = text.cut(at: mark) else { continue }
      try same(cut.before + String(mark) + cut.after, text, "a cut at '\(mark)'")
    }
    try same(text.split(atBytes: "://").joined(separator: "://"), text, "a split at '://'")
    try Violation.unless(
      Quoted.terminal(Quoted.terminal(text)) == Quoted.terminal(text), "a terminal's text changes twice")
  }
}
