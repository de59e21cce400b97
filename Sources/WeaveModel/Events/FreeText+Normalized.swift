import ForeignText

extension FreeText {
  private typealias Line = ArraySlice<UInt8>

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
