import ForeignText

/// The free text of an event or another record, made fit to stand between a subject and a block of trailers.
public enum FreeText {
  private typealias Line = ArraySlice<UInt8>

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

  /// `text` with its lines and paragraphs in order, and with all that could pass for the message's end or its
  /// trailers indented by a space. Applying it twice changes nothing more.
  public static func normalized(_ text: String) throws(UnwritableEvent) -> String {
    let bytes = withLineFeeds(text)
    if let control = bytes.first(where: MessageLine.isControl) {
      throw UnwritableEvent(reason: "the text holds the control byte 0x\(String(control, radix: 16))")
    }
    let lines = bytes.split(separator: MessageLine.lineFeed, omittingEmptySubsequences: false)
      .map(withoutTrailingBlanks)
    let paragraphs = lines.split(omittingEmptySubsequences: true, whereSeparator: \.isEmpty)
      .map { disarmed(Array($0)) }
    let joined = Array(
      paragraphs.map { Array($0.joined(separator: [MessageLine.lineFeed])) }
        .joined(separator: [MessageLine.lineFeed, MessageLine.lineFeed]))
    guard joined.count <= mostBytes else {
      throw UnwritableEvent(
        reason:
          "the text has \(joined.count) bytes, and may have 65,536: keep it elsewhere, and name the place")
    }
    return String(foreign: joined)
  }

  private static func withLineFeeds(_ text: String) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count)
    for byte in text.utf8 {
      if byte == MessageLine.lineFeed, bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
      bytes.append(byte)
    }
    return bytes
  }

  private static func withoutTrailingBlanks(_ line: Line) -> Line {
    line[..<((line.lastIndex { !MessageLine.isBlank($0) }).map { $0 + 1 } ?? line.startIndex)]
  }

  private static func disarmed(_ paragraph: [Line]) -> [Line] {
    let lines = paragraph.map {
      MessageLine.endsMessage($0) || MessageLine.resemblesOwnTrailer($0) ? indented($0) : $0
    }
    // Judged after the lines above were indented: that may have made them continuations of a trailer.
    guard couldBeTrailers(lines) else { return lines }
    return lines.map {
      MessageLine.resemblesTrailer($0) || MessageLine.isGeneratedByGit($0) ? indented($0) : $0
    }
  }

  private static func couldBeTrailers(_ paragraph: [Line]) -> Bool {
    paragraph.contains(where: MessageLine.isGeneratedByGit)
      || paragraph.allSatisfy { MessageLine.resemblesTrailer($0) || MessageLine.isNeutral($0) }
  }

  private static func indented(_ line: Line) -> Line { ([MessageLine.space] + line)[...] }
}
