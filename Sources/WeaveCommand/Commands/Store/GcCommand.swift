import ArgumentParser
import WeaveKit

struct GcCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "gc", abstract: "Pack the store, and drop what nothing in it needs.",
    discussion: """
      Kept is what a project's ref, a linked worktree, a link or revocation, a lock, a set, a snapshot or an \
      observation needs, and what is younger than --prune says. The first time in a store it only tells what it would \
      do. Other commands may run beside it, but with --prune now: that drops what they are about to record.
      """)

  @Flag(name: [.customShort("n"), .long], help: "Only tell what would be done.") var dryRun = false
  @Option(help: ArgumentHelp("Drop what is older than this; as `git gc --prune`.", valueName: "date"))
  var prune = "2.weeks.ago"
  @Option(
    help: ArgumentHelp(
      "Keep commits for the last so many observations of each machine. Default: all.", valueName: "n"))
  var observations: Int?
  @OptionGroup var options: GlobalOptions

  func validate() throws {
    if let observations, observations < 1 { throw ValidationError("--observations is 1 or more") }
  }

  func run(_ surroundings: Surroundings, _ printer: Printer) async throws {
    printer.showProgress("Collecting")
    defer { printer.clearProgress() }
    let outcome = try await options.workspace(surroundings).collect(
      expiry: prune, observations: observations, isDryRun: dryRun)
    printer.clearProgress()
    let (before, released) = (outcome.before, outcome.released.count)
    guard let after = outcome.after else {
      printer.note(
        "Would pack \(counted(before.loose, "loose object")) and \(counted(before.packs, "pack")) into one, and drop "
          + "those of \(counted(outcome.unreachable, "object")) that nothing needs which are older than \(prune)"
      )
      if released > 0 {
        printer.note("Would no longer keep \(counted(released, "commit")) of old observations")
      }
      if outcome.isFirst { printer.note("Nothing is done the first time; `weave gc` again does it") }
      return
    }
    printer.note(
      "\(counted(before.loose + before.packed, "object")) in \(before.kibibytes) KiB became "
        + "\(after.loose + after.packed) in \(after.kibibytes) KiB")
    if released > 0 { printer.note("No longer keeps \(counted(released, "commit")) of old observations") }
  }
}
