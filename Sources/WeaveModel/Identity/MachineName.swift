import ForeignText

/// The rules for a machine's name, and for another name of it: any ``LegibleName`` that can also name a file in a
/// resolution's tree.
public enum MachineName {
  /// Why `text` cannot name a machine; nil where it can.
  public static func reason(against text: String) -> String? {
    // Nearly all are, and a constellation may have a hundred thousand.
    if text.isPlainName { return nil }
    if let reason = LegibleName.reason(against: text) { return reason }
    if text.holds(" ") { return "it contains a space" }
    if text.holds("/") { return "it contains '/'" }
    // What reaches a machine takes the part after the @ of `guest@host` for where it is.
    if text.holds("@-") { return "what follows its '@' begins with '-', as an option does" }
    if text.utf8.allSatisfy({ $0 == UInt8(ascii: ".") }) { return "it is a path" }
    if isGitDirectory(text) { return "to some file systems it is '.git'" }
    return nil
  }

  /// Whether NTFS or HFS+ takes it for `.git`, as Git's `is_ntfs_dotgit` and `is_hfs_dotgit` tell (path.c, utf8.c): in any
  /// case, by its short name, with dots, spaces, a stream or a path after it. What HFS+ ignores is in no name.
  private static func isGitDirectory(_ text: String) -> Bool {
    let name = text.lowercasedASCII
    guard let rest = name.dropping(prefix: ".git") ?? name.dropping(prefix: "git~1") else { return false }
    let end = rest.drop(whileScalar: { $0 == "." || $0 == " " })
    return end.isEmpty || end.begins(with: ":") || end.begins(with: "\\")
  }
}

extension String {
  /// Whether it is made of ASCII letters, digits, `.`, `_` and `-`, and begins with a letter or a digit: no rule is against it.
  fileprivate var isPlainName: Bool {
    guard let first = utf8.first, Unicode.Scalar(first).isASCIIAlphanumeric,
      utf8.count <= LegibleName.longest
    else { return false }
    return utf8.allSatisfy {
      Unicode.Scalar($0).isASCIIAlphanumeric || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".")
        || $0 == UInt8(ascii: "_")
    }
  }
}
