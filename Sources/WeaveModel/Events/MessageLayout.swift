import ForeignText

/// The parts of a message that weave writes, as bytes: subject, free text and a block of trailers, each an empty line apart.
///
/// Somebody may have written millions of lines: only those of the block are taken apart.
package struct MessageLayout {
  private let bytes: [UInt8]
  private let subjectEnd: Int
  /// Where the empty line before the block is.
  private let boundary: Int

  /// The parts of the message that `bytes` spell: whole, UTF-8, without control bytes. What the lines of the block say is
  /// not asked.
  package init(_ bytes: [UInt8]) throws(MalformedEvent) {
    guard bytes.allSatisfy({ $0 < 0x80 }) || String(validating: bytes, as: UTF8.self) != nil else {
      throw MalformedEvent(reason: "it is not UTF-8")
    }
    if let control = bytes.first(where: MessageLine.isControl) {
      throw MalformedEvent(reason: "it holds the control byte 0x\(String(control, radix: 16))")
    }
    guard bytes.last == MessageLine.lineFeed, bytes.dropLast().last != MessageLine.lineFeed else {
      throw MalformedEvent(reason: "it does not end in exactly one line feed")
    }
    let subjectEnd = bytes.firstIndex(of: MessageLine.lineFeed) ?? bytes.endIndex
    guard !bytes[..<subjectEnd].allSatisfy(MessageLine.isBlank) else {
      throw MalformedEvent(reason: "it has no subject")
    }
    guard let boundary = Self.lastEmptyLine(in: bytes) else {
      throw MalformedEvent(reason: "it has no block of trailers")
    }
    guard bytes[subjectEnd + 1] == MessageLine.lineFeed else {
      throw MalformedEvent(reason: "its subject is more than one line")
    }
    (self.bytes, self.subjectEnd, self.boundary) = (bytes, subjectEnd, boundary)
  }

  private static func lastEmptyLine(in bytes: [UInt8]) -> Int? {
    var index = bytes.count - 1
    while index > 0 {
      if bytes[index] == MessageLine.lineFeed, bytes[index - 1] == MessageLine.lineFeed { return index }
      index -= 1
    }
    return nil
  }

  package var subject: String { Self.text(bytes[..<subjectEnd]) }

  /// The lines between the subject and the block, without the empty ones at their start and end.
  package var text: String {
    let text = bytes[subjectEnd..<boundary].drop { $0 == MessageLine.lineFeed }
    guard let last = text.lastIndex(where: { $0 != MessageLine.lineFeed }) else { return "" }
    return Self.text(text[...last])
  }

  /// The first of the lines before the block, the subject's among them, of which `isWanted` says so.
  func firstLineBeforeBlock(where isWanted: (ArraySlice<UInt8>) -> Bool) -> ArraySlice<UInt8>? {
    var start = bytes.startIndex
    while start < boundary {
      let end = bytes[start..<boundary].firstIndex(of: MessageLine.lineFeed) ?? boundary
      if isWanted(bytes[start..<end]) { return bytes[start..<end] }
      start = end + 1
    }
    return nil
  }

  /// The lines of the block.
  package var block: [ArraySlice<UInt8>] {
    bytes[(boundary + 1)...].dropLast().split(
      separator: MessageLine.lineFeed, omittingEmptySubsequences: false)
  }

  static func text(_ line: ArraySlice<UInt8>) -> String { String(foreign: line) }
}
