import ArgumentParser
import WeaveKit

struct ConstellationCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "constellation",
    abstract: "Store, list, show and remove constellations: what must run where.",
    subcommands: [Add.self, List.self, Show.self, Remove.self])

  struct Add: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Store a constellation, under the name that the file gives it.")
    @Argument(help: "A YAML or JSON file, or - for standard input.", completion: .file()) var file: String
    @OptionGroup var options: GlobalOptions

    func run() throws {
      let constellation = try options.workspace().addConstellation(file).constellation
      Printer.note(
        "Stored \(constellation.name): \(counted(constellation.machines.count, "machine")), \(counted(constellation.projects.count, "project"))"
      )
    }
  }

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List the stored constellations.")
    @OptionGroup var options: GlobalOptions

    func run() throws {
      for stored in try options.workspace().storedConstellations() { Printer.out(stored.constellation.name) }
    }
  }

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Print a stored constellation as it was given.")
    @Argument(help: "Its name.") var name: String
    @OptionGroup var options: GlobalOptions

    func run() throws {
      let text = try options.workspace().constellation(name).text
      Printer.out(text.hasSuffix("\n") ? String(text.dropLast()) : text)
    }
  }

  struct Remove: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Take a constellation out of the store; its locks stay.")
    @Argument(help: "Its name.") var name: String
    @OptionGroup var options: GlobalOptions

    func run() throws { try options.workspace().removeConstellation(name) }
  }
}
