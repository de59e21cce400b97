import ArgumentParser
import WeaveKit
import WeaveModel

struct StatusCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Show the workspace, or with -c which machines drift.",
    usage: """
      weave status [--json]                    the workspace
      weave status -c <constellation> [--exit-code] [--fail-on <words>]
                   [--stale-after <age>] [--steps <number>] [--json]
      """,
    discussion:
      "With -c, --exit-code exits with 5 (incompatible), 3 (moved), 4 (cannot tell), 2 (changes wanted) or 0."
  )

  @OptionGroup var question: StatusQuestion
  @OptionGroup var options: GlobalOptions

  func run() async throws { try await question.answer(try await options.workspace()) }
}

/// What `weave status` and `weave what-if status` take.
struct StatusQuestion: ParsableArguments {
  @Option(
    name: [.customShort("c"), .customLong("constellation")],
    help: ArgumentHelp(
      "The machines of this constellation: a name in the store, a file, or - for standard input.",
      valueName: "name"))
  var constellation: String?
  @Flag(help: "Exit with a code that says how it stands.") var exitCode = false
  @Option(
    help: ArgumentHelp(
      "Only these words fail, comma-separated; incompatible always does.", valueName: "words"),
    transform: words)
  var failOn: Set<FailOn>?
  @Option(
    help: ArgumentHelp(
      "From which age an observation is stale: 90s, 30m, 1h, 2d. Default: 1h.", valueName: "age"),
    transform: seconds)
  var staleAfter: Int64 = 3_600
  @OptionGroup var steps: StepsOption
  @Flag(help: "Print JSON.") var json = false

  func validate() throws {
    if exitCode && constellation == nil { throw ValidationError("--exit-code goes with -c CONSTELLATION") }
    if failOn != nil && !exitCode { throw ValidationError("--fail-on goes with --exit-code") }
  }

  func answer(_ workspace: Workspace) async throws {
    guard let name = constellation else {
      return try await WorkspaceStatusView(workspace: workspace, staleAfter: staleAfter).print(asJSON: json)
    }
    let status = try await workspace.status(
      workspace.constellation(name), staleAfter: staleAfter, budget: steps.steps)
    let view = ConstellationStatusView(status: status, isSupposed: workspace.isSupposing)
    if json { try view.printJSON() } else { view.print() }
    guard exitCode else { return }
    let code = WeaveModel.exitCode(
      for: status.machines.map(\.report), hasUnfitWanted: !status.unfitWanted.isEmpty,
      lacksResolution: status.lacksResolution != nil, resolverGaveUp: status.gaveUp != nil, failOn: failOn)
    if code != 0 { throw ArgumentParser.ExitCode(Int32(code)) }
  }
}

private func words(_ text: String) throws -> Set<FailOn> {
  try Set(
    text.split(separator: ",").map { word in
      guard let word = FailOn(rawValue: String(word)) else {
        throw ValidationError(
          "'\(word)' is no word of --fail-on; there are "
            + FailOn.allCases.map(\.rawValue).joined(separator: ", "))
      }
      return word
    })
}

private func seconds(_ text: String) throws -> Int64 {
  let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400]
  guard let unit = text.last.flatMap({ units[$0] }), let number = Int64(text.dropLast()), number >= 0,
    number < 100_000_000
  else {
    throw ValidationError("'\(text)' is no age; for example 30m, 1h or 2d")
  }
  return number * unit
}
