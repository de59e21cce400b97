import ArgumentParser
import ForeignText
import WeaveKit

struct ConstellationCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "constellation",
    abstract: "Store, list, show and remove constellations: what must run where.",
    subcommands: [Add.self, List.self, Show.self, Remove.self])

  struct Add: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "add", abstract: "Store a constellation, under the name that the file gives it.")
    @Argument(help: "A YAML or JSON file, or - for standard input.", completion: .file()) var file: String
    @Flag(help: "Also where its text holds the name of a private project, and would be public.")
    var force = false
    @OptionGroup var options: GlobalOptions

    func run() async throws {
      let (loaded, isReplaced) = try await options.workspace().addConstellation(file, force: force)
      let constellation = loaded.constellation
      Printer.note(
        "\(isReplaced ? "Replaced" : "Stored") \(constellation.name): "
          + "\(counted(constellation.machines.count, "machine")), \(counted(constellation.projects.count, "project"))"
      )
    }
  }

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: "List the stored constellations.")
    @Flag(help: "Print JSON.") var json = false
    @OptionGroup var options: ReadingOptions

    func run() async throws {
      let all = try await options.workspace().storedConstellations()
      if json {
        return try Printer.json(
          Document(schema: "weave.constellations/1", constellations: all.map(ConstellationJSON.init)))
      }
      for stored in all { Printer.line(stored.constellation.name) }
    }

    struct Document: Encodable { let schema: String; let constellations: [ConstellationJSON] }
    struct ConstellationJSON: Encodable {
      let name: String
      let version: String?
      let machines, projects: [String]

      init(_ loaded: LoadedConstellation) {
        (name, version) = (loaded.constellation.name, loaded.version?.description)
        machines = loaded.constellation.machines.map(\.name)
        projects = loaded.constellation.projects.map(\.name.text)
      }
    }
  }

  struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "show", abstract: "Print a stored constellation as it was given.")
    @Argument(help: "Its name.") var name: String
    @Flag(help: "Print JSON: the text and its version.") var json = false
    @OptionGroup var options: ReadingOptions

    func run() async throws {
      let loaded = try await options.workspace().constellation(name)
      if json {
        return try Printer.json(
          Document(
            schema: "weave.constellation/1", name: loaded.constellation.name,
            version: loaded.version?.description, text: loaded.text))
      }
      let text = loaded.text
      Printer.out(String(text.dropping(suffix: "\n") ?? text[...]))
    }

    struct Document: Encodable { let schema, name: String; let version: String?; let text: String }
  }

  struct Remove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "remove",
      abstract:
        "Take a constellation out of the store; its locks stay, and are in force again when it is added again."
    )
    @Argument(help: "Its name.") var name: String
    @OptionGroup var options: GlobalOptions

    func run() async throws { try await options.workspace().removeConstellation(name) }
  }
}
