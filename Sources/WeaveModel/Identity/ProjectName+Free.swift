import ForeignText

extension ProjectName {
  /// A name for a project that somebody else calls `path`, a path or any other text: its last part in lower case, with
  /// `-` for what no name may hold; with the part before it, or a number, where `taken` holds that. Nil where no name
  /// can be made of it.
  public static func free(for path: String, besides taken: Set<ProjectName>) -> ProjectName? {
    let parts = path.utf8.split(separator: UInt8(ascii: "/")).suffix(2).map { part in
      let plain = String(foreign: part).lowercased().mapScalars {
        $0.isASCIIAlphanumeric || $0 == "." ? nil : "-"
      }
      let name = plain.split(atScalar: "-").joined(separator: "-")
      return String(
        (name.dropping(suffix: ".git") ?? name[...]).drop(whileScalar: { $0 == "." || $0 == "-" }))
    }
    guard let last = parts.last else { return nil }
    let wanted = [last, parts.joined(separator: "-")] + (2...99).map { "\(last)-\($0)" }
    return wanted.lazy.compactMap { try? ProjectName($0) }.first { !taken.contains($0) }
  }
}
