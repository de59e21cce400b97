import ArgumentParser
import Foundation
import WeaveKit

struct ExecCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "exec", abstract: "Run a command in every checkout, in parallel.",
    usage: "weave exec [-p <project>]... [-j <number>] -- <command> [<argument>]...",
    discussion: """
      Each line of output begins with the project's name. WEAVE_PROJECT holds it, too. Exits with the highest exit \
      code of all.
      """)

  @Option(
    name: [.customShort("p"), .long],
    help: ArgumentHelp("Only in this project's checkout; may be repeated.", valueName: "project"))
  var project: [String] = []
  @Option(
    name: [.customShort("j"), .long],
    help: ArgumentHelp("So many at a time. Default: two for each processor.", valueName: "number"))
  var jobs: Int = 2 * Surroundings.processorCount
  @OptionGroup var options: GlobalOptions

  func validate() throws {
    try Invocation.current.requireUsersCommand()
    if jobs < 1 { throw ValidationError("--jobs is 1 or more") }
  }

  func run(_ surroundings: Surroundings, _ printer: Printer) async throws {
    Interruption.isTakenCareOf()
    let (view, command) = (ExecView(printer: printer), Invocation.current.usersCommand)
    let workspace = try await options.workspace(surroundings)
    let outcome: Executions
    do {
      outcome = try await workspace.execute(
        command, in: project, limit: jobs, report: view.report)
    } catch let error as CommandNotFound {
      printer.note("error: \(error)")
      throw ExitCode(127)
    }
    view.end()
    for execution in outcome.executions {
      if let failure = execution.failure { printer.note("error: \(execution.project): \(failure)") }
      if let code = execution.exitCode, code != 0 {
        printer.note("warning: \(execution.project): \(command[0]) exited with \(code)")
      }
    }
    for project in outcome.missing { printer.note("note: \(project) is not checked out") }
    let isMissed = !project.isEmpty && !outcome.missing.isEmpty
    let worst = outcome.executions.map { $0.exitCode ?? 126 }.max() ?? 0
    if worst != 0 || isMissed { throw ExitCode(max(worst, isMissed ? 1 : 0)) }
  }
}
