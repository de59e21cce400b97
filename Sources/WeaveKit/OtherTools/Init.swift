import ForeignText
import Git
import GitProcess
import WeaveModel
import WeaveStore

extension Workspace {
  /// Makes a store in `directory`, which is created where it does not exist, or goes on with one that was cut off in the
  /// making; refuses where one is already. Until ``finish()`` the store counts as unfinished.
  ///
  /// - Returns: the workspace, and whether there was a store.
  public static func initialize(_ directory: String, caller: Surroundings) async throws -> (
    Workspace, wasThere: Bool
  ) {
    let directory = try FileSystem.named(directory, from: caller.workingDirectory)
    let gitDirectory = storeDirectory(in: directory)
    // Before anything is made: without it nothing could be.
    let author = try await identity(
      of: caller, git: caller.git, at: .nowhere)
    try FileSystem.createDirectory(directory + "/.weave")
    let lock = try aloneSettingUp(directory)
    let repository = try bareRepository(at: gitDirectory, warn: caller.warn)
    let (store, wasThere): (Store, Bool)
    if try repository.resolve(RefName.manifest(.public)) == nil {
      try Store.requireNoManifest(in: repository)
      try note(Unfinished(.`init`), in: directory)
      let writer = try newWriter(for: author)
      store = try Store.create(
        in: repository, id: StoreID(hexadecimal(digits: 32)), writer: writer, author: author,
        warn: caller.warn)
      wasThere = false
    } else {
      guard try unfinished(in: directory) != nil else {
        throw WeaveError(
          "\(directory) has a store already, in .weave/.git",
          hint: "`weave adopt` in it adds what is checked out there since")
      }
      store = try Store.open(at: gitDirectory, warn: caller.warn)
      wasThere = true
    }
    do { try excludeFromRepository(around: directory) } catch {
      caller.warn("the store is made, and could not be excluded from the repository around it: \(error)")
    }
    let workspace = Workspace(directory: directory, store: store, caller: caller)
    workspace.settingUp = lock
    return (workspace, wasThere)
  }

  /// A name that no other clone has.
  static func newWriter(for author: Signature) throws -> WriterName {
    try WriterName("\(writerSlug(author.name))-\(hexadecimal(digits: 8))")
  }

  /// A new repository, or the one that an `init` cut off in the making left.
  private static func bareRepository(at gitDirectory: String, warn: (String) -> Void) throws -> Repository {
    try Store.clearTheWay(for: gitDirectory, warn: warn)
    do {
      return try Repository.createBare(at: gitDirectory)
    } catch {
      guard error.code == .exists else { throw error }
      return try Store.completed(Repository.open(at: gitDirectory))
    }
  }

  /// Without this line, `git add -A` in a repository around the workspace fails on the store.
  static func excludeFromRepository(around directory: String) throws {
    guard let outer = try Repository.discover(from: directory),
      let workTree = try Repository.open(at: outer).workingDirectory
    else { return }
    let top = FileSystem.canonical(workTree)
    let inside = FileSystem.canonical(directory).dropFirst(bytes: top.utf8.count)
      .drop(whileScalar: { $0 == "/" })
    guard let line = Quoted.gitIgnore((inside.isEmpty ? "" : inside + "/") + ".weave") else { return }
    let folder = try Repository.open(at: outer).commonDirectory + "/info"
    let path = folder + "/exclude"
    // Whoever made the repository may have made it a link to a file of the user's.
    guard FileSystem.kind(of: folder) != .link, [.file, .nothing].contains(FileSystem.kind(of: path)) else {
      throw WeaveError("\(path) is no file of its own: write \(Quoted.shellWord(line)) where Git reads it")
    }
    let present = FileSystem.kind(of: path) == .file ? try FileSystem.read(path) : []
    guard !String(foreign: present).lines.contains(where: { $0 == line }) else {
      return
    }
    try FileSystem.createDirectory(folder)
    try FileSystem.append((present.isEmpty || present.last == 10 ? "" : "\n") + line + "\n", to: path)
  }

  private static func writerSlug(_ name: String) -> String {
    let plain = name.lowercased().mapScalars { $0.isASCIIAlphanumeric ? nil : "-" }
    let slug = plain.split(atScalar: "-").joined(separator: "-").prefix(40)
    return slug.isEmpty ? "writer" : String(slug)
  }

  private static func hexadecimal(digits: Int) -> String {
    String((0..<digits).map { _ in "0123456789abcdef".randomElement() ?? "0" })
  }
}
