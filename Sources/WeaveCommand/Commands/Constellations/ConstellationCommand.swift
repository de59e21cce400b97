import ArgumentParser
import ForeignText
import WeaveKit

struct ConstellationCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "constellation",
    abstract: "Store, list, show and remove constellations: what must run where.",
    subcommands: [Add.self, List.self, Show.self, Remove.self])

  struct Add: Command {
    static let configuration = CommandConfiguration(
      commandName: "add", abstract: "Store a constellation, under the name that the file gives it.")
    @Argument(help: "A YAML or JSON file, or - for standard input.", completion: .file()) var file: String
    @Flag(help: "Also where its text holds the name of a private project, and would be public.")
    var force = false
    @OptionGroup var options: GlobalOptions

    func run(_ surroundings: Surroundings, _ printer: Printer) async throws {
      let (loaded, isReplaced) = try await options.workspace(surroundings).addConstellation(
        file, force: force)
      let constellation = loaded.constellation
      printer.note(
        "\(isReplaced ? "Replaced" : "Stored") \(constellation.name): "
          + "\(counted(constellation.machines.count, "machine")), \(counted(constellation.projects.count, "project"))"
      )
    }
  }

  struct List: Command {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: "List the stored constellations.")
    @Flag(help: "Print JSON.") var json = false
    @OptionGroup var options: ReadingOptions

    func run(_ surroundings: Surroundings, _ printer: Printer) async throws {
      let workspace = try await options.workspace(surroundings)
      let unreadable = try workspace.unreadableConstellations()
      if json {
        let stored = try workspace.readableConstellations().map(ConstellationJSON.init)
        let all = (stored + unreadable.map(ConstellationJSON.init)).sorted { $0.name < $1.name }
        try printer.json(Document(schema: "weave.constellations/1", constellations: all))
        if unreadable.contains(where: \.isLost) { throw ExitCode(1) }
        return
      }
      for name in try workspace.constellationNames() {
        let refusal = unreadable.first { $0.name == name }
        printer.line(name + (refusal.map { $0.isTooMuch ? " (not read)" : " (cannot be read)" } ?? ""))
      }
      for constellation in unreadable {
        printer.note("\(constellation.isLost ? "error" : "warning"): \(constellation)")
        printer.note("hint: \(constellation.wayOut)")
      }
      if unreadable.contains(where: \.isLost) { throw ExitCode(1) }
    }

    struct Document: Encodable { let schema: String; let constellations: [ConstellationJSON] }
    struct ConstellationJSON: Encodable {
      let name: String
      let version: String?
      let machines, projects: [String]
      let problem: String?

      init(_ loaded: LoadedConstellation) {
        (name, version) = (loaded.constellation.name, loaded.version?.description)
        machines = loaded.constellation.machines.map(\.name)
        projects = loaded.constellation.projects.map(\.name.text)
        problem = nil
      }

      init(_ unreadable: UnreadableConstellation) {
        (name, version, problem) = (unreadable.name, nil, unreadable.reason)
        (machines, projects) = ([], [])
      }
    }
  }

  struct Show: Command {
    static let configuration = CommandConfiguration(
      commandName: "show", abstract: "Print a stored constellation, with what nobody sees as YAML's escapes.")
    @Argument(help: "Its name.") var name: String
    @Flag(help: "Print JSON: the text and its version.") var json = false
    @Flag(help: "Print it byte for byte as it was given.") var raw = false
    @OptionGroup var options: ReadingOptions

    func validate() throws {
      if json, raw { throw ValidationError("--raw and --json are two forms of one thing") }
    }

    func run(_ surroundings: Surroundings, _ printer: Printer) async throws {
      let stored = try await options.workspace(surroundings).constellationText(name)
      if raw { return printer.raw(stored.text, isError: false) }
      let text = String(foreign: stored.text)
      defer { tellOfReplaced(in: text, of: stored.text, printer) }
      if json {
        return try printer.json(
          Document(
            schema: "weave.constellation/1", name: stored.name, version: stored.version.description,
            text: text))
      }
      let visible = Quoted.yamlDocument(text)
      printer.out(String(visible.dropping(suffix: "\n") ?? visible[...]))
      let escapes = Quoted.yamlDocumentEscapes(text)
      if escapes > 0 {
        printer.note(
          "note: \(counted(escapes, "control or format character")) shown as \\UXXXXXXXX; --raw prints the text as it is"
        )
      }
    }

    /// What is no UTF-8, and combining marks beyond those that a text may have in a row.
    private func tellOfReplaced(in text: String, of bytes: [UInt8], _ printer: Printer) {
      let own = bytes.indices.count { bytes[$0...].starts(with: "\u{fffd}".utf8) }
      let replaced = text.unicodeScalars.count { $0 == "\u{fffd}" } - own
      if replaced > 0 {
        printer.note(
          "note: \(counted(replaced, "character")) shown as U+FFFD; --raw prints the text as it is")
      }
    }

    struct Document: Encodable { let schema, name: String; let version: String?; let text: String }
  }

  struct Remove: Command {
    static let configuration = CommandConfiguration(
      commandName: "remove",
      abstract:
        "Take a constellation out of the store; its locks stay, and are in force again when it is added again."
    )
    @Argument(help: "Its name.") var name: String
    @OptionGroup var options: GlobalOptions

    func run(_ surroundings: Surroundings, _ printer: Printer) async throws {
      try await options.workspace(surroundings).removeConstellation(name)
    }
  }
}
