import ForeignText
import Git
import GitProcess
import WeaveModel
import WeaveStore

/// Which addresses in files of other tools are taken for projects' sources.
///
/// Whoever writes such a file may mean somebody's private repository, or one that lies in the tree of his own project, whose
/// hooks nobody chose. Of a path, of links, of what a file includes, and of what its own repository was cloned from, nothing tells
/// which its user means.
struct ForeignSources {
  private let rewrites: AddressRewrites
  private let directory: String
  private let gitDirectory: String
  /// What no `insteadOf` of the user's opens to others' files: with whose each is, in words.
  private var guarded: [(owner: String, place: LocalPlace)] = []

  /// Asks Git for the settings; where these have no `insteadOf`, nothing else.
  init(in workspace: Workspace) async throws {
    (directory, gitDirectory) = (
      FileSystem.canonical(workspace.directory), workspace.store.repository.gitDirectory
    )
    rewrites = try await workspace.git.addressRewrites(gitDirectory: gitDirectory)
    guard !rewrites.isEmpty else { return }
    guarded = [("this store", LocalPlace(directory + "/.weave")), ("this store", LocalPlace(gitDirectory))]
    for (_, objects) in try workspace.guardedObjects() {
      let path: String? =
        switch objects.place {
        case .directory(let path), .checkout(let path): path
        case .source(let url): localPath(url.hasSecret ? url.textWithSecret : rewrites.actual(url.text))
        }
      if let path { guarded.append((objects.owner, LocalPlace(path))) }
    }
    guarded += try workspace.checkouts().values.sorted { $0.project < $1.project }.map {
      ("the checkout of \($0.project)", LocalPlace($0.path))
    }
  }

  /// Why `url` is not taken, in words that go on from its name, though a file says so; nil where it is.
  func refusal(of url: String) -> String? {
    let asMeant = "`weave project add NAME \(Quoted.shellOperand(RepositoryURL(url).text))`"
    if RepositoryAddress.isLocal(url) {
      return "is a path of this machine, which only you can mean: \(asMeant)"
    }
    // As who has no secret of it fetches it.
    let actual = rewrites.actual(RepositoryURL(url).text)
    guard !actual.isExactly(RepositoryURL(url).text) else { return nil }
    let settings = "by your settings `url.*.insteadOf` \(RepositoryURL(actual))"
    guard !RepositoryAddress.climbs(actual) else {
      return "is \(settings), which leads by `..` to another place"
    }
    guard let path = localPath(actual), let owner = owner(of: LocalPlace(path)) else { return nil }
    return "is \(settings), which is of \(owner) and no other project's source"
  }

  /// As Git takes it, which is run in the store.
  private func localPath(_ source: String) -> String? {
    RepositoryAddress.localPath(source).map { FileSystem.absolute($0, from: gitDirectory) }
  }

  private func owner(of place: LocalPlace) -> String? {
    if let owner = guarded.first(where: { place.isInside($0.place) })?.owner { return owner }
    if let checkout = place.paths.compactMap(FileSystem.checkout(around:))
      .first(where: { $0.isExactly(directory) || FileSystem.isInside($0, directory) })
    {
      return "the checkout \(checkout)"
    }
    return place.isStore ? "a store of weave's" : nil
  }
}

/// A repository or a directory of this machine, by each path at which Git may find it.
private struct LocalPlace {
  let paths: [String]
  private let directories: Set<FileSystem.Place>
  /// Whether it is a repository with the records of weave's.
  let isStore: Bool

  init(_ path: String) {
    // One that cannot be opened is told by its path. As Git finds it where the path is one's without its ending
    // (`enter_repo` of Git's path.c).
    let found = [path, path + ".git"].compactMap { try? Repository.open(at: $0) }.first
    paths = ([path, path + ".git"] + (found.map { [$0.commonDirectory] } ?? [])).map(
      FileSystem.canonicalAsFarAsThere)
    directories = Set(paths.compactMap(FileSystem.place(of:)))
    // Where that cannot be read, too.
    isStore = found.map { (try? $0.reference(RefName.manifest(.public)) == nil) != true } ?? false
  }

  /// Whether it is `other`, or below that by one of its paths.
  func isInside(_ other: LocalPlace) -> Bool {
    !directories.isDisjoint(with: other.directories)
      || paths.contains { path in
        other.paths.contains { path.isExactly($0) || path.begins(with: $0 + "/") }
      }
  }
}
