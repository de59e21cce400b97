import ArgumentParser
import ForeignText
import Synchronization

/// The program of the user's that a command of weave is to run, and its arguments: what follows `--`.
///
/// The parser takes no two lists of arguments, and these are none of its business.
enum UsersCommand {
  private static let taken = Mutex<[String]>([])

  static var words: [String] { taken.withLock { $0 } }

  /// The arguments without the user's command, where the first is one of `takers`, which run one.
  static func cut(from arguments: [String], for takers: [any ParsableCommand.Type]) -> [String] {
    guard let end = arguments.firstIndex(where: { $0 == "--" }),
      takers.contains(where: { $0.configuration.commandName == arguments.first })
    else { return arguments }
    taken.withLock { $0 = Array(arguments[(end + 1)...]) }
    return Array(arguments[..<end])
  }

  static func requireWords() throws {
    if words.first?.isEmpty ?? true {
      throw ValidationError("name what to run after --, as in `-- git log -1`")
    }
    if let program = words.first, RepositoryURL.isURL(program) {
      throw ValidationError("\(RepositoryURL(program)) is a URL, and what belongs there is a program")
    }
  }
}
