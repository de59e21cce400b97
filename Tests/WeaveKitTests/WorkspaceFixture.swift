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
    let (workspace, _) = try await Workspace.initialize(workspacePath, caller: surroundings(at: directory.path))
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

  private var workspacePath: String { directory.appending("workspace") }

  private func surroundings(at path: String, _ seconds: Int = TestEnvironment.epoch) -> Surroundings {
    var environment = TestEnvironment(home: directory.path)
    environment.setDate(seconds)
    return Surroundings(
      workingDirectory: path, environment: environment.variables, hostName: "toto", now: Int64(seconds))
  }

  /// The workspace, as a command that is run so many seconds after the fixture was made opens it.
  func workspace(after seconds: Int = 0) async throws -> Workspace {
    try await Workspace.open(surroundings(at: workspacePath, TestEnvironment.epoch + seconds))
  }
}
