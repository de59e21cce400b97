import ArgumentParser
import WeaveKit
import WeaveModel

struct GraphCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "graph", abstract: "Draw the projects side by side, and what ties their commits together.",
    usage: """
      weave graph [-c <constellation>] [--format text|svg|dot|mermaid]
                  [-p <project>]... [--limit <number>]
      """,
    discussion:
      "A lane for each project, the newest on top. Commits without links are folded. What the constellation picks is marked."
  )

  enum Format: String, ExpressibleByArgument, CaseIterable { case text, svg, dot, mermaid }

  @OptionGroup var constellation: ConstellationOption
  @Option(help: "As lines of text, a picture, or input of Graphviz or Mermaid.") var format = Format.text
  @Option(
    name: [.customShort("p"), .long],
    help: ArgumentHelp("Only these projects, in this order; may be repeated.", valueName: "project"))
  var project: [String] = []
  @Option(help: ArgumentHelp("At most so many links, the newest.", valueName: "number")) var limit = 200
  @OptionGroup var options: FitnessOptions

  func validate() throws {
    if limit < 1 { throw ValidationError("--limit takes a number from 1 on") }
    if Set(project).count < project.count { throw ValidationError("-p names one project twice") }
  }

  func run(_ surroundings: Surroundings, _ printer: Printer) async throws {
    let workspace = try await options.workspace(surroundings)
    let (graph, failures) = try await workspace.graph(
      of: project, picksOf: loaded(in: workspace), limit: limit)
    if graph.omittedTieCount > 0 {
      printer.note("note: \(graph.omittedTieCount) older left out; --limit NUMBER shows more")
    }
    guard !graph.lanes.isEmpty else {
      return printer.note("nothing to draw: no link, no revocation, and no constellation that picks anything")
    }
    switch format {
    case .text:
      for line in TextGraph(graph, width: printer.output.terminal?.width ?? 80).lines { printer.out(line) }
    case .svg: printer.out(SVGGraph(graph).text)
    case .dot: printer.out(DOTGraph(graph: graph).text)
    case .mermaid: printer.out(MermaidGraph(graph: graph).text)
    }
    for failure in failures { printer.explain(failure) }
    if !failures.isEmpty { throw ExitCode(1) }
  }

  /// The constellation that is named, or the only one stored; none is needed.
  private func loaded(in workspace: Workspace) throws -> LoadedConstellation? {
    if constellation.name == nil, try workspace.constellationNames().count != 1 { return nil }
    return try workspace.constellation(constellation.name)
  }
}
