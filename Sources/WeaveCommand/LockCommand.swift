import ArgumentParser
import WeaveKit
import WeaveModel

struct LockCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lock", abstract: "Adopt today's resolution as what is wanted; list, show and restore locks.")

  @OptionGroup var constellation: ConstellationOption
  @Option(name: [.customShort("m"), .long], help: ArgumentHelp("Why.", valueName: "text")) var message = ""
  @Flag(help: "List the locks, newest first.") var list = false
  @Flag(help: "Show the lock in force, or the one named.") var show = false
  @Argument(help: "With --show, a lock's or a resolution's id.") var id: String?
  @Option(help: ArgumentHelp("Adopt this lock's resolution again.", valueName: "id")) var restore: String?
  @Flag(help: "With --restore: also one that is unfit today.") var evenRevoked = false
  @OptionGroup var options: GlobalOptions

  func validate() throws {
    if [list, show, restore != nil].filter({ $0 }).count > 1 { throw ValidationError("--list, --show and --restore exclude each other") }
    if id != nil && !show { throw ValidationError("an id goes with --show") }
  }

  func run() throws {
    let workspace = try options.workspace()
    let loaded = try workspace.constellation(constellation.name)
    if list {
      for (index, lock) in try workspace.locks(loaded).enumerated() {
        Printer.out("\(lock.id.short)  \(lock.resolution.short)  \(moment(lock.author.seconds))  \(index == 0 ? "in force" : "        ")  \(printable(lock.text.firstLine))")
      }
    } else if show {
      let lock = try workspace.lock(named: id, loaded)
      Printer.out("lock \(lock.id)\nresolution \(lock.resolution)")
      for (machine, commits) in try workspace.store.commitsByComponent(in: lock.resolution).sorted(by: { $0.key < $1.key }) {
        for (project, commit) in commits.sorted(by: { $0.key < $1.key }) { Printer.out("\(machine) \(project) \(commit)") }
      }
    } else if let restore {
      Printer.out(try workspace.restore(restore, loaded, message: message, evenRevoked: evenRevoked).id.hex)
    } else {
      Printer.out(try workspace.lock(loaded, text: message).id.hex)
    }
  }
}

extension String {
  var firstLine: String { String(prefix { $0 != "\n" }) }
}
