import CLibgit2
import ForeignText

extension Repository {
  /// Whether Git allows a reference of that full name (git-check-ref-format(1)).
  public static func isValidReferenceName(_ name: String) -> Bool {
    // libgit2 says why not by a text of its own, for which it must have been initialised.
    guard Libgit2.startFailure == nil else { return false }
    var valid: Int32 = 0
    return !name.utf8.contains(0) && git_reference_name_is_valid(&valid, name) == 0 && valid == 1
  }

  /// The reference `name`, not followed; nil when it is missing. A reference file that is empty or cut
  /// short is an error that names it.
  public func reference(_ name: String) throws(GitError) -> Reference? {
    let operation = "read \(name)"
    guard Self.isValidReferenceName(name) else {
      throw GitError(.invalidSpec, operation, "this is no valid name of a reference")
    }
    return try referenceFiles.reference(name, operation)
  }

  /// The object that `name` leads to, through symbolic references; nil when one of them is missing, as for
  /// the HEAD of a repository without commits. Annotated tags are not followed.
  public func resolve(_ name: String) throws(GitError) -> ObjectID? {
    let operation = "resolve \(name)"
    var next = name
    for _ in 0..<Self.deepestSymbolicReference {
      switch try reference(next)?.target {
      case nil: return nil
      case .direct(let id): return id
      case .symbolic(let target): next = target
      }
    }
    throw GitError(.corrupt, operation, "it leads through too many symbolic references")
  }

  /// As in libgit2.
  private static var deepestSymbolicReference: Int { 10 }

  /// Moves `name` from `old` to `id`, or makes it when `old` is nil: one compare-and-swap on the disk.
  ///
  /// Throws `.modified` when it is no longer `old`, `.exists` when it was to be new and is there (or its
  /// name cannot stand beside another), `.locked` when its `.lock` file exists; then nothing has changed.
  /// A symbolic reference is never equal to `old`. `id` must be stored here. `log` goes into the reflog,
  /// where there is one.
  public func updateReference(
    _ name: String, to id: ObjectID, expecting old: ObjectID?, log: String
  ) throws(GitError) {
    let operation = "update \(name) to \(id)"
    try refuseNUL(name + log, operation)
    try lookAtReference(name, logs: true, operation)
    var (raw, expected) = (id.raw, (old ?? .zero).raw)
    do {
      _ = try Owned(operation, free: { git_reference_free($0) }) {
        git_reference_create_matching(&$0, handle.raw, name, &raw, 1, &expected, log)
      }
    } catch {
      switch (error.code, old) {
      case (.modified, nil): throw error.with(.exists, "it exists already")
      case (.modified, let old?), (.notFound, let old?):
        throw error.with(.modified, "it is no longer at \(old)")
      case (.directory, _): throw error.with(.exists, "there are references below it")
      case (.generic, _): throw try collision(of: name).map { error.with(.exists, $0) } ?? error
      default: throw error
      }
    }
  }

  /// Makes `name` a symbolic reference to `target`, whatever it was; the target need not exist.
  public func setSymbolicReference(_ name: String, to target: String) throws(GitError) {
    let operation = "point \(name) at \(target)"
    try refuseNUL(name + target, operation)
    try lookAtReference(name, logs: true, operation)
    _ = try Owned(operation, free: { git_reference_free($0) }) {
      git_reference_symbolic_create(&$0, handle.raw, name, target, 1, nil)
    }
  }

  /// Deletes `name`, if it is still at `old`. Throws `.notFound`, `.modified`, `.locked`.
  ///
  /// A packed reference costs a rewrite of the whole `packed-refs`.
  public func deleteReference(_ name: String, expecting old: ObjectID) throws(GitError) {
    let operation = "delete \(name)"
    guard let reference = try lookup(name) else { throw GitError(.notFound, operation, "it does not exist") }
    guard try reference.read(Self.value).target == .direct(old) else {
      throw GitError(.modified, operation, "it is no longer at \(old)")
    }
    try lookAtReference(name, logs: true, operation)
    try check(operation) { git_reference_delete(reference.raw) }
  }

  /// Why no file of this name can be made: a reference is a file, and cannot be a directory too.
  private func collision(of name: String) throws(GitError) -> String? {
    var parts = name.split(atScalar: "/")
    while parts.count > 2 {
      parts.removeLast()
      let above = parts.joined(separator: "/")
      if try reference(above) != nil { return "'\(above)' is a reference, and none can be below it" }
    }
    return nil
  }

  private func lookup(_ name: String) throws(GitError) -> Owned? {
    let operation = "read \(name)"
    try refuseNUL(name, operation)
    try lookAtReference(name, operation)
    var made: OpaquePointer?
    guard try found(operation, { git_reference_lookup(&made, handle.raw, name) }), let made else {
      return nil
    }
    return Owned(made, free: { git_reference_free($0) })
  }

  static func value(_ reference: OpaquePointer) throws(GitError) -> Reference {
    let name = String(cString: git_reference_name(reference))
    if let id = git_reference_target(reference) {
      return Reference(name: name, target: .direct(ObjectID(id.pointee)))
    }
    guard let target = git_reference_symbolic_target(reference) else {
      throw GitError(.corrupt, "read \(name)", "it points at nothing")
    }
    return Reference(name: name, target: .symbolic(String(cString: target)))
  }
}
