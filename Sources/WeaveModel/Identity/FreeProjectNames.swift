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

  /// As ``take(for:)`` for a project that somebody else calls `name`, a directory or an entry of a file, and that has that source:
  /// of its source's URL without what is secret where the name holds some of that, or may, as Git makes the directory of
  /// `https://host/lib?token=T` of all behind the last slash.
  public mutating func take(for name: String, at source: RepositoryURL) -> ProjectName? {
    guard Self.mayTell(name, a: source) else { return take(for: RepositoryURL(name).text) }
    return take(for: Self.path(of: source))
  }

  private static func mayTell(_ name: String, a source: RepositoryURL) -> Bool {
    if name.unicodeScalars.contains(where: { "?#&;".unicodeScalars.contains($0) }) { return true }
    guard source.hasSecret else { return false }
    // Those of a login stand in no path that Git makes of the URL.
    if RepositoryURL(source.withoutLogin).hasSecret { return true }
    return !Redaction(knowing: source).text(name).isExactly(name)
  }

  /// The URL up to its query, without what is secret in it.
  private static func path(of source: RepositoryURL) -> String {
    guard RepositoryAddress.isLocal(source.textWithSecret) else {
      return String(source.text.prefix(whileScalar: { $0 != "?" && $0 != "#" }))
    }
    // In a path of this machine, which has no query, as if it had one.
    let text = source.textWithSecret
    let slash = text.lastIndex(ofScalar: "/").map(text.unicodeScalars.index(after:)) ?? text.startIndex
    let prefix = "https://host/"
    return String(text[..<slash])
      + RepositoryURL(prefix + text[slash...]).text.dropFirst(bytes: prefix.utf8.count)
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
