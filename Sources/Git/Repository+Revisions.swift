import CLibgit2

extension Repository {
  /// The object that a revision names, as `git rev-parse` would: `main~2`, `v1^{tree}`, `HEAD:README`.
  ///
  /// Annotated tags are not followed. Throws `.notFound`, `.ambiguous`, `.invalidSpec`.
  public func resolveRevision(_ text: String) throws(GitError) -> ObjectID {
    let operation = "resolve revision '\(text)'"
    try refuseNUL(text, operation)
    // Where libgit2 looks for the reference that a revision begins with.
    let name = text.prefix(whileScalar: { !"^~:@".unicodeScalars.contains($0) })
    for place in ["", "refs/", "refs/tags/", "refs/heads/", "refs/remotes/"] {
      try lookAtReference("\(place)\(name)", operation)
    }
    try lookAtReference("refs/remotes/\(name)/HEAD", operation)
    let object = try Owned(operation, free: { git_object_free($0) }) {
      git_revparse_single(&$0, handle.raw, text)
    }
    return try object.read { ObjectID(git_object_id($0).pointee) }
  }

  /// The commit that `id` is, or that the annotated tag `id` leads to. Throws `.notFound`, `.wrongKind`.
  public func peelToCommit(_ id: ObjectID) throws(GitError) -> ObjectID {
    let operation = "find the commit of \(id)"
    // libgit2 looks into it, and takes none whose author or committer it cannot read.
    if try kind(of: id) == .commit { return id }
    var raw = id.raw
    let object = try Owned(operation, free: { git_object_free($0) }) {
      git_object_lookup(&$0, handle.raw, &raw, GIT_OBJECT_ANY)
    }
    do {
      let commit = try Owned(operation, free: { git_object_free($0) }) {
        git_object_peel(&$0, object.raw, GIT_OBJECT_COMMIT)
      }
      return try commit.read { ObjectID(git_object_id($0).pointee) }
    } catch {
      guard error.code == .cannotPeel || error.code == .invalidSpec else { throw error }
      let kind = try kind(of: id).map { "\($0)" } ?? "something else"
      throw error.with(.wrongKind, "it is a \(kind) and leads to no commit")
    }
  }

  /// The one object whose id begins with `hex`, of 4 to 40 digits in either case.
  ///
  /// Throws `.notFound`, `.ambiguous` (fewer than four digits too), `.invalidSpec` for what is no digit.
  public func object(withPrefix hex: String) throws(GitError) -> ObjectID {
    let operation = "find the object \(hex)"
    let digits = Array(hex.utf8)
    guard digits.count <= 40, digits.allSatisfy({ ObjectID.value(ofDigit: $0) != nil }) else {
      throw GitError(.invalidSpec, operation, "it is not 4 to 40 hexadecimal digits")
    }
    guard digits.count >= 4 else { throw GitError(.ambiguous, operation, "at least 4 digits are needed") }
    guard var short = ObjectID(hex: hex + String(repeating: "0", count: 40 - digits.count))?.raw else {
      throw GitError(.invalidSpec, operation, "it is no object id")
    }
    var id = git_oid()
    try check(operation) { git_odb_exists_prefix(&id, database.raw, &short, digits.count) }
    return ObjectID(id)
  }

  /// What ``peelToCommit(_:)`` gives, or `id` itself where it leads to no commit.
  public func peelIfCommit(_ id: ObjectID) throws(GitError) -> ObjectID {
    do { return try peelToCommit(id) } catch {
      guard error.code == .wrongKind else { throw error }
      return id
    }
  }

  /// The commits, reachable or not, whose ids begin with `hex`, of 4 to 40 digits, sorted. Looks at every object where
  /// several begin so.
  public func commits(withPrefix hex: String) throws(GitError) -> [ObjectID] {
    do {
      let id = try object(withPrefix: hex)
      return try kind(of: id) == .commit ? [id] : []
    } catch {
      switch error.code {
      case .notFound: return []
      case .ambiguous: return try storedCommits().filter { $0.description.begins(with: hex) }.sorted()
      default: throw error
      }
    }
  }
}
