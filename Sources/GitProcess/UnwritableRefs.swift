#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#endif

extension RemoteRefs {
  /// The most parts that the full name of a ref may have.
  private static let mostParts = 64
  /// How many directories more than refs there may be.
  private static let mostExtraDirectories = 10_000

  /// Takes out the branches and tags for which there can be no file below the directory `refs` of these Git directories, in the
  /// namespace, and returns their names, sorted: their paths would be too long, or a part of them; they have more than
  /// ``mostParts`` parts; or all would need many more directories than they are refs, of which those of the most parts are
  /// taken out. A HEAD that is one of them is none.
  public mutating func removeUnwritable(below namespace: String, in gitDirectories: [String]) -> [String] {
    let longest = gitDirectories.map { max($0.utf8.count, GitDirectory.canonical($0).utf8.count) }.max() ?? 0
    // While Git writes it, the file's name is longer, and it ends in a zero.
    let most = (path: Int(PATH_MAX) - 1 - ".lock".utf8.count, part: Int(NAME_MAX))
    func isTooLong(_ name: String) -> Bool {
      if longest + 1 + namespace.utf8.count + name.utf8.count > most.path { return true }
      let parts = name.utf8.split(separator: UInt8(ascii: "/"))
      return parts.dropLast().contains { $0.count > most.part }
        || (parts.last?.count ?? 0) > most.part - ".lock".utf8.count
    }
    var (names, writable) = ([String](), [String]())
    for name in branchesAndTags.keys {
      if isTooLong(name) { names.append(name) } else { writable.append(name) }
    }
    let mostParts = Self.mostParts(among: writable)
    names += writable.filter { Self.parts(of: $0) > mostParts }
    for name in names { branchesAndTags[name] = nil }
    if case .branch(let branch, _) = head, names.contains(branch) { head = .absent }
    return names.sorted()
  }

  private static func parts(of name: String) -> Int {
    name.utf8.reduce(1) { $1 == UInt8(ascii: "/") ? $0 + 1 : $0 }
  }

  /// How many parts the names may have, so that those that have no more need not many more directories than they are.
  private static func mostParts(among names: [String]) -> Int {
    // No name needs more than the parts between the first two and its last: so it is with nearly every source.
    guard names.reduce(0, { $0 + parts(of: $1) - 3 }) > mostExtraDirectories else { return mostParts }
    let sorted = names.map { (bytes: Array($0.utf8), parts: parts(of: $0)) }
      .sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
    return (1...mostParts).last { most in
      let kept = sorted.lazy.filter { $0.parts <= most }
      var (directories, count, former) = (0, 0, [UInt8]())
      for name in kept {
        let shared = zip(name.bytes, former).prefix { $0 == $1 }.count { $0.0 == UInt8(ascii: "/") }
        directories += max(0, name.parts - 1 - shared)
        (count, former) = (count + 1, name.bytes)
      }
      return directories <= count + mostExtraDirectories
    } ?? 1
  }
}
