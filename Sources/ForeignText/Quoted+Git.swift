extension Quoted {
  /// A value of Git's configuration (git-config(1), "Values").
  public static func gitConfig(_ text: some StringProtocol) -> String {
    let isPlain =
      !text.isEmpty && text.utf8.allSatisfy { $0 > 32 && $0 != 127 && !"\"\\#;".utf8.contains($0) }
    guard !isPlain else { return String(text) }
    let escaped = text.mapScalars { scalar in
      switch scalar {
      case "\\", "\"": "\\" + String(scalar)
      case "\n": "\\n"
      case "\t": "\\t"
      case "\u{8}": "\\b"
      case "\0": "\u{FFFD}"
      default: nil
      }
    }
    return "\"\(escaped)\""
  }

  /// What stands between the quotes of a section's head in Git's configuration (git-config(1), "Syntax"). It has no way
  /// to write a line feed, which becomes U+FFFD.
  public static func gitSubsection(_ text: some StringProtocol) -> String {
    text.mapScalars { scalar in
      switch scalar {
      case "\\", "\"": "\\" + String(scalar)
      case "\n", "\0": "\u{FFFD}"
      default: nil
      }
    }
  }

  /// A line of a `.gitignore` that means exactly that path below its folder (gitignore(5), "PATTERN FORMAT"); nil where the
  /// path has an end of a line, which no pattern can hold.
  public static func gitIgnore(_ path: some StringProtocol) -> String? {
    guard !path.holds("\n"), !path.holds("\0") else { return nil }
    return "/" + path.mapScalars { "\\*?[] \t\r".unicodeScalars.contains($0) ? "\\" + String($0) : nil }
  }

  /// A path in a list such as `GIT_ALTERNATE_OBJECT_DIRECTORIES` (git(1)): quoted as C has it, so that no colon parts it.
  public static func gitPath(_ path: some StringProtocol) -> String {
    "\"" + path.mapScalars { $0 == "\\" || $0 == "\"" ? "\\" + String($0) : $0 == "\n" ? "\\n" : nil } + "\""
  }
}
