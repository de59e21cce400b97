import ArgumentParser
import WeaveKit

struct FsckCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fsck", abstract: "Check the store: its objects, events, members, keep chains, notes and refs.",
    discussion: "Exits with 1 when something of the record is damaged.")

  @Flag(help: "Get lost objects from where they are whole, rebuild keep chains and notes, and put empty refs back.") var repair = false
  @Flag(help: "Fetch every project, and list published links whose commits cannot be had.")
  var remote = false
  @Flag(help: "Print JSON.") var json = false
  @OptionGroup var options: GlobalOptions

  func run() async throws {
    if repair { try await Workspace.heal(options.caller()) }
    let workspace = try await options.workspace()
    var findings = try await workspace.check(repair: repair)
    if remote {
      findings += try await workspace.checkRemotes(report: FetchView.progress)
      ProgressLine.clear()
    }
    if json {
      try Printer.json(
        Document(
          schema: "weave.fsck/1",
          findings: findings.map { FindingJSON(severity: $0.severity.rawValue, message: $0.message) }))
    } else {
      for finding in findings { Printer.line("\(finding.severity.rawValue): \(printable(finding.message))") }
      if findings.isEmpty { Printer.note("the store is whole") }
    }
    if findings.contains(where: { $0.severity == .error }) { throw ExitCode(1) }
  }

  struct Document: Encodable { let schema: String; let findings: [FindingJSON] }
  struct FindingJSON: Encodable { let severity, message: String }
}
