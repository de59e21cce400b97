import ForeignText

/// The content of `packed-refs`: a line for each reference, `<id> <name>`; `^<id>` behind it names what a tag leads to.
struct PackedReferences {
  /// Which file it was; nil where there was none.
  let version: FileVersion?
  private let content: [UInt8]
  /// Where each name is in `content`, sorted by their bytes.
  private var names: [Range<Int>] = []

  /// Throws for a file that cannot be read, or in which a line is anything else.
  init(readingFrom path: String, _ operation: String) throws(GitError) {
    let file = try RegularFile.readWithVersion(path, operation)
    let content = file?.content ?? []
    (self.content, version) = (content, file?.version)
    var start = 0
    while start < content.count {
      guard let end = content[start...].firstIndex(of: UInt8(ascii: "\n")) else {
        throw Self.corrupt(path, operation, "its last line has no end")
      }
      switch content[start] {
      case UInt8(ascii: "#"), UInt8(ascii: "^"): break
      default:
        guard end - start > 41, content[start + 40] == UInt8(ascii: " "), id(before: start + 41) != nil else {
          throw Self.corrupt(path, operation, "line \(lines(before: start) + 1) is no reference")
        }
        names.append(start + 41..<end)
      }
      start = end + 1
    }
    // As it says of itself in its first line, in general; a flipped bit does not hide what comes behind it.
    let areSorted = zip(names, names.dropFirst()).allSatisfy { precedes($0, content[$1]) }
    if !areSorted { names.sort { content[$0].lexicographicallyPrecedes(content[$1]) } }
  }

  /// The object that the reference names; nil where there is no such reference.
  func id(of name: String) -> ObjectID? {
    let wanted = Array(name.utf8)
    let place = firstPlace(notBefore: wanted[...])
    guard place < names.count, content[names[place]].elementsEqual(wanted) else { return nil }
    return id(before: names[place].lowerBound)
  }

  /// Those whose names begin with `prefix`, in order.
  func references(below prefix: String) -> [(name: String, id: ObjectID)] {
    let bytes = Array(prefix.utf8)
    var references: [(name: String, id: ObjectID)] = []
    for name in names[firstPlace(notBefore: bytes[...])...] {
      guard content[name].starts(with: bytes) else { break }
      guard let id = id(before: name.lowerBound) else { continue }
      references.append((String(foreign: content[name]), id))
    }
    return references
  }

  /// The place of the first name that does not precede `wanted`, by halving.
  private func firstPlace(notBefore wanted: ArraySlice<UInt8>) -> Int {
    var (low, high) = (0, names.count)
    while low < high {
      let middle = (low + high) / 2
      if precedes(names[middle], wanted) { low = middle + 1 } else { high = middle }
    }
    return low
  }

  private func precedes(_ name: Range<Int>, _ other: ArraySlice<UInt8>) -> Bool {
    content[name].lexicographicallyPrecedes(other)
  }

  private func id(before name: Int) -> ObjectID? { ObjectID(digits: content[name - 41..<name - 1]) }

  private func lines(before place: Int) -> Int { content[..<place].count { $0 == UInt8(ascii: "\n") } }

  private static func corrupt(_ path: String, _ operation: String, _ reason: String) -> GitError {
    GitError(.corrupt, operation, "\(path) is corrupt: \(reason)")
  }
}
