import CLibgit2

extension Repository {
  /// Copies every object that `tips` reach in `other` and this repository lacks; returns how many.
  ///
  /// A commit that is here already is taken to have its whole history here. Only what differs between a
  /// commit's tree and its parents' is read, so that the cost is that of the change. Commits of submodules
  /// are not followed. References are the caller's, afterwards: an interruption leaves objects that
  /// nothing names. Up to 100 objects are written one by one, what a thing needs before the thing itself;
  /// more become one pack.
  ///
  /// Throws `.unsupported` when `other` is shallow or partial and lacks an object that is needed.
  @discardableResult
  public func copyObjects(reachableFrom tips: [ObjectID], from other: Repository) throws(GitError) -> Int {
    try check("look for new packs in \(gitDirectory)") { git_odb_refresh(database.raw) }
    var missing = MissingObjects(source: other, destination: self)
    for tip in tips { try missing.collect(tip) }
    return try copy(missing, from: other)
  }

  /// Reads every object that ``copyObjects(reachableFrom:from:)`` would copy from here to `other`, and writes nothing.
  public func readObjects(reachableFrom tip: ObjectID, lackingIn other: Repository) throws(GitError) {
    var missing = MissingObjects(source: self, destination: other)
    try missing.collect(tip)
    let objects = missing.objects
    try missing.explained { () throws(GitError) in
      for object in objects { _ = try rawObject(object.id) }
    }
  }

  /// Copies the tree `tree` of `other`, and all that it holds and the tree `base` does not; returns how many objects.
  ///
  /// `base` is in both, and whole here; nil for none.
  @discardableResult
  public func copyTree(_ tree: ObjectID, besides base: ObjectID?, from other: Repository) throws(GitError)
    -> Int
  {
    try check("look for new packs in \(gitDirectory)") { git_odb_refresh(database.raw) }
    var missing = MissingObjects(source: other, destination: self)
    try missing.collectTree(tree, besides: base.map { [$0] } ?? [])
    return try copy(missing, from: other)
  }

  private func copy(_ missing: MissingObjects, from other: Repository) throws(GitError) -> Int {
    let objects = missing.objects
    try missing.explained { () throws(GitError) in
      if objects.count <= Self.looseLimit {
        for object in objects { try copy(object, from: other) }
      } else {
        try writePack(of: objects, from: other)
      }
    }
    return objects.count
  }

  /// Where `git fetch` too begins to keep a pack (`fetch.unpackLimit`): else each link would leave one.
  private static var looseLimit: Int { 100 }

  private func copy(_ object: MissingObjects.Found, from other: Repository) throws(GitError) {
    let (kind, bytes) = try other.rawObject(object.id)
    let written = try write(kind, bytes)
    guard written == object.id else {
      throw GitError(.hashMismatch, "copy \(kind) \(object.id)", "its content is that of \(written)")
    }
  }

  private func writePack(of objects: [MissingObjects.Found], from other: Repository) throws(GitError) {
    let operation = "copy \(objects.count) objects from \(other.gitDirectory)"
    let builder = try Owned(operation, free: { git_packbuilder_free($0) }) {
      git_packbuilder_new(&$0, other.handle.raw)
    }
    // Most of the time goes into looking for similar objects: on as many threads as there are processors.
    _ = git_packbuilder_set_threads(builder.raw, 0)
    for object in objects {
      var raw = object.id.raw
      let name = object.name + [0]
      try check("copy object \(object.id)") {
        name.withUnsafeBufferPointer { bytes in
          bytes.withMemoryRebound(to: CChar.self) {
            git_packbuilder_insert(builder.raw, &raw, $0.baseAddress)
          }
        }
      }
    }
    let directory = commonDirectory + "/objects/pack"
    try check(operation) { git_packbuilder_write(builder.raw, directory, 0, nil, nil) }
    try check(operation) { git_odb_refresh(database.raw) }
  }
}
