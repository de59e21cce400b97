import ArgumentParser
import WeaveKit

struct LinkCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "link", abstract: "Say that commits are compatible: every pair of them.",
    usage: """
      weave link <project@rev>... [-m <text>] [--evidence <url>]...
      weave link -m <text>                     what is checked out now
      weave link --snapshot [-m <text>]        what is in the working trees now
      weave link --running <machine> [-m <text>]
      """,
    discussion: "Without members, links what is checked out in the workspace. Prints the event's id.")

  @Argument(
    help: ArgumentHelp(
      "The commits: a project, @, and anything `git rev-parse` takes.", valueName: "project@rev"))
  var members: [String] = []
  @Option(
    name: [.customShort("m"), .long],
    help: ArgumentHelp("What was seen to work.", valueName: "text"))
  var message: String?
  @Option(help: ArgumentHelp("Where it can be seen; may be repeated.", valueName: "url")) var evidence:
    [String] = []
  @Option(help: ArgumentHelp("Link what this machine was observed to run.", valueName: "machine"))
  var running: String?
  @Flag(help: "Link what is in the working trees, untracked files too, as commits of the store.")
  var snapshot = false
  @OptionGroup var force: ForceOption
  @OptionGroup var options: FitnessCheckOptions

  func validate() throws {
    if running != nil && !members.isEmpty { throw ValidationError("--running takes no members") }
    if snapshot && !(members.isEmpty && running == nil) {
      throw ValidationError("--snapshot takes no members, and excludes --running")
    }
    if members.isEmpty && running == nil && message == nil && !snapshot {
      throw ValidationError(
        "linking what is checked out needs -m TEXT, or name the commits: PROJECT@REVISION")
    }
  }

  func run(_ surroundings: Surroundings, _ printer: Printer) async throws {
    let source: MemberSource =
      snapshot
      ? .workingTrees : running.map { .running($0) } ?? (members.isEmpty ? .checkedOut : .named(members))
    let outcome = try await options.workspace(surroundings).link(
      source, text: message ?? "", evidence: evidence, force: force.force)
    printer.note("Linked \(outcome.members)")
    for unreached in outcome.unreached {
      let project = unreached.member.project
      guard !unreached.isSnapshot else {
        printer.note(
          "note: \(unreached.member) is a snapshot: nothing but a pin or a hold makes a machine run it")
        continue
      }
      let track = unreached.track ?? "HEAD"
      printer.note(
        "note: no resolution picks \(unreached.member) yet: "
          + (unreached.isFetched
            ? "\(track) of \(project) does not reach it; push it there, then `weave fetch \(project)`"
            : "\(track) of \(project) is not here; `weave fetch \(project)`"))
    }
    printer.line(outcome.id.hex)
  }
}
