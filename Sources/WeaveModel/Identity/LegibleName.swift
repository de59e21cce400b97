import ForeignText

/// The rules for every name that a person chooses freely, of a machine, a role, a constellation or a set: who reads it sees
/// all of it, and no program takes it for an option.
///
/// Characters that Unicode assigned after the toolchain's version of it are refused.
public enum LegibleName {
  static let longest = 200

  /// Why `text` is no name; nil where it is one.
  public static func reason(against text: String) -> String? {
    if text.isEmpty { return "it is empty" }
    if text.utf8.count > longest { return "it has \(text.utf8.count) bytes, of at most \(longest)" }
    if text.begins(with: "-") { return "it begins with '-', as an option does" }
    if let unseen = text.unicodeScalars.first(where: { !$0.isLegible && $0 != " " }) {
      return "it contains \(unseen.codePoint), a character that nobody sees"
    }
    if text.begins(with: " ") || text.ends(with: " ") { return "it begins or ends with a space" }
    if let mark = text.strayMark { return "it contains \(mark.codePoint), a mark that is on no letter" }
    return nil
  }
}

/// The rules for a set's name, which stands where an id, a revision of a project or a command may stand, too.
public enum SetName {
  /// Why `text` cannot name a set; nil where it can.
  public static func reason(against text: String) -> String? {
    if let reason = LegibleName.reason(against: text) { return reason }
    if ["make", "list", "show", "remove"].contains(text) { return "it would be taken for a command" }
    if text.holds("@") { return "it would be taken for PROJECT@REVISION" }
    return CommitID(hex: text) == nil ? nil : "it would be taken for an id"
  }

  /// Whether `text` may also be the beginning of an id, as Git abbreviates it.
  public static func mayBeID(_ text: String) -> Bool {
    (4...40).contains(text.utf8.count) && text.unicodeScalars.allSatisfy(\.isASCIIHexDigit)
  }
}

/// The rules for a constellation's name, which `-c` tells from a file's.
public enum ConstellationName {
  /// Why `text` cannot name a constellation; nil where it can.
  public static func reason(against text: String) -> String? {
    if let reason = LegibleName.reason(against: text) { return reason }
    if text.utf8.allSatisfy({ $0 == UInt8(ascii: ".") }) { return "it is a path" }
    return isFile(text) ? "it would be taken for a file: it has a '/', or ends as a file's name does" : nil
  }

  /// Whether `-c` takes `text` for the name of a file: it has a `/`, or ends in `.yaml`, `.yml` or `.json`.
  public static func isFile(_ text: String) -> Bool {
    let name = text.lowercasedASCII
    return text.holds("/") || [".yaml", ".yml", ".json"].contains { name.ends(with: $0) }
  }
}

extension StringProtocol {
  /// The first combining mark that follows no letter and no digit: it would stand on a delimiter, or on nothing.
  var strayMark: Unicode.Scalar? {
    var carries = false
    for scalar in unicodeScalars {
      if scalar.isMark, !carries { return scalar }
      carries = scalar.isMark || scalar.isLetterOrNumber
    }
    return nil
  }
}

extension Unicode.Scalar {
  /// `U+0041`, as the Unicode Standard writes it.
  public var codePoint: String {
    let digits = String(value, radix: 16, uppercase: true)
    return "U+" + String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
  }

  /// Whether a reader sees it: it is assigned, no kind of white space, nothing that Unicode wants shown as nothing
  /// (`Default_Ignorable_Code_Point`), and none of those that are drawn without ink.
  var isLegible: Bool {
    if isASCII { return value > 32 && value < 127 }
    switch properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator,
      .spaceSeparator:
      return false
    default:
      return !properties.isDefaultIgnorableCodePoint && !properties.isWhitespace
        && !Self.blanks.contains(value)
    }
  }

  /// BRAILLE PATTERN BLANK, KHITAN SMALL SCRIPT FILLER, EGYPTIAN HIEROGLYPH FULL BLANK and HALF BLANK, MUSICAL SYMBOL NULL
  /// NOTEHEAD, and the OBJECT REPLACEMENT CHARACTER.
  private static let blanks: Set<UInt32> = [0x2800, 0x16fe4, 0x13441, 0x13442, 0x1d159, 0xfffc]

  var isMark: Bool {
    if isASCII { return false }
    return switch properties.generalCategory {
    case .nonspacingMark, .spacingMark, .enclosingMark: true
    default: properties.isGraphemeExtend
    }
  }

  var isLetterOrNumber: Bool {
    if isASCII { return isASCIIAlphanumeric }
    return switch properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
      .letterNumber, .otherNumber:
      true
    default: false
    }
  }
}
