import ArgumentParser
import WeaveKit

struct InitCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Make a workspace: a directory with a store in .weave/.git.",
    discussion: """
      Where checkouts are there already, offers to adopt them as projects, and to harvest links from their history; \
      nothing in them changes. Asks once; without a terminal it only lists them. One that was cut off is completed by the next.
      """)

  @Argument(help: "Where; created if need be.", completion: .directory) var directory = "."
  @Flag(help: "Look for no checkouts.") var noAdopt = false
  @OptionGroup var consent: ConsentOption
  @OptionGroup var options: GlobalOptions

  func run(_ surroundings: Surroundings, _ printer: Printer) async throws {
    let (workspace, wasThere) = try await Workspace.initialize(
      directory, caller: try options.surroundings(from: surroundings))
    printer.note(
      wasThere
        ? "Going on with the store in \(workspace.directory)/.weave/.git, which was cut off in the making"
        : "Made an empty store in \(workspace.directory)/.weave/.git")
    func next() { printer.note("Next: `weave project add NAME SOURCE`") }
    if noAdopt {
      if try workspace.halfAdopted().isEmpty { try workspace.finish() }
      return next()
    }
    if try await !Adoption.run(in: workspace, consent, surroundings, printer, none: next) {
      throw ExitCode(1)
    }
  }
}
