import ForeignText

/// The free text of an event or another record, made fit to stand between a subject and a block of trailers.
public enum FreeText {
  /// How many bytes a text may have that is written, and how many of one that somebody else wrote are shown.
  public static let mostBytes = 65_536

  /// What is shown of a text or a piece of evidence that is recorded, however long: its first ``mostBytes`` bytes, with a mark
  /// where there is more, without the secrets of URLs. It takes time that grows with what is shown.
  public static func shown(_ text: String) -> String {
    let count = text.utf8.count
    guard count > mostBytes else { return Redaction.text(text) }
    return Redaction.text(text.prefix(bytes: mostBytes)) + " … [cut: it has \(count) bytes]"
  }

  /// How many bytes are shown of a text that stands in one of many lines, and of an author's name.
  public static let mostLineBytes = 200
  /// How many bytes are shown of a text that a document has in one of many places.
  public static let mostListedBytes = 1_000

  /// What a line among many shows of a text that is recorded: of its first line at most ``mostLineBytes`` bytes, the last
  /// character `…` where there are more, without the secrets of URLs. It takes time that grows with what is shown.
  public static func line(_ text: String) -> String {
    // A line feed farther on ends no line that is shown.
    let window = text.prefix(bytes: 2 * mostLineBytes)
    let line = window.prefix(whileScalar: { $0 != "\n" })
    let isWhole = line.utf8.count < window.utf8.count || window.utf8.count == text.utf8.count
    let shown = Redaction.text(isWhole ? line : withoutCutWord(line))
    return isWhole && shown.utf8.count <= mostLineBytes ? shown : marked(shown)
  }

  /// What a document that has it in many places shows of a text that is recorded: at most ``mostListedBytes`` bytes, and a mark
  /// where there are more, without the secrets of URLs. It takes time that grows with what is shown.
  public static func listed(_ text: String) -> String {
    let count = text.utf8.count
    guard count > mostListedBytes else { return Redaction.text(text) }
    let window = text.prefix(bytes: 2 * mostListedBytes)
    let shown = Redaction.text(window.utf8.count == count ? window : withoutCutWord(window))
    return shown.prefix(bytes: mostListedBytes) + " … [cut: it has \(count) bytes]"
  }

  /// How an error quotes a name, a key or another word of somebody's: at most ``mostLineBytes`` bytes of it, the last character
  /// `…` where it has more.
  package static func name(_ name: some StringProtocol) -> String {
    name.utf8.count <= mostLineBytes ? String(name) : marked(name)
  }

  /// What is told of a file that is wrong: at most ``mostListedBytes`` bytes, the last character `…` where there are more.
  package static func problem(_ message: String) -> String {
    message.utf8.count <= mostListedBytes ? message : marked(message, of: mostListedBytes)
  }

  private static func marked(_ line: some StringProtocol, of bytes: Int = mostLineBytes) -> String {
    line.prefix(bytes: bytes - "…".utf8.count) + "…"
  }

  /// The beginning of a text without the word that it breaks off in, where that may be a URL: without its end, its secret is not
  /// known for one.
  private static func withoutCutWord(_ beginning: Substring) -> Substring {
    let start =
      beginning.unicodeScalars.lastIndex(where: \.isASCIISpace)
      .map { beginning.unicodeScalars.index(after: $0) } ?? beginning.startIndex
    return beginning[start...].holds(anyOf: ":@=%".unicodeScalars) ? beginning[..<start] : beginning
  }

  /// The text, which weave itself made, so short that it may be written even when marks are escaped.
  public static func cut(_ text: String) -> String {
    text.utf8.count <= mostBytes / 8 ? text : text.prefix(bytes: mostBytes / 8) + " …"
  }
}
