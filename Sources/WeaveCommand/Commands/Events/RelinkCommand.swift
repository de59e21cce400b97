import ArgumentParser
import Foundation
import WeaveKit
import WeaveModel

struct RelinkCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "relink",
    abstract: "Say of rewritten commits' successors what was said of the commits.",
    usage: """
      weave relink [<project>...]              ask about each
      weave relink [<project>...] --yes        take those with the same tree
      weave relink [<project>...] --dry-run [--json]
      """,
    discussion: """
      After a rebase, an amended commit or a squash: links and revocations of commits that no branch has any more. \
      Exits with 2 where something is left to be taken that nobody was asked about.
      """)

  @Argument(help: ArgumentHelp("Only commits of these projects.", valueName: "project"))
  var projects: [String] = []
  @Flag(help: "Take what has the same tree; ask about nothing.") var yes = false
  @Flag(help: "Take what has the same patch-id or Change-Id, too.") var yesAll = false
  @Flag(name: [.customShort("n"), .long], help: "Only list.") var dryRun = false
  @Flag(help: "Print JSON; asks about nothing.") var json = false
  @OptionGroup var options: FitnessCheckOptions

  func validate() throws {
    if dryRun && (yes || yesAll) { throw ValidationError("--dry-run takes nothing, so it excludes --yes") }
  }

  func run(_ surroundings: Surroundings, _ printer: Printer) async throws {
    let workspace = try await options.workspace(surroundings)
    let report = try await workspace.relinks(of: projects)
    let view = RelinkView(report: report, printer: printer)
    var (taken, left) = ([EventID: EventID](), 0)
    for relink in report.offers {
      if !json { view.show(relink) }
      switch answer(to: relink, surroundings, printer) {
      case true?:
        let id = try await workspace.take(relink)
        taken[relink.event.id] = id
        if !json { printer.line("  taken: \(id.short)") }
      case false?: break
      case nil: left += 1
      }
    }
    if json { try view.printJSON(taken: taken) } else { view.showRest(left: left, wasTold: yes || yesAll) }
    if left > 0 { throw ExitCode(2) }
  }

  /// Whether it is to be taken; nil where nobody said.
  private func answer(to relink: Relink, _ surroundings: Surroundings, _ printer: Printer) -> Bool? {
    if yesAll || (yes && relink.offer.isCertain) { return true }
    guard !dryRun, !json, !yes, let readAnswer = surroundings.readAnswer, printer.error.terminal != nil
    else { return nil }
    printer.control("Take it? [y/N] ")
    return ["y", "yes"].contains((readAnswer() ?? "").lowercased())
  }
}
