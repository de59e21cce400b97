import ForeignText
import WeaveModel

/// A commit of another project that a commit's message names.
public struct TrailerPin: Sendable, Hashable {
  /// The trailer's key, as usually written.
  public let key: String
  /// What stands before the commit: a project's name or a repository's URL; nil for a commit alone.
  public let project: String?
  public let commit: CommitID

  public init(key: String, project: String?, commit: CommitID) {
    (self.key, self.project, self.commit) = (key, project, commit)
  }
}

/// The trailers that tie a commit to those of other projects: `Depends-On:` and `Weave-With:`, each with `PROJECT@SHA`,
/// `URL@SHA` or a SHA.
public enum CommitTrailers {
  public static let keys = ["Depends-On", "Weave-With"]
  /// The most bytes that a message may have, in which trailers are looked for.
  public static let longestMessage = 64 << 10

  /// The most bytes of the paragraph that they are in, which git-interpret-trailers(1) does not bound: of a whole message of them
  /// each commit of a history would take ten milliseconds.
  public static let longestParagraph = 8 << 10

  /// The commits that the trailers of a message name, in order. What names none (a review's address, a shortened id)
  /// is left out; of a longer message than ``longestMessage``, or a longer paragraph than ``longestParagraph``, all. Fast for a message without such a line; any bytes may follow the commit's headers.
  public static func pins(inMessage message: some RandomAccessCollection<UInt8>) -> [TrailerPin] {
    guard message.count <= longestMessage else { return [] }
    let tail = message.suffix(longestParagraph)
    guard mightHaveTrailers(tail) else { return [] }
    return lastParagraph(of: tail, isWhole: tail.count == message.count).flatMap { line -> [TrailerPin] in
      guard let (name, value) = line.cut(at: ":") else { return [] }
      guard let key = keys.first(where: { $0.lowercasedASCII == name.lowercasedASCII }) else { return [] }
      let values = value.unicodeScalars.split { " \t,".unicodeScalars.contains($0) }.map { Substring($0) }
      return values.compactMap { pin(key: key, value: $0) }
    }
  }

  private static func pin(key: String, value: Substring) -> TrailerPin? {
    guard let at = value.lastIndex(ofScalar: "@") else {
      return CommitID(hex: value).map { TrailerPin(key: key, project: nil, commit: $0) }
    }
    let project = value[..<at]
    guard !project.isEmpty, let commit = CommitID(hex: value[at...].dropFirst(bytes: 1)) else { return nil }
    return TrailerPin(key: key, project: String(project), commit: commit)
  }

  /// Whether one of the keys stands anywhere: the bytes `-o` or `-w` and a colon soon after are enough to look closer.
  private static func mightHaveTrailers(_ message: some RandomAccessCollection<UInt8>) -> Bool {
    var (last, beforeLast): (UInt8, UInt8) = (0, 0)
    for byte in message {
      let lowered = byte | 0x20
      if beforeLast == UInt8(ascii: "-"),
        (last == UInt8(ascii: "o") && lowered == UInt8(ascii: "n"))
          || (last == UInt8(ascii: "w") && lowered == UInt8(ascii: "i"))
      {
        return true
      }
      (beforeLast, last) = (last, lowered)
    }
    return false
  }

  /// The trailers' lines: those of the last paragraph, of which no other line than a trailer may be part
  /// (git-interpret-trailers(1)), but for some prose beside one that Git made. The subject's is never it.
  private static func lastParagraph(
    of message: some RandomAccessCollection<UInt8>, isWhole: Bool
  ) -> [String] {
    // By bytes: to a String CR LF is one character.
    var lines = message.split(separator: 10, omittingEmptySubsequences: false).map {
      Substring(decoding: $0.last == 13 ? $0.dropLast() : $0, as: UTF8.self)
    }
    // It may be the second half of one, and look blank.
    if !isWhole { lines.removeFirst() }
    while let last = lines.last, last.unicodeScalars.allSatisfy(\.properties.isWhitespace) {
      lines.removeLast()
    }
    guard let boundary = lines.lastIndex(where: { $0.unicodeScalars.allSatisfy(\.properties.isWhitespace) })
    else { return [] }
    var trailers: [String] = []
    var (others, hasGenerated) = (0, false)
    var isContinued = false
    for line in lines[(boundary + 1)...] where !line.begins(with: "#") {
      if line.begins(with: " ") || line.begins(with: "\t") {
        if isContinued { trailers[trailers.count - 1] += " " + line } else { others += 1 }
      } else if line.begins(with: "(cherry picked from commit ") {
        (hasGenerated, isContinued) = (true, false)
      } else if isTrailer(line) {
        hasGenerated = hasGenerated || line.begins(with: "Signed-off-by: ")
        trailers.append(String(line))
        isContinued = true
      } else {
        others += 1
        isContinued = false
      }
    }
    return others == 0 || (hasGenerated && trailers.count * 3 >= others) ? trailers : []
  }

  private static func isTrailer(_ line: Substring) -> Bool {
    guard let colon = line.firstIndex(ofScalar: ":"), colon > line.startIndex else { return false }
    return line[..<colon].utf8.allSatisfy {
      $0 == UInt8(ascii: "-") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
        || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0 | 0x20)
    }
  }
}
