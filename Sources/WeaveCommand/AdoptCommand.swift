import ArgumentParser
import Foundation
import WeaveKit

struct AdoptCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "adopt",
    abstract: "Add the projects that are checked out here, or that a manifest names, and harvest links.",
    discussion: "Nothing in any checkout changes. Asks once; without a terminal it only lists them.")

  @OptionGroup var consent: ConsentOption
  @OptionGroup var options: GlobalOptions

  func run() async throws {
    let workspace = try await options.workspace()
    let isWhole = try await Adoption.run(in: workspace, consent) {
      Printer.note("Nothing is found in \(workspace.directory) that the store does not know")
    }
    if !isWhole { throw ExitCode(1) }
  }
}

/// Whether a question is answered beforehand.
struct ConsentOption: ParsableArguments {
  @Flag(help: "Answer yes to the question.") var yes = false
}

/// Finding projects, asking once, adopting them and harvesting their histories.
enum Adoption {
  /// Says whether nothing failed and nothing was passed over. `none` is run where nothing is found.
  static func run(in workspace: Workspace, _ consent: ConsentOption, none: () -> Void) async throws -> Bool {
    let discovery = try workspace.discover()
    for problem in discovery.problems { Printer.note("warning: \(problem)") }
    guard !discovery.projects.isEmpty else {
      none()
      return discovery.problems.isEmpty
    }
    Printer.note("Found \(counted(discovery.projects.count, "project")) in \(workspace.directory):")
    let rows =
      [("PROJECT", "CHECKOUT", "SOURCE")]
      + discovery.projects.map {
        ($0.name.text, $0.path ?? "(in \($0.manifest ?? ""))", $0.source.text)
      }
    let widths = (rows.map(\.0.count).max() ?? 0, rows.map(\.1.count).max() ?? 0)
    for row in rows {
      Printer.note(
        Terminal.cut("  \(row.0.padding(widths.0))  \(row.1.padding(widths.1))  \(row.2)", on: STDERR_FILENO))
    }
    guard
      consent.yes
        || Terminal.asks("Adopt them, and harvest links from their history?", hint: "weave adopt --yes")
    else {
      Printer.note("Nothing is adopted; `weave adopt` asks again")
      return true
    }
    let outcome = try await workspace.adopt(discovery.projects, report: FetchView.progress)
    ProgressLine.clear()
    for result in outcome.fetched { FetchView.show(result) }
    Printer.note("Adopted \(counted(outcome.adopted.count, "project"))")
    let fetched = outcome.adopted.map(\.name.text).filter { name in
      !outcome.fetched.contains { $0.project.text == name && $0.after == nil }
    }
    let harvested =
      try await fetched.isEmpty ? [] : workspace.harvest(fetched, every: false, report: HarvestView.progress)
    ProgressLine.clear()
    HarvestView.show(harvested)
    return discovery.problems.isEmpty && outcome.fetched.allSatisfy { $0.failure == nil }
      && harvested.allSatisfy(\.passedOver.isEmpty)
  }
}
