import ForeignText

/// One line of a tree.
///
/// Equal when name and all are equal byte for byte: Git tells "é" in one code point from "é" in two,
/// while Swift's strings do not.
public struct TreeEntry: Hashable, Sendable {
  /// One component of a path. A name that is no UTF-8 comes out of a tree with its bad bytes replaced.
  public var name: String
  /// Git's mode: `0o100644`, `0o100755`, `0o120000` (symbolic link), `0o040000` (tree), `0o160000` (commit).
  public var mode: UInt32
  public var id: ObjectID

  public init(name: String, mode: UInt32, id: ObjectID) {
    self.name = name
    self.mode = mode
    self.id = id
  }

  public var isTree: Bool { mode & 0o170000 == 0o040000 }
  /// Whether it is a commit of another repository: what is checked out there as a submodule.
  public var isGitlink: Bool { mode & 0o170000 == 0o160000 }

  public static func == (left: Self, right: Self) -> Bool {
    left.mode == right.mode && left.id == right.id && left.name.utf8.elementsEqual(right.name.utf8)
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(mode)
    hasher.combine(id)
    var name = name
    name.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
  }
}

/// A tree's line as the object holds it.
struct RawTreeEntry {
  let name: [UInt8]
  let mode: UInt32
  let id: ObjectID

  var isTree: Bool { mode & 0o170000 == 0o040000 }
  var isGitlink: Bool { mode & 0o170000 == 0o160000 }

  /// The lines of the tree whose object holds `bytes`: `MODE NAME NUL ID`, the mode in octal.
  static func parse(_ bytes: [UInt8], of id: ObjectID) throws(GitError) -> [RawTreeEntry] {
    var entries: [RawTreeEntry] = []
    var rest = bytes[...]
    while !rest.isEmpty {
      guard let space = rest.firstIndex(of: UInt8(ascii: " ")), let nul = rest[space...].firstIndex(of: 0),
        rest.endIndex - nul > 20, let mode = octal(rest[..<space]), space + 1 < nul,
        let target = ObjectID(bytes: rest[(nul + 1)...(nul + 20)])
      else {
        throw GitError(.malformed, "read tree \(id)", "entry \(entries.count + 1) is cut short or malformed")
      }
      entries.append(RawTreeEntry(name: Array(rest[(space + 1)..<nul]), mode: mode, id: target))
      rest = rest[(nul + 21)...]
    }
    return entries
  }

  /// The object that holds `entries`, in Git's order: a tree's name compares as if it ended in `/`
  /// (`base_name_compare` in git's `read-cache.c`).
  static func serialise(_ entries: [RawTreeEntry]) -> [UInt8] {
    func key(_ entry: RawTreeEntry) -> [UInt8] {
      entry.isTree ? entry.name + [UInt8(ascii: "/")] : entry.name
    }
    var bytes: [UInt8] = []
    for entry in entries.sorted(by: { key($0).lexicographicallyPrecedes(key($1)) }) {
      bytes += String(entry.mode, radix: 8).utf8
      bytes.append(UInt8(ascii: " "))
      bytes += entry.name
      bytes.append(0)
      bytes += entry.id.bytes
    }
    return bytes
  }

  private static func octal(_ digits: ArraySlice<UInt8>) -> UInt32? {
    guard (1...7).contains(digits.count) else { return nil }
    return UInt32(String(foreign: digits), radix: 8)
  }
}
