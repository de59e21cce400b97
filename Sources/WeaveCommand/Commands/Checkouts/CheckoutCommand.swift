import ArgumentParser
import ForeignText
import WeaveKit
import WeaveModel

struct CheckoutCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "checkout", abstract: "Check out the exact commits of a set, beside the workspace's own.",
    usage: """
      weave checkout <set> [<directory>]
      weave checkout <project@rev>... <directory>
      weave checkout -c <constellation> [--machine <machine>] [<directory>]
      weave checkout --in-place <set> | -c <constellation>
      weave checkout --remove [--force] <directory>
      """,
    discussion: """
      Each project is a detached linked worktree of the store, under its name. In a directory that was checked out \
      before, the clean worktrees move. --in-place moves the workspace's own checkouts: only clean ones, and none that \
      is at a commit which nothing else holds.
      """)

  @Argument(
    help: ArgumentHelp(
      "A set's name, the id of an event, a lock or a resolution, or commits as PROJECT@REVISION; then where.",
      valueName: "set|directory"))
  var words: [String] = []
  @OptionGroup var constellation: ConstellationOption
  @Option(help: ArgumentHelp("What this machine should run.", valueName: "machine")) var machine: String?
  @Flag(help: "Move the workspace's own checkouts.") var inPlace = false
  @Flag(help: "Remove what was checked out in the directory.") var remove = false
  @Flag(help: "With --remove: also where changes or commits are lost.") var force = false
  @OptionGroup var options: FitnessCheckOptions

  func validate() throws {
    let parts = parts
    if inPlace && remove { throw ValidationError("--in-place and --remove exclude each other") }
    if force && !remove { throw ValidationError("--force goes with --remove") }
    if remove {
      guard words.count == 1, constellation.name == nil else {
        throw ValidationError("--remove takes the directory, and nothing else")
      }
      return
    }
    guard parts.rest.count <= (inPlace ? 0 : 1) else {
      throw ValidationError(
        inPlace ? "--in-place takes no directory" : "'\(parts.rest[1])' is one directory too many")
    }
    if machine != nil && parts.names.first?.holds("@") == true {
      throw ValidationError("--machine goes with a constellation, a lock or a resolution")
    }
  }

  func run(_ surroundings: Surroundings, _ printer: Printer) async throws {
    Interruption.isTakenCareOf()
    let workspace = try await options.workspace(surroundings)
    if remove {
      let removed = try await workspace.removeCheckout(words[0], force: force)
      return printer.note("Removed \(counted(removed.count, "worktree")) from \(words[0])")
    }
    defer { printer.clearProgress() }
    let progress: @Sendable (CheckoutProgress) -> Void = {
      printer.showProgress("Checking out, \($0.finished) of \($0.total) done")
    }
    let outcome =
      inPlace
      ? try await workspace.checkOutInPlace(selection, report: progress)
      : try await workspace.checkOut(selection, to: parts.rest.first, report: progress)
    printer.clearProgress()
    show(outcome, printer)
    if !outcome.failures.isEmpty { throw ExitCode(1) }
  }

  /// What names the commits, and what follows it.
  private var parts: (names: [String], rest: [String]) {
    if constellation.name != nil { return ([], words) }
    // A path may hold an @, but no project's name a slash.
    let members = words.prefix { word in
      word.firstIndex(ofScalar: "@").map { !word[..<$0].holds("/") && $0 != word.startIndex } ?? false
    }
    let names = members.isEmpty ? words.prefix(1) : members
    return (Array(names), Array(words.dropFirst(names.count)))
  }

  private var selection: Selection {
    Selection(parts.names, constellation: constellation.name, machine: machine)
  }

  private func show(_ outcome: CheckoutOutcome, _ printer: Printer) {
    for failure in outcome.failures { printer.explain(failure) }
    for project in outcome.others where inPlace {
      printer.note("note: \(project) is not checked out; `weave project checkout \(project)`")
    }
    let counts = [
      (outcome.made.count, "checked out"), (outcome.moved.count, "moved"),
      (outcome.unchanged.count, "there already"), (inPlace ? 0 : outcome.others.count, "removed"),
      (outcome.failures.count, "failed"),
    ].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
    printer.note(
      "\(outcome.label) in \(outcome.directory): "
        + (counts.isEmpty ? "nothing to do" : counts.joined(separator: ", ")))
  }
}
