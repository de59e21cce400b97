import ArgumentParser
import WeaveKit

/// Which commits: a set, an event, a lock, a resolution, the commits themselves, or what a constellation wants.
struct SelectionOptions: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "A set's name, the id of an event, a lock or a resolution, or commits as PROJECT@REVISION. Default: what is checked out.",
      valueName: "set"))
  var names: [String] = []
  @OptionGroup var constellation: ConstellationOption
  @Option(help: ArgumentHelp("What this machine should run.", valueName: "machine")) var machine: String?

  func validate() throws {
    if !names.isEmpty && constellation.name != nil {
      throw ValidationError("name the commits, or a constellation with -c, not both")
    }
    if names.count > 1, let name = names.first(where: { !$0.contains("@") }) {
      throw ValidationError("'\(name)' is not of the form PROJECT@REVISION, and a set stands alone")
    }
    if machine != nil && (names.count > 1 || names.first?.contains("@") == true) {
      throw ValidationError("--machine goes with a constellation, a lock or a resolution")
    }
  }

  /// What was selected; what is checked out where nothing was.
  var selection: Selection {
    guard let first = names.first else {
      guard constellation.name != nil || machine != nil else { return .checkedOut }
      return .constellation(constellation.name, machine: machine)
    }
    return first.contains("@") ? .members(names) : .named(first, machine: machine)
  }
}
