import ArgumentParser
import WeaveKit

struct FsckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fsck", abstract: "Check the store: events, members, keep chains, notes and refs.",
    discussion: "Exits with 1 when something of the record is damaged.")

  @Flag(help: "Rebuild what is derived: keep chains and notes.") var repair = false
  @OptionGroup var options: GlobalOptions

  func run() throws {
    let findings = try options.workspace().check(repair: repair)
    for finding in findings { Printer.out("\(finding.severity.rawValue): \(printable(finding.message))") }
    if findings.isEmpty { Printer.note("the store is whole") }
    if findings.contains(where: { $0.severity == .error }) { throw ExitCode(1) }
  }
}
