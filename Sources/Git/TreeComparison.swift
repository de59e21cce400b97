import ForeignText

/// A name whose entry is not the same in two trees.
public struct TreeChange: Sendable {
  public let name: String
  public let before: TreeEntry?
  public let after: TreeEntry?
}

/// What differs between trees of one history, which are compared one pair after the other.
///
/// A pair costs what its bytes cost to be read and compared: nothing is made of entries that are the same in both. The
/// trees that were read last are kept, as one commit's is the next one's parent's.
public struct TreeComparison {
  private let repository: Repository
  private var known: [(id: ObjectID, bytes: [UInt8])] = []
  private static let mostKnown = 8
  private static let mostBytes = 64 << 20

  public init(in repository: Repository) { self.repository = repository }

  /// Each name whose entry differs, in the order of the names' bytes. No tree is one without entries. Throws `.notFound`,
  /// `.wrongKind`, `.malformed`.
  public mutating func changes(
    from before: ObjectID?, to after: ObjectID?
  ) throws(GitError) -> [TreeChange] {
    guard before != after else { return [] }
    let (old, new) = (try bytes(of: before), try bytes(of: after))
    var (removed, added) = ([RawTreeEntry](), [RawTreeEntry]())
    var (one, other) = (TreeLine(at: 0, in: old), TreeLine(at: 0, in: new))
    while one.start < old.count || other.start < new.count {
      if one.isSame(as: other, old, new) {
        one = TreeLine(at: one.end, in: old)
        other = TreeLine(at: other.end, in: new)
        continue
      }
      let order = one.compareName(with: other, old, new)
      if order <= 0 {
        removed += try RawTreeEntry.parse(Array(old[one.start..<one.end]), of: before ?? .emptyTree)
        one = TreeLine(at: one.end, in: old)
      }
      if order >= 0 {
        added += try RawTreeEntry.parse(Array(new[other.start..<other.end]), of: after ?? .emptyTree)
        other = TreeLine(at: other.end, in: new)
      }
    }
    return Self.paired(removed, added)
  }

  /// Whether its entries are in Git's order, each name once: of another tree Git makes more than ``changes(from:to:)`` says.
  public mutating func isInOrder(_ tree: ObjectID) throws(GitError) -> Bool {
    let bytes = try bytes(of: tree)
    var line = TreeLine(at: 0, in: bytes)
    while line.end < bytes.count {
      let next = TreeLine(at: line.end, in: bytes)
      guard line.sortKey(in: bytes).lexicographicallyPrecedes(next.sortKey(in: bytes)),
        !bytes[line.name].elementsEqual(bytes[next.name])
      else { return false }
      line = next
    }
    return true
  }

  /// Whether the tree has an entry of exactly that name.
  public mutating func has(_ name: String, in tree: ObjectID?) throws(GitError) -> Bool {
    TreeLine(of: name, in: try bytes(of: tree)) != nil
  }

  /// By name: one that became a directory has another place, and so has any in a tree that is in no order.
  private static func paired(_ removed: [RawTreeEntry], _ added: [RawTreeEntry]) -> [TreeChange] {
    func byName(_ entries: [RawTreeEntry]) -> [[UInt8]: RawTreeEntry] {
      Dictionary(entries.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    }
    func entry(_ raw: RawTreeEntry) -> TreeEntry {
      TreeEntry(name: String(foreign: raw.name), mode: raw.mode, id: raw.id)
    }
    let (old, new) = (byName(removed), byName(added))
    return Set(old.keys).union(new.keys).sorted { $0.lexicographicallyPrecedes($1) }.compactMap { name in
      let (before, after) = (old[name].map(entry), new[name].map(entry))
      guard before?.mode != after?.mode || before?.id != after?.id else { return nil }
      return TreeChange(name: String(foreign: name), before: before, after: after)
    }
  }

  private mutating func bytes(of tree: ObjectID?) throws(GitError) -> [UInt8] {
    guard let tree else { return [] }
    if let found = known.first(where: { $0.id == tree }) { return found.bytes }
    let bytes = try repository.treeBytes(tree)
    if known.count >= Self.mostKnown { known.removeFirst() }
    if known.reduce(bytes.count, { $0 + $1.bytes.count }) > Self.mostBytes { known = [] }
    known.append((tree, bytes))
    return bytes
  }
}

extension Repository {
  /// The entry of exactly that name; nil where the tree has none. Makes nothing of the others, of which there may be thousands.
  /// Throws `.notFound`, `.wrongKind`, `.malformed`.
  public func entry(_ name: String, in tree: ObjectID) throws(GitError) -> TreeEntry? {
    let bytes = try treeBytes(tree)
    guard let line = TreeLine(of: name, in: bytes) else { return nil }
    return try RawTreeEntry.parse(Array(bytes[line.start..<line.end]), of: tree).first.map {
      TreeEntry(name: name, mode: $0.mode, id: $0.id)
    }
  }
}

/// Where an entry stands in the bytes of a tree. One that is cut short goes to the end, for whoever parses it to refuse.
private struct TreeLine {
  let start: Int
  let name: Range<Int>
  let end: Int

  init(at start: Int, in bytes: [UInt8]) {
    self.start = start
    let space = bytes[start...].firstIndex(of: UInt8(ascii: " ")) ?? bytes.endIndex
    let nul = bytes[space...].firstIndex(of: 0) ?? bytes.endIndex
    name = min(space + 1, nul)..<nul
    end = min(nul + 21, bytes.endIndex)
  }

  /// The first entry of exactly that name; nil where there is none.
  init?(of name: String, in bytes: [UInt8]) {
    self.init(at: 0, in: bytes)
    while start < bytes.count, !bytes[self.name].elementsEqual(name.utf8) { self.init(at: end, in: bytes) }
    if start == bytes.count { return nil }
  }

  /// By which Git sorts: a directory's name as if a slash followed.
  func sortKey(in bytes: [UInt8]) -> [UInt8] {
    let isTree =
      bytes[start..<end].starts(with: "40000 ".utf8) || bytes[start..<end].starts(with: "040000 ".utf8)
    return bytes[name] + (isTree ? [UInt8(ascii: "/")] : [])
  }

  func isSame(as other: TreeLine, _ bytes: [UInt8], _ others: [UInt8]) -> Bool {
    start < end && end - start == other.end - other.start
      && bytes[start..<end].elementsEqual(others[other.start..<other.end])
  }

  /// Below 0 where it comes first, above where the other does; one past the end comes last.
  func compareName(with other: TreeLine, _ bytes: [UInt8], _ others: [UInt8]) -> Int {
    if start == bytes.count { return 1 }
    if other.start == others.count { return -1 }
    let (one, other) = (bytes[name], others[other.name])
    if one.elementsEqual(other) { return 0 }
    return one.lexicographicallyPrecedes(other) ? -1 : 1
  }
}
