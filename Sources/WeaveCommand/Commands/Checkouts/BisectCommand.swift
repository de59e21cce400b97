import ArgumentParser
import ForeignText
import WeaveKit
import WeaveModel

struct BisectCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "bisect", abstract: "Find the first bad step across projects, running a command.",
    usage: """
      weave bisect --good <set> --bad <set> [<options>] -- <command> [<argument>]...
      weave bisect --good <set> -c <constellation> [<options>] -- <command> [<argument>]...
      weave bisect --resume | --log | --abort [--json]
      """,
    discussion: """
      A set is a set's name, the id of an event, a lock or a resolution, or commits as PROJECT@REVISION. The command runs \
      as with `weave try`; it exits with 0 where a set is good, with 125 where it cannot be tested, with up to 127 where \
      it is bad, and with more where the bisection is to stop. Exits with 4 where only sets are left that cannot be tested.
      """)

  @Option(
    parsing: .upToNextOption, help: ArgumentHelp("A set that is good.", valueName: "set|project@rev"))
  var good: [String] = []
  @Option(parsing: .upToNextOption, help: ArgumentHelp("A set that is bad.", valueName: "set|project@rev"))
  var bad: [String] = []
  @OptionGroup var constellation: ConstellationOption
  @Option(
    help: ArgumentHelp("What this machine should run, by the constellation, is bad.", valueName: "machine"))
  var machine: String?
  @Flag(help: "Run the command also where links and revocations tell what a set is.") var ignoreEvents = false
  @Flag(help: "Do not run the good set and the bad one.") var noVerifyEnds = false
  @Flag(help: "Link the sets that the command passed on, and revoke what was found.") var record = false
  @Flag(help: "Go on with the bisection that was stopped.") var resume = false
  @Flag(help: "Forget the bisection that was stopped.") var abort = false
  @Flag(help: "Print what was run so far.") var log = false
  @Flag(help: "Print JSON.") var json = false
  @OptionGroup var options: FitnessCheckOptions

  func validate() throws {
    let isBeginning = !good.isEmpty || !bad.isEmpty || constellation.name != nil || machine != nil
    let choices = [resume, abort, log].filter { $0 }.count
    guard choices == 0 else {
      if choices > 1 || isBeginning || !Invocation.current.usersCommand.isEmpty {
        throw ValidationError("--resume, --log and --abort stand alone")
      }
      return
    }
    try Invocation.current.requireUsersCommand()
    if good.isEmpty { throw ValidationError("--good SET says from where on to look") }
    if !bad.isEmpty && (constellation.name != nil || machine != nil) {
      throw ValidationError("name the bad set with --bad, or a constellation with -c, not both")
    }
    for names in [good, bad] where names.count > 1 {
      if let name = names.first(where: { !$0.holds("@") }) {
        throw ValidationError("'\(name)' is not of the form PROJECT@REVISION, and a set stands alone")
      }
    }
  }

  func run(_ surroundings: Surroundings, _ printer: Printer) async throws {
    let workspace = try await options.workspace(surroundings)
    if log { return try show(workspace.bisection(), printer) }
    if abort {
      let state = try workspace.abortBisection()
      return printer.note("Forgot the bisection, and what \(counted(state.runs.count, "run")) said")
    }
    Interruption.isTakenCareOf()
    let view = BisectionView(workspace: workspace, printer: printer)
    do {
      let outcome =
        resume
        ? try await workspace.resumeBisection(report: view.show)
        : try await workspace.bisect(request(in: workspace), report: view.show)
      if json {
        try printer.json(BisectionDocument(outcome, workspace))
      } else {
        try view.print(outcome)
      }
      if !outcome.finding.suspects.isEmpty { throw ExitCode(4) }
    } catch let error as CommandNotFound {
      printer.note("error: \(error)")
      _ = try workspace.abortBisection()
      throw ExitCode(127)
    } catch is CancellationError {
      printer.note("note: stopped; `weave bisect --resume` goes on")
      throw ExitCode(1)
    }
  }

  private func request(in workspace: Workspace) async throws -> BisectionRequest {
    func selection(_ names: [String]) -> Selection {
      // A machine is one of the constellation's, and says nothing of a set that is named.
      Selection(names, constellation: constellation.name, machine: names.isEmpty ? machine : nil)
    }
    var request = BisectionRequest(
      good: try await workspace.commits(of: selection(good), copying: true),
      bad: try await workspace.commits(of: selection(bad), copying: true),
      command: Invocation.current.usersCommand)
    (request.ignoresEvents, request.trustsEnds, request.records) = (ignoreEvents, noVerifyEnds, record)
    return request
  }

  private func show(_ state: BisectionState?, _ printer: Printer) throws {
    if json { return try printer.json(BisectionLogDocument(state)) }
    guard let state else { return printer.note("there was no bisection here") }
    printer.line("good: \(state.request.good.commits)")
    printer.line("bad: \(state.request.bad.commits)")
    for run in state.runs {
      printer.line("\(run.verdict.rawValue.padding(7))  \(run.exitCode)  \(run.commits)")
    }
    printer.note(
      state.isFinished ? "It has come to its end" : "It is under way; `weave bisect --resume` goes on")
  }
}
