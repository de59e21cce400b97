import ForeignText
import Git
import GitProcess
import WeaveModel
import WeaveStore

extension Workspace {
  /// Adds a project; its history comes with the next fetch. A relative path is taken from the working directory.
  ///
  /// Of a private project only private records speak, and they go to private remotes only. A name that public records
  /// hold already is refused, unless `force`: it may mean something else there.
  public func addProject(
    _ name: String, source: String, track: String?, audience: Audience = .public, force: Bool = false
  ) async throws -> ProjectRecord {
    let url = try normalized(source: source)
    let record = ProjectRecord(
      name: try ProjectName(name), source: url.withoutSecret, track: try track.map(checked(track:)),
      audience: audience)
    if audience == .private, !force { try refusePublished(record.name) }
    let author = try await author()
    try await changeManifest("project add \(name)", author) { manifest in
      if audience == .public, manifest.isRemoved(record.name) {
        throw WeaveError(
          "the name \(name) is that of a private project that was removed, and private records hold it",
          hint: "--private adds it again; `weave project set \(name) private false` then makes it public")
      }
      guard manifest.projects[record.name] == nil else {
        throw WeaveError(
          "the project \(name) is there already", hint: "`weave project set \(name) source SOURCE`")
      }
      manifest.set(record)
      try store.keepSecret(of: url, for: record.name)
    }
    tellOfSecrets(in: [record.name: url])
    return record
  }

  /// What `project set` can change.
  public enum ProjectSetting: String, CaseIterable, Sendable { case source, track, notes, `private` }

  /// Changes one setting; an empty value unsets `track`.
  public func setProject(_ name: String, _ setting: ProjectSetting, to value: String) async throws {
    let project = try project(name).name
    let change: (inout ProjectRecord) -> Void
    var secret: RepositoryURL?
    switch setting {
    case .source:
      let source = try normalized(source: value)
      secret = source
      change = { $0.source = source.withoutSecret }
    case .track:
      let track = value.isEmpty ? nil : try checked(track: value)
      change = { $0.track = track }
    case .notes:
      guard let flag = Bool(value) else { throw WeaveError("'\(value)' is neither true nor false") }
      change = { $0.wantsNotes = flag }
    case .private:
      guard let flag = Bool(value) else { throw WeaveError("'\(value)' is neither true nor false") }
      if flag { return try await makePrivate(project) }
      change = { $0.audience = .public }
    }
    let author = try await author()
    var changed: ProjectRecord?
    // What is changed is the record as it stands by then: somebody else may be changing another setting.
    try await changeManifest(
      "project set \(name) \(setting.rawValue)", author,
      alsoAccepting: { accepted, manifest in
        if setting == .source, let record = manifest.projects[project] { accepted.accept(sourceOf: record) }
      }
    ) { manifest in
      guard var record = manifest.projects[project] else {
        throw WeaveError("the project \(name) was removed")
      }
      change(&record)
      manifest.projects[project] = record
      if let secret { try store.keepSecret(of: secret, for: project) }
      changed = record
    }
    if let secret { tellOfSecrets(in: [project: secret]) }
    guard let record = changed else { return }
    switch setting {
    case .source, .private: break
    case .track:
      do {
        if try store.tip(of: record.name, track: record.track) == nil,
          try !store.allTips(of: record.name).isEmpty
        {
          caller.warn("\(name) has no \(record.track ?? "HEAD") as last fetched; `weave fetch \(name)`")
        }
      } catch let error as AmbiguousTrack { caller.warn("\(error); \(error.hint)") }
    case .notes:
      try setWantsNotes(record.wantsNotes, of: record.name)
      if record.wantsNotes {
        try copyNotes(author: author)
      } else {
        try removeNotes(of: record.name)
      }
    }
  }

  /// Takes the project out of the manifest. The ledgers and the kept commits stay as they are.
  public func removeProject(_ name: String, force: Bool) async throws {
    if try await removeMalformedProjects(name) { return }
    let record = try project(name)
    let links = try compatibility().links(naming: record.name, commit: nil)
    guard force || links.isEmpty else {
      throw WeaveError(
        "\(links.count) \(links.count == 1 ? "link names" : "links name") \(name)",
        hint: "`weave project remove --force \(name)` removes it all the same; no event is lost")
    }
    let author = try await author()
    // Else a project of that name with another source would begin with this one's commits. First, so that a failure
    // leaves a project that is merely not fetched.
    try store.removeStaleLocks(of: record.name)
    try await git.removeNamespace(record.name.text, in: store.repository.gitDirectory)
    FileSystem.removeAll(ProjectExchange(for: record.name, of: store.repository.gitDirectory).gitDirectory)
    try await changeManifest("project remove \(name)", author) {
      $0.remove(record.name)
    }
    try store.keepSecret(of: "", for: record.name)
  }

  /// The entries of projects that are malformed, and count for nothing.
  public func malformedProjects() throws -> [MalformedProject] {
    try store.recordedManifest().malformedProjects
  }

  /// Takes the malformed entries of that name out of the manifest; whether there were any.
  private func removeMalformedProjects(_ name: String) async throws -> Bool {
    let malformed = try malformedProjects().filter { $0.name.utf8.elementsEqual(name.utf8) }
    guard !malformed.isEmpty else { return false }
    let author = try await author()
    try await changeManifest("project remove \(name)", author) { manifest in
      for entry in malformed { manifest.remove(entry) }
    }
    return true
  }

  /// Changes the manifest, signed where the user's configuration says so.
  func changeManifest(
    _ subject: String, _ author: Signature,
    alsoAccepting: (inout AcceptedEntries, Manifest) -> Void = { _, _ in },
    _ change: (inout Manifest) throws -> Void
  ) async throws {
    try await recording("the change") {
      try store.updateManifest(
        subject: subject, author: author, alsoAccepting: alsoAccepting, change)
    }
  }

  /// Says once where the secrets went that stood in URLs.
  func tellOfSecrets(in urls: [ProjectName: RepositoryURL]) {
    let names = urls.filter { $0.value.hasSecret }.map(\.key.text).sorted()
    guard let first = names.first else { return }
    caller.warn(
      "the secret in the URL of \(first)\(names.count > 1 ? " and of \(names.count - 1) more" : "") is not recorded: "
        + "it stays in this store, in .weave/.git/weave/secrets, for its fetches; a credential helper "
        + "(`git config credential.helper`, `git credential approve`) keeps it for all of Git")
  }

  private func checked(track: String) throws -> String {
    guard Pin(track) != nil else { throw WeaveError("'\(track)' cannot be the name of a branch or tag") }
    return track
  }

  func normalized(source: String) throws -> RepositoryURL {
    try Self.normalized(source: source, from: caller.workingDirectory)
  }

  /// The source: a path is made absolute, and something must be there.
  static func normalized(source: String, from directory: String) throws -> RepositoryURL {
    let url = RepositoryURL(source)
    if let reason = ProjectSource.refusal(of: source) ?? ProjectSource.refusal(ofUnclear: url) {
      throw WeaveError("'\(FreeText.name(url.text))' is no source that `git fetch` takes: \(reason)")
    }
    if source.begins(with: "//"), RepositoryURL.isURL(source) {
      throw WeaveError("\(url) is a URL without its scheme", hint: "`https:` or another belongs before it")
    }
    if let end = source.schemeEnd, case let scheme = source[..<end], scheme != scheme.lowercasedASCII {
      throw WeaveError(
        "'\(FreeText.name(url.text))' is no source that `git fetch` takes: Git tells schemes by their case, and knows none "
          + "called '\(scheme)'",
        hint: "write it as '\(scheme.lowercasedASCII)'")
    }
    // As Git: what has a colon before any slash names a host, whatever is here.
    guard RepositoryURL.isPath(source) else { return url }
    let path = FileSystem.absolute(source, from: directory)
    guard FileSystem.exists(path) else { throw WeaveError("no repository is at \(path)") }
    // A file may be a bundle (git-bundle(1)).
    if FileSystem.isDirectory(path) { _ = try Repository.open(at: path) }
    return RepositoryURL(path)
  }
}
