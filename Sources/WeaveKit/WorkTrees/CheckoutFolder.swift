import ForeignText
import GitProcess
import WeaveModel

/// A folder of detached linked worktrees of the store, each under its project's name.
///
/// Whoever has one open is alone in it.
struct CheckoutFolder: Sendable {
  let directory: String
  /// The store's, with no link in it.
  let gitDirectory: String
  let git: GitProcess
  private let lock: DirectoryLock

  /// What says that the folder is one, and of which store.
  private static let mark = ".weave-checkout"

  /// Opens the folder, which is made where there is none; an empty directory becomes one.
  static func make(at directory: String, ofStoreAt gitDirectory: String, git: GitProcess) throws -> Self {
    let exists = FileSystem.exists(directory)
    guard !exists || isFolder(directory) || contents(of: directory).isEmpty else {
      throw WeaveError(
        FileSystem.isDirectory(directory)
          ? "\(directory) is not empty, and no `weave checkout` made it" : "\(directory) is no directory",
        hint: "name another directory: `weave checkout SET DIRECTORY`")
    }
    try FileSystem.createDirectory(directory)
    return try Self(at: directory, ofStoreAt: gitDirectory, git: git)
  }

  /// Opens the folder that is there.
  init(at directory: String, ofStoreAt gitDirectory: String, git: GitProcess) throws {
    guard FileSystem.isDirectory(directory) else {
      throw WeaveError(
        FileSystem.isLink(directory) ? "\(directory) is a link to nothing" : "\(directory) is no directory",
        hint: "name another directory")
    }
    guard let lock = DirectoryLock(directory) else {
      throw WeaveError("another weave is at work in \(directory)", hint: "try again when it has ended")
    }
    (self.directory, self.git, self.lock) = (FileSystem.canonical(directory), git, lock)
    self.gitDirectory = FileSystem.canonical(gitDirectory)
    let mark = "\(directory)/\(Self.mark)"
    let text = "store \(self.gitDirectory)\n"
    if !FileSystem.exists(mark) { try FileSystem.replace(mark, with: text) }
    let found = String(foreign: try FileSystem.read(mark))
    guard found == text else {
      throw WeaveError(
        "\(directory) was checked out of another store: \(found.dropFirst(bytes: "store ".utf8.count).dropLast())",
        hint: "name another directory")
    }
    removeDrafts()
  }

  static func isFolder(_ directory: String) -> Bool { FileSystem.exists("\(directory)/\(mark)") }

  private static func contents(of directory: String) -> [String] {
    guard FileSystem.isDirectory(directory) else { return ["?"] }
    return FileSystem.contents(of: directory).filter { $0 != mark && $0 != "\(mark).new" }
  }

  /// Where the project's worktree is, or would be.
  func path(of project: ProjectName) -> String { "\(directory)/\(project)" }

  /// What is at a project's place.
  enum Occupant: Sendable {
    case nothing
    /// A worktree; `administration` is where the store keeps what belongs to it.
    case worktree(administration: String)
    /// One that was cut off in the making.
    case unfinished(administration: String)
    /// Something else, and what.
    case foreign(String)
  }

  func occupant(of project: ProjectName) -> Occupant {
    let path = path(of: project)
    guard FileSystem.isDirectory(path) else {
      return FileSystem.kind(of: path) == .nothing ? .nothing : .foreign("\(path) is no directory")
    }
    let contents = FileSystem.contents(of: path)
    // Cut off before `.git` had its name.
    if contents.isEmpty || contents == [".git.new"] && FileSystem.kind(of: path + "/.git.new") == .file {
      return .nothing
    }
    guard let administration = administration(of: path) else {
      return .foreign("\(path) is no worktree of this store")
    }
    let isUnfinished = FileSystem.exists("\(administration)/\(Self.unfinishedMark)")
    if firstLine(of: administration + "/gitdir").map(FileSystem.canonical) == path + "/.git" {
      return isUnfinished
        ? .unfinished(administration: administration) : .worktree(administration: administration)
    }
    // Cut off before the store knew of it.
    if contents == [".git"] { return .nothing }
    return .foreign(
      "\(path) was moved or copied: `git worktree repair` in it makes a worktree of it again")
  }

  /// The projects that have a worktree here, by what `known` says are projects.
  func occupied(among known: some Sequence<ProjectName>) -> [ProjectName] {
    known.filter { project in
      switch occupant(of: project) {
      case .worktree, .unfinished: true
      case .nothing, .foreign: false
      }
    }
  }

  private static let unfinishedMark = "weave-unfinished"

  /// Checks the commit out as a new worktree, at a place where there is nothing.
  ///
  /// `git worktree add` would do, but one that is killed leaves a HEAD that names no commit, and then Git fails on every
  /// ref of the store. Here the store knows of a worktree from the moment on when all that Git reads of it is there
  /// (gitrepository-layout(5), "worktrees").
  func add(_ member: Member) async throws {
    let path = path(of: member.project)
    let name = "\(member.project)-\(String(UInt64.random(in: 0...UInt64.max), radix: 36))"
    let administration = "\(gitDirectory)/worktrees/\(name)"
    FileSystem.removeAll(path)
    try FileSystem.createDirectory(path)
    try FileSystem.replace("\(path)/.git", with: "gitdir: \(administration)\n")
    let draft = "\(gitDirectory)/weave/\(Self.draftPrefix)\(name)"
    try FileSystem.createDirectory(draft)
    for (file, text) in [
      ("HEAD", member.commit.hex), ("commondir", "../.."), ("gitdir", "\(path)/.git"),
      (Self.unfinishedMark, ""),
    ] { try FileSystem.append(text + "\n", to: "\(draft)/\(file)") }
    try FileSystem.createDirectory("\(gitDirectory)/worktrees")
    try FileSystem.rename(draft, to: administration)
    try await git.fill(path, with: member.commit.hex)
    FileSystem.removeAll("\(administration)/\(Self.unfinishedMark)")
  }

  private static let draftPrefix = "worktree-"

  /// Removes what a killed process has drafted.
  private func removeDrafts() {
    for name in FileSystem.contents(of: "\(gitDirectory)/weave") where name.begins(with: Self.draftPrefix) {
      let draft = "\(gitDirectory)/weave/\(name)"
      if FileSystem.age(of: draft) > 60 { FileSystem.removeAll(draft) }
    }
  }

  /// Removes the worktree, whatever is in it, and then what the store has of it.
  func remove(_ project: ProjectName) throws {
    switch occupant(of: project) {
    case .worktree(let administration), .unfinished(let administration):
      // While its `.git` is there the next run knows what it is.
      let path = path(of: project)
      try FileSystem.append("", to: "\(administration)/\(Self.unfinishedMark)")
      for name in FileSystem.contents(of: path) where name != ".git" {
        FileSystem.removeAll("\(path)/\(name)")
      }
      FileSystem.removeAll(path)
      guard !FileSystem.exists(path) else { throw WeaveError("cannot remove \(path)") }
      // All at once: to Git one of which a part is gone is a damaged repository.
      let name = administration.dropFirst(bytes: "\(gitDirectory)/worktrees/".utf8.count)
      let draft = "\(gitDirectory)/weave/\(Self.draftPrefix)\(name)"
      try FileSystem.rename(administration, to: draft)
      FileSystem.removeAll(draft)
    case .nothing: FileSystem.removeAll(path(of: project))
    case .foreign: break
    }
  }

  /// Removes the folder, where no worktree and nothing of others is in it.
  func removeIfEmpty() {
    guard Self.contents(of: directory).isEmpty else { return }
    FileSystem.removeAll(directory)
  }

  private func administration(of path: String) -> String? {
    guard let line = firstLine(of: path + "/.git"), line.begins(with: "gitdir: ") else { return nil }
    let administration = FileSystem.canonical(String(line.dropFirst(bytes: "gitdir: ".utf8.count)))
    return administration.begins(with: "\(gitDirectory)/worktrees/") ? administration : nil
  }

  private func firstLine(of path: String) -> String? {
    guard FileSystem.kind(of: path) == .file, let bytes = try? FileSystem.read(path) else { return nil }
    return String(foreign: bytes.prefix { $0 != UInt8(ascii: "\n") })
  }
}
