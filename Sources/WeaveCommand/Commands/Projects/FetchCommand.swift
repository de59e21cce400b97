import ArgumentParser
import WeaveKit

struct FetchCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "fetch", abstract: "Get what is new from the projects' sources, in parallel.",
    usage: """
      weave fetch [<project>...]
      weave fetch --for <set>
      weave fetch -c <constellation> [--machine <machine>]
      """,
    discussion: """
      With --for or -c only those sources are asked of whose projects a wanted commit is not here. At most 4 \
      connections to one host are open at a time, and 16 in all.
      """)

  @Argument(help: ArgumentHelp("The projects. Default: all.", valueName: "project")) var names: [String] = []
  @Option(
    name: .customLong("for"),
    help: ArgumentHelp(
      "Get what this set lacks here: its name, or the id of an event, a lock or a resolution.",
      valueName: "set"))
  var set: String?
  @Option(
    name: [.customShort("c"), .customLong("constellation")],
    help: ArgumentHelp("Get what is wanted of this constellation and lacks here.", valueName: "name"))
  var constellation: String?
  @Option(help: ArgumentHelp("With --for or -c: of this machine only.", valueName: "machine"))
  var machine: String?
  @OptionGroup var options: GlobalOptions

  func validate() throws {
    guard [!names.isEmpty, set != nil, constellation != nil].count(where: { $0 }) <= 1 else {
      throw ValidationError("name projects, or a set with --for, or a constellation with -c")
    }
    if machine != nil && set == nil && constellation == nil {
      throw ValidationError("--machine goes with --for or -c")
    }
  }

  func run(_ surroundings: Surroundings, _ printer: Printer) async throws {
    let workspace = try await options.workspace(surroundings)
    let selection =
      set.map { Selection.named($0, machine: machine) }
      ?? constellation.map { .constellation($0, machine: machine) }
    let lines = FetchLines(printer: printer)
    let results =
      if let selection {
        try await workspace.fetchMissing(of: selection, report: lines.report)
      } else {
        try await workspace.fetch(names, report: lines.report)
      }
    lines.end(with: results)
    if results.contains(where: { $0.failure != nil }) { throw ExitCode(1) }
  }
}
