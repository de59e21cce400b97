import ArgumentParser
import WeaveKit

struct PolicyCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "policy", abstract: "Show whom this store believes, what it runs and where it fetches from.",
    discussion: """
      The last line is an id over all of it: `weave clone --policy ID` and `weave pull --policy ID` fail where it is \
      another one.
      """)

  @Flag(help: "Print JSON.") var json = false
  @OptionGroup var options: GlobalOptions

  func run(_ surroundings: Surroundings, _ printer: Printer) async throws {
    let policy = try await options.workspace(surroundings).policy()
    let id = try policy.id().description
    if json {
      return try printer.json(
        PolicyDocument(
          policy: id,
          entries: policy.lines.map {
            PolicyDocument.Entry(entry: $0.entry, subject: $0.subject, value: $0.value)
          }))
    }
    var table = Table("ENTRY", "WHAT", "IN USE")
    for line in policy.lines { table.add(line.entry, line.subject, line.value) }
    table.print(on: printer)
    printer.line("policy \(id)")
  }
}

private struct PolicyDocument: Encodable {
  let schema = "weave.policy/1"
  let policy: String
  let entries: [Entry]

  struct Entry: Encodable { let entry, subject, value: String }
}
