import ForeignText
import Git
import WeaveFormats
import WeaveModel
import WeaveStore

/// A project that was found beside the store, and that the store does not know.
public struct FoundProject: Sendable {
  public var name: ProjectName
  public let source: RepositoryURL
  /// Where it is checked out, relative to the workspace, "." for the workspace itself; nil where it is not.
  public let path: String?
  /// The manifest that names it; nil for a checkout.
  public let manifest: String?
}

/// What was found beside the store.
public struct Discovery: Sendable {
  /// By path, those that are not checked out last.
  public internal(set) var projects: [FoundProject] = []
  /// What could not be read, one line each.
  public internal(set) var problems = ToldLines()
}

extension Workspace {
  /// The projects that are checked out in the workspace, or that a manifest of another tool names there, and that the
  /// store does not know (Docs/adopting.md, "Adopt"). Writes nothing.
  ///
  /// Looks into directories down to the fourth level.
  public func discover() async throws -> Discovery {
    var search = ProjectSearch(
      in: directory, known: try projects(), taking: try await ForeignSources(in: self))
    search.findCheckouts()
    search.findManifests()
    return search.discovery
  }
}

private struct ProjectSearch {
  private static let deepest = 4
  private static let mostDirectories = 20_000
  /// Of manifests together, with what they include.
  private static let mostBytes = 32 << 20
  private static let mostFiles = 10_000

  private let directory: String
  private var addresses: Set<RepositoryAddress>
  private var names: FreeProjectNames
  private let sources: ForeignSources
  private var repositories: Set<ExactText> = []
  private var checkouts: [(path: String, source: String)] = []
  private var visited = 0
  private var filesRead: Set<FileSystem.Place> = []
  private var namedCheckouts: Set<FileSystem.Place> = []
  private var bytesLeft = mostBytes
  private(set) var discovery = Discovery()

  init(in directory: String, known: [ProjectRecord], taking sources: ForeignSources) {
    (self.directory, self.sources) = (directory, sources)
    addresses = Set(known.map { RepositoryAddress($0.source) })
    names = FreeProjectNames(besides: Set(known.map(\.name)))
  }

  // MARK: checkouts

  mutating func findCheckouts() {
    look(into: ".", depth: 0)
    if visited > Self.mostDirectories {
      discovery.problems.append(
        "only the first \(Self.mostDirectories) directories were looked into; `weave project add` adds the rest"
      )
    }
  }

  private mutating func look(into path: String, depth: Int) {
    let whole = absolute(path)
    let isCheckout = FileSystem.exists(whole + "/.git")
    if isCheckout { addCheckout(at: path) }
    guard depth < Self.deepest, !isCheckout || path == "." else { return }
    for name in FileSystem.unnamableDirectories(in: whole) {
      discovery.problems.append(
        "\(path == "." ? name : path + "/" + name) is not looked into: its name is not UTF-8, and is in no record"
      )
    }
    for name in FileSystem.contents(of: whole) where !name.begins(with: ".") {
      guard visited <= Self.mostDirectories else { return }
      let inner = path == "." ? name : path + "/" + name
      guard FileSystem.isDirectory(absolute(inner)), !FileSystem.isLink(absolute(inner)) else { continue }
      visited += 1
      look(into: inner, depth: depth + 1)
    }
  }

  /// A link in a project's tree may lead to a repository that is nobody else's to record.
  private mutating func addNamedCheckout(at path: String, in file: String) {
    // A file may name one any number of times.
    guard let place = FileSystem.place(of: absolute(path)), namedCheckouts.insert(place).inserted else {
      return
    }
    guard FileSystem.isInside(absolute(path), directory) else {
      discovery.problems.append("\(file) names \(path), which is elsewhere, behind a link: it is not adopted")
      return
    }
    addCheckout(at: path)
  }

  private mutating func addCheckout(at path: String) {
    let whole = absolute(path)
    do {
      let repository = try Repository.open(at: whole)
      // Of a repository and its linked worktrees one; none of the store's own.
      guard !repository.commonDirectory.begins(with: FileSystem.canonical(directory) + "/.weave/"),
        repositories.insert(ExactText(repository.commonDirectory)).inserted
      else { return }
      if let place = try repository.workTree(elsewhereThan: whole) {
        throw WeaveError("its core.worktree is \(place), which is elsewhere: it is not adopted")
      }
      let source = try Self.source(of: repository, at: whole)
      checkouts.append((path, source))
      add(source, named: path == "." ? directory : path, path: path, manifest: nil)
    } catch {
      discovery.problems.append("\(path) cannot be read: \(error)")
    }
  }

  /// The URL of `origin`, else of the only remote, else of the first; the checkout's own path where it has none.
  private static func source(of repository: Repository, at path: String) throws -> String {
    let remotes = try repository.ownConfigValues(matching: "^remote\\..*\\.url$").filter { !$0.value.isEmpty }
    guard let url = (remotes.first { $0.key == "remote.origin.url" } ?? remotes.first)?.value else {
      return path
    }
    guard let local = RepositoryAddress.localPath(url) else { return url }
    return FileSystem.absolute(local, from: path)
  }

  // MARK: manifests

  mutating func findManifests() {
    var places = checkouts
    if !places.contains(where: { $0.path == "." }) { places.insert((".", ""), at: 0) }
    for place in places {
      // A link to another of them says nothing new.
      let names = FileSystem.contents(of: absolute(place.path)).filter { WorkspaceFormat(path: $0) != nil }
      let links = Set(names.filter { FileSystem.isLink(absolute("\(place.path)/\($0)")) })
      for name in names.filter({ !links.contains($0) }) + names.filter(links.contains) {
        guard let format = WorkspaceFormat(path: name) else { continue }
        let file = place.path == "." ? name : place.path + "/" + name
        // Submodules lie in their checkout, what other files name in the workspace.
        read(file, as: format, from: place.source, base: format == .gitmodules ? place.path : ".")
      }
    }
    if FileSystem.exists(absolute(".repo/manifest.xml")) {
      let manifests = ".repo/manifests"
      do {
        let origin = try ImportSource.origin(of: absolute(manifests)) ?? ""
        read(".repo/manifest.xml", as: .repo, from: origin, base: ".", including: manifests)
      } catch {
        discovery.problems.append(".repo/manifest.xml is not read, as \(manifests) cannot be: \(error)")
      }
    }
  }

  private mutating func read(
    _ file: String, as format: WorkspaceFormat, from source: String, base: String,
    including root: String? = nil
  ) {
    // The manifest of `repo` itself is a link to what it checked out beside.
    let place = root == nil ? absolute(file.directoryPart) : directory
    let root = absolute(root ?? file.directoryPart)
    // A project's file may be a link that leads out of it, to what is nobody else's to record.
    guard FileSystem.isInside(absolute(file), place) else {
      discovery.problems.append("\(file) is a link to a file elsewhere: it is not read")
      return
    }
    if let place = FileSystem.place(of: absolute(file)), !filesRead.insert(place).inserted { return }
    do {
      let content = try manifestText(of: absolute(file))
      let manifest = try WorkspaceFile.read(
        content, as: format, at: file.lastPart, from: source.isEmpty ? nil : source
      ) { path in
        let path = root + "/" + path
        guard FileSystem.isInside(path, root), FileSystem.isInside(path, directory) else { return nil }
        if FileSystem.isDirectory(path) { return .folder(FileSystem.contents(of: path)) }
        return FileSystem.exists(path) ? .file(try manifestText(of: path)) : nil
      }
      for problem in manifest.problems { discovery.problems.append("\(file): \(problem)") }
      for project in manifest.projects where project.isDirect && !project.isArchive {
        let path = project.path.map { base == "." ? $0 : base + "/" + $0 }
        if let path, FileSystem.exists(absolute(path) + "/.git") { addNamedCheckout(at: path, in: file) }
        guard let url = project.url else { continue }
        add(
          url, named: project.name, path: nil, manifest: file,
          refusal: sources.refusal(of: url))
      }
    } catch {
      discovery.problems.append("\(file) cannot be read: \(error)")
    }
  }

  /// What the file holds; throws once all that was read comes to too much.
  private mutating func manifestText(of path: String) throws -> [UInt8] {
    guard bytesLeft > 0, filesRead.count <= Self.mostFiles else {
      throw WeaveError(
        "\(Self.mostBytes >> 20) MiB of manifests, or \(Self.mostFiles) of them, were read before: it is left out; "
          + "`weave import` reads it alone")
    }
    let bytes = try FileSystem.read(path, atMost: WorkspaceFile.longest)
    bytesLeft -= bytes.count
    return bytes
  }

  // MARK: candidates

  private mutating func add(
    _ source: String, named path: String, path place: String?, manifest: String?, refusal: String? = nil
  ) {
    // Not of what is refused: another manifest may say it better.
    guard !addresses.contains(RepositoryAddress(source)) else { return }
    let url = RepositoryURL(source)
    if let reason = ProjectSource.refusal(of: source) ?? ProjectSource.refusal(ofUnclear: url) {
      return discovery.problems.append("\(place ?? manifest ?? path) is passed over: its source: \(reason)")
    }
    if let refusal {
      let redaction = Redaction(knowing: url)
      return discovery.problems.append(
        "\(redaction.text(path)), which \(manifest ?? "a file") names, is passed over: its source, \(url), \(refusal)"
      )
    }
    guard let name = names.take(for: path, at: url) else {
      let redaction = Redaction(knowing: url)
      return discovery.problems.append(
        "\(redaction.text(place ?? manifest ?? path)) is passed over: no name can be made of '\(redaction.text(path))'; "
          + "`weave project add NAME \(Quoted.shellOperand(url.text))`")
    }
    addresses.insert(RepositoryAddress(source))
    discovery.projects.append(FoundProject(name: name, source: url, path: place, manifest: manifest))
  }

  private func absolute(_ path: String) -> String { path == "." ? directory : directory + "/" + path }
}

extension String {
  /// What comes before the last slash; "." where there is none.
  fileprivate var directoryPart: String { lastIndex(ofScalar: "/").map { String(self[..<$0]) } ?? "." }
  fileprivate var lastPart: String {
    String(self[(lastIndex(ofScalar: "/").map(unicodeScalars.index(after:)) ?? startIndex)...])
  }
}
