import ArgumentParser
import ForeignText
import WeaveKit

struct HookCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "hook",
    abstract: "Refuse a push that brings what no pull takes; Git runs this in the hub.",
    discussion: """
      Docs/examples/update and Docs/examples/pre-receive are the hooks that run it. What it asks beyond that the hub's \
      configuration says: weave.private, weave.ownLedgers, weave.ownMachines, weave.signedOnly and weave.knownOnly. Ends \
      with 1 where it refuses.
      """,
    subcommands: [Update.self, PreReceive.self])

  struct Update: Command {
    static let configuration = CommandConfiguration(
      commandName: "update", abstract: "Look at one ref: Git refuses that alone, and takes the others.",
      usage: "weave hook update [<rules>] -- <ref> <old> <new>")

    @OptionGroup var rules: RuleOptions
    @Argument(help: ArgumentHelp("The ref's full name.", valueName: "ref")) var ref: String
    @Argument(help: ArgumentHelp("The id that it has, or zeros.", valueName: "old")) var old: String
    @Argument(help: ArgumentHelp("The id that it is to get, or zeros.", valueName: "new")) var new: String

    func run(_ surroundings: Surroundings, _ printer: Printer) async throws {
      try await HookCommand.judge(by: rules, surroundings, printer) { [(old, new, ref)] }
    }
  }

  struct PreReceive: Command {
    static let configuration = CommandConfiguration(
      commandName: "pre-receive", abstract: "Look at all refs of a push together: Git takes all or none.",
      discussion: "Standard input has a line `OLD NEW REF` for each.")

    @OptionGroup var rules: RuleOptions

    func run(_ surroundings: Surroundings, _ printer: Printer) async throws {
      try await HookCommand.judge(by: rules, surroundings, printer) { try Self.changes(from: surroundings) }
    }

    private static func changes(from surroundings: Surroundings) throws -> [(
      old: String, new: String, ref: String
    )] {
      let input = try surroundings.readStandardInput(.max)
      return try input.split(separator: UInt8(ascii: "\n")).map { line in
        let fields = line.split(separator: UInt8(ascii: " "), maxSplits: 2, omittingEmptySubsequences: false)
          .map { String(foreign: $0) }
        guard fields.count == 3 else {
          throw WeaveError("'\(String(foreign: line))' is no line OLD NEW REF, as Git gives them to the hook")
        }
        return (fields[0], fields[1], fields[2])
      }
    }
  }

  /// What is asked of a push whatever the hub's configuration says.
  struct RuleOptions: ParsableArguments {
    @Flag(help: "Ledgers are pushed by their writers alone, as with weave.ownLedgers.") var ownLedgers = false
    @Flag(help: "What a machine said is pushed by that machine alone, as with weave.ownMachines.")
    var ownMachines = false
    @Flag(help: "Each new event bears a good signature, as with weave.signedOnly.") var signedOnly = false
    @Flag(help: "No records of kinds that this weave does not know, as with weave.knownOnly.")
    var knownOnly = false

    var rules: HubRules {
      var rules: HubRules = []
      if ownLedgers { rules.insert(.ownLedgers) }
      if ownMachines { rules.insert(.ownMachines) }
      if signedOnly { rules.insert(.signedOnly) }
      if knownOnly { rules.insert(.knownOnly) }
      return rules
    }
  }

  /// Ends with 1 and a line on standard error, which Git shows to who pushes, where a change is refused or cannot be
  /// looked at.
  private static func judge(
    by options: RuleOptions, _ surroundings: Surroundings, _ printer: Printer,
    _ changes: () throws -> [(old: String, new: String, ref: String)]
  ) async throws {
    let reason: String?
    do {
      let hook = try HubHook(caller: surroundings.going(to: nil), rules: options.rules)
      reason = try await hook.refusal(of: changes())?.description
    } catch {
      guard let explanation = Explanation(error) else { throw error }
      reason = ([explanation.message] + explanation.hints).joined(separator: "; ")
    }
    guard let reason else { return }
    printer.note("weave: refused: \(reason)")
    throw ExitCode(1)
  }
}
