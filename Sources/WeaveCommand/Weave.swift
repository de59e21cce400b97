import ArgumentParser
import ForeignText
import Foundation
import WeaveKit
import WeaveModel

/// The command line, whole: the root of all commands.
public struct Weave: AsyncParsableCommand {
  public static let configuration = CommandConfiguration(
    commandName: "weave",
    abstract:
      "Tie commits of independent Git projects together, and know which of them every machine should run.",
    version: "0.1.0",
    groupedSubcommands: [
      CommandGroup(
        name: "Projects",
        subcommands: [
          InitCommand.self,
          AdoptCommand.self,
          CloneCommand.self,
          ProjectCommand.self,
          FetchCommand.self,
          HarvestCommand.self,
          ImportCommand.self,
          ExportCommand.self,
        ]),
      CommandGroup(
        name: "Checkouts",
        subcommands: [
          CheckoutCommand.self,
          ExecCommand.self,
          TryCommand.self,
          BisectCommand.self,
        ]),
      CommandGroup(
        name: "Events",
        subcommands: [
          LinkCommand.self,
          RelinkCommand.self,
          RevokeCommand.self,
          WithdrawCommand.self,
          ReinstateCommand.self,
          LinksCommand.self,
          ShowCommand.self,
          LogCommand.self,
          GraphCommand.self,
          VerifyCommand.self,
        ]),
      CommandGroup(
        name: "Sets",
        subcommands: [
          SetCommand.self,
          DiffCommand.self,
        ]),
      CommandGroup(
        name: "Machines",
        subcommands: [
          ConstellationCommand.self,
          ResolveCommand.self,
          WhyCommand.self,
          ProposeCommand.self,
          CheckCommand.self,
          WhatIfCommand.self,
          ShaCommand.self,
          ManifestCommand.self,
          LockCommand.self,
          HoldCommand.self,
          ReleaseCommand.self,
          ReportCommand.self,
          ProbeCommand.self,
          StatusCommand.self,
          ReverseCommand.self,
          AffectedCommand.self,
        ]),
      CommandGroup(
        name: "Sharing",
        subcommands: [
          RemoteCommand.self,
          PullCommand.self,
          PushCommand.self,
          AcceptCommand.self,
          PolicyCommand.self,
          HookCommand.self,
        ]),
      CommandGroup(
        name: "Store",
        subcommands: [
          FsckCommand.self,
          GcCommand.self,
          UpgradeCommand.self,
        ]),
    ])

  public init() {}

  /// Parses the process's arguments, runs the command, and returns what to exit with.
  public static func run() async -> Int32 {
    OwnProcess.raiseOpenFileLimit()
    return await Interruption.run { await runCommand() }
  }

  private static func runCommand() async -> Int32 {
    do {
      try requireReadableArguments()
      let arguments = UsersCommand.cut(
        from: try enteringDirectory(Array(CommandLine.arguments.dropFirst())),
        for: [ExecCommand.self, TryCommand.self, BisectCommand.self])
      try requireKnownCommand(arguments.drop { $0 == "help" })
      var command = try parseAsRoot(bindingMessages(arguments))
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

  /// What follows a leading `-C DIR`, having gone there, as `git -C DIR` does.
  private static func enteringDirectory(_ arguments: [String]) throws -> [String] {
    guard arguments.count >= 2, arguments[0] == "-C" else { return arguments }
    guard FileManager.default.changeCurrentDirectoryPath(arguments[1]) else {
      throw WeaveError("cannot go to the directory \(arguments[1])")
    }
    return try enteringDirectory(Array(arguments.dropFirst(2)))
  }

  /// The arguments with each message that begins with a dash bound to its option: the parser would take it for an
  /// option, where Git takes what follows `-m` as it is.
  private static func bindingMessages(_ arguments: [String]) -> [String] {
    var bound: [String] = []
    for (index, argument) in arguments.enumerated() {
      guard argument.begins(with: "-"), let option = bound.last, ["-m", "--message"].contains(option),
        !arguments[..<index].contains(where: { $0 == "--" })
      else {
        bound.append(argument)
        continue
      }
      bound[bound.count - 1] = "--message=" + argument
    }
    return bound
  }

  /// Swift would mend what is not UTF-8, so that two names become one; the parser would take the next argument for
  /// the value of `--option=`.
  private static func requireReadableArguments() throws {
    let raw = (0..<Int(CommandLine.argc)).compactMap { CommandLine.unsafeArgv[$0] }
    // A hook gets the names of all refs, also of those that are none of weave's; of its own none has what is mended.
    let isHook = CommandLine.arguments.dropFirst().first?.isExactly("hook") == true
    for argument in raw where !isHook && String(validatingCString: argument) == nil {
      throw WeaveError("an argument is not valid UTF-8: '\(String(cString: argument))'")
    }
    for argument in CommandLine.arguments.dropFirst().prefix(while: { $0 != "--" })
    where argument.begins(with: "--") && argument.ends(with: "=") && !argument.dropLast(bytes: 1).holds("=") {
      throw WeaveError("\(argument.dropLast(bytes: 1)) is given an empty value")
    }
  }

  /// The parser would call an unknown command an unexpected argument.
  private static func requireKnownCommand(_ words: some Collection<String>) throws {
    var (command, path) = (Self.self as any ParsableCommand.Type, "")
    for word in words {
      let children = command.configuration.subcommands
      guard !children.isEmpty, !word.begins(with: "-") else { return }
      guard let child = children.first(where: { $0.configuration.commandName == word }) else {
        if command.configuration.defaultSubcommand != nil { return }
        var names: [String] = []
        for child in children { names.append(child.configuration.commandName ?? "") }
        let hint = Nearest.match(word, among: names).map { "did you mean `weave \(path)\($0)`?" }
        throw WeaveError(
          "there is no command '\(path)\(word)'", hint: hint ?? "`weave \(path)--help` lists the commands")
      }
      (command, path) = (child, path + word + " ")
    }
  }

  private static func report(_ error: any Error) -> Int32 {
    if Interruption.hasCome { return 1 }
    if let code = error as? ExitCode { return code.rawValue }
    if let explanation = Explanation(error) {
      Printer.explain(explanation)
      return explanation.kind.exitCode
    }
    // The parser's own: help, the version, or what it could not parse.
    let isClean = exitCode(for: error) == .success
    let text = fullMessage(for: error)
    if isClean {
      Printer.out(text)
    } else {
      for line in lowercasedPrefix(text).split(atScalar: "\n") { Printer.note(String(line)) }
    }
    return isClean ? 0 : 1
  }

  private static func lowercasedPrefix(_ text: String) -> String {
    text.dropping(prefix: "Error: ").map { "error: " + $0 } ?? text
  }
}
