import ForeignText

/// What a terminal can show.
public struct Terminal: Sendable {
  /// Its columns and its lines; nil where it does not say.
  let width, height: Int?
  /// Whether it moves its cursor when told to.
  let movesCursor: Bool
  /// Whether it wants colour.
  let isColoured: Bool

  /// A terminal of that size; nil where it does not say which.
  public init(width: Int?, height: Int?, movesCursor: Bool, isColoured: Bool) {
    (self.width, self.height) = (width, height)
    (self.movesCursor, self.isColoured) = (movesCursor, isColoured)
  }

  /// The line, cut to so many columns; as it is where that is nil.
  static func cut(_ line: String, to width: Int?) -> String {
    guard let width else { return line }
    // Any number of marks may stand on one letter.
    let line = line.isPlain ? line : String(line.unicodeScalars.prefix(8 * width))
    guard line.columns > width else { return line }
    return line.prefix(width - 1) + "…"
  }

  /// The text with line breaks between words, so that no line is wider than `width` but for a word that is. Later lines are
  /// indented by two more than the first. Nothing between the first backtick and the last is broken, nor what begins with
  /// `weave`: a command is to be pasted, and a line break would make two of it.
  static func wrapped(_ text: String, to width: Int) -> String {
    guard text.count > width else { return text }
    let indent = String(text.prefix(whileScalar: { $0 == " " }))
    let rest = text.dropFirst(bytes: indent.utf8.count)
    guard !rest.begins(with: "weave ") else { return text }
    var lines: [String] = []
    for word in unbroken(rest) {
      if let line = lines.last, line.count + 1 + word.count <= width {
        lines[lines.count - 1] = line + " " + word
      } else {
        lines.append(indent + (lines.isEmpty ? "" : "  ") + word)
      }
    }
    return lines.joined(separator: "\n")
  }

  /// The words of the text; all from the one with the first backtick to the one with the last are one. Which backticks are a
  /// pair nobody can say where there is text of others among them.
  private static func unbroken(_ text: Substring) -> [Substring] {
    let words = text.split(atScalar: " ", keepsEmpty: true)
    guard let first = words.firstIndex(where: { $0.utf8.contains(UInt8(ascii: "`")) }),
      let last = words.lastIndex(where: { $0.utf8.contains(UInt8(ascii: "`")) })
    else { return words }
    return words[..<first] + [text[words[first].startIndex..<words[last].endIndex]] + words[(last + 1)...]
  }
}
