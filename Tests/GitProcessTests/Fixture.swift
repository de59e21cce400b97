import ForeignText
import GitProcess
import TestSupport

/// A store, a user's home with a configuration of its own, and sources made as a test needs them.
struct Fixture {
  let directory: TemporaryDirectory
  let store: TestRepository
  var environment: TestEnvironment

  init() throws {
    directory = try TemporaryDirectory()
    store = try .create(at: directory.appending("store"), bare: true)
    environment = TestEnvironment(home: directory.appending("home"))
  }

  var git: GitProcess {
    GitProcess(environment: environment.variables, workingDirectory: directory.path)
  }

  /// A repository with one commit on `main`.
  func source(_ name: String) throws -> TestRepository {
    let source = try TestRepository.create(at: directory.appending(name))
    try source.commit("\(name) one")
    return source
  }

  func fetch(_ project: String, from source: TestRepository) async throws {
    try await git.fetch(project: project, from: RepositoryURL(source.path), into: store.path)
  }

  func remoteHead(of url: String) async throws -> RemoteHead {
    try await git.remoteHead(of: RepositoryURL(url), gitDirectory: store.path)
  }

  /// The refs of a project in the store, by their names in the project.
  func refs(of project: String) throws -> [String: String] {
    let prefix = "refs/namespaces/\(project)/"
    let refs = try store.refs().filter { $0.key.hasPrefix(prefix) }
    return Dictionary(uniqueKeysWithValues: refs.map { (String($0.key.dropFirst(prefix.count)), $0.value) })
  }

  /// Makes `lines` the user's own configuration.
  mutating func configureUser(_ lines: String) throws {
    environment.variables["GIT_CONFIG_GLOBAL"] = try directory.write(lines, to: "home/.gitconfig")
  }

  /// Makes `host:/path` reach this machine, as if over the network.
  mutating func serveOverSSH() throws {
    let command = try directory.write("#!/bin/sh\nshift\nexec sh -c \"$1\"\n", to: "ssh", executable: true)
    environment.variables["GIT_SSH_COMMAND"] = command
    environment.variables["GIT_SSH_VARIANT"] = "simple"
  }

  /// The error that `body` throws, nil where it succeeds.
  func failure(_ body: () async throws -> Void) async -> GitProcessError? {
    do {
      try await body()
      return nil
    } catch {
      return error as? GitProcessError
    }
  }
}
