import ForeignText
import Git
import GitProcess
import WeaveModel
import WeaveStore

/// What adopting projects came to.
public struct AdoptOutcome: Sendable {
  public let adopted: [ProjectName]
  /// Those that were left out, as their sources cannot be taken, a line each that says why.
  public let leftOut: [String]
  /// Those of them whose history was taken from their checkouts.
  public let seeded: [ProjectName]
  /// What came of fetching the others.
  public let fetched: [FetchResult]
}

extension Workspace {
  private static let seedsAtOnce = 4

  /// The projects whose adoption was cut off once the store knew of them.
  public func halfAdopted() throws -> [FoundProject] {
    let known = try store.manifest().projects
    return try (Self.unfinished(in: directory)?.projects ?? []).compactMap { project in
      try known[project.name].map {
        FoundProject(name: project.name, source: try store.url(of: $0), path: project.path, manifest: nil)
      }
    }
  }

  /// Adds the projects, all at once, and brings their histories: from the checkout where there is one that has a remote,
  /// else from the source. The checkouts stay as they are. A history that cannot be had, or a source that is no repository,
  /// stops no other.
  ///
  /// What is done already is passed over, so that it can be asked for again after it was cut off. Until ``finish()`` the
  /// store counts as unfinished.
  public func adopt(
    _ candidates: [FoundProject], report: @escaping @Sendable (FetchProgress) -> Void
  ) async throws -> AdoptOutcome {
    try beginSettingUp()
    let known = try store.manifest().projects
    var (records, urls): ([ProjectRecord], [ProjectName: RepositoryURL]) = ([], [:])
    var leftOut: [String] = []
    var found: [FoundProject] = []
    for project in candidates {
      guard known[project.name] == nil else {
        found.append(project)
        continue
      }
      do {
        let url = try normalized(source: project.source.textWithSecret)
        urls[project.name] = url
        records.append(ProjectRecord(name: project.name, source: url.withoutSecret))
        found.append(project)
      } catch {
        let place =
          project.manifest.map { "\(project.name), which \($0) names," } ?? project.path ?? project.name.text
        leftOut.append("\(place) is left out: \(Explanation(error)?.message ?? "\(error)")")
      }
    }
    var unfinished = try Self.unfinished(in: directory) ?? Unfinished(.adopt)
    unfinished.projects = found.map { Unfinished.Project(name: $0.name, path: $0.path) }
    try Self.note(unfinished, in: directory)
    if !records.isEmpty {
      let author = try await author()
      try await changeManifest("adopt \(records.count) projects", author) { manifest in
        for record in records where manifest.projects[record.name] == nil {
          if let url = urls[record.name] { try store.keepSecret(of: url, for: record.name) }
          manifest.set(record)
        }
      }
    }
    let standing = try store.manifest().projects
    found.removeAll { project in
      if let record = standing[project.name], project.isFound(as: record) { return false }
      leftOut.append(
        "\(project.path ?? project.name.text) is left out: meanwhile somebody else added another project "
          + "\(project.name), or removed this one; `weave adopt` finds it again")
      return true
    }
    let names = Set(found.map(\.name))
    tellOfSecrets(in: urls.filter { names.contains($0.key) })
    try store.changeConfiguration {
      for project in found {
        // A direct child is found by what it is.
        guard let path = project.path, path == "." || path.holds("/") else { continue }
        try recordCheckout(at: path, of: project.name)
      }
    }
    for project in found { try store.removeStaleLocks(of: project.name) }
    let seeded = try await seed(found)
    let rest = found.map(\.name).filter { !seeded.contains($0) }
    let fetched = try await rest.isEmpty ? [] : fetch(rest.map(\.text), report: report)
    return AdoptOutcome(adopted: found.map(\.name), leftOut: leftOut, seeded: seeded, fetched: fetched)
  }

  /// Git's configuration gives back no value that ends in some kinds of white space: another directory may have what is left.
  private func recordCheckout(at path: String, of project: ProjectName) throws {
    let key = "weave.\(project).checkout"
    try store.repository.setConfigValue(key, to: path)
    let recorded = try projectSettings("checkout").last { $0.project == project.text }
    guard recorded?.value.isExactly(path) != true else { return }
    try store.repository.removeConfigValue(key)
    caller.warn(
      "\(path), the checkout of \(project), is not recorded, as Git's configuration cannot hold its path: weave does not find it"
    )
  }

  /// Takes what can be had from checkouts; returns the projects of which that is all that the checkout's remote had.
  private func seed(_ found: [FoundProject]) async throws -> [ProjectName] {
    let (git, gitDirectory, directory, warn) = (git, store.repository.gitDirectory, directory, caller.warn)
    let isApart = try store.keepsProjectsApart()
    let results = await concurrently(found, limit: Self.seedsAtOnce) { project -> ProjectName? in
      guard let path = project.path else { return nil }
      let checkout = path == "." ? directory : directory + "/" + path
      guard let (remote, head) = try Self.trackedHead(of: checkout, source: project.source) else {
        return nil
      }
      let exchange = isApart ? ProjectExchange(for: project.name, of: gitDirectory) : nil
      try await Self.receive(through: exchange, into: gitDirectory, git: git, warn: warn) { place in
        try await git.seed(
          project: project.name.text, fromCheckout: checkout, remote: remote, into: place)
      }
      let namespace = RefName.namespace(project.name)
      let output = try await git.runRetrying(
        ["symbolic-ref", namespace + "HEAD", namespace + "refs/heads/" + head],
        at: .repository(gitDirectory))
      return output.succeeded ? project.name : nil
    }
    return zip(found, results).compactMap { project, result in
      switch result {
      case .success(let name): return name
      case .failure(let error):
        caller.warn("\(Explanation(error)?.message ?? "\(error)"); the source is asked for \(project.name)")
        return nil
      }
    }
  }

  /// The remote of the checkout that is its source, and the branch there that is its HEAD; nil where the checkout does not
  /// know both.
  private static func trackedHead(of checkout: String, source: RepositoryURL) throws
    -> (remote: String, branch: String)?
  {
    let repository = try Repository.open(at: checkout)
    let address = RepositoryAddress(source)
    let urls = try repository.ownConfigValues(matching: "^remote\\..*\\.url$")
    guard let key = urls.first(where: { RepositoryAddress($0.value, from: checkout) == address })?.key else {
      return nil
    }
    let remote = String(key.dropFirst(bytes: "remote.".utf8.count).dropLast(bytes: ".url".utf8.count))
    let prefix = "refs/remotes/\(remote)/"
    if case .symbolic(let target) = try repository.reference(prefix + "HEAD")?.target,
      target.begins(with: prefix), try repository.resolve(target) != nil
    {
      return (remote, String(target.dropFirst(bytes: prefix.utf8.count)))
    }
    for branch in ["main", "master"] where try repository.resolve(prefix + branch) != nil {
      return (remote, branch)
    }
    return nil
  }
}

extension FoundProject {
  /// Whether the record of that name is of this project, and not of another that somebody called so meanwhile.
  fileprivate func isFound(as record: ProjectRecord) -> Bool {
    RepositoryAddress(record.source) == RepositoryAddress(source)
  }
}
