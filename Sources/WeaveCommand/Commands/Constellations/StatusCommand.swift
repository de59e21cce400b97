import ArgumentParser
import ForeignText
import Foundation
import WeaveKit
import WeaveModel

struct StatusCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Show the workspace, or with -c which machines drift.",
    usage: """
      weave status [--json]                    the workspace
      weave status -c <constellation> [--exit-code] [--fail-on <words>]
                   [--stale-after <age>] [--steps <number>]
                   [--format <format> | --json] [--watch] [--at <when>]
      weave status --ack <machine> --for <age> -m <reason>
      weave status --unack <machine>
      """,
    discussion: """
      With -c, --exit-code exits with 5 (incompatible), 3 (moved), 4 (cannot tell), 2 (changes wanted) or 0. What is \
      acknowledged is shown, and fails nothing but incompatible.
      """)

  @OptionGroup var question: StatusQuestion
  @Flag(help: "Show it again and again, in place, until Ctrl-C.") var watch = false
  @OptionGroup(title: "To say that something is known, and expected") var acknowledgement:
    AcknowledgementOptions
  @OptionGroup var options: FitnessOptions

  func validate() throws {
    if watch && (question.form != .table || question.exitCode || options.at != nil) {
      throw ValidationError("--watch shows the present, as a table, and has no exit code")
    }
  }

  func run(_ surroundings: Surroundings, _ printer: Printer) async throws {
    if acknowledgement.isGiven { return try await acknowledge(surroundings, printer) }
    guard watch else { return try await question.answer(options.workspace(surroundings), printer) }
    guard printer.output.terminal?.movesCursor == true else {
      throw WeaveError("--watch redraws a terminal, and standard output is none")
    }
    Interruption.isTakenCareOf()
    while !Task.isCancelled {
      do {
        try await printer.frame { printer in
          try await question.answer(options.workspace(surroundings.warning(on: printer)), printer)
        }
      } catch {
        // One moment's failure, such as a store that is being packed, is no reason to stop watching.
        await printer.frame { $0.note("error: \(Explanation(error)?.message ?? "\(error)")") }
      }
      try? await Task.sleep(for: .seconds(Self.secondsBetweenFrames))
    }
  }

  private static let secondsBetweenFrames = 2

  private func acknowledge(_ surroundings: Surroundings, _ printer: Printer) async throws {
    if options.at != nil { throw ValidationError("--at looks back, and --ack is about now") }
    let workspace = try await options.workspace(surroundings)
    if let machine = acknowledgement.unack {
      let name = try await workspace.endAcknowledgement(of: machine, question.constellation)
      return printer.note("\(name): nothing is acknowledged any more")
    }
    guard let machine = acknowledgement.ack, let time = acknowledgement.for,
      let text = acknowledgement.message
    else { return }
    let (name, until) = try await workspace.acknowledge(
      machine, question.constellation, for: time, because: text, force: acknowledgement.force.force)
    printer.note("\(name): acknowledged until \(moment(until))")
  }
}

/// What `weave status --ack` takes.
struct AcknowledgementOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Say of this machine that what is wrong is known.", valueName: "machine"))
  var ack: String?
  @Option(
    name: .customLong("for"), help: ArgumentHelp("For how long: 4h, 2d.", valueName: "age"),
    transform: seconds)
  var `for`: Int64?
  @Option(name: [.customShort("m"), .long], help: ArgumentHelp("Why.", valueName: "reason"))
  var message: String?
  @Option(help: ArgumentHelp("Take back what was said of this machine.", valueName: "machine"))
  var unack: String?
  @OptionGroup var force: ForceOption

  var isGiven: Bool { ack != nil || unack != nil }

  func validate() throws {
    if ack != nil && unack != nil { throw ValidationError("--ack and --unack exclude each other") }
    if ack != nil, `for` == nil { throw ValidationError("--ack needs to know for how long: --for 2d") }
    if ack != nil, message?.unicodeScalars.allSatisfy(\.properties.isWhitespace) ?? true {
      throw ValidationError("--ack needs a reason: -m REASON")
    }
    if ack == nil && (`for` != nil || message != nil) {
      throw ValidationError("--for and -m go with --ack MACHINE")
    }
  }
}

/// How the status of a constellation is printed.
enum StatusFormat: String, CaseIterable, ExpressibleByArgument {
  case table, json, markdown, junit, prometheus
}

/// What `weave status` and `weave what-if status` take.
struct StatusQuestion: ParsableArguments {
  @Option(
    name: [.customShort("c"), .customLong("constellation")],
    help: ArgumentHelp(
      "The machines of this constellation: a name in the store, a file, or - for standard input.",
      valueName: "name"))
  var constellation: String?
  @Flag(help: "Exit with a code that says how it stands.") var exitCode = false
  @Option(
    help: ArgumentHelp(
      "Only these words fail, comma-separated; incompatible always does.", valueName: "words"),
    transform: words)
  var failOn: Set<FailOn>?
  @Option(
    help: ArgumentHelp(
      "From which age an observation is stale: 90s, 30m, 1h, 2d. Default: 1h.", valueName: "age"),
    transform: seconds)
  var staleAfter: Int64 = 3_600
  @OptionGroup var steps: StepsOption
  @Option(
    help: ArgumentHelp(
      StatusFormat.allCases.map(\.rawValue).joined(separator: ", ") + ".", valueName: "format"))
  var format: StatusFormat?
  @Flag(help: "Print JSON.") var json = false

  var form: StatusFormat { format ?? (json ? .json : .table) }

  func validate() throws {
    if exitCode && constellation == nil { throw ValidationError("--exit-code goes with -c CONSTELLATION") }
    if failOn != nil && !exitCode { throw ValidationError("--fail-on goes with --exit-code") }
    if json, format != nil, format != .json {
      throw ValidationError("--json and --format exclude each other")
    }
    if constellation == nil, ![.table, .json].contains(form) {
      throw ValidationError("--format \(form.rawValue) goes with -c CONSTELLATION")
    }
  }

  func answer(_ workspace: Workspace, _ printer: Printer) async throws {
    guard let name = constellation else {
      return try await WorkspaceStatusView(workspace: workspace, staleAfter: staleAfter, printer: printer)
        .print(asJSON: form == .json)
    }
    let status = try await workspace.status(
      workspace.constellation(name), staleAfter: staleAfter, budget: steps.steps)
    let view = ConstellationStatusView(status: status, isSupposed: workspace.isSupposing, printer: printer)
    switch form {
    case .table: view.print()
    case .json: try view.printJSON()
    case .markdown: StatusMarkdown(status: status, printer: printer).print()
    case .junit: StatusJUnit(status: status, printer: printer).print()
    case .prometheus: printer.raw(Array(workspace.metrics(of: status).utf8), isError: false)
    }
    guard exitCode else { return }
    let code = WeaveModel.exitCode(
      for: status.machines.map(\.report),
      hasUnfitWanted: !status.unfitWanted.isEmpty || !status.distrusted.isEmpty,
      lacksResolution: status.lacksResolution != nil, resolverGaveUp: status.gaveUp != nil, failOn: failOn)
    if code != 0 { throw ArgumentParser.ExitCode(Int32(code)) }
  }
}

private func words(_ text: String) throws -> Set<FailOn> {
  try Set(
    text.split(atScalar: ",").map { word in
      guard let word = FailOn(rawValue: String(word)) else {
        throw ValidationError(
          "'\(word)' is no word of --fail-on; there are "
            + FailOn.allCases.map(\.rawValue).joined(separator: ", "))
      }
      return word
    })
}

/// The seconds that an option's value spells.
func seconds(_ text: String) throws -> Int64 {
  guard let seconds = Age.seconds(text) else {
    throw ValidationError("'\(text)' is no age; for example 30m, 1h or 2d")
  }
  return seconds
}
