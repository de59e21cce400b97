import ArgumentParser
import ForeignText
import WeaveKit

struct WhatIfCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "what-if",
    abstract: "Answer as if commits were linked or revoked, with nothing recorded.",
    usage: """
      weave what-if resolve [--link <project@rev>...]
                    [--revoke <project@rev>...|<event>] [<options of resolve>]
      weave what-if status -c <constellation> [--link <project@rev>...]
                    [--revoke <project@rev>...|<event>] [<options of status>]
      """,
    subcommands: [WhatIfResolve.self, WhatIfStatus.self])
}

/// What is supposed.
struct SuppositionOptions: ParsableArguments {
  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp("As if these were linked.", valueName: "project@rev"))
  var link: [String] = []
  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp("As if these, or the members of a link, were revoked.", valueName: "event|project@rev")
  )
  var revoke: [String] = []

  func validate() throws {
    if link.isEmpty && revoke.isEmpty {
      throw ValidationError("what is supposed? --link or --revoke says so")
    }
    // The parser would make one set of both.
    for option in ["--link", "--revoke"]
    where Invocation.current.arguments.count(where: { $0 == option || $0.begins(with: option + "=") }) > 1 {
      throw ValidationError("\(option) is given twice, and takes all its commits at once")
    }
  }

  func supposed(in workspace: Workspace) async throws -> Workspace {
    try await workspace.supposing(linked: link, revoked: revoke)
  }
}

struct WhatIfResolve: Command {
  static let configuration = CommandConfiguration(
    commandName: "resolve", abstract: "Resolve as if commits were linked or revoked.",
    usage: """
      weave what-if resolve [--link <project@rev>...]
                    [--revoke <project@rev>...|<event>] [<options of resolve>]
      """)

  @OptionGroup var supposition: SuppositionOptions
  @OptionGroup var question: ResolveQuestion
  @OptionGroup var options: FitnessOptions

  func run(_ surroundings: Surroundings, _ printer: Printer) async throws {
    let workspace = try await supposition.supposed(in: options.workspace(surroundings))
    try await question.answer(workspace, printer)
  }
}

struct WhatIfStatus: Command {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Show which machines would drift if commits were linked or revoked.",
    usage: """
      weave what-if status -c <constellation> [--link <project@rev>...]
                    [--revoke <project@rev>...|<event>] [<options of status>]
      """)

  @OptionGroup var supposition: SuppositionOptions
  @OptionGroup var question: StatusQuestion
  @OptionGroup var options: FitnessOptions

  func validate() throws {
    if question.constellation == nil { throw ValidationError("-c CONSTELLATION says which machines") }
  }

  func run(_ surroundings: Surroundings, _ printer: Printer) async throws {
    let workspace = try await supposition.supposed(in: options.workspace(surroundings))
    try await question.answer(workspace, printer)
  }
}
