import Foundation
import TestSupport
import Testing

/// A workspace made by `weave`, the repositories of other people beside it, and a world of their own around
/// both.
struct Lab {
  let directory: TemporaryDirectory
  /// Where `weave` runs when a test does not say otherwise.
  let workspace: String
  /// The workspace's store, for stock Git.
  let store: TestRepository

  private init() throws {
    directory = try TemporaryDirectory()
    workspace = directory.appending("workspace")
    store = TestRepository(at: "\(workspace)/.weave/.git")
    try FileManager.default.createDirectory(atPath: workspace, withIntermediateDirectories: true)
  }

  /// Runs `body` with an empty directory as the workspace.
  static func withDirectory(_ body: (Lab) throws -> Void) throws { try body(Lab()) }

  /// Runs `body` with a workspace without projects, then checks the store.
  static func withStore(_ body: (Lab) throws -> Void) throws {
    let lab = try Lab()
    try lab.weaves("init")
    try body(lab)
    try lab.check()
  }

  /// Runs `body` with the fetched projects `telperion` and `laurelin`, then checks the store.
  ///
  /// Each has the commits `one`, with the tag `v1`, and `two`, the tip of `main`.
  static func withTwoProjects(_ body: (Lab, Source, Source) throws -> Void) throws {
    try withStore { lab in
      let telperion = try lab.project("telperion")
      let laurelin = try lab.project("laurelin")
      try lab.weaves("fetch")
      try body(lab, telperion, laurelin)
    }
  }

  /// What stock Git and weave say of the whole store; both must find nothing.
  func check(sourceLocation: SourceLocation = #_sourceLocation) throws {
    let git = try runProcess(
      "git", ["fsck", "--strict"], in: store.path, environment: store.environment.variables)
    #expect(git.status == 0, "git fsck: \(git.stdout)\(git.stderr)", sourceLocation: sourceLocation)
    let weave = try weave("fsck")
    #expect(weave.status == 0, "weave fsck: \(weave.stdout)\(weave.stderr)", sourceLocation: sourceLocation)
  }

  /// Makes a source with the commits `one` (tag `v1`) and `two`, and adds it as a project.
  func project(_ name: String) throws -> Source {
    let source = try source(name)
    try weaves("project", "add", name, source.repository.path)
    return source
  }

  /// Makes a source with the commits `one` (tag `v1`) and `two`.
  func source(_ name: String) throws -> Source {
    let repository = try TestRepository.create(at: directory.appending("sources/\(name)"))
    let one = try repository.commit("one", content: "one of \(name)\n")
    try repository.tag("v1")
    let two = try repository.commit("two", content: "two of \(name)\n")
    return Source(repository: repository, one: one, two: two)
  }

  /// Clones `source` with stock Git, to `name` in the workspace.
  func checkout(_ source: Source, as name: String) throws -> TestRepository {
    let path = "\(workspace)/\(name)"
    try TestRepository(at: directory.path).git("clone", "--quiet", source.repository.path, path)
    return TestRepository(at: path)
  }

  /// What `weave` sees of the world.
  var environment: TestEnvironment { TestEnvironment(home: directory.appending("home")) }

  /// Runs `weave` to its end, however that is.
  func weave(
    _ arguments: String..., in directory: String? = nil, environment changes: [String: String?] = [:],
    input: String = ""
  ) throws -> ProcessResult {
    try runProcess(
      weaveExecutable, arguments, in: directory ?? workspace,
      environment: environment.with(changes).variables, input: Array(input.utf8))
  }

  /// Runs `weave`, which must succeed, and returns its standard output, trimmed.
  @discardableResult
  func weaves(_ arguments: String..., more: [String] = [], in directory: String? = nil) throws -> String {
    let arguments = arguments + more
    let result = try runProcess(
      weaveExecutable, arguments, in: directory ?? workspace, environment: environment.variables)
    guard result.status == 0 else {
      throw TestFailure("weave \(arguments.joined(separator: " ")): \(result.status): \(result.stderr)")
    }
    return result.stdout.trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// Starts `weave` in the workspace and returns while it runs.
  func start(_ arguments: String...) throws -> RunningProcess {
    try spawnProcess(weaveExecutable, arguments, in: workspace, environment: environment.variables)
  }

  /// The full name of the one ledger's ref.
  func ledger() throws -> String {
    let writer = try store.git("config", "weave.writer")
    return "refs/weave/public/ledger/\(writer)"
  }

  /// The ids of all events, the newest first.
  func events() throws -> [String] {
    let ledger = try ledger()
    guard store.resolve(ledger) != nil else { return [] }
    return try store.git("rev-list", ledger).split(separator: "\n").map(String.init)
  }

  /// The store's id.
  func storeID() throws -> String { try store.git("show", "refs/weave/public/manifest:store") }

  /// Whether the store holds the commit `id` with all its files.
  func holds(_ id: String) throws -> Bool {
    try runProcess(
      "git", ["rev-list", "--objects", "--quiet", id], in: store.path, environment: store.environment.variables
    ).status == 0
  }
}

/// A project's repository as someone else keeps it.
struct Source {
  let repository: TestRepository
  /// The first commit, with the tag `v1`.
  let one: String
  /// The second commit, the tip of `main`.
  let two: String

  /// Replaces the tip of `main` by another child of `one`, and throws the old one away.
  @discardableResult
  func forcePush() throws -> String {
    try repository.git("reset", "--quiet", "--hard", one)
    let id = try repository.commit("another two")
    try repository.git("reflog", "expire", "--expire=now", "--all")
    try repository.git("gc", "--quiet", "--prune=now")
    return id
  }
}

/// Whether `text` is one line with a full id and nothing else.
func isIDAlone(_ text: String) -> Bool {
  text.wholeMatch(of: /[0-9a-f]{40}\n/) != nil
}
