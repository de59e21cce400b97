extension Quoted {
  /// A string of Nix (Nix manual, "String literals").
  ///
  /// Line ends are written as escapes: of a carriage return in a literal Nix makes a line feed.
  public static func nix(_ text: some StringProtocol) -> String {
    let escaped = text.mapScalars { scalar in
      switch scalar {
      case "\\", "\"", "$": "\\" + String(scalar)
      case "\n": "\\n"
      case "\r": "\\r"
      case "\t": "\\t"
      case "\0": "\u{FFFD}"
      default: nil
      }
    }
    return "\"\(escaped)\""
  }

  /// The name of an attribute in Nix (Nix manual, "Identifiers"): quoted where it is no identifier.
  public static func nixAttribute(_ name: some StringProtocol) -> String {
    let scalars = name.unicodeScalars
    let isIdentifier =
      scalars.first.map { $0.isASCIILetter || $0 == "_" } ?? false
      && scalars.allSatisfy { $0.isASCIIAlphanumeric || "_'-".unicodeScalars.contains($0) }
    return isIdentifier && !nixKeywords.contains(String(name)) ? String(name) : nix(name)
  }

  private static let nixKeywords: Set = [
    "assert", "else", "if", "in", "inherit", "let", "or", "rec", "then", "with",
  ]
}
