import ForeignText

/// The tags of a template that quote, as `{{shell(address)}}`, with marks around what each writes: the library renders
/// nothing for one of a list, of a mapping, or of what is absent, and the next word of a command would take its place.
struct QuotingTags {
  /// The template, with the marks.
  private(set) var marked = ""
  private var tags: [Substring] = []
  /// Nobody's text has it.
  private let token = (0..<4).map { _ in String(UInt64.random(in: .min ... .max), radix: 16) }.joined(
    separator: "-")

  init(in template: String) {
    var rest = template[...]
    while let start = rest.firstIndex(ofBytes: "{{") {
      marked += rest[..<start]
      let tag = Self.tag(at: rest[start...])
      rest = rest[tag.endIndex...]
      guard Self.isQuoting(tag) else {
        marked += tag
        continue
      }
      marked += "\(token)<\(tags.count)>\(tag)\(token)"
      tags.append(tag)
    }
    marked += rest
  }

  /// The rendered text without the marks; the tag that wrote nothing, where there is one.
  func unmarked(_ rendered: String) -> (text: String, empty: Substring?) {
    var (text, rest) = ("", rendered[...])
    while let start = rest.firstIndex(ofBytes: token) {
      text += rest[..<start]
      rest = rest[start...].dropFirst(bytes: token.utf8.count)
      guard let number = rest.dropping(prefix: "<"), let end = number.firstIndex(ofScalar: ">") else {
        continue
      }
      rest = number[end...].dropFirst(bytes: 1)
      if rest.begins(with: token) { return (text, Int(number[..<end]).map { tags[$0] }) }
    }
    return (text + rest, nil)
  }

  /// What begins there, up to its end; a tag that is not closed is the parser's to refuse.
  private static func tag(at text: Substring) -> Substring {
    let end = text.begins(with: "{{{") ? "}}}" : "}}"
    guard let close = text.firstIndex(ofBytes: end) else { return text }
    return text[..<text.utf8.index(close, offsetBy: end.utf8.count)]
  }

  /// An empty text is a word of its own, but for XML and Markdown.
  private static func isQuoting(_ tag: Substring) -> Bool {
    let inner = Substring(tag.unicodeScalars.drop { "{& \t\n".unicodeScalars.contains($0) })
    guard let open = inner.firstIndex(ofScalar: "(") else { return false }
    let name = String(inner[..<open])
    return TemplateText.writers[name] != nil && name != "xml" && name != "markdown"
  }
}
