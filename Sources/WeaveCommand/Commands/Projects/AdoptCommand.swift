import ArgumentParser
import ForeignText
import Foundation
import WeaveKit

struct AdoptCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "adopt",
    abstract: "Add the projects that are checked out here, or that a manifest names, and harvest links.",
    discussion: "Nothing in any checkout changes. Asks once; without a terminal it only lists them.")

  @OptionGroup var consent: ConsentOption
  @OptionGroup var options: GlobalOptions

  func run(_ surroundings: Surroundings, _ printer: Printer) async throws {
    let workspace = try await options.workspace(surroundings)
    let isWhole = try await Adoption.run(in: workspace, consent, surroundings, printer) {
      printer.note("Nothing is found in \(workspace.directory) that the store does not know")
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
  /// Says whether nothing failed and nothing was passed over. `none` is run where nothing is found. Goes on with what was cut
  /// off without asking again.
  static func run(
    in workspace: Workspace, _ consent: ConsentOption, _ surroundings: Surroundings, _ printer: Printer,
    none: () -> Void
  ) async throws -> Bool {
    try workspace.beginSettingUp()
    let begun = try workspace.halfAdopted()
    let discovery = try await workspace.discover()
    for problem in discovery.problems.all { printer.note("warning: \(problem)") }
    if !begun.isEmpty {
      printer.note("Going on with \(counted(begun.count, "project")), whose adoption was cut off")
    }
    let isAgreed =
      discovery.projects.isEmpty || show(discovery, in: workspace, consent, surroundings, printer)
    let chosen = begun + (isAgreed ? discovery.projects : [])
    guard !chosen.isEmpty else {
      if isAgreed { none() } else { printer.note("Nothing is adopted; `weave adopt` asks again") }
      try workspace.finish()
      return !isAgreed || discovery.problems.isEmpty
    }
    let lines = FetchLines(printer: printer)
    let outcome = try await workspace.adopt(chosen, report: lines.report)
    lines.end(with: outcome.fetched)
    for problem in outcome.leftOut { printer.note("warning: \(problem)") }
    printer.note("Adopted \(counted(outcome.adopted.count, "project"))")
    let fetched = outcome.adopted.map(\.text).filter { name in
      !outcome.fetched.contains { $0.project.text == name && $0.after == nil }
    }
    let harvested =
      try await fetched.isEmpty
      ? [] : workspace.harvest(fetched, every: false, report: HarvestView(printer: printer).progress)
    printer.clearProgress()
    HarvestView(printer: printer).show(harvested)
    try workspace.finish()
    return discovery.problems.isEmpty && outcome.leftOut.isEmpty
      && outcome.fetched.allSatisfy { $0.failure == nil }
      && harvested.allSatisfy(\.passedOver.isEmpty)
  }

  /// Shows what was found, and whether it is to be adopted.
  private static func show(
    _ discovery: Discovery, in workspace: Workspace, _ consent: ConsentOption, _ surroundings: Surroundings,
    _ printer: Printer
  ) -> Bool {
    printer.note("Found \(counted(discovery.projects.count, "project")) in \(workspace.directory):")
    let rows =
      [("PROJECT", "CHECKOUT", "SOURCE")]
      + discovery.projects.map {
        (
          $0.name.text,
          $0.path.map(Redaction(knowing: $0.source).text) ?? "(in \($0.manifest ?? ""))",
          $0.source.text
        )
      }
    let widths = (rows.map(\.0.count).max() ?? 0, rows.map(\.1.count).max() ?? 0)
    for row in rows {
      printer.note(
        printer.error.cut("  \(row.0.padding(widths.0))  \(row.1.padding(widths.1))  \(row.2)"))
    }
    return consent.yes
      || printer.asks(
        "Adopt them, and harvest links from their history?", hint: "weave adopt --yes", surroundings)
  }
}
