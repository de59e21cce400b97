import CLibgit2

extension Repository {
  /// The commit `id`. Throws `.notFound`, `.wrongKind`, `.corrupt`.
  public func commit(_ id: ObjectID) throws(GitError) -> Commit {
    try Commit(id: id, parsing: read(id, .commit))
  }

  /// The parents of the commit `id`, in its own order: a third of the cost of the whole commit.
  ///
  /// Throws `.notFound`, `.wrongKind`, `.corrupt`.
  public func parents(of id: ObjectID) throws(GitError) -> [ObjectID] {
    var headers = HeaderReader(try read(id, .commit))
    return try Commit.treeAndParents(&headers, of: id).parents
  }

  /// The entries of the tree `id`, in Git's order. Throws `.notFound`, `.wrongKind`, `.corrupt`.
  ///
  /// The empty tree can be read in every repository, though `contains` says what is stored.
  public func tree(_ id: ObjectID) throws(GitError) -> [TreeEntry] {
    try rawTree(id).map {
      TreeEntry(name: String(decoding: $0.name, as: UTF8.self), mode: $0.mode, id: $0.id)
    }
  }

  /// The content of the blob `id`, whole. Throws `.notFound`, `.wrongKind`.
  public func blob(_ id: ObjectID) throws(GitError) -> [UInt8] { try read(id, .blob) }

  /// What `id` is, from its header alone; nil when it is absent.
  ///
  /// A miss looks for new packs once.
  public func kind(of id: ObjectID) -> ObjectKind? {
    var (size, kind) = (0, GIT_OBJECT_INVALID)
    var raw = id.raw
    let found = try? found("look up \(id)") { git_odb_read_header(&size, &kind, database.raw, &raw) }
    return found == true ? ObjectKind(kind) : nil
  }

  /// Whether `id` is stored here. A miss looks for new packs once.
  public func contains(_ id: ObjectID) -> Bool {
    var raw = id.raw
    return git_odb_exists(database.raw, &raw) == 1
  }

  /// Whether `id` is stored here, as far as the packs known by now tell: for many look-ups in a row.
  func containsWithoutRefresh(_ id: ObjectID) -> Bool {
    var raw = id.raw
    return git_odb_exists_ext(database.raw, &raw, UInt32(GIT_ODB_LOOKUP_NO_REFRESH.rawValue)) == 1
  }

  func rawTree(_ id: ObjectID) throws(GitError) -> [RawTreeEntry] {
    try RawTreeEntry.parse(read(id, .tree), of: id)
  }

  private func read(_ id: ObjectID, _ wanted: ObjectKind) throws(GitError) -> [UInt8] {
    let (kind, bytes) = try rawObject(id)
    guard kind == wanted else { throw GitError(.wrongKind, "read \(wanted) \(id)", "it is a \(kind)") }
    return bytes
  }

  /// Kind and content of `id`, whatever it is.
  func rawObject(_ id: ObjectID) throws(GitError) -> (ObjectKind, [UInt8]) {
    var raw = id.raw
    let object = try Owned("read object \(id)", free: { git_odb_object_free($0) }) {
      git_odb_read(&$0, database.raw, &raw)
    }
    return try object.read { object throws(GitError) in
      guard let kind = ObjectKind(git_odb_object_type(object)) else {
        throw GitError(.corrupt, "read object \(id)", "it is of no known kind")
      }
      let size = git_odb_object_size(object)
      return (kind, Array(UnsafeRawBufferPointer(start: git_odb_object_data(object), count: size)))
    }
  }
}
