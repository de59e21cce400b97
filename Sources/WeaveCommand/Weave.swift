import ArgumentParser
import WeaveKit
import WeaveModel

/// The command line, whole: the root of all commands.
public struct Weave: AsyncParsableCommand {
  public static let configuration = CommandConfiguration(
    commandName: "weave",
    abstract: "Tie commits of independent Git projects together, and know which of them every machine should run.",
    version: "0.1.0",
    groupedSubcommands: [
      CommandGroup(
        name: "Projects",
        subcommands: [InitCommand.self, ProjectCommand.self, FetchCommand.self]),
      CommandGroup(
        name: "Events",
        subcommands: [
          LinkCommand.self, RevokeCommand.self, WithdrawCommand.self, ReinstateCommand.self, LinksCommand.self,
          ShowCommand.self, LogCommand.self,
        ]),
      CommandGroup(
        name: "Machines",
        subcommands: [
          ConstellationCommand.self, ResolveCommand.self, ShaCommand.self, LockCommand.self, ReportCommand.self,
          StatusCommand.self,
        ]),
      CommandGroup(name: "Store", subcommands: [FsckCommand.self]),
    ])

  public init() {}

  /// Parses the process's arguments, runs the command, and returns what to exit with.
  public static func run() async -> Int32 {
    do {
      try requireKnownCommand(CommandLine.arguments.dropFirst().first)
      var command = try parseAsRoot()
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
      return 0
    } catch {
      return report(error)
    }
  }

  /// The parser would call an unknown command an unexpected argument.
  private static func requireKnownCommand(_ word: String?) throws {
    var known = ["help"]
    for command in configuration.subcommands { known.append(command.configuration.commandName ?? "") }
    guard let word, !word.hasPrefix("-"), !known.contains(word) else { return }
    let hint = Nearest.match(word, among: known).map { "did you mean `weave \($0)`?" }
    throw WeaveError("there is no command '\(word)'", hint: hint ?? "`weave --help` lists the commands")
  }

  private static func report(_ error: any Error) -> Int32 {
    if let code = error as? ExitCode { return code.rawValue }
    if let explanation = Explanation(error) {
      Printer.note("error: \(explanation.message)")
      for hint in explanation.hints { Printer.note("hint: \(hint)") }
      return switch explanation.kind {
      case .usage: 1
      case .incompatible: 5
      case .undecided: 4
      }
    }
    // The parser's own: help, the version, or what it could not parse.
    let isClean = exitCode(for: error) == .success
    let text = fullMessage(for: error)
    if isClean { Printer.out(text) } else { Printer.note(lowercasedPrefix(text)) }
    return isClean ? 0 : 1
  }

  private static func lowercasedPrefix(_ text: String) -> String {
    text.hasPrefix("Error: ") ? "error: " + text.dropFirst(7) : text
  }
}
