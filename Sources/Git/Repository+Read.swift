import CLibgit2
import ForeignText

extension Repository {
  /// The commit `id`; of its message at most ``Commit/mostMessageBytes``. Throws `.notFound`, `.wrongKind`, `.malformed`.
  public func commit(_ id: ObjectID) throws(GitError) -> Commit {
    try Commit(id: id, parsing: readCommit(id, messageAtMost: Commit.mostMessageBytes))
  }

  /// The same of a commit of a project, which Git takes from anybody: where its author or committer cannot be read, nobody, at 0.
  public func commitByAnybody(_ id: ObjectID) throws(GitError) -> Commit {
    try Commit(
      id: id, parsing: readCommit(id, messageAtMost: Commit.mostMessageBytes), byAnybody: true)
  }

  /// The parents of the commit `id`, in its own order: a third of the cost of the whole commit.
  ///
  /// Throws `.notFound`, `.wrongKind`, `.malformed`.
  public func parents(of id: ObjectID) throws(GitError) -> [ObjectID] {
    var headers = HeaderReader(try readCommit(id, messageAtMost: 0))
    return try Commit.treeAndParents(&headers, of: id).parents
  }

  /// The tree of the commit `id`, whoever made it: cheaper than the whole. Throws as ``parents(of:)``.
  public func treeOfCommit(_ id: ObjectID) throws(GitError) -> ObjectID {
    var headers = HeaderReader(try readCommit(id, messageAtMost: 0))
    return try Commit.treeAndParents(&headers, of: id).tree
  }

  /// The parents of the commit `id`, and when it was committed, in seconds; of a date that cannot be read nil. Throws as
  /// ``parents(of:)``.
  func step(from id: ObjectID) throws(GitError) -> (parents: [ObjectID], seconds: Int64?) {
    var headers = HeaderReader(try readCommit(id, messageAtMost: 0))
    let parents = try Commit.treeAndParents(&headers, of: id).parents
    while let line = headers.takeAny() {
      guard line.starts(with: "committer ".utf8) else { continue }
      // Git's own way of saying that it cannot be read is 0, too.
      return (parents, Signature(header: line).flatMap { $0.seconds == 0 ? nil : $0.seconds })
    }
    return (parents, nil)
  }

  /// What the annotated tag `id` names, and of what kind it says that to be, whoever its tagger is. Throws `.malformed`.
  func tagged(by id: ObjectID) throws(GitError) -> (ObjectID, ObjectKind) {
    try withObject(id) { kind, bytes throws(GitError) in
      // Both stand in its first two lines.
      var headers = HeaderReader(Array(bytes.prefix(200)))
      guard kind == .tag, let target = headers.take("object ").flatMap({ ObjectID(digits: $0) }),
        let targetKind = headers.take("type ").flatMap({ ObjectKind(name: $0) })
      else { throw GitError(.malformed, "read tag \(id)", "it does not begin with an object and its type") }
      return (target, targetKind)
    }
  }

  /// The bytes of the commit, up to the most of its message: beside what libgit2 has of it in memory no more is copied.
  private func readCommit(_ id: ObjectID, messageAtMost most: Int) throws(GitError) -> [UInt8] {
    try read(id, .commit) { bytes in
      let isAtEnd = { bytes[$0] == UInt8(ascii: "\n") && bytes[$0 + 1] == UInt8(ascii: "\n") }
      guard bytes.count > most, let end = (0..<bytes.count - 1).first(where: isAtEnd) else {
        return Array(bytes)
      }
      return Array(bytes.prefix(end + 2 + most))
    }
  }

  /// The entries of the tree `id`, in Git's order. Throws `.notFound`, `.wrongKind`, `.malformed`.
  ///
  /// The empty tree can be read in every repository, though `contains` says what is stored.
  public func tree(_ id: ObjectID) throws(GitError) -> [TreeEntry] {
    try rawTree(id).map {
      TreeEntry(name: String(foreign: $0.name), mode: $0.mode, id: $0.id)
    }
  }

  /// The content of the blob `id`, whole. Throws `.notFound`, `.wrongKind`; `.malformed` where it has more bytes than
  /// `most`, and then has not read it.
  ///
  /// There is no reading without a bound: a few bytes of a pack can be gigabytes of a blob.
  public func blob(_ id: ObjectID, atMost most: Int) throws(GitError) -> [UInt8] {
    let size = try size(of: id)
    guard size <= most else {
      throw GitError(.malformed, "read blob \(id)", "it has \(size) bytes, of at most \(most)")
    }
    return try read(id, .blob) { Array($0) }
  }

  /// Reads the object `id`, and so finds whether that can be done. Throws `.notFound`, `.wrongKind`.
  public func verify(_ id: ObjectID, is kind: ObjectKind) throws(GitError) {
    try read(id, kind) { _ in }
  }

  /// What `id` is, from its header alone; nil when it is absent. Throws where that cannot be told.
  ///
  /// A miss looks for new packs once, and whether those that are there can be read.
  public func kind(of id: ObjectID) throws(GitError) -> ObjectKind? {
    var (size, kind) = (0, GIT_OBJECT_INVALID)
    var raw = id.raw
    let operation = "look up \(id)"
    let isFound = try isStored(operation) { () throws(GitError) in
      try found(operation) { git_odb_read_header(&size, &kind, database.raw, &raw) }
    }
    guard isFound else { return nil }
    guard let kind = ObjectKind(kind) else { throw GitError(.corrupt, operation, "it is of no known kind") }
    return kind
  }

  /// How many bytes the object's content has. Reads its header alone.
  public func size(of id: ObjectID) throws(GitError) -> Int {
    var raw = id.raw
    var (length, kind) = (0, GIT_OBJECT_INVALID)
    try check("look up \(id)") { git_odb_read_header(&length, &kind, database.raw, &raw) }
    return length
  }

  /// Whether `id` is stored here, as `kind(of:)` tells it.
  public func contains(_ id: ObjectID) throws(GitError) -> Bool {
    var raw = id.raw
    return try isStored("look up \(id)") { () throws(GitError) in git_odb_exists(database.raw, &raw) == 1 }
  }

  /// What `look` says. libgit2 says of an object in a pack that it could not open that it is absent: before that is
  /// believed the packs are looked at, and the object once more.
  private func isStored(_ operation: String, _ look: () throws(GitError) -> Bool) throws(GitError) -> Bool {
    if try look() { return true }
    try lookAtPacks(operation)
    return try look()
  }

  /// Those of `ids` that are stored here: new packs are looked for once, not for each that is absent.
  public func stored(among ids: some Sequence<ObjectID>) throws(GitError) -> Set<ObjectID> {
    let operation = "look for new packs in \(gitDirectory)"
    try lookAtPacks(operation)
    try check(operation) { git_odb_refresh(database.raw) }
    return Set(ids.filter(containsWithoutRefresh))
  }

  /// Whether `id` is stored here, as far as the packs known by now tell: for many look-ups in a row.
  func containsWithoutRefresh(_ id: ObjectID) -> Bool {
    var raw = id.raw
    return git_odb_exists_ext(database.raw, &raw, UInt32(GIT_ODB_LOOKUP_NO_REFRESH.rawValue)) == 1
  }

  func rawTree(_ id: ObjectID) throws(GitError) -> [RawTreeEntry] {
    try RawTreeEntry.parse(treeBytes(id), of: id)
  }

  func treeBytes(_ id: ObjectID) throws(GitError) -> [UInt8] { try read(id, .tree) { Array($0) } }

  private func read<Content>(
    _ id: ObjectID, _ wanted: ObjectKind, _ content: (UnsafeRawBufferPointer) -> Content
  ) throws(GitError) -> Content {
    try withObject(id) { kind, bytes throws(GitError) in
      guard kind == wanted else { throw GitError(.wrongKind, "read \(wanted) \(id)", "it is a \(kind)") }
      return content(bytes)
    }
  }

  /// Kind and content of `id`, whatever it is.
  func rawObject(_ id: ObjectID) throws(GitError) -> (ObjectKind, [UInt8]) {
    try withObject(id) { ($0, Array($1)) }
  }

  /// What `body` makes of kind and content of `id`, which are libgit2's, and gone afterwards.
  private func withObject<Result>(
    _ id: ObjectID, _ body: (ObjectKind, UnsafeRawBufferPointer) throws(GitError) -> Result
  ) throws(GitError) -> Result {
    var raw = id.raw
    let object: Owned
    do {
      object = try Owned("read object \(id)", free: { git_odb_object_free($0) }) {
        git_odb_read(&$0, database.raw, &raw)
      }
    } catch {
      throw error.code == .notFound ? error.with(.notFound, "it is missing") : error
    }
    return try object.read { object throws(GitError) in
      guard let kind = ObjectKind(git_odb_object_type(object)) else {
        throw GitError(.corrupt, "read object \(id)", "it is of no known kind")
      }
      let size = git_odb_object_size(object)
      return try body(kind, UnsafeRawBufferPointer(start: git_odb_object_data(object), count: size))
    }
  }
}
