extension Quoted {
  /// A double-quoted scalar of YAML (YAML 1.2.2, 7.3.1): never a number, a key word or a comment. What YAML does not count
  /// as printable is escaped, and so are what nobody sees, and an `&` where outside of quotes an anchor could stand: a
  /// reader that bounds how far aliases may grow, as weave's, finds those within quotes, too.
  public static func yaml(_ text: some StringProtocol) -> String {
    let scalars = Array(text.unicodeScalars)
    var escaped = ""
    for (index, scalar) in scalars.enumerated() {
      switch scalar {
      case "\"", "\\": escaped += "\\" + String(scalar)
      case "&" where mayBeAnchor(scalars, at: index): escaped += "\\x26"
      case _ where scalar.isUnseen: escaped += yamlEscape(scalar)
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return "\"\(escaped)\""
  }

  /// Whether the ampersand there could begin an anchor of YAML, in a line that it may be put in.
  static func mayBeAnchor(_ scalars: [Unicode.Scalar], at index: Int) -> Bool {
    guard index == 0 || " [{,:?-".unicodeScalars.contains(scalars[index - 1]), index + 1 < scalars.count
    else {
      return false
    }
    let next = scalars[index + 1]
    return next.properties.isAlphabetic || "0123456789_-".unicodeScalars.contains(next)
  }

  /// A text in YAML for a person to look at: each control or format character as the escape that it would have in a
  /// double-quoted scalar. Tabs and line feeds stay, and so do carriage returns before line feeds.
  public static func yamlDocument(_ text: some StringProtocol) -> String {
    let visible = text.split(atScalar: "\n", keepsEmpty: true).map { line in
      let (line, end) = line.dropping(suffix: "\r").map { ($0, "\r") } ?? (line, "")
      return line.mapScalars { $0.isUnseen && $0 != "\t" ? yamlEscape($0) : nil } + end
    }
    return visible.joined(separator: "\n")
  }

  /// How many characters ``yamlDocument(_:)`` shows as escapes.
  public static func yamlDocumentEscapes(_ text: some StringProtocol) -> Int {
    // Ten characters stand in the place of each.
    (yamlDocument(text).unicodeScalars.count - text.unicodeScalars.count) / 9
  }

  private static func yamlEscape(_ scalar: Unicode.Scalar) -> String { "\\U" + hex(scalar.value, digits: 8) }

  /// A string of JSON (RFC 8259, section 7), with what nobody sees escaped, too.
  public static func json(_ text: some StringProtocol) -> String {
    let escaped = text.mapScalars { scalar in
      switch scalar {
      case "\"", "\\": "\\" + String(scalar)
      default: scalar.isUnseen ? jsonEscape(scalar) : nil
      }
    }
    return "\"\(escaped)\""
  }

  /// A document of JSON, in whose strings what nobody sees is escaped: the same document to whoever reads it. Its line
  /// feeds stay; in a string of JSON there is none.
  public static func jsonDocument(_ document: some StringProtocol) -> String {
    // Nearly every document is ASCII, and may be long.
    if document.utf8.allSatisfy({ (32...126).contains($0) || $0 == 10 }) { return String(document) }
    return document.mapScalars { $0.isUnseen && $0 != "\n" ? jsonEscape($0) : nil }
  }

  private static func jsonEscape(_ scalar: Unicode.Scalar) -> String {
    UTF16.encode(scalar)!.map { "\\u" + hex(UInt32($0), digits: 4) }.joined()
  }

  /// A quoted template of HCL (HCL Native Syntax Specification, "Quoted literals") in which nothing is interpolated.
  public static func hcl(_ text: some StringProtocol) -> String {
    var escaped = ""
    var last: Unicode.Scalar?
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": escaped += "\\" + String(scalar)
      case "\n": escaped += "\\n"
      case "\r": escaped += "\\r"
      case "\t": escaped += "\\t"
      // `$${` is a dollar sign and a brace; after a dollar sign it would be read another way.
      case "{" where last == "$" || last == "%": escaped += "\\u007b"
      case _ where scalar.isUnseen:
        escaped +=
          scalar.value > 0xffff ? "\\U" + hex(scalar.value, digits: 8) : "\\u" + hex(scalar.value, digits: 4)
      default: escaped.unicodeScalars.append(scalar)
      }
      last = scalar
    }
    return "\"\(escaped)\""
  }

  /// The value of a label in Prometheus' text format (Prometheus documentation, "Exposition formats").
  public static func prometheus(_ text: some StringProtocol) -> String {
    let escaped = text.mapScalars { scalar in
      switch scalar {
      case "\\", "\"": "\\" + String(scalar)
      case "\n": "\\n"
      default: nil
      }
    }
    return "\"\(escaped)\""
  }

  /// What sets an output in a file that `$GITHUB_OUTPUT` names, lines and all (GitHub documentation, "Workflow commands",
  /// "Multiline strings"). `name` is an identifier.
  public static func gitHubOutput(_ name: String, _ value: some StringProtocol) -> String {
    guard value.unicodeScalars.contains(where: { $0 == "\n" || $0 == "\r" }) else {
      return "\(name)=\(value)\n"
    }
    let lines = Set(value.unicodeScalars.split { $0 == "\n" || $0 == "\r" }.map { Array($0) })
    var delimiter = "END"
    while lines.contains(Array(delimiter.unicodeScalars)) { delimiter += "-" }
    return "\(name)<<\(delimiter)\n\(value)\n\(delimiter)\n"
  }

  static func hex(_ value: UInt32, digits: Int) -> String {
    let text = String(value, radix: 16)
    return String(repeating: "0", count: digits - text.utf8.count) + text
  }
}
