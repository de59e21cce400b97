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

  /// The commit that `id` is, or that the annotated tag `id` leads to, whoever made that tag and when: libgit2 takes
  /// none whose tagger it cannot read. Throws `.notFound`, `.wrongKind`, and `.malformed` for a tag that names no object,
  /// or one of another kind than it says.
  public func peelToCommit(_ id: ObjectID) throws(GitError) -> ObjectID {
    let operation = "find the commit of \(id)"
    var (next, expected) = (id, ObjectKind?.none)
    while true {
      guard let kind = try kind(of: next) else {
        throw GitError(.notFound, operation, "there is no object \(next)")
      }
      if let expected, kind != expected {
        throw GitError(.malformed, operation, "a tag names \(next) as a \(expected), and it is a \(kind)")
      }
      switch kind {
      case .commit: return next
      case .tag: (next, expected) = try tagged(by: next)
      case .tree, .blob: throw GitError(.wrongKind, operation, "it is a \(kind) and leads to no commit")
      }
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
      guard error.leadsToNoCommit else { throw error }
      return id
    }
  }

  /// What `suffix`, as `~2` or `^{tree}`, names behind the commit or tag `start`, as `git rev-parse` has it; nil where that
  /// is nothing, or no revision.
  public func object(at suffix: Substring, of start: ObjectID) throws(GitError) -> ObjectID? {
    do { return try resolveRevision("\(start)\(suffix)") } catch {
      switch error.code {
      case .notFound:
        // Either there are no more parents, or one of them is lost.
        _ = try ancestry(of: peelToCommit(start))
        return nil
      case .ambiguous, .invalidSpec, .cannotPeel, .wrongKind: return nil
      default:
        guard error.isOfUnreadObject, let steps = RevisionStep.parse(suffix) else { throw error }
        var next: ObjectID? = start
        for step in steps {
          next = try next.flatMap { id throws(GitError) in try object(by: step, from: id) }
        }
        return next
      }
    }
  }

  private func object(by step: RevisionStep, from id: ObjectID) throws(GitError) -> ObjectID? {
    switch step {
    case .commit: return try peelToCommit(id)
    case .tree: return try treeOfCommit(peelToCommit(id))
    case .parent(let number):
      let parents = try parents(of: peelToCommit(id))
      return parents.count >= number ? parents[number - 1] : nil
    case .ancestor(let count):
      var next = try peelToCommit(id)
      for _ in 0..<count {
        guard let parent = try parents(of: next).first else { return nil }
        next = parent
      }
      return next
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

/// One step of a revision, away from what is named before it (gitrevisions(7)), for which nothing but parents is read.
private enum RevisionStep {
  case commit, tree
  case parent(Int)
  case ancestor(Int)

  /// The steps that `suffix` says; nil where one is of another kind.
  static func parse(_ suffix: Substring) -> [RevisionStep]? {
    var bytes = Array(suffix.utf8)[...]
    var steps: [RevisionStep] = []
    while let mark = bytes.popFirst() {
      if mark == UInt8(ascii: "^"), bytes.first == UInt8(ascii: "{") {
        guard let end = bytes.firstIndex(of: UInt8(ascii: "}")) else { return nil }
        let kind = bytes[..<end].dropFirst()
        if kind.isEmpty || kind.elementsEqual("commit".utf8) {
          steps.append(.commit)
        } else if kind.elementsEqual("tree".utf8) {
          steps.append(.tree)
        } else {
          return nil
        }
        bytes = bytes[(end + 1)...]
        continue
      }
      let digits = bytes.prefix { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
      bytes = bytes.dropFirst(digits.count)
      guard let number = digits.isEmpty ? 1 : Int(String(decoding: digits, as: UTF8.self)) else { return nil }
      switch mark {
      case UInt8(ascii: "~"): steps.append(.ancestor(number))
      case UInt8(ascii: "^"): steps.append(number == 0 ? .commit : .parent(number))
      default: return nil
      }
    }
    return steps
  }
}
