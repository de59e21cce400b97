import ArgumentParser
import WeaveKit

struct RemoteCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "remote", abstract: "Add, list and remove remotes: where stores meet.",
    subcommands: [Add.self, List.self, Remove.self])

  struct Add: Command {
    static let configuration = CommandConfiguration(
      commandName: "add", abstract: "Add a remote: any Git repository, even an empty one.",
      discussion: """
        weave uses refs/weave/public/* there, and on a private remote refs/weave/private/* too. A remote is public \
        unless --private says that all who can read it may know of the private projects.
        """)
    @Argument(help: "What to call it: lower-case letters, digits, '.', '_' and '-'.") var name: String
    @Argument(help: "A URL or path that `git fetch` takes.") var url: String
    @Flag(help: "It gets what names private projects, too.") var `private` = false
    @OptionGroup var options: GlobalOptions

    func run(_ surroundings: Surroundings, _ printer: Printer) async throws {
      let remote = try await options.workspace(surroundings).addRemote(
        name, url: url, audience: `private` ? .private : .public)
      printer.note(
        "Added \(remote.name), a \(remote.audience) remote; `weave pull \(remote.name)` gets what it has")
    }
  }

  struct List: Command {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the remotes.")
    @Flag(help: "Print JSON.") var json = false
    @OptionGroup var options: GlobalOptions

    func run(_ surroundings: Surroundings, _ printer: Printer) async throws {
      let remotes = try await options.workspace(surroundings).remotes()
      if json {
        return try printer.json(Document(schema: "weave.remotes/1", remotes: remotes.map(RemoteJSON.init)))
      }
      var table = Table("REMOTE", "FOR", "URL")
      for remote in remotes { table.add(remote.name.text, remote.audience.rawValue, remote.url.text) }
      table.print(on: printer)
    }

    struct Document: Encodable { let schema: String; let remotes: [RemoteJSON] }
    struct RemoteJSON: Encodable {
      let name, url: String
      let isPrivate: Bool

      enum CodingKeys: String, CodingKey { case name, url, isPrivate = "private" }

      init(_ remote: Remote) {
        (name, url, isPrivate) = (remote.name.text, remote.url.text, remote.audience == .private)
      }
    }
  }

  struct Remove: Command {
    static let configuration = CommandConfiguration(
      commandName: "remove", abstract: "Take a remote out; what came from it stays.")
    @Argument(help: "Its name.") var name: String
    @OptionGroup var options: GlobalOptions

    func run(_ surroundings: Surroundings, _ printer: Printer) async throws {
      try await options.workspace(surroundings).removeRemote(name)
    }
  }
}
