/// Texts that would break out of their quotes if a writer missed a delimiter.
public enum HostileTexts {
  /// What makes a delimiter a part of another Character, or is not seen: letters and signs that Unicode prepends to the
  /// next (GCB=Prepend), combining marks, joiners, variation selectors, directions, ends of lines.
  public static let marks: [Unicode.Scalar] = [
    "\u{0D4E}", "\u{0600}", "\u{110BD}", "\u{111C2}", "\u{1193F}",
    "\u{0301}", "\u{20E3}", "\u{0903}", "\u{0BBE}", "\u{1F3FD}", "\u{200D}", "\u{FE0F}", "\u{E0041}",
    "\u{202E}", "\u{2066}", "\u{FEFF}", "\u{2028}", "\u{85}", "\u{AD}", "\u{3164}", "\r", "\n", "\t",
    "\u{7F}", "\u{1B}",
  ]

  /// Each of the delimiters alone, twice, between letters, and with each mark before it, after it and on both sides,
  /// with `payload` behind.
  public static func around(_ delimiters: [String], payload: String, besides more: [Unicode.Scalar] = [])
    -> [String]
  {
    var texts = [
      "", " ", " a ", "a b", "-a", "~", "#a", "a#b", "a\\", "é\u{301}", "\\", "\\\\", "👩‍👩‍👧‍👦", "\u{FFFF}", "null",
      "1e3",
    ]
    for delimiter in delimiters {
      texts += [
        delimiter, delimiter + delimiter, "a\(delimiter)b", delimiter + payload, "\\" + delimiter + payload,
      ]
      for mark in marks + more {
        texts += [
          "\(mark)\(delimiter)\(payload)", "\(delimiter)\(mark)\(payload)",
          "a\(mark)\(delimiter)\(mark)\(payload)",
        ]
      }
    }
    return texts
  }
}
