import ArgumentParser
import ForeignText
import WeaveKit
import WeaveModel

struct TryCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "try",
    abstract: "Run a command on a set in a scratch folder, and link the set where it passes.",
    usage: """
      weave try <set> [<options>] -- <command> [<argument>]...
      weave try <project@rev>... [<options>] -- <command> [<argument>]...
      weave try -c <constellation> [--machine <machine>] [<options>] -- <command> [<argument>]...
      """,
    discussion: """
      The command runs in a folder with each project under its name, and learns of them by WEAVE_REV_<PROJECT> and \
      WEAVE_<PROJECT>_DIR. Its exit code is that of weave: 0 links the set, 125 says that it cannot tell.
      """)

  @OptionGroup var selection: SelectionOptions
  @Option(name: [.customShort("m"), .long], help: ArgumentHelp("What was tried.", valueName: "text"))
  var message: String?
  @Flag(help: "Revoke the set where the command exits with 1 to 124.") var revokeOnFailure = false
  @Flag(help: "Leave the folder, and say where it is.") var keepDir = false
  @OptionGroup var force: ForceOption
  @OptionGroup var options: FitnessCheckOptions

  func validate() throws { try Invocation.current.requireUsersCommand() }

  func run(_ surroundings: Surroundings, _ printer: Printer) async throws {
    Interruption.isTakenCareOf()
    let outcome: TryOutcome
    do {
      outcome = try await options.workspace(surroundings).attempt(
        selection.selection, Invocation.current.usersCommand, text: message,
        revokesOnFailure: revokeOnFailure,
        keepsFolder: keepDir, force: force.force)
    } catch let error as CommandNotFound {
      printer.note("error: \(error)")
      throw ExitCode(127)
    }
    if let directory = outcome.directory {
      printer.note(
        "Left in \(directory); `weave checkout --remove --force \(Quoted.shellWord(directory))` removes it")
    }
    let code = outcome.exitCode
    if let event = outcome.event {
      printer.note("\(code == 0 ? "Linked" : "Revoked") \(outcome.commits) (\(event.short))")
    } else if code == 0 {
      printer.note("note: nothing is recorded: one commit alone is linked with nothing")
    } else if TryOutcome.verdict(of: code) == false {
      printer.note(
        "note: exited with \(code), nothing is recorded; --revoke-on-failure would revoke \(outcome.commits)")
    } else {
      printer.note("note: exited with \(code), which tells nothing: nothing is recorded")
    }
    if code != 0 { throw ExitCode(code) }
  }
}
