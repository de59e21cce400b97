import ForeignText
import Git
import WeaveModel

/// A Git repository elsewhere with which a store exchanges records.
public struct Remote: Hashable, Sendable {
  public let name: RemoteName
  /// What `git fetch` takes: a URL or a path.
  public let url: RepositoryURL
  /// Who may read it: a public one gets public records only.
  public let audience: Audience

  public init(name: RemoteName, url: RepositoryURL, audience: Audience) {
    (self.name, self.url, self.audience) = (name, url, audience)
  }
}

extension Store {
  /// The remotes, by name: those of `remote.*.url` in the store's own configuration, as `git remote` keeps them, with
  /// the secrets that are kept here. What `remote.*.weavePrivate` does not say to be private is public.
  public func remotes() throws -> [Remote] {
    var values: [String: String] = [:]
    for (key, value) in try repository.ownConfigValues(matching: "^remote\\..*\\.(url|weaveprivate)$") {
      values[key] = value
    }
    return try values.compactMap { key, text in
      guard key.ends(with: ".url"),
        let name = try? RemoteName(String(key.dropFirst(bytes: 7).dropLast(bytes: 4)))
      else {
        return nil
      }
      let isPrivate = values["remote.\(name).weaveprivate"] == "true"
      let url = RepositoryURL(text)
      let kept = try url.hasSecret ? nil : secrets.url(of: .remote, name.text)
      return Remote(
        name: name, url: kept.flatMap { $0.isSame(as: url) ? $0 : nil } ?? url,
        audience: isPrivate ? .private : .public)
    }.sorted { $0.name < $1.name }
  }

  /// Adds the remote; throws where there is one of that name, or one of the other audience of which `isSame` says that it
  /// is the same repository.
  public func addRemote(_ remote: Remote, isSame: (_ other: Remote) throws -> Bool) throws {
    try locked {
      guard try !remotes().contains(where: { $0.name == remote.name }) else {
        throw StoreError(
          "there is a remote called \(remote.name) already", hint: "`weave remote remove \(remote.name)`")
      }
      if let other = try remotes().first(where: { try $0.audience != remote.audience && isSame($0) }) {
        throw StoreError(
          "\(other.name) is the same repository, and \(other.audience)",
          hint: "`weave remote remove \(other.name)` first: one repository cannot be public and private")
      }
      try clearConfiguration()
      try Self.write(remote, to: repository)
    }
  }

  static func write(_ remote: Remote, to repository: Repository) throws {
    // The URL last: a remote that is cut off in the making is none.
    try repository.setConfigValue(
      "remote.\(remote.name).weavePrivate", to: remote.audience == .private ? "true" : "false")
    try KeptSecrets(gitDirectory: repository.gitDirectory).keep(remote.url, of: .remote, remote.name.text)
    try repository.setConfigValue("remote.\(remote.name).url", to: remote.url.text)
  }

  /// Takes the remote out, and what is remembered of it. What came from it stays.
  public func removeRemote(_ name: RemoteName) throws {
    let exchanges = try Audience.allCases.compactMap { try existingExchange(for: $0) }
    try locked {
      try clearConfiguration()
      try repository.removeConfigValue("remote.\(name).url")
      try secrets.forget(.remote, name.text)
      try repository.removeConfigValue("remote.\(name).weavePrivate")
      for exchange in exchanges { try exchange.forget(name) }
    }
  }

  /// Runs `body`, which changes the store's configuration, while no other weave does, and past the lock of one that was killed.
  public func changeConfiguration(_ body: () throws -> Void) throws {
    try locked { try changeConfigurationLocked(body) }
  }

  /// As ``changeConfiguration(_:)``, for a caller that holds the store's lock.
  public func changeConfigurationLocked(_ body: () throws -> Void) throws {
    try clearConfiguration()
    try body()
  }

  private func clearConfiguration() throws {
    try StaleLock.clearConfiguration(of: repository.gitDirectory, warn: warn)
  }
}
