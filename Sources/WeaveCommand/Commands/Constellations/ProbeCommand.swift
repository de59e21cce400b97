import ArgumentParser
import ForeignText
import Synchronization
import WeaveKit
import WeaveModel

struct ProbeCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "probe", abstract: "Ask machines what they run, in parallel, and record it.",
    usage: """
      weave probe [<machine>...] [-c <constellation>] [--timeout <time>]
                  [-j <number>] [--no-dns] [--allow] [--json]
      """,
    discussion: """
      By what the constellation says under `probe:`. Before what came with a stored constellation is run for the first \
      time, --allow must say so. Exits with 1 when an answer was refused, with 4 when a machine did not answer.
      """)

  @Argument(
    help: ArgumentHelp(
      "The machines. Default: all, but guests that are built with their host.", valueName: "machine"))
  var machines: [String] = []
  @OptionGroup var constellation: ConstellationOption
  @Option(
    help: ArgumentHelp(
      "How long each is given: 10s, 2m. Default: as the constellation says, or 10s.", valueName: "time"),
    transform: seconds)
  var timeout: Int?
  @Option(
    name: [.customShort("j"), .long], help: ArgumentHelp("So many at a time.", valueName: "number"))
  var jobs: Int = 16
  @Flag(name: .customLong("no-dns"), help: "Ask no machine by its name, only those with `address:`.")
  var noDNS = false
  @Flag(help: "Allow the stored constellation's probe to run here, from now on.") var allow = false
  @Flag(help: "Print JSON.") var json = false
  @OptionGroup var options: GlobalOptions

  func validate() throws {
    if jobs < 1 { throw ValidationError("--jobs is 1 or more") }
  }

  func run(_ surroundings: Surroundings, _ printer: Printer) async throws {
    Interruption.isTakenCareOf()
    let workspace = try await options.workspace(surroundings)
    let loaded = try workspace.constellation(constellation.name)
    let view = ProbeView(printer: printer)
    defer { printer.clearProgress() }
    let results = try await workspace.probe(
      loaded, machines,
      ProbeOptions(timeout: timeout, limit: jobs, usesNames: !noDNS, isAllowing: allow), report: view.report)
    printer.clearProgress()
    if json {
      try printer.json(
        Document(
          schema: "weave.probe/1", constellation: loaded.constellation.name, machines: results.map(Row.init)))
    } else {
      let rows = results.map(Row.init)
      let width = rows.map(\.machine.columns).max() ?? 0
      for row in rows {
        let rest = row.reason ?? row.sequence.map { "report \($0)" } ?? ""
        printer.paragraph("\(printable(row.machine).padding(width))  \(row.result.padding(11))  \(rest)")
      }
    }
    let words = Set(results.map { Row($0).result })
    if words.contains(where: { $0 == "refused" }) { throw ExitCode(Int32(ExitStatus.error.rawValue)) }
    if words.contains(where: { $0 == "unreachable" }) {
      throw ExitCode(Int32(ExitStatus.cannotTell.rawValue))
    }
  }

  struct Document: Encodable { let schema, constellation: String; let machines: [Row] }

  struct Row: Encodable {
    let machine, result: String
    var sequence: Int?
    var reason: String?

    init(_ result: ProbeResult) {
      machine = result.machine
      switch result.verdict {
      case .reported(let number): (self.result, sequence) = ("reported", number)
      case .unchanged(let number): (self.result, sequence) = ("unchanged", number)
      case .unreachable(let reason): (self.result, self.reason) = ("unreachable", reason)
      case .refused(let reason): (self.result, self.reason) = ("refused", reason)
      }
    }
  }
}

/// How asking goes, on a terminal.
private final class ProbeView: Sendable {
  private let state = Mutex((ended: 0, asked: [String]()))
  private let printer: Printer

  init(printer: Printer) { self.printer = printer }

  func report(_ news: ProbeNews) {
    state.withLock { state in
      switch news {
      case .began(let machine, let count):
        state.asked.append(machine)
        printer.showProgress(
          "Probing, \(state.ended) of \(count) done: " + state.asked.joined(separator: ", "))
      case .ended(let machine):
        state.ended += 1
        state.asked.removeAll { $0 == machine }
      }
    }
  }
}

private func seconds(_ text: String) throws -> Int {
  guard let seconds = Probe.seconds(text) else {
    throw ValidationError("'\(text)' is no time from 1s to 1h; for example 10s or 2m")
  }
  return seconds
}
