import ForeignText

/// What the settings `url.<base>.insteadOf` make of addresses (git-config(1)).
public struct AddressRewrites: Sendable {
  /// In the order in which Git looks at them: by base, as the settings name these first.
  private var rules: [(prefix: String, base: String)] = []

  /// Whether none makes another of any.
  public var isEmpty: Bool { rules.isEmpty }

  /// The address in whose place Git takes `address`; itself where no rule is for it. Of the rules with the longest prefix
  /// the first counts, once (remote.c, `alias_url`).
  public func actual(_ address: String) -> String {
    var rule: (prefix: String, base: String)?
    for other in rules where address.begins(with: other.prefix) {
      if other.prefix.utf8.count > rule?.prefix.utf8.count ?? -1 { rule = other }
    }
    return rule.map { $0.base + address.dropFirst(bytes: $0.prefix.utf8.count) } ?? address
  }

  /// - Parameter list: what `git config --null --list` says.
  init(list: [UInt8]) {
    var bases: [ExactText] = []
    var prefixes: [ExactText: [String]] = [:]
    for entry in list.split(separator: 0) {
      let key = entry.prefix { $0 != UInt8(ascii: "\n") }
      guard
        let base = String(foreign: Array(key)).dropping(prefix: "url.")?.dropping(suffix: ".insteadof"),
        key.count < entry.count
      else { continue }
      if prefixes[ExactText(base)] == nil { bases.append(ExactText(base)) }
      prefixes[ExactText(base), default: []].append(String(foreign: Array(entry.dropFirst(key.count + 1))))
    }
    rules = bases.flatMap { base in (prefixes[base] ?? []).map { (prefix: $0, base: base.text) } }
  }
}

extension GitProcess {
  /// The `insteadOf` of the user and of the repository at `gitDirectory`, for who has many addresses: ``actualURL(of:gitDirectory:)``
  /// starts a Git for one.
  public func addressRewrites(gitDirectory: String) async throws(GitProcessError) -> AddressRewrites {
    AddressRewrites(list: try await settings(at: .repository(gitDirectory)))
  }
}
