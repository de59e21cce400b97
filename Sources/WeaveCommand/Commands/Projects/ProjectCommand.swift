import ArgumentParser
import WeaveKit

struct ProjectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "project", abstract: "Add, list, change and remove projects.",
    subcommands: [Add.self, List.self, Checkout.self, Set.self, Remove.self])

  struct Add: Command {
    static let configuration = CommandConfiguration(commandName: "add", abstract: "Add a project.")
    @Argument(help: "What to call it: lower-case letters, digits, '.', '_' and '-'.") var name: String
    @Argument(help: "A URL or path that `git fetch` takes.") var source: String
    @Option(help: ArgumentHelp("The branch or tag to follow. Default: the source's HEAD.", valueName: "ref"))
    var track: String?
    @Flag(help: "What names it goes to private remotes only.") var `private` = false
    @Flag(help: "With --private: also where public records hold the name already.") var force = false
    @OptionGroup var options: GlobalOptions

    func run(_ surroundings: Surroundings, _ printer: Printer) async throws {
      _ = try await options.workspace(surroundings).addProject(
        name, source: source, track: track, audience: `private` ? .private : .public,
        force: force)
      printer.note("Added \(name); `weave fetch \(name)` gets its history")
    }
  }

  struct List: Command {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the projects.")
    @Flag(help: "Print JSON.") var json = false
    @OptionGroup var options: GlobalOptions

    func run(_ surroundings: Surroundings, _ printer: Printer) async throws {
      let workspace = try await options.workspace(surroundings)
      for malformed in try workspace.malformedProjects() { printer.note("warning: \(malformed)") }
      var failures: [Explanation] = []
      let rows = try workspace.projects().map { record in
        var (isFetched, tip): (Bool?, String?) = (nil, nil)
        do {
          isFetched = try workspace.isFetched(record)
          tip = try workspace.tip(of: record)?.hex
        } catch {
          guard let explanation = Explanation(error) else { throw error }
          (isFetched, tip) = (nil, nil)
          failures.append(explanation)
        }
        return ProjectJSON(
          name: record.name.text, source: record.source.text, track: record.track,
          isPrivate: record.audience == .private, isFetched: isFetched, tip: tip)
      }
      if json {
        try printer.json(Document(schema: "weave.projects/1", projects: rows))
      } else {
        print(rows, printer)
      }
      for failure in failures { printer.explain(failure) }
      if !failures.isEmpty { throw ExitCode(1) }
    }

    private func print(_ rows: [ProjectJSON], _ printer: Printer) {
      var table = Table("PROJECT", "TRACKS", "AT", "SOURCE")
      for row in rows {
        table.add(
          row.name + (row.isPrivate ? " (private)" : ""), row.track ?? "HEAD",
          row.tip.map { String($0.prefix(7)) }
            ?? row.isFetched.map { $0 ? "no such ref" : "not fetched" } ?? "cannot be read",
          row.source)
      }
      table.print(on: printer)
    }

    struct Document: Encodable { let schema: String; let projects: [ProjectJSON] }
    struct ProjectJSON: Encodable {
      let name, source: String
      let track: String?
      let isPrivate: Bool
      /// Nil where that cannot be read.
      let isFetched: Bool?
      let tip: String?

      enum CodingKeys: String, CodingKey {
        case name, source, track, isPrivate = "private", isFetched = "fetched", tip
      }
    }
  }

  struct Checkout: Command {
    static let configuration = CommandConfiguration(
      commandName: "checkout", abstract: "Make an ordinary, self-contained checkout of a project.",
      discussion: "Cloned from the store, with the project's source as its origin: no network is asked.")
    @Argument(help: "The project.") var name: String
    @Argument(
      help: "Where. Default: the project's name, beside the store.", completion: .directory)
    var directory: String?
    @OptionGroup var options: GlobalOptions

    func run(_ surroundings: Surroundings, _ printer: Printer) async throws {
      let path = try await options.workspace(surroundings).checkOutProject(name, to: directory)
      printer.note("\(name) in \(path)")
    }
  }

  struct Set: Command {
    static let configuration = CommandConfiguration(
      commandName: "set", abstract: "Change a project's source, track, notes or privacy.")
    @Argument(help: "The project.") var name: String
    @Argument(help: "source, track, notes or private.") var setting: Workspace.ProjectSetting
    @Argument(help: "The new value; empty to unset `track`.") var value: String
    @OptionGroup var options: GlobalOptions

    func run(_ surroundings: Surroundings, _ printer: Printer) async throws {
      try await options.workspace(surroundings).setProject(name, setting, to: value)
    }
  }

  struct Remove: Command {
    static let configuration = CommandConfiguration(
      commandName: "remove", abstract: "Take a project out of the store's list.",
      discussion: "No event is lost: the ledgers, and the commits they name, stay.")
    @Argument(help: "The project.") var name: String
    @Flag(help: "Also when links name it.") var force = false
    @OptionGroup var options: GlobalOptions

    func run(_ surroundings: Surroundings, _ printer: Printer) async throws {
      try await options.workspace(surroundings).removeProject(name, force: force)
    }
  }
}

extension Workspace.ProjectSetting: ExpressibleByArgument {}
