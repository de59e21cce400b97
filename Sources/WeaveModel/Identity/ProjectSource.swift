import ForeignText

/// What may stand as a project's source, or as a remote's URL.
public enum ProjectSource {
  /// Of a source, and of the name of what is tracked of it: a file system takes no longer path (PATH_MAX).
  public static let mostBytes = 4_096

  /// Why `text` must not be handed to `git`; nil where it may be.
  public static func refusal(of text: String) -> String? {
    guard text.utf8.count <= mostBytes else {
      return "it has \(text.utf8.count) bytes, of at most \(mostBytes)"
    }
    // What is exported, and what a checkout gets, is the URL without its secret.
    let url = RepositoryURL(text)
    let after = text.lastIndex(ofScalar: "@").map { text[$0...].dropFirst(bytes: 1) } ?? text[...]
    return refusal(ofPlain: text) ?? refusal(ofPlain: url.isUnclear ? String(after) : url.text)
  }

  private static func refusal(ofPlain text: String) -> String? {
    if text.isEmpty { return "it is empty" }
    if text.begins(with: "-") {
      return "Git would take it for an option; a path that begins with `-` is written `./-…`"
    }
    if text.utf8.contains(where: { $0 < 32 || $0 == 127 }) { return "it holds a control character" }
    // Git would hand it to a program of that name (gitremote-helpers(7)).
    let transport = text.utf8.prefix { isAlphanumeric($0) || "+-.".utf8.contains($0) }
    if !transport.isEmpty, text.utf8.dropFirst(transport.count).starts(with: "::".utf8) {
      return "it names a transport that runs a program"
    }
    return nil
  }

  /// Why `url` must not be recorded; nil where it may be, without its secret.
  public static func refusal(ofUnclear url: RepositoryURL) -> String? {
    guard url.isUnclear else { return nil }
    return
      "where its password ends is not clear: of a password write `/`, `?`, `#`, `@` as %2F, %3F, %23, %40, of a path "
      + "`@` as %40, and an address as of scp with `@` in its path as ssh://HOST/PATH"
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
      || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
  }
}
