import CLibgit2
import CLooseObjects
import ForeignText

/// What is looked at, and read, before libgit2 does it: see `Docs/design/loose-objects.md`.
extension Repository {
  /// Throws for a file of the repository at `path` that is there and is no file, or cannot be opened: of those that
  /// libgit2 opens to open a repository and to read its references.
  static func lookAtFiles(ofRepositoryAt path: String, _ operation: String) throws(GitError) {
    var gitDirectory = path
    if RegularFile.isDirectory(path + "/.git") {
      gitDirectory = path + "/.git"
    } else if let link = try RegularFile.read(path + "/.git", operation), let target = line(link) {
      gitDirectory = resolve(String(target.dropping(prefix: "gitdir: ") ?? target[...]), from: path)
    }
    for name in ["HEAD", "gitdir"] { try RegularFile.look(at: "\(gitDirectory)/\(name)", operation) }
    var commonDirectory = gitDirectory
    if let link = try RegularFile.read(gitDirectory + "/commondir", operation), let target = line(link) {
      commonDirectory = resolve(target, from: gitDirectory)
    }
    for name in ["packed-refs", "shallow"] {
      try RegularFile.look(at: "\(commonDirectory)/\(name)", operation)
    }
    try lookAtConfiguration(gitDirectory + "/config.worktree", depth: 0, operation)
    try lookAtConfiguration(commonDirectory + "/config", depth: 0, operation)
  }

  /// Looks at the file and at those that it may include, whether a condition holds or not.
  private static func lookAtConfiguration(
    _ path: String, depth: Int, _ operation: String
  ) throws(GitError) {
    guard depth <= 10, let content = try RegularFile.read(path, operation) else { return }
    let directory = path.split(atScalar: "/", keepsEmpty: true).dropLast().joined(separator: "/")
    for line in String(foreign: content).split(atScalar: "\n") {
      guard let (key, value) = line.cut(at: "=") else { continue }
      let name = key.cut(at: "]")?.after ?? key
      guard name.trimmed.lowercased() == "path" else { continue }
      let target = value.trimmed.split(atScalar: "\"").joined()
      if !target.isEmpty, !target.begins(with: "~") {
        try lookAtConfiguration(resolve(target, from: directory), depth: depth + 1, operation)
      }
    }
  }

  /// Lets the repository's database read the loose objects of `objects`, and of the directories that its
  /// `info/alternates` names, by weave's own reader. To be called once libgit2 has them in its list.
  func readLooseObjects(from directories: [String], _ operation: String) throws(GitError) {
    for directory in directories where looseDirectories.insert(directory).inserted {
      try check(operation) { weave_loose_add(database.raw, directory) }
    }
    // Else objects would seem to be missing that libgit2 could have read.
    guard weave_loose_silence_others(database.raw) <= looseDirectories.count else {
      throw GitError(
        .generic, operation,
        "\(objectsDirectory)/info/alternates changed meanwhile, or names a path "
          + "that is no UTF-8")
    }
  }

  /// The directory `objects`, and all that its `info/alternates` lead to, as libgit2 finds them; each is looked at.
  static func objectDirectories(from objects: String, _ operation: String) throws(GitError) -> [String] {
    var directories: [String] = []
    var seen: Set<[UInt64]> = []
    var pending = [(directory: objects, depth: 0)]
    while let (directory, depth) = pending.popLast() {
      guard let identity = try RegularFile.identity(ofDirectory: directory, operation),
        seen.insert(identity).inserted
      else { continue }
      directories.append(directory)
      try lookAtPacks(of: directory, operation)
      // libgit2's limit, and Git's.
      guard depth <= 5 else { continue }
      let alternates = try RegularFile.read(directory + "/info/alternates", operation) ?? []
      for line in alternates.split(whereSeparator: { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }) {
        let path = String(foreign: line)
        if path.begins(with: "#") { continue }
        let isRelative = depth == 0 && path.begins(with: ".")
        pending.append((isRelative ? "\(directory)/\(path)" : path, depth + 1))
      }
    }
    return directories
  }

  private static func lookAtPacks(of objects: String, _ operation: String) throws(GitError) {
    for name in try RegularFile.names(in: objects + "/pack", operation)
    where name.ends(with: ".idx") || name.ends(with: ".pack") || name == "multi-pack-index" {
      try RegularFile.look(at: "\(objects)/pack/\(name)", operation)
    }
    try RegularFile.look(at: objects + "/info/commit-graph", operation)
  }

  /// Throws where a pack, or an index of one, cannot be opened.
  ///
  /// Where no directory of packs has changed since they could, only that is looked at: 10 µs for each directory.
  func lookAtPacks(_ operation: String) throws(GitError) {
    for objects in looseDirectories {
      let version = try FileVersion.of(objects + "/pack", operation)
      let names = try RegularFile.names(in: objects + "/pack", operation)
      guard packDirectories[objects] != .some(version) else { continue }
      for name in names where name.ends(with: ".idx") || name.ends(with: ".pack") {
        try RegularFile.look(at: "\(objects)/pack/\(name)", operation)
      }
      packDirectories[objects] = version
    }
  }

  /// Throws where the reference's file, or its log's, is there and is no file.
  func lookAtReference(_ name: String, logs: Bool = false, _ operation: String) throws(GitError) {
    let (own, common) = (gitDirectory, commonDirectory)
    for directory in own == common ? [common] : [own, common] {
      try RegularFile.lookAtReference("\(directory)/\(name)", operation)
      guard logs else { continue }
      for log in [name, "HEAD"] { try RegularFile.lookAtReference("\(directory)/logs/\(log)", operation) }
    }
  }

  private static func line(_ content: [UInt8]) -> String? {
    let text = String(foreign: content.prefix { $0 != UInt8(ascii: "\n") })
    return text.isEmpty ? nil : text
  }

  private static func resolve(_ path: String, from directory: String) -> String {
    path.begins(with: "/") ? path : "\(directory)/\(path)"
  }
}
