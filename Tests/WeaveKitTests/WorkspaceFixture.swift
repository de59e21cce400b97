import Foundation
import TestSupport
import WeaveKit
import WeaveModel

/// A workspace with projects whose sources stand beside it, asked by the library alone.
struct WorkspaceFixture {
  let directory: TemporaryDirectory
  private(set) var sources: [String: TestRepository] = [:]

  /// Each project has the tags `v1` and `v2`, and `main` at the latter.
  init(_ projects: String...) async throws {
    directory = try TemporaryDirectory()
    let workspace = try await Self.emptyWorkspace(in: directory)
    for project in projects {
      let source = try TestRepository.create(at: directory.appending("sources/\(project)"))
      for version in ["v1", "v2"] {
        try source.commit("\(project) \(version)")
        try source.tag(version)
      }
      sources[project] = source
      _ = try await workspace.addProject(project, source: source.path, track: nil)
    }
    _ = try await workspace.fetch([]) { _ in }
  }

  /// The workspace, as a command that is run so many seconds after the fixture was made opens it.
  func workspace(after seconds: Int = 0) async throws -> Workspace {
    try await Workspace.open(
      Self.surroundings(
        at: directory.appending(Self.name), TestEnvironment.epoch + seconds, home: directory))
  }

  /// A workspace without projects in the directory, asked by who stands there.
  static func emptyWorkspace(in directory: TemporaryDirectory) async throws -> Workspace {
    let (workspace, _) = try await Workspace.initialize(
      directory.appending(name), caller: surroundings(at: directory.path, home: directory))
    try workspace.finish()
    return workspace
  }

  private static let name = "workspace"

  private static func surroundings(
    at path: String, _ seconds: Int = TestEnvironment.epoch, home: TemporaryDirectory
  ) -> Surroundings {
    var environment = TestEnvironment(home: home.path)
    environment.setDate(seconds)
    return Surroundings(
      workingDirectory: path, environment: environment.variables, hostName: "toto", now: Int64(seconds))
  }
}
