import ArgumentParser
import ForeignText
import Foundation
import WeaveFormats
import WeaveKit
import WeaveModel

struct ImportCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Record the commits that another tool's file names, as a set or a link.",
    usage: """
      weave import <file> [--set <name>] [--replace] [--format <format>] [--yes]
      weave import <file> --link -m <text> [--format <format>] [--yes]
      """,
    discussion: """
      Adds the projects that the store does not know: shows them and asks. What is passed over is told, the rest is \
      recorded, and the exit code is then 1.
      """)

  @Argument(help: "The file: .gitmodules, west.yml, flake.lock, …", completion: .file()) var file: String
  @Option(help: ArgumentHelp("Which tool's file it is. Default: as its name tells.", valueName: "format"))
  var format: WorkspaceFormat?
  @Option(help: ArgumentHelp("What to call the set. Default: the file's name.", valueName: "name"))
  var set: String?
  @Flag(help: "Take the name from the set that has it.") var replace = false
  @Flag(help: "Link the commits instead: say that they are compatible.") var link = false
  @Option(name: [.customShort("m"), .long], help: ArgumentHelp("What it is for.", valueName: "text"))
  var message: String?
  @OptionGroup var consent: ConsentOption
  @OptionGroup var force: ForceOption
  @OptionGroup var options: GlobalOptions

  func validate() throws {
    if link, set != nil || replace {
      throw ValidationError("--link makes a link, and --set and --replace a set")
    }
    if link, message == nil { throw ValidationError("--link needs -m TEXT: what was seen to work") }
  }

  func run(_ surroundings: Surroundings, _ printer: Printer) async throws {
    let workspace = try await options.workspace(surroundings)
    let plan = try await workspace.planImport(of: file, as: format)
    var isWhole = warn(plan.problems, printer)
    if !plan.unknown.isEmpty {
      isWhole = try await add(plan.unknown, to: workspace, surroundings, printer) && isWhole
    }
    let imported = try await workspace.importedCommits(of: plan, report: FetchView(printer: printer).progress)
    printer.clearProgress()
    isWhole = warn(imported.problems, printer) && isWhole
    guard imported.commits.count > 0 else {
      throw WeaveError(
        "\(file) pins no commit of a project of this store", hint: "`weave project list` lists them")
    }
    let members = imported.commits.members.map { "\($0.project)@\($0.commit)" }
    if link {
      let outcome = try await workspace.link(
        .named(members), text: message ?? "", evidence: [], force: force.force)
      printer.note("Linked \(outcome.members)")
      printer.line(outcome.id.hex)
    } else {
      let (set, isChange) = try await workspace.makeSet(
        set ?? plan.stem, .members(members), text: message ?? "", replacing: replace, force: force.force)
      printer.note(isChange ? "\(set.name): \(set.commits)" : "\(set.name) is these commits already")
    }
    if !isWhole { throw ExitCode(1) }
  }

  /// Says whether there was nothing to warn of.
  private func warn(_ problems: ToldLines, _ printer: Printer) -> Bool {
    for problem in problems.all { printer.note("warning: \(problem)") }
    return problems.isEmpty
  }

  /// Asks, adds the projects and fetches them. Says whether all of it was done.
  private func add(
    _ projects: [ImportPlan.UnknownProject], to workspace: Workspace, _ surroundings: Surroundings,
    _ printer: Printer
  ) async throws -> Bool {
    printer.note("\(file) names \(counted(projects.count, "project")) that the store does not know:")
    for project in projects {
      printer.note(printer.error.cut("  \(project.name)  \(project.source)"))
    }
    guard
      consent.yes
        || printer.asks(
          "Add \(projects.count == 1 ? "it" : "them")?",
          hint: "weave import --yes \(Quoted.shellOperand(file))", surroundings)
    else { throw WeaveError("nothing is imported: \(file) names projects that the store does not know") }
    var added: [String] = []
    for project in projects {
      do {
        added.append(try await workspace.add(project).text)
      } catch {
        guard let explanation = Explanation(error) else { throw error }
        printer.note("warning: \(project.name) is not added: \(explanation.message)")
      }
    }
    guard !added.isEmpty else { return false }
    let lines = FetchLines(printer: printer)
    let results = try await workspace.fetch(added, report: lines.report)
    lines.end(with: results)
    return added.count == projects.count && results.allSatisfy { $0.failure == nil }
  }
}

extension WorkspaceFormat: ExpressibleByArgument {}
