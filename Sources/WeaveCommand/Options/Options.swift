import ArgumentParser
import ForeignText
import WeaveKit

/// What every command takes.
struct GlobalOptions: ParsableArguments {
  @Option(
    name: .customShort("C"), help: ArgumentHelp("Work as if started in this directory.", valueName: "dir"),
    completion: .directory)
  var directory: String?

  /// The surroundings in the directory that was named.
  func surroundings(from surroundings: Surroundings) throws -> Surroundings {
    try surroundings.going(to: directory)
  }

  func workspace(_ surroundings: Surroundings) async throws -> Workspace {
    try await Workspace.open(self.surroundings(from: surroundings))
  }
}

/// What every command takes that only reads.
struct ReadingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Answer as of then: a date, an age such as 2d, or the id of a lock or resolution.", valueName: "when"))
  var at: String?
  @OptionGroup var options: GlobalOptions

  func surroundings(from surroundings: Surroundings) throws -> Surroundings {
    try options.surroundings(from: surroundings)
  }

  func workspace(_ surroundings: Surroundings) async throws -> Workspace {
    let workspace = try await options.workspace(surroundings)
    return try at.map(workspace.at) ?? workspace
  }
}

/// Which events of a newer weave are to count for nothing.
struct IgnoreNewerOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Take this event, which a newer weave recorded, for nothing; may be given several times.",
      valueName: "event"))
  var ignoreNewer: [String] = []

  func apply(to workspace: Workspace) throws -> Workspace {
    ignoreNewer.isEmpty ? workspace : try workspace.ignoringNewer(ignoreNewer)
  }
}

/// What every command takes that answers about fitness, or about what is wanted.
struct FitnessOptions: ParsableArguments {
  @OptionGroup var newer: IgnoreNewerOption
  @OptionGroup var options: ReadingOptions

  var at: String? { options.at }

  func surroundings(from surroundings: Surroundings) throws -> Surroundings {
    try options.surroundings(from: surroundings)
  }

  func workspace(_ surroundings: Surroundings) async throws -> Workspace {
    try newer.apply(to: await options.workspace(surroundings))
  }
}

/// What every command takes that asks about fitness before it does something.
struct FitnessCheckOptions: ParsableArguments {
  @OptionGroup var newer: IgnoreNewerOption
  @OptionGroup var options: GlobalOptions

  func surroundings(from surroundings: Surroundings) throws -> Surroundings {
    try options.surroundings(from: surroundings)
  }

  func workspace(_ surroundings: Surroundings) async throws -> Workspace {
    try newer.apply(to: await options.workspace(surroundings))
  }
}

/// Which constellation.
struct ConstellationOption: ParsableArguments {
  @Option(
    name: [.customShort("c"), .customLong("constellation")],
    help: ArgumentHelp(
      "The constellation: a name in the store, a file (./NAME, NAME.yaml), or - for standard input. Default: the only one stored.",
      valueName: "name"))
  var name: String?
}

/// Whether the checkouts' branches are resolved too.
struct LocalOption: ParsableArguments {
  @Flag(
    help: "Take the branch of each checkout too, not only what was fetched; `weave.local` says so for good.")
  var local = false

  /// Nil where the store's configuration decides.
  var choice: Bool? { local ? true : nil }
}

/// Why, for what must not be recorded without a reason.
struct ReasonOption: ParsableArguments {
  @Option(
    name: [.customShort("m"), .long], help: ArgumentHelp("Why.", valueName: "reason")
  )
  var message: String

  func validate() throws {
    if message.unicodeScalars.allSatisfy(\.properties.isWhitespace) {
      throw ValidationError("a reason is required: -m REASON")
    }
  }
}

struct ForceOption: ParsableArguments {
  @Flag(help: "Also where the words hold the name of a private project, and would be public.")
  var force = false
}
