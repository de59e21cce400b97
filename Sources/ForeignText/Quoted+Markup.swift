extension Quoted {
  /// Text between tags of XML, or within the quotes of an attribute (XML 1.0, 2.4 and 3.3.3), as in SVG and JUnit.
  ///
  /// Line ends and tabs are written as references: a reader makes spaces of them in an attribute.
  public static func xml(_ text: some StringProtocol) -> String {
    text.mapScalars { scalar in
      switch scalar {
      case "&": "&amp;"
      case "<": "&lt;"
      case ">": "&gt;"
      case "\"": "&quot;"
      case "'": "&#39;"
      case "\t", "\n", "\r": "&#\(scalar.value);"
      case _ where !isXML(scalar): "\u{FFFD}"
      default: nil
      }
    }
  }

  /// What stands in a comment of XML (XML 1.0, 2.5): no two dashes, none at its end.
  public static func xmlComment(_ text: some StringProtocol) -> String {
    var last: Unicode.Scalar?
    let comment = comment(text).mapScalars { scalar in
      defer { last = scalar }
      if scalar == "-", last == "-" { return " -" }
      return isXML(scalar) ? nil : "\u{FFFD}"
    }
    return last == "-" ? comment + " " : comment
  }

  /// XML 1.0, 2.2, production 2.
  private static func isXML(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value >= 0x20
      ? scalar.value != 0xfffe && scalar.value != 0xffff : "\t\n\r".unicodeScalars.contains(scalar)
  }

  /// Text in Markdown, on one line, also in a cell of a table (GitHub Flavored Markdown, 6.1 and 4.10): none of it is taken
  /// for Markdown or HTML, for a link, or for somebody's name. Control and format characters are `?`.
  public static func markdown(_ text: some StringProtocol) -> String {
    let shown = terminal(text)
    // What begins a block: a list, a heading, a line across.
    let digits = shown.prefix(whileScalar: \.isASCIIDigit)
    let start = shown[digits.endIndex...].unicodeScalars.first.flatMap {
      (digits.isEmpty ? "-+=" : ".)").unicodeScalars.contains($0) ? digits.endIndex : nil
    }
    var escaped = ""
    var last: Unicode.Scalar?
    for index in shown.unicodeScalars.indices {
      let scalar = shown.unicodeScalars[index]
      switch scalar {
      // A reader looks for addresses and names when escapes are undone, but not across an element.
      case "@": escaped += "@<!-- -->"
      case _ where index == start, _ where "\\`*_{}[]<>#|~&!$:".unicodeScalars.contains(scalar),
        "." where last == "w" || last == "W":
        escaped += "\\" + String(scalar)
      default: escaped.unicodeScalars.append(scalar)
      }
      last = scalar
    }
    // Blanks at the sides of a line have a meaning.
    let blanks = (escaped.prefix(whileScalar: { $0 == " " }), escaped.drop(whileScalar: { $0 == " " }))
    let end = blanks.1.utf8.reversed().prefix { $0 == UInt8(ascii: " ") }.count
    return blanks.0.mapScalars { _ in "&#32;" } + blanks.1.dropLast(bytes: end)
      + String(repeating: "&#32;", count: end)
  }

  /// A quoted string of Graphviz whose text is shown as it is (Graphviz documentation, "escString", and the language's
  /// "ID"). Control and format characters are `?`.
  public static func dot(_ text: some StringProtocol) -> String {
    let escaped = terminal(text).mapScalars { scalar in
      switch scalar {
      case "\\", "\"": "\\" + String(scalar)
      // Graphviz reads the references of HTML in each text.
      case "&": "&amp;"
      default: nil
      }
    }
    return "\"\(escaped)\""
  }

  /// A quoted string of Mermaid, in which all but letters, digits and the plainest signs are entity codes (Mermaid
  /// documentation, "Flowcharts", "Entity codes to escape characters"): quotes, Markdown and HTML have a meaning there.
  public static func mermaid(_ text: some StringProtocol) -> String {
    let escaped = terminal(text).mapScalars { scalar in
      let isPlain =
        scalar.properties.isAlphabetic || scalar.properties.numericType != nil
        || " .,:-⋮✕●○◆…".unicodeScalars.contains(scalar)
      return isPlain ? nil : "#\(scalar.value);"
    }
    return "\"\(escaped)\""
  }
}
