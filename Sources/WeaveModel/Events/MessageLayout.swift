import ForeignText

/// The parts of a message that weave writes, as bytes: subject, free text and a block of trailers, each an empty line apart.
package struct MessageLayout {
  private let lines: [ArraySlice<UInt8>]
  /// The empty line before the block.
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
    lines = bytes.dropLast().split(separator: MessageLine.lineFeed, omittingEmptySubsequences: false)
    guard let subject = lines.first, !subject.allSatisfy(MessageLine.isBlank) else {
      throw MalformedEvent(reason: "it has no subject")
    }
    guard let boundary = lines.lastIndex(where: \.isEmpty) else {
      throw MalformedEvent(reason: "it has no block of trailers")
    }
    guard lines[1].isEmpty else { throw MalformedEvent(reason: "its subject is more than one line") }
    self.boundary = boundary
  }

  package var subject: String { Self.text(lines[0]) }

  /// The lines between the subject and the block, without the empty ones at their start and end.
  package var text: String {
    let lines = lines[1..<boundary]
    guard let first = lines.firstIndex(where: { !$0.isEmpty }),
      let last = lines.lastIndex(where: { !$0.isEmpty })
    else { return "" }
    return lines[first...last].map(Self.text).joined(separator: "\n")
  }

  /// The lines before the block, the subject's among them.
  var linesBeforeBlock: ArraySlice<ArraySlice<UInt8>> { lines[..<boundary] }

  /// The lines of the block.
  package var block: ArraySlice<ArraySlice<UInt8>> { lines[(boundary + 1)...] }

  static func text(_ line: ArraySlice<UInt8>) -> String { String(foreign: line) }
}
