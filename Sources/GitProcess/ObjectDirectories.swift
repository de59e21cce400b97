import ForeignText

/// The directories of objects besides a repository's own, as `GIT_ALTERNATE_OBJECT_DIRECTORIES` has them: divided by
/// colons, each as it is or in double quotes with the escapes of C (git(1)).
public struct ObjectDirectories: Equatable, Sendable {
  public let paths: [String]

  public init(_ paths: [String]) { self.paths = paths }

  /// As Git reads the variable (`link_alt_odb_entries` of its object-file.c): what is in quotes that do not end, or has an
  /// escape that C does not know, is taken as it is.
  public init(variable: String) {
    var rest = Array(variable.utf8)[...]
    var paths: [String] = []
    while !rest.isEmpty {
      if let (path, end) = Self.quoted(rest) {
        paths.append(String(foreign: path))
        rest = end.drop { $0 != UInt8(ascii: ":") }
      } else {
        paths.append(String(foreign: rest.prefix { $0 != UInt8(ascii: ":") }))
        rest = rest.drop { $0 != UInt8(ascii: ":") }
      }
      rest = rest.dropFirst()
    }
    self.paths = paths.filter { !$0.isEmpty }
  }

  /// What ``init(variable:)`` reads.
  var variable: String {
    paths.map { path in
      "\"" + path.mapScalars { $0 == "\"" || $0 == "\\" ? "\\\($0)" : $0 == "\n" ? "\\n" : nil } + "\""
    }.joined(separator: ":")
  }

  private static let escapes: [UInt8: UInt8] = [
    UInt8(ascii: "a"): 7, UInt8(ascii: "b"): 8, UInt8(ascii: "t"): 9, UInt8(ascii: "n"): 10,
    UInt8(ascii: "v"): 11, UInt8(ascii: "f"): 12, UInt8(ascii: "r"): 13, UInt8(ascii: "\""): 34,
    UInt8(ascii: "\\"): 92,
  ]

  /// The text in the quotes with which `bytes` begin, and what follows them (`unquote_c_style` of Git's quote.c).
  static func quoted(_ bytes: ArraySlice<UInt8>) -> (text: [UInt8], rest: ArraySlice<UInt8>)? {
    var rest = bytes
    guard rest.popFirst() == UInt8(ascii: "\"") else { return nil }
    var text: [UInt8] = []
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "\"") { return (text, rest) }
      guard byte == UInt8(ascii: "\\") else {
        text.append(byte)
        continue
      }
      guard let escape = rest.popFirst() else { return nil }
      if let meant = escapes[escape] {
        text.append(meant)
        continue
      }
      let digits = [escape] + rest.prefix(2)
      guard digits.count == 3, (0x30...0x33).contains(escape),
        digits.allSatisfy({ (0x30...0x37).contains($0) })
      else { return nil }
      text.append(digits.reduce(0) { $0 << 3 | ($1 & 7) })
      rest = rest.dropFirst(2)
    }
    return nil
  }
}

extension GitProcess {
  /// The same, whose Git finds objects in those directories too.
  public func reading(_ objects: ObjectDirectories) -> GitProcess {
    var git = self
    git.environment["GIT_ALTERNATE_OBJECT_DIRECTORIES"] = objects.paths.isEmpty ? nil : objects.variable
    return git
  }
}
