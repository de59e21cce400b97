/// Takes the secrets of URLs out of text that somebody else wrote, such as what Git says.
public struct Redaction: Sendable {
  /// The spellings of the secrets that are known, the longest first.
  private let known: [[UInt8]]

  /// One that knows no secret: it finds those that stand in URLs.
  public init() { known = [] }

  /// One that also finds what is secret in `url` outside URLs, decoded and encoded.
  public init(knowing url: RepositoryURL) {
    guard url.hasSecret else {
      known = []
      return
    }
    let secrets = URLSecrets(Array(url.textWithSecret.utf8), .wholeText).secrets
    // A shorter one would be found in words that have nothing to do with it.
    let spellings = secrets.flatMap(Self.spellings).filter { $0.count >= 4 }
    known = Set(spellings).sorted {
      $0.count == $1.count ? $0.lexicographicallyPrecedes($1) : $0.count > $1.count
    }
  }

  /// The text with `***` in the place of the secrets that are known, and without user names, passwords and tokens of URLs.
  public func text(_ text: some StringProtocol) -> String {
    var bytes = Array(text.utf8)
    for secret in known { Self.replace(secret, in: &bytes) }
    guard bytes.contains(where: { ":@".utf8.contains($0) }) else {
      return String(decoding: bytes, as: UTF8.self)
    }
    var shown: [UInt8] = []
    var rest = bytes[...]
    while !rest.isEmpty {
      let space = rest.prefix { $0 <= 0x20 }
      let word = rest[space.endIndex...].prefix { $0 > 0x20 }
      shown += space
      shown += Self.word(word)
      rest = rest[word.endIndex...]
    }
    return String(decoding: shown, as: UTF8.self)
  }

  /// ``text(_:)`` of one that knows no secret, for a line in which there may be a command to paste. Where what is left out
  /// holds a quote, a backslash or a dollar, the words after it would be quoted otherwise than they were, and a shell would run what it
  /// was not to: nothing follows.
  public static func line(_ text: some StringProtocol) -> String {
    var words: [String] = []
    for word in String(text).split(atScalar: " ", keepsEmpty: true) {
      words.append(Redaction.text(word))
      guard quotes(in: words[words.count - 1]) == quotes(in: word) else {
        words.append("…")
        break
      }
    }
    return words.joined(separator: " ")
  }

  private static func quotes(in text: some StringProtocol) -> Int {
    text.utf8.count { "'\"\\$`".utf8.contains($0) }
  }

  /// ``text(_:)`` of one that knows no secret.
  public static func text(_ text: some StringProtocol) -> String { Redaction().text(text) }

  private static func word(_ word: ArraySlice<UInt8>) -> [UInt8] { URLSecrets(Array(word), .word).shown }

  private static func spellings(of secret: [UInt8]) -> [[UInt8]] {
    let decoded = PercentEncoding.decoded(secret)
    return [secret, decoded] + [true, false].map { encoded(decoded, uppercase: $0) }
  }

  /// With `%XX` for each byte that is not unreserved (RFC 3986, 2.3).
  private static func encoded(_ bytes: [UInt8], uppercase: Bool) -> [UInt8] {
    bytes.flatMap { byte -> [UInt8] in
      if Unicode.Scalar(byte).isASCIIAlphanumeric || "-._~".utf8.contains(byte) { return [byte] }
      let digits = String(byte, radix: 16, uppercase: uppercase)
      return Array(("%" + (digits.utf8.count < 2 ? "0" : "") + digits).utf8)
    }
  }

  private static func replace(_ secret: [UInt8], in bytes: inout [UInt8]) {
    guard let first = secret.first, bytes.count >= secret.count else { return }
    var replaced: [UInt8] = []
    var index = 0
    while index < bytes.count {
      if bytes[index] == first, bytes[index...].starts(with: secret) {
        replaced += "***".utf8
        index += secret.count
      } else {
        replaced.append(bytes[index])
        index += 1
      }
    }
    bytes = replaced
  }
}
