import ForeignText

/// Names as a target takes them, each after a rule of the target's; two that become one are an error.
struct MappedNames {
  private let mapped: [String: String]

  /// - Parameters:
  ///   - kind: what the names are of, for the error: `project`.
  ///   - taken: what the format itself calls so, by the name.
  init(
    _ names: some Sequence<String>, of kind: String, taken: [String: String] = [:],
    by rule: (String) -> String
  ) throws(UnwritableState) {
    var (mapped, owners): ([String: String], [String: String]) = ([:], [:])
    for name in names where mapped[name] == nil {
      let new = rule(name)
      if let owner = owners[new] {
        throw UnwritableState(
          "the \(kind)s '\(owner)' and '\(name)' would both be '\(new)' in this format",
          hint: "rename one of them, or take a format that keeps names: json, lines or template")
      }
      if let meaning = taken[new] {
        throw UnwritableState(
          "the \(kind) '\(name)' would be '\(new)' in this format, which \(meaning)",
          hint: "rename it, or take a format that keeps names: json, lines or template")
      }
      (mapped[name], owners[new]) = (new, name)
    }
    self.mapped = mapped
  }

  /// What the name became; itself where it was not among them.
  subscript(name: String) -> String { mapped[name] ?? name }
}

extension String {
  /// With each scalar but the ASCII letters, the digits and `others` as `_`.
  func underscored(keeping others: String = "") -> String {
    mapScalars { $0.isASCIIAlphanumeric || others.unicodeScalars.contains($0) ? nil : "_" }
  }
}
