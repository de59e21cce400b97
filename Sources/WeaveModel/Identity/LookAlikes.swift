import ForeignText

/// Names that a reader takes for one another.
public enum LookAlikes {
  /// What `name` looks like: two names with one skeleton are hard to tell apart. For comparing, not for showing.
  ///
  /// After Unicode Technical Standard #39, section 4, with a table that is short: letters of Cyrillic, Greek and Armenian
  /// that are drawn as those of Latin, widths, the digits 0 and 1, hyphens, and `rn` and `vv`. Case is folded too.
  public static func skeleton(_ name: some StringProtocol) -> String {
    let prototypes = name.mapScalars { scalar in
      if let prototype = table[scalar] { return prototype }
      // Fullwidth forms.
      if (0xff01...0xff5e).contains(scalar.value), let narrow = Unicode.Scalar(scalar.value - 0xfee0) {
        return table[narrow] ?? String(narrow)
      }
      return nil
    }
    let folded = prototypes.mapScalars { $0.properties.lowercaseMapping }
    return folded.split(atBytes: "rn").joined(separator: "m").split(atBytes: "vv").joined(separator: "w")
  }

  /// How the two differ, by code points, past what they begin and end with alike: `U+043E for U+006F`.
  public static func difference(_ name: String, from other: String) -> String {
    var (one, two) = (Array(name.unicodeScalars)[...], Array(other.unicodeScalars)[...])
    while let first = one.first, first == two.first { (one, two) = (one.dropFirst(), two.dropFirst()) }
    while let last = one.last, last == two.last { (one, two) = (one.dropLast(), two.dropLast()) }
    func list(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
      if scalars.isEmpty { return "nothing" }
      let most = 6
      return scalars.prefix(most).map(\.codePoint).joined(separator: " ") + (scalars.count > most ? " …" : "")
    }
    return "\(list(one)) for \(list(two))"
  }

  /// From confusables.txt of UTS #39, what is drawn alike in the fonts of terminals.
  private static let table: [Unicode.Scalar: String] = {
    let alike: [(String, String)] = [
      ("a", "аα"), ("A", "АΑ"), ("b", "Ь"), ("B", "ВΒ"), ("c", "сϲ"), ("C", "СϹ"), ("d", "ԁ"), ("e", "еҽ"),
      ("E", "ЕΕ"),
      ("g", "ɡց"), ("G", "Ԍ"), ("h", "һհ"), ("H", "НΗ"), ("i", "іıɩι"), ("j", "јϳ"), ("J", "ЈͿ"), ("k", "κк"),
      ("K", "КΚ\u{212A}"), ("l", "1Iӏ|ІΙɪⅼ"), ("M", "МΜ"), ("n", "ոո"), ("N", "Ν"), ("o", "0Oо0οՕօОΟ"),
      ("p", "рρ"),
      ("P", "РΡ"), ("q", "ԛզ"), ("r", "г"), ("s", "ѕ"), ("S", "ЅՏ"), ("t", "τт"), ("T", "ТΤ"), ("u", "υսʋ"),
      ("U", "Ս"), ("v", "νѵ"), ("w", "ԝա"), ("x", "хχ"), ("X", "ХΧ"), ("y", "уүγ"), ("Y", "ΥҮ"), ("Z", "Ζ"),
      ("3", "ЗзӠ"),
      ("6", "б"), ("-", "\u{2010}\u{2011}\u{2012}\u{2013}\u{2212}\u{2043}\u{FE63}"),
      (".", "\u{2024}\u{A4F8}"),
      ("_", "\u{FF3F}"),
    ]
    var table: [Unicode.Scalar: String] = [:]
    for (prototype, scalars) in alike {
      for scalar in scalars.unicodeScalars { table[scalar] = prototype }
    }
    return table
  }()
}
