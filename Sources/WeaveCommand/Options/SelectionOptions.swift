import ArgumentParser
import ForeignText
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
    if names.count > 1, let name = names.first(where: { !$0.holds("@") }) {
      throw ValidationError("'\(name)' is not of the form PROJECT@REVISION, and a set stands alone")
    }
    if machine != nil && (names.count > 1 || names.first?.holds("@") == true) {
      throw ValidationError("--machine goes with a constellation, a lock or a resolution")
    }
  }

  /// What was selected; what is checked out where nothing was.
  var selection: Selection {
    if names.isEmpty && constellation.name == nil && machine == nil { return .checkedOut }
    return Selection(names, constellation: constellation.name, machine: machine)
  }
}

extension Selection {
  /// What the words select; what the constellation wants where there are none.
  init(_ names: [String], constellation: String?, machine: String?) {
    guard let first = names.first else {
      self = .constellation(constellation, machine: machine)
      return
    }
    self = first.holds("@") ? .members(names) : .named(first, machine: machine)
  }
}
