import ForeignText
import Git
import WeaveModel

extension Store {
  /// The tip of the ref that `track` names in the project's namespace; of its HEAD where `track` is nil.
  ///
  /// A full name, else a branch or a tag; nil where the project has no such ref, or was never fetched. Throws
  /// ``AmbiguousTrack`` where several are of that name and not of one commit.
  public func tip(of project: ProjectName, track: String?) throws -> CommitID? {
    let namespace = RefName.namespace(project)
    if let name = try track.map({ try reference(trackedAs: $0, in: project) }) ?? "HEAD",
      let id = try repository.resolve(namespace + name)
    {
      return try reading("the \(track ?? "HEAD") of \(project)") {
        let tip = try repository.peelToCommit(id)
        return try (name.begins(with: "refs/tags/") ? tip : pastOnMainline(tip)).map { CommitID($0) }
      }
    }
    // A fetch that finds no branch there leaves no HEAD.
    if track == nil, case .symbolic(let target)? = try repository.reference(namespace + "HEAD")?.target {
      throw StoreError(
        "the HEAD of \(project) is damaged: it names \(target), which is not there",
        hint: "`weave fetch \(project)` sets it anew")
    }
    return nil
  }

  /// Which of ``RefName/references(trackedAs:)`` the project has; nil where it has none. Throws ``AmbiguousTrack``.
  func reference(trackedAs track: String, in project: ProjectName) throws -> String? {
    let namespace = RefName.namespace(project)
    let names = try RefName.references(trackedAs: track).filter {
      try repository.resolve(namespace + $0) != nil
    }
    guard names.count > 1 else { return names.first }
    let tips = try reading("the \(track) of \(project)") {
      try names.map { name in
        try repository.resolve(namespace + name).map { try commit(at: $0, of: namespace + name) ?? $0 }
      }
    }
    if let other = tips.firstIndex(where: { $0 != tips[0] }) {
      throw AmbiguousTrack(project: project, track: track, references: (names[0], names[other]))
    }
    return names[0]
  }

  /// Whether the project has a branch or tag of that name, however many.
  public func hasReference(trackedAs track: String, of project: ProjectName) throws -> Bool {
    let namespace = RefName.namespace(project)
    return try RefName.references(trackedAs: track).contains { try repository.resolve(namespace + $0) != nil }
  }

  /// The name of the branch that the project's HEAD points to, without `refs/heads/`; nil where it has none.
  public func defaultBranch(of project: ProjectName) throws -> String? {
    let namespace = RefName.namespace(project)
    guard case .symbolic(let target) = try repository.reference(namespace + "HEAD")?.target else {
      return nil
    }
    let prefix = namespace + "refs/heads/"
    return target.dropping(prefix: prefix).map(String.init)
  }

  /// The names of the project's branches and tags as last fetched, without `refs/heads/` and `refs/tags/`.
  public func branchesAndTags(of project: ProjectName) throws -> [String] {
    let namespace = RefName.namespace(project)
    return try ["refs/heads/", "refs/tags/"].flatMap { kind in
      try repository.references(matching: namespace + kind + "*").map {
        String($0.name.dropFirst(bytes: namespace.utf8.count + kind.utf8.count))
      }
    }
  }

  /// The HEAD, the branches and the tags of every project as last fetched, by their full names in the project.
  public func fetchedReferences() throws -> [ProjectName: [String: Reference.Target]] {
    var references: [ProjectName: [String: Reference.Target]] = [:]
    let prefix = "refs/namespaces/"
    for reference in try repository.references(matching: prefix + "*") {
      let path = reference.name.dropFirst(bytes: prefix.utf8.count)
      guard let slash = path.firstIndex(ofScalar: "/"), let project = try? ProjectName(String(path[..<slash]))
      else {
        continue
      }
      references[project, default: [:]][String(path[slash...].dropFirst(bytes: 1))] = reference.target
    }
    return references
  }

  /// The commit that `revision` names in the project as last fetched; nil where it names none.
  ///
  /// Git's own rules (gitrevisions(7)), with the project's namespace in the place of `refs/`; an abbreviated id
  /// means a commit of this project, whatever other projects hold.
  public func commit(named revision: String, in project: ProjectName) throws -> CommitID? {
    let base = revision.prefix(whileScalar: { !"^~:".unicodeScalars.contains($0) })
    guard let start = try start(named: base == "@" ? "HEAD" : String(base), in: project) else { return nil }
    let suffix = revision[base.endIndex...]
    guard let id = suffix.isEmpty ? start : try repository.object(at: suffix, of: start),
      let peeled = try self.commit(at: id, of: "\(project)@\(revision)")
    else { return nil }
    let commit = CommitID(peeled)
    return try has(commit, in: project) ? commit : nil
  }

  private func start(named name: String, in project: ProjectName) throws -> ObjectID? {
    let namespace = RefName.namespace(project)
    if name == "HEAD" { return try repository.resolve(namespace + "HEAD") }
    if let id = ObjectID(hex: name) { return try repository.contains(id) ? id : nil }
    let isFull = name.begins(with: "refs/")
    let candidates = isFull ? [name] : ["refs/\(name)", "refs/tags/\(name)", "refs/heads/\(name)"]
    let references = try candidates.compactMap { candidate -> (name: String, id: ObjectID)? in
      // What is written by a user need not be a name that Git allows.
      guard Repository.isValidReferenceName(namespace + candidate) else { return nil }
      return try repository.resolve(namespace + candidate).map { (candidate, $0) }
    }
    guard let first = references.first else {
      guard Self.mayAbbreviate(name) else { return nil }
      return try abbreviated(name.lowercased(), in: project)
    }
    if !isFull { try requireOneMeaning(of: name, references, in: project) }
    return first.id
  }

  /// Whether the word may be the beginning of an id.
  public static func mayAbbreviate(_ name: String) -> Bool {
    name.utf8.count >= 4 && name.unicodeScalars.allSatisfy(\.isASCIIHexDigit)
  }

  private func requireOneMeaning(
    of name: String, _ references: [(name: String, id: ObjectID)], in project: ProjectName
  ) throws {
    var meanings: [(words: String, commit: ObjectID)] = []
    for reference in references {
      let commit = try commit(at: reference.id, of: "\(project)@\(reference.name)") ?? reference.id
      meanings.append((reference.name, commit))
    }
    try requireOneMeaning(of: name, meanings, in: project)
  }

  /// Throws where `meanings`, the refs of that name with their commits and what else it is known to mean, and the commits of
  /// the project whose ids it abbreviates, are not all one commit. Walks the project's history where it abbreviates another.
  ///
  /// Whoever may push to the source could give a tag the name of a branch, or a branch the short id of a commit, by which
  /// people and weave's own hints name these: where Git takes the first that it finds and warns, none is taken.
  public func requireOneMeaning(
    of name: String, _ meanings: [(words: String, commit: ObjectID)], in project: ProjectName
  ) throws {
    guard let first = meanings.first else { return }
    var meanings = meanings
    if Self.mayAbbreviate(name) {
      meanings += try repository.commits(withPrefix: name.lowercased())
        .filter { try $0 != first.commit && has(CommitID($0), in: project) }.map { ("\($0)", $0) }
    }
    guard let other = meanings.first(where: { $0.commit != first.commit }) else { return }
    let words = [first.words, other.words].map { "\(project)@\($0)" }
    throw StoreError(
      "\(project)@\(name) is ambiguous: \(words[0]) and \(words[1]) are two commits",
      hint: "say which: " + words.map { "`\(Quoted.shellWord($0))`" }.joined(separator: " or "))
  }

  private func abbreviated(_ prefix: String, in project: ProjectName) throws -> ObjectID? {
    do {
      return try repository.object(withPrefix: prefix)
    } catch {
      if error.code == .notFound { return nil }
      guard error.code == .ambiguous else { throw error }
    }
    let matches = try commits(withPrefix: prefix, in: project)
    guard matches.count <= 1 else {
      let ids = matches.map(\.description).sorted().prefix(3).map { String($0.prefix(12)) }
      throw StoreError(
        "\(project)@\(prefix) is ambiguous: " + ids.joined(separator: ", "), hint: "give more digits")
    }
    return matches.first
  }

  private func commits(withPrefix prefix: String, in project: ProjectName) throws -> Set<ObjectID> {
    let tips = try tips(of: project)
    var matches: Set<ObjectID> = []
    var cursor = try repository.commits(from: tips.commits)
    while let id = try cursor.next() {
      if id.description.begins(with: prefix) { matches.insert(id) }
    }
    if matches.isEmpty, let failure = tips.unreadable.first { throw failure }
    return matches
  }
}
