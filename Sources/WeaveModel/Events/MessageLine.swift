/// What one line of a message may look like to a stock Git, whatever its user's configuration.
///
/// Git finds a message's trailers by rules that a body line can deceive (trailer.c, wt-status.c). weave's reader
/// refuses such lines and its writer disarms them, so that Git's reading and weave's are the same.
enum MessageLine {
  static let lineFeed = UInt8(ascii: "\n")
  static let space = UInt8(ascii: " ")
  static let tab = UInt8(ascii: "\t")

  static func isControl(_ byte: UInt8) -> Bool {
    (byte < 0x20 && byte != lineFeed && byte != tab) || byte == 0x7F
  }

  static func isBlank(_ byte: UInt8) -> Bool { byte == space || byte == tab }

  /// Whether Git could end the message at this line: `---` begins a patch, and scissors end what counts.
  ///
  /// Git's scissors are a comment mark and ` ------------------------ >8 ------------------------`, but the mark
  /// is the reader's to configure, so any line that has dashes and scissors is taken for them.
  static func endsMessage(_ line: some Collection<UInt8>) -> Bool {
    guard let first = line.first, !isBlank(first) else { return false }
    if line.starts(with: "---".utf8) { return true }
    var hasDashes = false
    var hasScissors = false
    for (left, right) in zip(line, line.dropFirst()) {
      hasDashes = hasDashes || (left == UInt8(ascii: "-") && right == UInt8(ascii: "-"))
      hasScissors = hasScissors || isScissors(left, right)
    }
    return hasDashes && hasScissors
  }

  /// Whether someone could take the line for one of weave's own trailers: keys know no case in Git.
  static func resemblesOwnTrailer(_ line: some Collection<UInt8>) -> Bool {
    line.prefix(6).map { $0 | 0x20 }.elementsEqual("weave-".utf8.map { $0 | 0x20 })
  }

  /// Whether Git could read the line as a trailer: a key, and a separator that people configure.
  static func resemblesTrailer(_ line: some Collection<UInt8>) -> Bool {
    let rest = line.drop { isAlphanumeric($0) || $0 == UInt8(ascii: "-") }
    guard rest.startIndex != line.startIndex else { return false }
    guard let separator = rest.first(where: { !isBlank($0) }) else { return false }
    return [UInt8(ascii: ":"), UInt8(ascii: "="), UInt8(ascii: "#")].contains(separator)
  }

  /// Whether the line is one after which Git takes a paragraph of mostly prose for trailers.
  static func isGeneratedByGit(_ line: some Collection<UInt8>) -> Bool {
    line.starts(with: "Signed-off-by: ".utf8) || line.starts(with: "(cherry picked from commit ".utf8)
  }

  /// Whether Git could skip the line as a comment or join it to the one before: it then leaves the question
  /// of whether its paragraph is trailers to the other lines.
  static func isNeutral(_ line: some Collection<UInt8>) -> Bool {
    guard let first = line.first else { return true }
    return !isAlphanumeric(first) && first < 0x80
  }

  /// `>8`, `8<`, `>%` or `%<`. Asked of each byte of each event, so it makes no array.
  private static func isScissors(_ left: UInt8, _ right: UInt8) -> Bool {
    func isBlade(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "8") || byte == UInt8(ascii: "%") }
    return left == UInt8(ascii: ">") ? isBlade(right) : right == UInt8(ascii: "<") && isBlade(left)
  }

  static func isAlphanumeric(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
      || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
  }
}
