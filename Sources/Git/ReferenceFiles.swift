import CLibgit2
import ForeignText

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The references of a repository as its files have them: one file each, and `packed-refs`.
///
/// Read by weave itself, since libgit2 takes a file that cannot be looked at for one that is not there: a failing `stat` of
/// `packed-refs` takes all of them away, and a lost ledger goes unseen. Layout: gitrepository-layout(5), and
/// `refs/packed-backend.c` of Git.
struct ReferenceFiles {
  /// The Git directory, and the one that linked worktrees share.
  let (own, common): (String, String)
  private var packed: PackedReferences?

  init(gitDirectory: String, commonDirectory: String) { (own, common) = (gitDirectory, commonDirectory) }

  /// The reference `name`, not followed; nil where there is none.
  mutating func reference(_ name: String, _ operation: String) throws(GitError) -> Reference? {
    let path = "\(Self.isOfWorktree(name) ? own : common)/\(name)"
    if let content = try RegularFile.readReference(path, operation) {
      return Reference(name: name, target: try Self.target(content, of: name, operation))
    }
    guard name.begins(with: "refs/"), let id = try packedReferences(operation).id(of: name) else {
      return nil
    }
    return Reference(name: name, target: .direct(id))
  }

  /// Those under `refs/` whose names fit `glob`, sorted by the bytes of their names; `*` crosses slashes.
  ///
  /// The files first: one that is packed meanwhile is then in `packed-refs`.
  mutating func references(matching glob: String, _ operation: String) throws(GitError) -> [Reference] {
    let literal = String(glob.prefix(whileScalar: { !"*?[\\".unicodeScalars.contains($0) }))
    var found: [String: ObjectID] = [:]
    let loose = try looseReferences(matching: glob, below: literal, operation)
    for (name, id) in try packedReferences(operation).references(below: literal)
    where Self.fits(name, glob) {
      found[name] = id
    }
    for reference in loose { found[reference.name] = nil }
    let references = loose + found.map { Reference(name: $0.key, target: .direct($0.value)) }
    return references.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
  }

  private func looseReferences(
    matching glob: String, below literal: String, _ operation: String
  ) throws(GitError) -> [Reference] {
    var pending = [literal.split(atScalar: "/", keepsEmpty: true).dropLast().joined(separator: "/")]
    guard pending[0] == "refs" || pending[0].begins(with: "refs/") else { return [] }
    var references: [Reference] = []
    while let directory = pending.popLast() {
      for (entry, isDirectory) in try RegularFile.entries(in: "\(common)/\(directory)", operation)
      where !entry.begins(with: ".") {
        let name = "\(directory)/\(entry)"
        if isDirectory {
          pending.append(name)
        } else if Self.fits(name, glob), Repository.isValidReferenceName(name),
          // Gone, or made a directory, since it was listed.
          let content = try RegularFile.readReference("\(common)/\(name)", operation)
        {
          references.append(Reference(name: name, target: try Self.target(content, of: name, operation)))
        }
      }
    }
    return references
  }

  /// As the file is now: read again only where it is another.
  private mutating func packedReferences(_ operation: String) throws(GitError) -> PackedReferences {
    let path = common + "/packed-refs"
    if let packed, try packed.version == FileVersion.of(path, operation) { return packed }
    let current = try PackedReferences(readingFrom: path, operation)
    packed = current
    return current
  }

  /// What the file of a reference says. Git allows blanks at the end.
  private static func target(
    _ content: [UInt8], of name: String, _ operation: String
  ) throws(GitError) -> Reference.Target {
    if content.starts(with: Array("ref:".utf8)) {
      let target = content.dropFirst(4).drop(while: \.isBlank)
      let end = target.lastIndex { !$0.isBlank } ?? target.startIndex - 1
      let text = String(foreign: target[...end])
      if Repository.isValidReferenceName(text) { return .symbolic(text) }
    } else if content.count == 40 || content.count > 40 && content[40].isBlank,
      let id = ObjectID(digits: content.prefix(40))
    {
      return .direct(id)
    }
    throw GitError(
      .corrupt, operation, "the file of \(name) is corrupt: it names no object and no other reference")
  }

  private static func fits(_ name: String, _ glob: String) -> Bool { fnmatch(glob, name, 0) == 0 }

  /// gitrepository-layout(5) and git-worktree(1): HEAD and its like, and three parts of `refs/`.
  private static func isOfWorktree(_ name: String) -> Bool {
    !name.begins(with: "refs/")
      || ["refs/bisect/", "refs/worktree/", "refs/rewritten/"].contains { name.begins(with: $0) }
  }
}
