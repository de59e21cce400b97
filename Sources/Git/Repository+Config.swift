import CLibgit2
import ForeignText

extension Repository {
  /// The value of `key` as the repository and the user's files set it, the repository's last; nil when
  /// none does. Throws `.invalidSpec` for what is no key. A key without `=` reads as empty.
  public func configValue(_ key: String) throws(GitError) -> String? {
    try read(key) { config, operation throws(GitError) in
      var value: UnsafePointer<CChar>?
      guard try found(operation, { git_config_get_string(&value, config, key) }) else { return nil }
      return value.map { String(cString: $0) }
    }
  }

  /// Whether `key` is set, and to what Git takes for true; throws for what is neither true nor false.
  public func configFlag(_ key: String) throws(GitError) -> Bool {
    try read(key) { config, operation throws(GitError) in
      var value: Int32 = 0
      return try found(operation, { git_config_get_bool(&value, config, key) }) && value != 0
    }
  }

  /// Whether objects may be missing here because a remote promised them (`git clone --filter`).
  public func isPartial() throws(GitError) -> Bool {
    try read("remote.*.promisor") { config, operation throws(GitError) in
      let settings = try Owned(operation, free: { git_config_iterator_free($0) }) {
        git_config_iterator_new(&$0, config)
      }
      return try settings.read { settings throws(GitError) in
        var entry: UnsafeMutablePointer<git_config_entry>?
        while git_config_next(&entry, settings) == 0, let found = entry?.pointee {
          let value = found.value.map { Array(String(cString: $0).utf8) }
          if PromisorSetting.isOne(String(cString: found.name), value: value) { return true }
        }
        return false
      }
    }
  }

  /// The keys of the repository's own `config` file that match the regular expression, as Git writes them (section and
  /// key in lower case), and their values, in the order of the file.
  public func ownConfigValues(matching expression: String) throws(GitError) -> [(key: String, value: String)]
  {
    let operation = "read the configuration keys \(expression)"
    let local = try ownConfig(operation)
    let iterator = try Owned(operation, free: { git_config_iterator_free($0) }) {
      git_config_iterator_glob_new(&$0, local.raw, expression)
    }
    return try iterator.read { iterator throws(GitError) in
      var entries: [(String, String)] = []
      var entry: UnsafeMutablePointer<git_config_entry>?
      while git_config_next(&entry, iterator) == 0, let found = entry?.pointee {
        entries.append((String(cString: found.name), found.value.map { String(cString: $0) } ?? ""))
      }
      return entries
    }
  }

  /// What the repository and the user's files set in `section`, in lower case, whose keys may have a subsection each: in the
  /// order in which the later counts more.
  public func configEntries(inSection section: String) throws(GitError) -> [ConfigEntry] {
    try read(section) { config, operation throws(GitError) in
      let settings = try Owned(operation, free: { git_config_iterator_free($0) }) {
        git_config_iterator_new(&$0, config)
      }
      return try settings.read { settings throws(GitError) in
        var entries: [ConfigEntry] = []
        var entry: UnsafeMutablePointer<git_config_entry>?
        while git_config_next(&entry, settings) == 0, let found = entry?.pointee {
          let value = found.value.map { String(cString: $0) } ?? ""
          guard let rest = String(cString: found.name).dropping(prefix: section + ".") else { continue }
          if let dot = rest.lastIndex(ofScalar: ".") {
            let name = String(rest[dot...].dropFirst(bytes: 1))
            entries.append(ConfigEntry(subsection: String(rest[..<dot]), name: name, value: value))
          } else {
            entries.append(ConfigEntry(subsection: nil, name: String(rest), value: value))
          }
        }
        return entries
      }
    }
  }

  /// Takes `key` out of the repository's own `config` file, if it is there.
  public func removeConfigValue(_ key: String) throws(GitError) {
    let operation = "remove the configuration key \(key)"
    try refuseNUL(key, operation)
    let local = try ownConfig(operation)
    _ = try found(operation) { git_config_delete_entry(local.raw, key) }
  }

  private func ownConfig(_ operation: String) throws(GitError) -> Owned {
    let config = try Owned(operation, free: { git_config_free($0) }) {
      git_repository_config(&$0, handle.raw)
    }
    return try Owned(operation, free: { git_config_free($0) }) {
      git_config_open_level(&$0, config.raw, GIT_CONFIG_LEVEL_LOCAL)
    }
  }

  private func read<Value>(
    _ key: String, _ body: (_ config: OpaquePointer, _ operation: String) throws(GitError) -> Value
  ) throws(GitError) -> Value {
    let operation = "read the configuration key \(key)"
    try refuseNUL(key, operation)
    let config = try Owned(operation, free: { git_config_free($0) }) {
      git_repository_config_snapshot(&$0, handle.raw)
    }
    return try config.read { config throws(GitError) in try body(config, operation) }
  }

  /// Adds a value of `key` to the repository's own `config` file, beside those that it has.
  public func addConfigValue(_ key: String, _ value: String) throws(GitError) {
    let operation = "add to the configuration key \(key)"
    try refuseNUL(key + value, operation)
    let local = try ownConfig(operation)
    // No value matches that expression, so none is replaced.
    try check(operation) { git_config_set_multivar(local.raw, key, "a^", value) }
  }

  /// Sets `key` in the repository's own `config` file, which all its worktrees share.
  public func setConfigValue(_ key: String, to value: String) throws(GitError) {
    let operation = "set the configuration key \(key)"
    try refuseNUL(key + value, operation)
    let local = try ownConfig(operation)
    try check(operation) { git_config_set_string(local.raw, key, value) }
  }
}

/// One line of a section of the configuration.
public struct ConfigEntry: Hashable, Sendable {
  /// As it is written; nil where the key has none.
  public let subsection: String?
  /// In lower case.
  public let name: String
  /// Empty for a key without `=`.
  public let value: String
}
