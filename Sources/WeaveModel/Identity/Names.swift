import ForeignText

/// Why a text is no name.
public struct NameError: Error, Equatable, CustomStringConvertible {
  public let text: String
  public let kind: String
  public let reason: String

  public var description: String { "'\(FreeText.name(text))' is not a valid \(kind) name: \(reason)" }
}

/// The rules that project and writer names share: they become components of ref names and of file names
/// on every system, so they are stricter than Git's own (git-check-ref-format(1)).
enum NameRules {
  static let longest = 64

  static func check(_ text: String, kind: String) throws(NameError) {
    func fail(_ reason: String) -> NameError { NameError(text: text, kind: kind, reason: reason) }
    let bytes = Array(text.utf8)
    guard let first = bytes.first else { throw fail("it is empty") }
    guard bytes.count <= longest else {
      throw fail("it has \(bytes.count) characters, of at most \(longest)")
    }
    guard isAlphanumeric(first) else { throw fail("it must begin with a lower-case letter or a digit") }
    guard bytes.allSatisfy({ isAlphanumeric($0) || isPunctuation($0) }) else {
      throw fail("only lower-case letters, digits, '.', '_' and '-' are allowed")
    }
    let dot = UInt8(ascii: ".")
    guard !zip(bytes, bytes.dropFirst()).contains(where: { $0 == dot && $1 == dot }) else {
      throw fail("it contains '..'")
    }
    guard bytes.last != dot else { throw fail("it ends in '.'") }
    guard !text.ends(with: ".lock") else { throw fail("it ends in '.lock', which Git keeps for itself") }
    let stem = bytes.prefix { $0 != dot }
    guard stem.count > longestDevice || !windowsDevices.contains(where: { stem.elementsEqual($0) }) else {
      throw fail("it is a Windows device name")
    }
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
      || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  private static func isPunctuation(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
  }

  private static let longestDevice = 4
  private static let windowsDevices =
    (["con", "prn", "aux", "nul"] + (1...9).flatMap { ["com\($0)", "lpt\($0)"] })
    .map { Array($0.utf8) }
}

/// The name under which a store holds a project: `[a-z0-9][a-z0-9._-]{0,63}`.
public struct ProjectName: Hashable, Comparable, Sendable, CustomStringConvertible {
  public let text: String

  /// The name that `text` is, or why it is none.
  public init(_ text: String) throws(NameError) {
    try NameRules.check(text, kind: "project")
    self.text = text
  }

  public var description: String { text }
  public static func < (left: Self, right: Self) -> Bool {
    left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
  }
}

/// The name under which a store knows a remote: the same rules as a project's.
public struct RemoteName: Hashable, Comparable, Sendable, CustomStringConvertible {
  public let text: String

  /// The name that `text` is, or why it is none.
  public init(_ text: String) throws(NameError) {
    try NameRules.check(text, kind: "remote")
    self.text = text
  }

  public var description: String { text }
  public static func < (left: Self, right: Self) -> Bool {
    left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
  }
}

/// The name of a ledger's one writer: the same rules as a project's.
public struct WriterName: Hashable, Comparable, Sendable, CustomStringConvertible {
  public let text: String

  /// The name that `text` is, or why it is none.
  public init(_ text: String) throws(NameError) {
    try NameRules.check(text, kind: "writer")
    self.text = text
  }

  public var description: String { text }
  public static func < (left: Self, right: Self) -> Bool {
    left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
  }
}
