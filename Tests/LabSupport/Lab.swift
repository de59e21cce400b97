import Foundation
import TestSupport
import Testing

/// A workspace made by `weave`, the repositories of other people beside it, and a world of their own around
/// both.
struct Lab: Sendable {
  let directory: TemporaryDirectory
  /// What `weave` sees of the world.
  var environment: TestEnvironment

  /// Where `weave` runs when a test does not say otherwise.
  var workspace: String { directory.appending("workspace") }
  /// The workspace's store, for stock Git.
  var store: TestRepository { TestRepository(at: "\(workspace)/.weave/.git") }

  /// A lab whose workspace is an empty directory.
  init() throws {
    self.init(in: try TemporaryDirectory(inMemory: true))
    try FileManager.default.createDirectory(atPath: workspace, withIntermediateDirectories: true)
  }

  /// The lab that is in `directory` already.
  init(in directory: TemporaryDirectory) {
    self.directory = directory
    environment = TestEnvironment(home: directory.appending("home"))
  }

  /// Makes the store forget where its refs stood, as somebody does who moves one back and means it.
  func forgetTips() throws {
    let file = "\(store.path)/weave/known-tips"
    if FileManager.default.fileExists(atPath: file) { try FileManager.default.removeItem(atPath: file) }
  }

  /// An environment in which Git finds the sources at a host as well, as `https://git.example.org/NAME`.
  func withSourcesAtHost() throws -> TestEnvironment {
    let sources = "[url \"\(directory.path)/sources/\"]\n\tinsteadOf = https://git.example.org/\n"
    return environment.with(["GIT_CONFIG_GLOBAL": try directory.write(sources, to: "home/sources.gitconfig")])
  }

  // MARK: running weave

  /// Runs weave with such arguments in a directory, in an environment, with such standard input, to whatever end.
  typealias Runner =
    @Sendable (_ arguments: [String], _ directory: String, _ environment: [String: String], _ input: [UInt8])
    throws -> ProcessResult

  /// What runs weave for the tests of this task: unless they say otherwise, a process of the built program.
  @TaskLocal static var runWeave: Runner = runProgram

  /// Runs the built program.
  static let runProgram: Runner = { try runProcess(weaveExecutable, $0, in: $1, environment: $2, input: $3) }

  /// Runs weave in the workspace, or in `directory`, to whatever end.
  func run(
    _ arguments: [String], in directory: String? = nil, environment: TestEnvironment? = nil,
    input: String = ""
  ) throws -> ProcessResult {
    try Self.runWeave(
      arguments, directory ?? workspace, (environment ?? self.environment).variables, Array(input.utf8))
  }

  /// Runs weave in the workspace, or in `directory`, to whatever end.
  func run(
    _ arguments: String..., in directory: String? = nil, environment: TestEnvironment? = nil,
    input: String = ""
  ) throws -> ProcessResult {
    try run(arguments, in: directory, environment: environment, input: input)
  }

  /// Runs weave, which must succeed, and returns its standard output, trimmed.
  @discardableResult
  func weave(_ arguments: [String], in directory: String? = nil, input: String = "") throws -> String {
    try run(arguments, in: directory, input: input).succeeded(["weave"] + arguments).trimmed
  }

  /// Runs weave, which must succeed, and returns its standard output, trimmed.
  @discardableResult
  func weave(_ arguments: String..., in directory: String? = nil, input: String = "") throws -> String {
    try weave(arguments, in: directory, input: input)
  }

  /// Runs weave, which must end with `status`, print nothing on standard output and change no ref, and
  /// returns its standard error.
  @discardableResult
  func refusal(
    _ arguments: [String], status: Int32 = 1, input: String = "",
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> String {
    let before = try store.refs()
    let result = try run(arguments, input: input)
    #expect(result.status == status, "\(result.stderr)", sourceLocation: sourceLocation)
    #expect(result.stdout == "", sourceLocation: sourceLocation)
    #expect(result.stderr.hasPrefix("error: "), "\(result.stderr)", sourceLocation: sourceLocation)
    #expect(
      result.stderr.split(separator: "\n").count { $0.hasPrefix("error: ") } == 1, "\(result.stderr)",
      sourceLocation: sourceLocation)
    #expect(try store.refs() == before, "the store's refs changed", sourceLocation: sourceLocation)
    return result.stderr
  }

  /// Starts weave in the workspace and returns while it runs.
  func start(_ arguments: String...) throws -> RunningProcess {
    try spawnProcess(weaveExecutable, arguments, in: workspace, environment: environment.variables)
  }

  // MARK: sources and checkouts

  /// Makes a source with a commit for each of `messages`, of which the oldest get `tags`.
  func makeSource(_ name: String, _ messages: [String], tags: [String]) throws -> TestRepository {
    let repository = try TestRepository.create(at: source(name).path)
    for (index, message) in messages.enumerated() {
      try repository.commit(message, content: "\(message) of \(name)\n")
      if tags.indices.contains(index) { try repository.tag(tags[index]) }
    }
    return repository
  }

  /// Makes a source with the commits `one`, with the tag `v1`, and `two`.
  func makeSource(_ name: String) throws -> Source {
    try Source(makeSource(name, ["one", "two"], tags: ["v1"]))
  }

  /// Makes a source with the commits `one`, with the tag `v1`, and `two`, and adds it as a project.
  @discardableResult
  func addProject(_ name: String) throws -> Source {
    let source = try makeSource(name)
    try weave("project", "add", name, source.repository.path)
    return source
  }

  /// The repository that `project` comes from.
  func source(_ project: String) -> TestRepository {
    TestRepository(at: directory.appending("sources/\(project)"))
  }

  /// The full id of `member`, a `project@revision` of a source.
  func id(_ member: String) throws -> String {
    let parts = member.split(separator: "@", maxSplits: 1).map(String.init)
    return try source(parts[0]).git("rev-parse", "--verify", parts[1] + "^{commit}")
  }

  /// The first seven digits of the id of `member`, a `project@revision` of a source.
  func short(_ member: String) throws -> String { String(try id(member).prefix(7)) }

  /// Commits once to the new branch `name` of a project's source, which begins at `start`, fetches, and
  /// returns the commit's id.
  @discardableResult
  func branchOff(
    _ project: String, _ name: String, from start: String = "main", content: String? = nil
  ) throws -> String {
    let source = source(project)
    try source.git("checkout", "--quiet", "-b", name, start)
    let id = try source.commit("to \(name)", content: content)
    try source.checkout("main")
    try weave("fetch")
    return id
  }

  /// Clones a project's source with stock Git, to `name` in the workspace.
  @discardableResult
  func checkout(_ project: String, as name: String? = nil) throws -> TestRepository {
    let path = "\(workspace)/\(name ?? project)"
    try TestRepository(at: directory.path).git("clone", "--quiet", source(project).path, path)
    return TestRepository(at: path)
  }

  // MARK: the store

  /// What stock Git and weave say of the whole store; both must find nothing.
  func check(sourceLocation: SourceLocation = #_sourceLocation) throws {
    let git = try runProcess(
      "git", ["fsck", "--strict"], in: store.path, environment: store.environment.variables)
    #expect(git.status == 0, "git fsck: \(git.stdout)\(git.stderr)", sourceLocation: sourceLocation)
    let weave = try run("fsck")
    #expect(weave.status == 0, "weave fsck: \(weave.stdout)\(weave.stderr)", sourceLocation: sourceLocation)
  }

  /// Throws away what no ref of the store reaches.
  func collectGarbage() throws { try store.git("gc", "--quiet", "--prune=now") }

  /// Whether the store holds the commit `id` with all its files.
  func holds(_ id: String) throws -> Bool {
    try runProcess(
      "git", ["rev-list", "--objects", "--quiet", id], in: store.path,
      environment: store.environment.variables
    ).status == 0
  }

  /// What `ref` of a project's namespace holds in the store; nil where it is not there.
  func fetched(_ project: String, _ ref: String) -> String? {
    store.resolve("refs/namespaces/\(project)/\(ref)")
  }

  /// The writer's name.
  func writer() throws -> String { try store.git("config", "weave.writer") }

  /// The full name of the one ledger's ref.
  func ledger() throws -> String { "refs/weave/public/ledger/\(try writer())" }

  /// The ids of all events, the newest first.
  func events() throws -> [String] {
    let ledger = try ledger()
    guard store.resolve(ledger) != nil else { return [] }
    return try store.git("rev-list", ledger).split(separator: "\n").map(String.init)
  }

  /// The store's id.
  func storeID() throws -> String { try store.git("show", "refs/weave/public/manifest:store") }
}

/// A project's repository with two commits, as someone else keeps it.
struct Source {
  let repository: TestRepository
  /// The first commit, with the tag `v1`.
  let one: String
  /// The second commit, the tip of `main`.
  let two: String

  /// The repository that is made so already.
  init(_ repository: TestRepository) throws {
    self.repository = repository
    let ids = try repository.git("rev-parse", "v1", "main").split(separator: "\n").map(String.init)
    (one, two) = (ids[0], ids[1])
  }

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
