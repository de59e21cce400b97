import ArgumentParser
import ForeignText
import Foundation
import WeaveKit
import WeaveModel

/// The command line, whole: the root of all commands.
public struct Weave: ParsableCommand {
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

  /// Parses the process's arguments, runs the command on its standard output and standard error, and returns what to exit with.
  /// Takes the process for the command's own: raises its limit of open files, and where there is something to clear away
  /// first, handles its signals.
  public static func run() async -> Int32 {
    OwnProcess.raiseOpenFileLimit()
    let surroundings = Surroundings.ofProcess()
    let printer = Printer(
      output: DescriptorChannel(STDOUT_FILENO, environment: surroundings.environment),
      error: DescriptorChannel(STDERR_FILENO, environment: surroundings.environment))
    return await Interruption.run {
      do {
        try requireReadableArguments()
        return await run(
          arguments: Array(CommandLine.arguments.dropFirst()), surroundings: surroundings, printer: printer)
      } catch {
        return report(error, on: printer)
      }
    }
  }

  /// Parses the arguments, without the program's name, runs the command, and prints what it comes to; what the surroundings
  /// warn of is printed, too. Several may run in one process at the same time.
  ///
  /// A program of the user's that `try` and `bisect` run has the process's own standard input, output and error. Where the
  /// printer's output cannot be written, the process ends with 1.
  ///
  /// - Returns: what to exit with.
  public static func run(arguments: [String], surroundings: Surroundings, printer: Printer) async -> Int32 {
    do {
      try requireNoEmptyValues(arguments)
      var (arguments, surroundings) = (arguments[...], surroundings.warning(on: printer))
      while arguments.count >= 2, arguments.first?.isExactly("-C") == true {
        // As `git -C DIR`.
        surroundings = try surroundings.going(to: arguments.dropFirst().first)
        arguments = arguments.dropFirst(2)
      }
      let invocation = Invocation(
        Array(arguments), takers: [ExecCommand.self, TryCommand.self, BisectCommand.self])
      try await Invocation.$current.withValue(invocation) {
        try requireKnownCommand(invocation.arguments.drop { $0 == "help" })
        var parsed = try parseAsRoot(bindingMessages(invocation.arguments))
        if var command = parsed as? any Command {
          try await command.run(surroundings, printer)
        } else {
          // A group of commands, which shows its help.
          try parsed.run()
        }
      }
      return 0
    } catch {
      return report(error, on: printer)
    }
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

  /// Swift would mend what is not UTF-8, so that two names become one.
  private static func requireReadableArguments() throws {
    let raw = (0..<Int(CommandLine.argc)).compactMap { CommandLine.unsafeArgv[$0] }
    // A hook gets the names of all refs, also of those that are none of weave's; of its own none has what is mended.
    let isHook = CommandLine.arguments.dropFirst().first?.isExactly("hook") == true
    for argument in raw where !isHook && String(validatingCString: argument) == nil {
      throw WeaveError("an argument is not valid UTF-8: '\(String(cString: argument))'")
    }
  }

  /// The parser would take the next argument for the value of `--option=`.
  private static func requireNoEmptyValues(_ arguments: [String]) throws {
    for argument in arguments.prefix(while: { $0 != "--" })
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

  private static func report(_ error: any Error, on printer: Printer) -> Int32 {
    if Interruption.hasCome { return 1 }
    if let code = error as? ExitCode { return code.rawValue }
    if let explanation = Explanation(error) {
      printer.explain(explanation)
      return explanation.kind.exitCode
    }
    // The parser's own: help, the version, or what it could not parse.
    let isClean = exitCode(for: error) == .success
    let text = fullMessage(for: error)
    if isClean {
      printer.out(text)
    } else {
      for line in lowercasedPrefix(text).split(atScalar: "\n") { printer.note(String(line)) }
    }
    return isClean ? 0 : 1
  }

  private static func lowercasedPrefix(_ text: String) -> String {
    text.dropping(prefix: "Error: ").map { "error: " + $0 } ?? text
  }
}
