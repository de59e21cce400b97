import GitProcess
import WeaveModel
import WeaveStore

/// What running a command in checkouts came to.
public struct Executions: Sendable {
  public struct Execution: Sendable {
    public let project: ProjectName
    /// 128 and the signal's number where a signal ended it; nil where it could not be started.
    public let exitCode: Int32?
    /// Why it could not be started.
    public let failure: String?
  }

  /// By the projects' names.
  public let executions: [Execution]
  /// The projects that are not checked out.
  public let missing: [ProjectName]
}

/// How the run of a command in checkouts goes.
public enum ExecutionNews: Sendable {
  /// The projects in whose checkouts the command is run, sorted: said once, before anything else.
  case all([ProjectName])
  case began(ProjectName)
  case said(ProjectName, CommandProcess.Stream, [UInt8])
  case ended(ProjectName)
}

extension Workspace {
  /// Runs `command`, a program and its arguments, in the checkouts of the named projects, or in all that there are: at
  /// most `limit` at a time, each with its project's name as `WEAVE_PROJECT`. The caller's environment is theirs.
  ///
  /// - Parameter report: told from several threads at once; of one project in order.
  public func execute(
    _ command: [String], in names: [String], limit: Int,
    report: @escaping @Sendable (ExecutionNews) -> Void
  ) async throws -> Executions {
    let checkouts = try checkouts()
    let projects =
      try names.isEmpty ? projects().map(\.name) : Set(names).map { try project($0).name }.sorted()
    let present = projects.compactMap { checkouts[$0] }
    let process = try await CommandProcess(command, environment: caller.environment)
    report(.all(present.map(\.project)))
    let executions = await concurrently(present, limit: limit) { checkout -> Executions.Execution in
      let project = checkout.project
      report(.began(project))
      defer { report(.ended(project)) }
      do {
        try Task.checkCancellation()
        let exitCode = try await process.run(
          in: checkout.path, variables: ["WEAVE_PROJECT": project.text]
        ) { report(.said(project, $0, $1)) }
        return Executions.Execution(project: project, exitCode: exitCode, failure: nil)
      } catch {
        return Executions.Execution(project: project, exitCode: nil, failure: "\(error)")
      }
    }.map { $0.get() }
    try Task.checkCancellation()
    return Executions(executions: executions, missing: projects.filter { checkouts[$0] == nil })
  }
}
