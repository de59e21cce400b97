import ArgumentParser
import WeaveKit
import WeaveModel

struct SetCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "set", abstract: "Name a set of commits: a tag across projects.",
    usage: """
      weave set <name> <project@rev>... [-m <text>] [--replace]
      weave set <name> -c <constellation> [--machine <machine>] [-m <text>]
      weave set list [--json] | show <name> [--json] | remove <name>
      """,
    subcommands: [Make.self, List.self, Show.self, Remove.self], defaultSubcommand: Make.self)

  struct Make: Command {
    static let configuration = CommandConfiguration(
      commandName: "make", abstract: "Name a set; as `weave set NAME …`.")

    @Argument(help: "The set's name.") var name: String
    @OptionGroup var selection: SelectionOptions
    @Option(name: [.customShort("m"), .long], help: ArgumentHelp("What it is for.", valueName: "text"))
    var message = ""
    @Flag(help: "Take the name from the set that has it.") var replace = false
    @OptionGroup var force: ForceOption
    @OptionGroup var options: FitnessCheckOptions

    func run(_ surroundings: Surroundings, _ printer: Printer) async throws {
      let (set, isChange) = try await options.workspace(surroundings).makeSet(
        name, selection.selection, text: message, replacing: replace, force: force.force)
      printer.note(isChange ? "\(set.name): \(set.commits)" : "\(set.name) is these commits already")
    }
  }

  struct List: Command {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: "List the sets.")
    @Flag(help: "Print JSON.") var json = false
    @OptionGroup var options: ReadingOptions

    func run(_ surroundings: Surroundings, _ printer: Printer) async throws {
      let sets = try await options.workspace(surroundings).sets()
      if json {
        let share = Self.mostCommits.share(among: sets.map(\.commits.count))
        return try printer.json(
          Document(schema: "weave.sets/1", sets: sets.map { SetJSON($0, limit: share, isListed: true) }))
      }
      var table = Table("SET", "COMMITS", "MADE", "WHY")
      for set in sets {
        table.add(
          set.name, "\(set.commits.count)", String(moment(set.author.seconds).prefix(10)),
          set.line)
      }
      table.print(on: printer)
    }

    /// How many commits the sets of one document have.
    private static let mostCommits = 250_000

    struct Document: Encodable { let schema: String; let sets: [SetJSON] }
  }

  struct Show: Command {
    static let configuration = CommandConfiguration(
      commandName: "show", abstract: "Show a set's commits.")
    @Argument(help: "The set's name.") var name: String
    @Flag(help: "Print JSON.") var json = false
    @OptionGroup var options: ReadingOptions

    func run(_ surroundings: Surroundings, _ printer: Printer) async throws {
      let workspace = try await options.workspace(surroundings)
      let set = try workspace.set(name)
      if json { return try printer.json(Document(schema: "weave.set/1", set: SetJSON(set))) }
      printer.note("\(set.name), by \(set.author.name) on \(moment(set.author.seconds))")
      if !set.text.isEmpty { printer.note(set.text) }
      for member in set.commits.members { printer.line("\(member.project) \(member.commit)") }
    }

    struct Document: Encodable { let schema: String; let set: SetJSON }
  }

  struct Remove: Command {
    static let configuration = CommandConfiguration(
      commandName: "remove", abstract: "Take a set's name away; its commits stay.")
    @Argument(help: "The set's name.") var name: String
    @OptionGroup var options: GlobalOptions

    func run(_ surroundings: Surroundings, _ printer: Printer) async throws {
      try await options.workspace(surroundings).removeSet(name)
    }
  }

  struct SetJSON: Encodable {
    let name, text, author: String
    let time: Int64
    let commits: [MemberJSON]
    let moreCommits: Int?

    init(_ set: NamedSet, limit: Int = .max, isListed: Bool = false) {
      (name, text, author) = (set.name, isListed ? set.listedText : set.text, set.author.name)
      (time, commits) = (set.author.seconds, set.commits.members.prefix(limit).map(MemberJSON.init))
      moreCommits = set.commits.count > limit ? set.commits.count - limit : nil
    }
  }
}
