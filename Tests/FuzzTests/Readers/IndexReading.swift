import WeaveModel

@testable import WeaveStore

/// What must hold of indexes: of the bytes as they are, and of an index with their sections under a right header.
enum IndexReading {
  static let store = try? StoreID(String(repeating: "ab", count: 16))

  static func check(_ bytes: [UInt8]) throws(Violation) -> Bool {
    _ = read(bytes)
    let file = IndexSections(bytes).file
    guard let index = read(file) else { return false }
    let written = write(index)
    guard let again = read(written) else { throw Violation("what was written cannot be read") }
    try Violation.unless(write(again) == written, "its second writing differs from the first")
    use(index)
    return true
  }

  static func read(_ bytes: [UInt8]) -> StoreIndex? {
    guard let store else { return nil }
    var next = 0
    return IndexFile.read(byteCount: bytes.count, store: store) { buffer in
      guard buffer.count <= bytes.count - next else { return false }
      buffer.copyBytes(from: bytes[next..<next + buffer.count])
      next += buffer.count
      return true
    }
  }

  static func write(_ index: StoreIndex) -> [UInt8] {
    var bytes: [UInt8] = []
    guard let store else { return bytes }
    _ = IndexFile.write(index, store: store) {
      bytes.append(contentsOf: $0)
      return true
    }
    return bytes
  }

  /// Asks all that a command could ask, and adds what the next ledger could bring: none of it may trap.
  private static func use(_ index: StoreIndex) {
    var index = index
    let state = Compatibility(index.events, index.commits)
    for row in 0..<index.events.count {
      let id = index.events.id(row)
      _ = (state.standing(of: id), state.counts(id), state.members(of: id), index.events.withdrawn(by: row))
      _ = state.members(of: id).map { (state.revocations(against: $0), state.isUnfit($0)) }
    }
    _ = (state.countingLinks, state.linksForResolution, state.unfitSets)
    // Looks at each pair of each link.
    if index.events.members.members.count < 256 { _ = state.livePairs }
    for project in index.commits.projects { _ = state.links(naming: project, commit: nil) }
    for number in 0..<CommitNumber(index.commits.count) {
      _ = index.commits.number(of: index.commits[number])
    }
    for history in index.histories {
      for number in history.numbers { _ = index.commits.commit(number) }
      index.add(StoreIndex.History(project: history.project, numbers: [0]), replacing: history)
    }
    var batch = EventTable()
    if let event { batch.append(event, commits: &index.commits) }
    index.events.append(reversing: batch)
    _ = Compatibility(index.events, index.commits).livePairs.count < 0
  }

  private static let event: Event? = {
    let text = """
      link a@0 b@0

      Weave-Event: link
      Weave-Ledger: abababababababababababababababab/joe
      Weave-Member: a aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
      Weave-Member: b bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb

      """
    guard let message = try? EventMessage(parsing: Array(text.utf8), hasEncodingHeader: false),
      let id = EventID(hex: String(repeating: "c", count: 40))
    else { return nil }
    return Event(id: id, message: message, author: Author(name: "", email: "", seconds: 0, offsetMinutes: 0))
  }()
}
