import ArgumentParser
import WeaveKit
import WeaveModel

struct LinksCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "links", abstract: "List the links, one a line, newest first.")

  @Argument(help: ArgumentHelp("Only those of this project, or of this commit.", valueName: "project[@rev]"))
  var member: String?
  @OptionGroup var constellation: ConstellationOption
  @Option(
    help: ArgumentHelp("Only those that tie what this machine should run.", valueName: "machine"))
  var machine: String?
  @Flag(help: "Only those of which at least one pair holds.") var live = false
  @Flag(help: "Only those of which at least one pair is revoked.") var revoked = false
  @Flag(help: "Print JSON.") var json = false
  @OptionGroup var options: FitnessOptions

  func run(_ surroundings: Surroundings, _ printer: Printer) async throws {
    let workspace = try await options.workspace(surroundings)
    var wanted: Set<Member>?
    if machine != nil || constellation.name != nil {
      let selection = Selection.constellation(constellation.name, machine: machine)
      wanted = Set(try await workspace.commits(of: selection, copying: false).commits.members)
    }
    let links = try await workspace.links(member).filter { link in
      guard wanted.map(link.members.ties) ?? true else { return false }
      switch link.standing {
      case .live: return live || !revoked
      case .partly: return true
      case .revoked: return revoked || !live
      case .withdrawn: return !live && !revoked
      }
    }
    if json {
      return try printer.json(
        Document(
          schema: "weave.links/1",
          links: zip(links, EventJSON.list(links.map(\.event))).map {
            LinkJSON(state: $0.standing.word, event: $1)
          }))
    }
    for link in links {
      printer.line(
        "\(link.event.id.short)  \(link.standing.word.padding(9))  \(link.members.shown)",
        link.event.reasonLine)
    }
  }

  struct Document: Encodable { let schema: String; let links: [LinkJSON] }
  struct LinkJSON: Encodable { let state: String; let event: EventJSON }
}

extension CommitSet {
  /// Whether two or more of its commits are among `others`.
  fileprivate func ties(_ others: Set<Member>) -> Bool {
    members.count(where: others.contains) >= 2
  }
}
