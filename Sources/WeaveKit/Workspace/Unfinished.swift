import ForeignText
import WeaveModel

/// What a command that sets a store up has yet to do; noted in the store, for this clone alone, until it has done all of it.
public struct Unfinished: Sendable, Equatable {
  public enum Command: String, Sendable { case `init`, adopt }

  public internal(set) var command: Command
  /// The projects that are being adopted, and where they are checked out, relative to the workspace.
  var projects: [Project] = []

  struct Project: Equatable, Sendable {
    let name: ProjectName
    let path: String?
  }

  /// What is the matter, and what to type.
  public var words: String {
    "`weave \(command.rawValue)` was cut off, and this store is not finished: `weave \(command.rawValue) --yes` completes it"
  }

  init(_ command: Command) { self.command = command }

  /// Throws where the bytes are no note of weave's.
  init(bytes: [UInt8], at path: String) throws {
    let fields = bytes.split(separator: 0, omittingEmptySubsequences: false)
      .map { String(foreign: $0) }
    guard let command = fields.first.flatMap(Command.init), fields.count % 2 == 0 else {
      throw WeaveError(
        "\(path) is damaged: what was to be adopted is unknown",
        hint: "`rm \(Quoted.shellWord(path))`, then `weave adopt`")
    }
    self.command = command
    projects = try stride(from: 1, to: fields.count - 1, by: 2).map {
      Project(name: try ProjectName(fields[$0]), path: fields[$0 + 1].isEmpty ? nil : fields[$0 + 1])
    }
  }

  /// Fields that end with NUL, which no path holds: the command, then for each project its name and its path.
  var text: String {
    ([command.rawValue] + projects.flatMap { [$0.name.text, $0.path ?? ""] }).map { $0 + "\0" }.joined()
  }
}

extension Workspace {
  private static func note(in directory: String) -> String {
    storeDirectory(in: directory) + "/weave/unfinished"
  }

  static func unfinished(in directory: String) throws -> Unfinished? {
    let path = note(in: directory)
    guard FileSystem.kind(of: path) != .nothing else { return nil }
    return try Unfinished(bytes: FileSystem.read(path, atMost: 16 << 20), at: path)
  }

  static func note(_ unfinished: Unfinished, in directory: String) throws {
    try FileSystem.createDirectory(storeDirectory(in: directory) + "/weave")
    try FileSystem.replace(note(in: directory), with: unfinished.text)
  }

  /// What an `init` or an `adopt` that was cut off left to do; nil where nothing is, or one is at work.
  public func unfinished() throws -> Unfinished? {
    guard let unfinished = try Self.unfinished(in: directory),
      DirectoryLock(directory + "/.weave") != nil
    else { return nil }
    return unfinished
  }

  /// Notes that all is done, and lets others set the store up.
  public func finish() throws {
    let path = Self.note(in: directory)
    FileSystem.removeAll(path)
    guard FileSystem.kind(of: path) == .nothing else { throw WeaveError("cannot remove \(path)") }
    settingUp = nil
  }

  /// Keeps others from setting the store up until ``finish()``, or the end of the process.
  public func beginSettingUp() throws {
    if settingUp == nil { settingUp = try Self.aloneSettingUp(directory) }
  }

  static func aloneSettingUp(_ directory: String) throws -> DirectoryLock {
    guard let lock = DirectoryLock(directory + "/.weave") else {
      throw WeaveError(
        "another `weave init` or `weave adopt` is at work in \(directory)",
        hint: "try again when it has ended")
    }
    return lock
  }
}
