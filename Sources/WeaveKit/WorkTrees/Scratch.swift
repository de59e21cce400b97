import ForeignText
import GitProcess
import WeaveModel
import WeaveStore

/// A folder where sets of commits are checked out one after the other, for a command to be run on each.
///
/// Between two sets only the projects move whose commit is another. What a command leaves untracked goes, what is ignored
/// stays, so that a build need not begin anew.
public struct Scratch: Sendable {
  public let directory: String
  private let folder: CheckoutFolder
  private let caller: Surroundings
  private var environment: [String: String] { caller.environment }

  fileprivate init(_ folder: CheckoutFolder, caller: Surroundings) {
    (directory, self.folder, self.caller) = (folder.directory, folder, caller)
  }

  /// Checks out the set, and runs `command` in the folder, on the standard input, output and error of this process, with
  /// `WEAVE_REV_<PROJECT>` and `WEAVE_<PROJECT>_DIR` for each project. Where `outputGoesToError`, what it prints goes to
  /// standard error, too. A program with a relative path is the one that the caller has there, where there is one.
  ///
  /// - Returns: the command's exit code; 128 and the signal's number where a signal ended it.
  /// - Throws: where the set cannot be checked out, the command cannot be started, or the task was cancelled.
  public func run(
    _ command: [String], on set: CommitSet, outputGoesToError: Bool = false
  ) async throws -> Int32 {
    let variables = try Self.variables(for: set) { folder.path(of: $0) }
    let process = try await CommandProcess(callersOwn(command), environment: environment)
    try await checkOut(set)
    return try await process.runInForeground(
      in: directory, variables: variables.merging(ceiling) { _, new in new },
      outputGoesToError: outputGoesToError)
  }

  /// `./test.sh` means the script that whoever typed it sees.
  private func callersOwn(_ command: [String]) -> [String] {
    guard let program = command.first, program.holds("/"), !program.begins(with: "/") else { return command }
    let path = FileSystem.absolute(program, from: caller.workingDirectory)
    return FileSystem.exists(path) ? [path] + command.dropFirst() : command
  }

  /// Makes the folder hold exactly the set.
  public func checkOut(_ set: CommitSet) async throws {
    let known = FileSystem.contents(of: directory).compactMap { try? ProjectName($0) }
    for project in known where set[project] == nil { try folder.remove(project) }
    let folder = folder
    let results = await concurrently(set.members, limit: Workspace.worktreesAtOnce) { member in
      try await Self.checkOut(member, in: folder)
    }
    for result in results { try result.get() }
    try Task.checkCancellation()
  }

  private static func checkOut(_ member: Member, in folder: CheckoutFolder) async throws {
    let path = folder.path(of: member.project)
    switch folder.occupant(of: member.project) {
    case .worktree:
      try await folder.git.detach(path, at: member.commit.hex, .discard, isOwn: false)
      return try await folder.git.removeUntracked(in: path)
    case .unfinished, .nothing: try folder.remove(member.project)
    // A command has spoilt it.
    case .foreign: FileSystem.removeAll(path)
    }
    try await folder.add(member)
  }

  /// A `git` that is run beside the worktrees must not find the store's repository above them.
  private var ceiling: [String: String] {
    let above = directory.split(atScalar: "/").dropLast().joined(separator: "/")
    let ceilings = [environment["GIT_CEILING_DIRECTORIES"], "/" + above].compactMap { $0 }
    return ["GIT_CEILING_DIRECTORIES": ceilings.joined(separator: ":")]
  }

  /// What a command learns of the set by its environment. A name is in capitals, with `_` for whatever is no letter and
  /// no digit; throws where two projects would have one name.
  static func variables(
    for set: CommitSet, path: (ProjectName) -> String
  ) throws -> [String: String] {
    var (variables, owners): ([String: String], [String: ProjectName]) = ([:], [:])
    for member in set.members {
      let name = String(
        member.project.text.uppercased().mapScalars { $0.isASCIIAlphanumeric ? nil : "_" })
      for (variable, value) in [
        ("WEAVE_REV_\(name)", member.commit.hex), ("WEAVE_\(name)_DIR", path(member.project)),
      ] {
        if let other = owners.updateValue(member.project, forKey: variable) {
          throw WeaveError(
            "\(other) and \(member.project) would both be told of as \(variable)",
            hint: "name a set without one of them")
        }
        variables[variable] = value
      }
    }
    return variables
  }
}

extension Workspace {
  private var scratchDirectory: String { directory + "/.weave/scratch" }

  /// Runs `body` with an empty scratch folder, which is removed afterwards, also where the task is cancelled; those that
  /// a killed process left are removed first.
  ///
  /// - Parameter keeps: asked in the end whether the folder stays: it is then as one that `weave checkout` made.
  public func withScratch<Value>(
    keeping keeps: Bool = false, _ body: (Scratch) async throws -> Value
  ) async throws -> Value {
    let gitDirectory = store.repository.gitDirectory
    for name in FileSystem.contents(of: scratchDirectory) {
      removeScratch(scratchDirectory + "/" + name)
    }
    let name = String(UInt64.random(in: 0...UInt64.max), radix: 36)
    // Its name says that it is to go.
    let directory = "\(scratchDirectory)/\(name)\(keeps ? "" : Self.passing)"
    // A set may hold a private project.
    try FileSystem.createDirectory(directory, mode: 0o700)
    let folder = try CheckoutFolder.make(at: directory, ofStoreAt: gitDirectory, git: git)
    let result: Result<Value, any Error>
    do {
      result = .success(
        try await body(Scratch(folder, caller: caller)))
    } catch { result = .failure(error) }
    if !keeps { remove(folder) }
    return try result.get()
  }

  private static let passing = ".tmp"

  private func removeScratch(_ directory: String) {
    guard directory.ends(with: Self.passing),
      let folder = try? CheckoutFolder(at: directory, ofStoreAt: store.repository.gitDirectory, git: git)
    else { return }
    remove(folder)
  }

  private func remove(_ folder: CheckoutFolder) {
    for project in FileSystem.contents(of: folder.directory).compactMap({ try? ProjectName($0) }) {
      try? folder.remove(project)
    }
    // What a command left beside the worktrees is nobody's, either.
    FileSystem.removeAll(folder.directory)
    if FileSystem.exists(folder.directory) {
      caller.warn("\(folder.directory) could not be removed whole: remove it by hand")
    }
  }
}
