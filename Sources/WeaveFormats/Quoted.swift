/// Text as the syntaxes of other tools quote it.
enum Quoted {
  /// A double-quoted scalar of YAML: never a number, a key word or a comment.
  static func yaml(_ text: String) -> String {
    let scalars = text.unicodeScalars.map { scalar -> String in
      switch scalar {
      case "\"", "\\": "\\" + String(scalar)
      case _ where isUnseen(scalar):
        "\\U" + String(repeating: "0", count: 8 - String(scalar.value, radix: 16).count)
          + String(scalar.value, radix: 16)
      default: String(scalar)
      }
    }
    return "\"" + scalars.joined() + "\""
  }

  /// A value of Git's configuration.
  static func gitConfig(_ text: String) -> String {
    let escaped = text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
    return escaped == text && !text.contains(where: { " #;".contains($0) }) ? text : "\"\(escaped)\""
  }

  /// A string of Nix.
  static func nix(_ text: String) -> String {
    let escaped = text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing(
      "${", with: "\\${")
    return "\"\(escaped)\""
  }

  /// The name of an attribute in Nix.
  static func nixAttribute(_ name: String) -> String {
    name.wholeMatch(of: #/[a-zA-Z_][a-zA-Z0-9_'-]*/#) != nil && !nixKeywords.contains(name) ? name : nix(name)
  }

  private static let nixKeywords: Set = [
    "assert", "else", "if", "in", "inherit", "let", "or", "rec", "then", "with",
  ]

  /// The value of an attribute in XML.
  static func xml(_ text: Substring) -> String {
    String(text).replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing("\"", with: "&quot;")
      .replacing(">", with: "&gt;")
  }

  /// One word of a POSIX shell.
  static func shell(_ text: String) -> String { "'" + text.replacing("'", with: "'\\''") + "'" }

  /// What can stand in a comment that ends with its line.
  static func comment(_ text: String) -> String {
    var shown = String.UnicodeScalarView()
    for scalar in text.unicodeScalars { shown.append(isUnseen(scalar) ? "?" : scalar) }
    return String(shown)
  }

  private static func isUnseen(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: true
    default: false
    }
  }
}
