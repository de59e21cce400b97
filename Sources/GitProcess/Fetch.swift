import ForeignText

extension GitProcess {
  /// A fetch of the refs that are named, and of nothing else, which writes nothing but them and their objects.
  static let plainFetch = [
    "fetch", "--no-tags", "--no-write-fetch-head", "--no-auto-maintenance", "--no-write-commit-graph",
    "--no-recurse-submodules",
  ]

  /// Brings the branches and tags of `url` into the namespace of `project`, and drops those that are gone
  /// there.
  ///
  /// The source is told of no commit but the project's own. A source without its whole history is refused, and one that finds
  /// objects in a guarded place.
  ///
  /// - Parameters:
  ///   - project: the name of the namespace.
  ///   - url: a URL or path as Git takes it.
  ///   - gitDirectory: the absolute path of the store.
  ///   - omitted: the full names, there, of what is not to be brought.
  public func fetch(
    project: String, from url: RepositoryURL, into gitDirectory: String,
    besides guarded: [GuardedObjects] = [],
    omitting omitted: [String] = []
  ) async throws(GitProcessError) {
    let operation = "fetch \(project) from \(url)"
    let path = try await localPath(of: url, gitDirectory: gitDirectory)
    if let path, let refusal = try await incompleteness(of: path, gitDirectory: gitDirectory) {
      throw refusal.error(operation)
    }
    let source = try await source(
      at: url, path: path, besides: guarded, gitDirectory: gitDirectory, operation)
    let namespace = "refs/namespaces/\(project)/refs"
    let output = try await fetch(
      ["+refs/heads/*:\(namespace)/heads/*", "+refs/tags/*:\(namespace)/tags/*"] + omitted.map { "^" + $0 },
      of: project, from: source, into: gitDirectory)
    // Git leaves out the refs that reach a shallow root, and exits with 0.
    if output.errorText.holds("shallow roots are not allowed") {
      throw Incompleteness.shallow.error(operation)
    }
    guard !output.succeeded else { return }
    if output.errorText.holds("lazy fetching disabled") || output.errorText.holds("promisor remote") {
      throw Incompleteness.partial.error(operation)
    }
    throw GitProcessError(operation: operation, output: output)
  }

  /// Brings the commit that the HEAD of `url` is detached at, and makes it the HEAD of the namespace of `project`,
  /// which must not be a symbolic ref.
  public func fetchDetachedHead(
    project: String, from url: RepositoryURL, into gitDirectory: String,
    besides guarded: [GuardedObjects] = []
  ) async throws(GitProcessError) {
    let operation = "fetch the HEAD of \(project) from \(url)"
    let path = guarded.isEmpty ? nil : try await localPath(of: url, gitDirectory: gitDirectory)
    let source = try await source(
      at: url, path: path, besides: guarded, gitDirectory: gitDirectory, operation)
    let output = try await fetch(
      ["+HEAD:refs/namespaces/\(project)/HEAD"], of: project, from: source, into: gitDirectory)
    guard output.succeeded else { throw GitProcessError(operation: operation, output: output) }
  }

  func fetch(
    _ refspecs: [String], of project: String, from source: FetchSource, into gitDirectory: String
  ) async throws(GitProcessError) -> GitOutput {
    try refuseRelative(source.url, "fetch \(project)")
    return try await run(
      for: source.url, at: .repository(gitDirectory), configuration: source.configuration, isRetried: true,
      watch: .transfer
    ) { url in
      Self.plainFetch + source.options + [
        "--progress", "--prune", "--no-prune-tags", "--negotiation-tip=refs/namespaces/\(project)/refs/*",
        "--", url,
      ] + refspecs
    }
  }

  /// Throws where `url` is a relative path, which Git would take from where it is run, or for a remote's name.
  func refuseRelative(_ url: RepositoryURL, _ operation: String) throws(GitProcessError) {
    guard url.text.begins(with: "/") || !RepositoryURL.isPath(url.text) else {
      throw GitProcessError(
        operation: operation,
        reason: "'\(url)' is a relative path, and means another place in every directory",
        hint: "write it as an absolute path, or as a URL")
    }
  }

  /// What `url` is, without its secret, once the `insteadOf` of the user and of the repository at `gitDirectory` are
  /// applied.
  public func actualURL(
    of url: RepositoryURL, gitDirectory: String
  ) async throws(GitProcessError) -> RepositoryURL {
    let operation = "find \(url)"
    try refuseRelative(url, operation)
    let output = try await run(["ls-remote", "--get-url", "--", url.text], at: .repository(gitDirectory))
    guard output.succeeded else { throw GitProcessError(operation: operation, output: output) }
    return RepositoryURL(output.text)
  }

  /// The path that `url` is, once the `insteadOf` of the user and of the repository at `gitDirectory` are applied; nil
  /// where it is on another machine.
  func localPath(of url: RepositoryURL, gitDirectory: String) async throws(GitProcessError) -> String? {
    let isHere = ["file://", "/"].contains { url.text.begins(with: $0) }
    guard isHere || !url.hasSecret else { return nil }
    let actual =
      url.hasSecret
      ? url.textWithSecret : try await actualURL(of: url, gitDirectory: gitDirectory).textWithSecret
    if let rest = actual.dropping(prefix: "file://") {
      // Git leaves a host out, and decodes all but a NUL (connect.c, `parse_connect_url`; url.c).
      let parts = rest.drop(whileScalar: { $0 != "/" }).split(atBytes: "%00")
      return parts.map { String(decoding: PercentEncoding.decoded(Array($0.utf8)), as: UTF8.self) }
        .joined(separator: "%00")
    }
    return RepositoryURL.isPath(actual) ? actual : nil
  }

  /// What the repository at the local path lacks; nil where that is nothing, or where there is none. Runs nothing that its
  /// settings name.
  func incompleteness(
    of path: String, gitDirectory: String
  ) async throws(GitProcessError) -> Incompleteness? {
    guard let source = try GitDirectory.ofSource(path) else { return nil }
    // What is a pipe there is waited for.
    let stallLimit = try await transportSettings(at: .repository(gitDirectory)).questionLimit
    let shallow = try await run(
      ["rev-parse", "--is-shallow-repository"], at: .repository(source), stallLimit: stallLimit)
    guard shallow.succeeded else {
      throw GitProcessError(operation: "look whether \(source) is whole", output: shallow)
    }
    if shallow.text == "true" { return .shallow }
    // Those of an included file count for what Git fetches when an object is missing. All are listed: a pattern of Git's
    // passes over a name that is no UTF-8.
    let settings = try await run(
      ["config", "--local", "--includes", "--list", "-z"], at: .repository(source),
      stallLimit: stallLimit)
    guard settings.succeeded else {
      throw GitProcessError(operation: "read the settings of \(source)", output: settings)
    }
    let makesPromisor = settings.standardOutput.split(separator: 0).contains { setting in
      let key = String(decoding: setting.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
      let value = setting.dropFirst(key.utf8.count + 1)
      return PromisorSetting.isOne(key, value: key.utf8.count == setting.count ? nil : Array(value))
    }
    return makesPromisor ? .partial : nil
  }
}

extension GitProcess {
  private static let attempts = 8

  /// ``run(_:at:standardInput:configuration:)``, again for some seconds with jitter while
  /// another process has the refs.
  public func runRetrying(
    _ arguments: [String], at place: GitPlace, standardInput: [UInt8] = [], configuration: [String] = []
  ) async throws(GitProcessError) -> GitOutput {
    try await runRetrying(
      arguments, at: place, standardInput: standardInput, configuration: configuration, extraEnvironment: [:])
  }

  func runRetrying(
    _ arguments: [String], at place: GitPlace, standardInput: [UInt8] = [], configuration: [String] = [],
    extraEnvironment: [String: String], stallLimit: StallLimit? = nil
  ) async throws(GitProcessError) -> GitOutput {
    func once() async throws(GitProcessError) -> GitOutput {
      try await run(
        arguments, at: place, standardInput: standardInput, configuration: configuration,
        extraEnvironment: extraEnvironment, stallLimit: stallLimit)
    }
    var output = try await once()
    for attempt in 1..<Self.attempts where !output.succeeded && output.lostRaceForRef {
      try? await Task.sleep(for: .milliseconds(Int.random(in: 20...(200 * attempt))))
      output = try await once()
    }
    return output
  }
}

extension GitOutput {
  fileprivate var lostRaceForRef: Bool {
    errorText.holds("cannot lock ref")
      || (errorText.holds("Unable to create") && errorText.holds(".lock"))
  }
}

/// What a source may lack.
enum Incompleteness {
  case shallow
  case partial

  func error(_ operation: String) -> GitProcessError {
    switch self {
    case .shallow:
      GitProcessError(
        operation: operation, reason: "the source repository is shallow: part of its history is missing",
        hint: "complete it there with `git fetch --unshallow`, or fetch from where it was cloned from")
    case .partial:
      GitProcessError(
        operation: operation,
        reason: "the source repository is a partial clone: some of its objects are missing",
        hint: "fetch from where it was cloned from")
    }
  }
}
