import ArgumentParser
import WeaveKit

struct PullCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "pull", abstract: "Get the events, constellations, locks and observations of a remote.",
    usage: """
      weave pull [<remote>] [--strict] [--policy <id>]
      weave pull [<remote>] --ours <entry>... --theirs <entry>...
      """,
    discussion: """
      What went apart is joined without a question. Where both sides changed one entry of the manifest in two ways, \
      --ours or --theirs says which is to stay. Commits of projects come with `weave fetch`.
      """)

  @Argument(help: "The remote. Default: the only one, or origin.") var remote: String?
  @Option(help: ArgumentHelp("Keep ours of this entry, such as project/NAME.", valueName: "entry"))
  var ours: [String] = []
  @Option(help: ArgumentHelp("Take theirs of this entry.", valueName: "entry")) var theirs: [String] = []
  @Flag(help: "Fail where a change of others waits for a yes (`weave accept`).") var strict = false
  @Option(
    help: ArgumentHelp("Fail unless just this is in use here (`weave policy`).", valueName: "id"))
  var policy: String?
  @OptionGroup var options: GlobalOptions

  /// Beyond so many projects one hint is for all.
  private static let mostHints = 10

  func validate() throws {
    if let both = ours.first(where: theirs.contains) {
      throw ValidationError("\(both) cannot be both ours and theirs")
    }
  }

  func run(_ surroundings: Surroundings, _ printer: Printer) async throws {
    var choices: [String: ManifestSide] = [:]
    for entry in ours { choices[entry] = .ours }
    for entry in theirs { choices[entry] = .theirs }
    let workspace = try await Workspace.openHealing(options.surroundings(from: surroundings))
    let name = try workspace.remote(remote).name.text
    printer.showProgress("Pulling from \(name)")
    defer { printer.clearProgress() }
    let outcome = try await workspace.pull(name, choices: choices)
    printer.clearProgress()
    let view = PullView(outcome: outcome, printer: printer)
    view.show()
    if outcome.changedProjects.count > Self.mostHints {
      printer.note("hint: `weave fetch` gets the histories of \(outcome.changedProjects.count) projects")
    } else {
      for project in outcome.changedProjects where try !workspace.isFetched(workspace.project(project.text)) {
        printer.note("hint: `weave fetch \(project)` gets the history of \(project)")
      }
    }
    if let policy {
      try await workspace.require(policy: policy)
    } else {
      PendingView(printer: printer).warn(outcome.pending)
    }
    if view.hasFailures { throw ExitCode(1) }
    if strict, try !workspace.pendingChanges().isEmpty { throw ExitCode(1) }
  }
}
