import ForeignText

/// Makes names for projects that somebody else calls something, each another one.
public struct FreeProjectNames: Sendable {
  private var taken: Set<ProjectName>
  /// The first number that was not tried yet after a text: a file may have a hundred thousand projects of one.
  private var nextNumbers: [ExactText: Int] = [:]
  private static let mostNumber = 99

  /// Names besides those in `taken`.
  public init(besides taken: Set<ProjectName> = []) { self.taken = taken }

  /// A name for a project that is called `path`, a path or any other text, which is taken from then on: its last part in lower
  /// case, with `-` for what no name may hold; with the part before it, or a number up to 99, where that is taken. Nil where no
  /// name can be made of it.
  public mutating func take(for path: String) -> ProjectName? {
    let parts = path.utf8.split(separator: UInt8(ascii: "/")).suffix(2).map { part in
      let plain = String(foreign: part).lowercased().mapScalars {
        $0.isASCIIAlphanumeric || $0 == "." ? nil : "-"
      }
      let name = plain.split(atScalar: "-").joined(separator: "-")
      return String(
        (name.dropping(suffix: ".git") ?? name[...]).drop(whileScalar: { $0 == "." || $0 == "-" }))
    }
    guard let last = parts.last else { return nil }
    return take(last) ?? take(parts.joined(separator: "-")) ?? takeNumbered(last)
  }

  private mutating func take(_ text: String) -> ProjectName? {
    guard let name = try? ProjectName(text), taken.insert(name).inserted else { return nil }
    return name
  }

  private mutating func takeNumbered(_ text: String) -> ProjectName? {
    let key = ExactText(text)
    var number = nextNumbers[key] ?? 2
    defer { nextNumbers[key] = number }
    while number <= Self.mostNumber {
      defer { number += 1 }
      if let name = take("\(text)-\(number)") { return name }
    }
    return nil
  }
}
