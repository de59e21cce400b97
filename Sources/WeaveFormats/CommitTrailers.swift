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
    return lastParagraph(of: Array(tail), isWhole: tail.count == message.count).flatMap {
      line -> [TrailerPin] in
      guard let colon = line.firstIndex(of: UInt8(ascii: ":")),
        let key = keys.first(where: { isName($0, line[..<colon]) })
      else { return [] }
      let value = Substring(decoding: line[colon...].dropFirst(), as: UTF8.self)
      let values = value.unicodeScalars.split { " \t,".unicodeScalars.contains($0) }.map { Substring($0) }
      return values.compactMap { pin(key: key, value: $0) }
    }
  }

  private static func isName(_ key: String, _ name: ArraySlice<UInt8>) -> Bool {
    key.utf8.count == name.count && zip(key.utf8, name).allSatisfy { $0 | 0x20 == $1 | 0x20 }
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
  ///
  /// By bytes: to a String CR LF is one character, and a history has many lines that are no trailers.
  private static func lastParagraph(of message: [UInt8], isWhole: Bool) -> [[UInt8]] {
    var lines = message.split(separator: 10, omittingEmptySubsequences: false).map {
      $0.last == 13 ? $0.dropLast() : $0
    }
    // It may be the second half of one, and look blank.
    if !isWhole { lines.removeFirst() }
    while let last = lines.last, isBlank(last) { lines.removeLast() }
    guard let boundary = lines.lastIndex(where: isBlank) else { return [] }
    var trailers: [[UInt8]] = []
    var (others, hasGenerated) = (0, false)
    var isContinued = false
    for line in lines[(boundary + 1)...] where line.first != UInt8(ascii: "#") {
      if line.first == UInt8(ascii: " ") || line.first == UInt8(ascii: "\t") {
        if isContinued { trailers[trailers.count - 1] += [UInt8(ascii: " ")] + line } else { others += 1 }
      } else if line.starts(with: cherryPicked) {
        (hasGenerated, isContinued) = (true, false)
      } else if isTrailer(line) {
        hasGenerated = hasGenerated || line.starts(with: signedOff)
        trailers.append(Array(line))
        isContinued = true
      } else {
        others += 1
        isContinued = false
      }
    }
    return others == 0 || (hasGenerated && trailers.count * 3 >= others) ? trailers : []
  }

  private static let cherryPicked = Array("(cherry picked from commit ".utf8)
  private static let signedOff = Array("Signed-off-by: ".utf8)

  /// As `isspace` has it (git-interpret-trailers(1) by way of `is_blank_line`).
  private static func isBlank(_ line: ArraySlice<UInt8>) -> Bool {
    line.allSatisfy { $0 == 32 || (9...13).contains($0) }
  }

  private static func isTrailer(_ line: ArraySlice<UInt8>) -> Bool {
    guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > line.startIndex else { return false }
    return line[..<colon].allSatisfy {
      $0 == UInt8(ascii: "-") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
        || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0 | 0x20)
    }
  }
}
