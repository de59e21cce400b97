import ForeignText
import Git
import WeaveFormats
import WeaveModel

/// A file of another tool on disk, and the repository or the folder that it belongs to.
struct ImportSource {
  let path: String
  /// The work tree around the file, or else its folder: what its includes are relative to.
  private let root: String
  /// Where the repository comes from; nil where there is none.
  private let origin: String?

  init(path: String) throws {
    self.path = path
    let folder = String(path[..<(path.lastIndex(ofScalar: "/") ?? path.startIndex)])
    // The manifest of `repo` itself is a link to what it checked out beside, or includes that.
    let manifests = folder.ends(with: "/.repo") ? folder + "/manifests" : nil
    guard
      let root = manifests.flatMap({ FileSystem.isDirectory($0) ? $0 : nil })
        ?? FileSystem.checkout(around: folder)
    else {
      (self.root, origin) = (folder, nil)
      return
    }
    self.root = root
    origin = try Self.origin(of: root) ?? root
  }

  /// Where the checkout comes from, by its `origin`; nil where it has none, or `.git` is no repository's.
  static func origin(of checkout: String) throws -> String? {
    do {
      let url = try Repository.open(at: checkout).configValue("remote.origin.url")
      return url.map { url in
        RepositoryAddress.localPath(url).map { FileSystem.absolute($0, from: checkout) } ?? url
      }
    } catch {
      guard error.code == .notARepository else { throw error }
      return nil
    }
  }

  /// The file's name without its last ending, and without a dot before it.
  var stem: String {
    let name = path[
      (path.lastIndex(ofScalar: "/").map(path.unicodeScalars.index(after:)) ?? path.startIndex)...
    ]
    .drop(whileScalar: { $0 == "." })
    guard let dot = name.lastIndex(ofScalar: "."), dot != name.startIndex else { return String(name) }
    return String(name[..<dot])
  }

  func read(as format: WorkspaceFormat) throws -> WorkspaceFile {
    let inside =
      path.dropping(prefix: root + "/")
      ?? path[(path.lastIndex(ofScalar: "/") ?? path.startIndex)...].dropFirst(bytes: 1)
    let bytes = try FileSystem.read(path, atMost: WorkspaceFile.longest)
    return try WorkspaceFile.read(bytes, as: format, at: String(inside), from: origin) { included in
      let place = root + "/" + included
      guard FileSystem.isInside(place, root) else { return nil }
      if FileSystem.isDirectory(place) { return .folder(FileSystem.contents(of: place)) }
      return FileSystem.exists(place) ? .file(try FileSystem.read(place, atMost: WorkspaceFile.longest)) : nil
    }
  }

  /// The projects at the commits of their gitlinks in the commit that is checked out.
  func withGitlinks(_ projects: [ForeignProject]) throws -> [ForeignProject] {
    guard FileSystem.exists(root + "/.git"), case let repository = try Repository.open(at: root),
      let head = try repository.resolve("HEAD")
    else { return projects }
    let tree = try repository.treeOfCommit(head)
    let trees = KnownTrees(repository)
    return try projects.map { project in
      let entry = try project.path.flatMap { try trees.entry(at: $0, in: tree) }
      return ForeignProject(
        name: project.name, path: project.path, url: project.url,
        revision: entry.flatMap { $0.isGitlink ? "\($0.id)" : nil }, branch: project.branch)
    }
  }
}
