import ForeignText
import Git
import GitProcess
import WeaveModel
import WeaveStore

/// Puts objects of a store that are missing or damaged back, from where they are whole: each is what its id says, or is
/// not taken.
///
/// It looks at the repository, not at the store, whose manifest may be what is damaged. libgit2 keeps what it has opened:
/// whoever has the store open opens it anew afterwards.
struct Healer {
  let gitDirectory: String
  let git: GitProcess
  let warn: (String) -> Void

  /// Restores what it can from the repositories at `sources`, which are spoken of as `name`; returns what is still wrong.
  @discardableResult
  func heal(from sources: [String], called name: String? = nil) async throws -> ObjectCheck {
    try setAsideIrregularFiles()
    var check = try await git.checkObjects(in: gitDirectory)
    if check.isCommitGraphDamaged || !check.damagedPacks.isEmpty {
      for name in ["commit-graph", "commit-graphs"] {
        FileSystem.removeAll("\(gitDirectory)/objects/info/\(name)")
      }
      check = try await git.checkObjects(in: gitDirectory)
    }
    // Git ends at the first damage: behind one pack there may be another.
    while !check.damagedPacks.isEmpty {
      for pack in check.damagedPacks.sorted() { try await salvage(pack) }
      check = try await git.checkObjects(in: gitDirectory)
    }
    var unhealed: Set<ObjectID> = []
    while !check.isClean {
      let wanted = try damaged(check).subtracting(unhealed)
      guard !wanted.isEmpty else { break }
      unhealed.formUnion(try restore(wanted, from: sources, called: name))
      // In the way of whoever writes the same again.
      let repository = try Repository.open(at: gitDirectory)
      for id in unhealed { try repository.setAsideLooseFile(of: id) }
      // What was restored may name more.
      check = try await git.checkObjects(in: gitDirectory)
    }
    return check
  }

  private func setAsideIrregularFiles() throws {
    for name in Store.irregularFiles(in: gitDirectory) {
      try FileSystem.createDirectory("\(gitDirectory)/damaged", mode: 0o700)
      let aside = "\(gitDirectory)/damaged/\(name.mapScalars { $0 == "/" ? "%" : nil })"
      try FileSystem.rename("\(gitDirectory)/\(name)", to: aside)
      warn("\(gitDirectory)/\(name) is no file; it is now \(aside)")
    }
  }

  /// What is known to be damaged or missing.
  private func damaged(_ check: ObjectCheck) throws -> Set<ObjectID> {
    let repository = try Repository.open(at: gitDirectory)
    var damaged = Set(check.missing.compactMap { ObjectID(hex: $0.id) })
    damaged.formUnion(check.damagedLoose.compactMap { ObjectID(hex: $0) })
    // Git ends at the first one.
    damaged.formUnion(try repository.damagedLooseObjects())
    return damaged
  }

  /// Returns those that no source has.
  private func restore(
    _ objects: Set<ObjectID>, from sources: [String], called name: String?
  ) throws -> Set<ObjectID> {
    let repository = try Repository.open(at: gitDirectory)
    var missing = objects
    for path in sources where !missing.isEmpty {
      // One that cannot be opened has nothing to give.
      guard let source = try? Repository.open(at: path) else { continue }
      var count = 0
      for id in missing {
        do {
          try repository.restoreObject(id, from: source)
          missing.remove(id)
          count += 1
        } catch {}
      }
      if count > 0 { warn("restored \(count) \(count == 1 ? "object" : "objects") from \(name ?? path)") }
    }
    return missing
  }

  /// Takes a damaged pack, or one whose index is damaged, out, and stores what can be read of it.
  private func salvage(_ pack: String) async throws {
    let (packs, stem) = ("\(gitDirectory)/objects/pack", String(pack.dropLast(bytes: ".pack".utf8.count)))
    let aside = "\(gitDirectory)/damaged"
    try FileSystem.createDirectory(aside)
    for ending in [".idx", ".rev", ".bitmap"] where FileSystem.exists("\(packs)/\(stem)\(ending)") {
      try FileSystem.rename("\(packs)/\(stem)\(ending)", to: "\(aside)/\(stem)\(ending)")
    }
    guard FileSystem.exists("\(packs)/\(pack)") else { return }
    do {
      try await git.indexPack("\(packs)/\(pack)", in: gitDirectory)
      return warn("made the index of \(pack) anew")
    } catch {}
    try FileSystem.rename("\(packs)/\(pack)", to: "\(aside)/\(pack)")
    try await git.unpackWhatIsWhole(of: FileSystem.read("\(aside)/\(pack)"), in: gitDirectory)
    warn("\(pack) is damaged; what can be read of it is kept, and the pack is now in \(aside)")
  }
}

extension Workspace {
  /// Restores the objects of the store around the caller that are missing or damaged, and its HEAD: from the exchange
  /// repositories, from the checkouts beside it, then from the remotes and the projects' sources.
  public static func heal(_ caller: Surroundings) async throws {
    guard let directory = directory(around: caller.workingDirectory) else { return }
    let gitDirectory = storeDirectory(in: directory)
    try restoreHead(of: gitDirectory, caller)
    try Store.restoreTips(in: gitDirectory, warn: caller.warn)
    let healer = Healer(gitDirectory: gitDirectory, git: caller.git, warn: caller.warn)
    let beside =
      Audience.allCases.map { Exchange.path(for: $0, of: gitDirectory) }
      + FileSystem.contents(of: directory).map { "\(directory)/\($0)" }.filter {
        FileSystem.exists($0 + "/.git")
      }
    let check = try await healer.heal(from: beside.filter(FileSystem.isDirectory))
    // Without a manifest nothing says where else to look.
    if !check.isClean { try await Workspace.open(caller).healFromAfar(healer, check) }
  }

  /// Asks the remotes, and the sources of those projects that miss something, one after the other.
  private func healFromAfar(_ healer: Healer, _ check: ObjectCheck) async throws {
    var places = check.missing.map { $0.place ?? "" }
    for remote in try store.remotes() where !places.isEmpty {
      places = try await heal(healer, "+refs/weave/*:refs/weave/*") { remote.url } ?? places
    }
    for record in try await projectsToHealFrom() {
      let isMissing = places.contains { place in
        place.isEmpty || place.begins(with: RefName.namespace(record.name))
          || place.begins(with: RefName.keep(record.name))
      }
      guard isMissing else { continue }
      places = try await heal(healer, "+refs/*:refs/*") { try store.url(of: record) } ?? places
    }
  }

  /// The projects, after a repair of what was accepted of their sources, where that is among what is lost.
  private func projectsToHealFrom() async throws -> [ProjectRecord] {
    do { return try projects() } catch {
      guard isUnreadable(error) else { throw error }
      try store.repairAccepted(author: await author())
      return try projects()
    }
  }

  /// Heals from a copy of what is at the URL, in a repository of its own: nobody is told of what others have. Returns the
  /// places of what is missing still; nil, with a warning, where the URL gives nothing.
  private func heal(
    _ healer: Healer, _ refspec: String, from url: () throws -> RepositoryURL
  ) async throws -> [String]? {
    do {
      let url = try url()
      return try await withCopy(refspec, of: url) { copy in
        try await healer.heal(from: [copy], called: url.description).missing.map { $0.place ?? "" }
      }
    } catch {
      caller.warn(Explanation(error)?.message ?? "\(error)")
      return nil
    }
  }

  /// Runs `body` with the path of a repository that holds what the URL has of `refspec`, and nothing else.
  private func withCopy<Value>(
    _ refspec: String, of url: RepositoryURL, _ body: (String) async throws -> Value
  ) async throws -> Value {
    let copy = store.repository.gitDirectory + "/weave/healing.git"
    FileSystem.removeAll(copy)
    defer { FileSystem.removeAll(copy) }
    _ = try Repository.createBare(at: copy)
    try await git.fetchCopy(refspec, from: url, into: copy)
    return try await body(copy)
  }

  /// Gets what is lost here of the records that the remote has back: from what the exchange repository has of it, else from
  /// the remote itself. Says what was restored, and what is lost still.
  func healRecords(of remote: Remote, through exchange: Exchange) async throws {
    let known = try exchange.records(of: remote.name)
    var lost = try store.lostRecords(among: known)
    guard !lost.isEmpty else { return }
    try restore(lost, known, from: exchange.repository, called: remote)
    lost = try store.lostRecords(among: known)
    if !lost.isEmpty {
      do {
        try await withCopy("+\(RefName.records)*:\(RefName.records)*", of: remote.url) { copy in
          try restore(lost, known, from: Repository.open(at: copy), called: remote)
        }
      } catch { caller.warn(Explanation(error)?.message ?? "\(error)") }
      lost = try store.lostRecords(among: known)
    }
    for record in lost {
      caller.warn("\(remote.name) does not have what is lost of \(record.name); `weave fsck` says what it is")
    }
  }

  private func restore(
    _ lost: [RecordRef], _ known: [RecordRef: ObjectID], from source: Repository, called remote: Remote
  ) throws {
    for record in lost {
      let count = try store.restore(record, at: known[record], from: source)
      guard count > 0 else { continue }
      let objects = count == 1 ? "object" : "objects"
      caller.warn("restored \(count) \(objects) of \(record.name), as \(remote.name) has it")
    }
  }

  /// As ``open(_:)``, also where the manifest is lost, and something beside the store has it.
  public static func openHealing(_ caller: Surroundings) async throws -> Workspace {
    do { return try await open(caller) } catch {
      guard isLost(error) else { throw error }
      try await heal(caller)
      return try await open(caller)
    }
  }

  /// A HEAD that is damaged keeps Git from seeing a repository at all. Nothing reads where it points.
  private static func restoreHead(of gitDirectory: String, _ caller: Surroundings) throws {
    let path = gitDirectory + "/HEAD"
    let text =
      FileSystem.kind(of: path) == .file ? String(foreign: try FileSystem.read(path)) : ""
    if text.dropping(prefix: "ref: refs/heads/")?.dropping(suffix: "\n")?.isEmpty == false { return }
    try FileSystem.replace(path, with: "ref: refs/heads/main\n")
    caller.warn("HEAD of the store was damaged; it is made anew")
  }
}
