import ArgumentParser
import ForeignText

/// The arguments of the run that a task is for, which the parser shows no command as they are.
struct Invocation: Sendable {
  @TaskLocal static var current = Invocation()

  /// What the parser gets.
  private(set) var arguments: [String] = []
  /// The program of the user's that a command of weave is to run, and its arguments: what follows `--`.
  ///
  /// The parser takes no two lists of arguments, and these are none of its business.
  private(set) var usersCommand: [String] = []

  private init() {}

  /// Cuts off the user's command where the first of the arguments is one of `takers`, which run one.
  init(_ arguments: [String], takers: [any ParsableCommand.Type]) {
    self.arguments = arguments
    guard let end = arguments.firstIndex(where: { $0 == "--" }),
      takers.contains(where: { $0.configuration.commandName == arguments.first })
    else { return }
    usersCommand = Array(arguments[(end + 1)...])
    self.arguments = Array(arguments[..<end])
  }

  func requireUsersCommand() throws {
    if usersCommand.first?.isEmpty ?? true {
      throw ValidationError("name what to run after --, as in `-- git log -1`")
    }
    if let program = usersCommand.first, RepositoryURL.isURL(program) {
      throw ValidationError("\(RepositoryURL(program)) is a URL, and what belongs there is a program")
    }
  }
}
