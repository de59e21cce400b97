import ArgumentParser
import WeaveKit

struct FsckCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "fsck",
    abstract: "Check the store: its objects, events, members, keep chains, notes and refs.",
    discussion: "Exits with 1 when something of the record is damaged.")

  @Flag(
    help:
      "Get lost objects from where they are whole, rebuild keep chains and notes, and put empty refs back.")
  var repair = false
  @Flag(help: "Fetch every project, and list published links whose commits cannot be had.")
  var remote = false
  @Flag(help: "Print JSON.") var json = false
  @OptionGroup var options: GlobalOptions

  func run(_ surroundings: Surroundings, _ printer: Printer) async throws {
    if repair { try await Workspace.heal(options.surroundings(from: surroundings)) }
    let workspace = try await options.workspace(surroundings)
    var findings = try await workspace.check(repair: repair)
    if remote {
      findings += try await workspace.checkRemotes(report: FetchView(printer: printer).progress)
      printer.clearProgress()
    }
    if json {
      try printer.json(
        Document(
          schema: "weave.fsck/1",
          findings: findings.map { FindingJSON(severity: $0.severity.rawValue, message: $0.message) }))
    } else {
      for finding in findings { printer.line("\(finding.severity.rawValue): \(printable(finding.message))") }
      if findings.isEmpty { printer.note("the store is whole") }
    }
    if findings.contains(where: { $0.severity == .error }) { throw ExitCode(1) }
  }

  struct Document: Encodable { let schema: String; let findings: [FindingJSON] }
  struct FindingJSON: Encodable { let severity, message: String }
}
