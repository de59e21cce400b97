import Git
import WeaveModel

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#endif

/// The file `weave/index` of a store: derived, and never trusted further than its checksum and its bounds.
enum IndexFile {
  static func path(in gitDirectory: String) -> String { gitDirectory + "/weave/index" }

  /// The index in the file; nil where there is none, or none of this version and store that is whole.
  static func read(gitDirectory: String, store: StoreID) -> StoreIndex? {
    guard var reader = IndexReader(path: path(in: gitDirectory)) else { return nil }
    defer { reader.close() }
    guard let text = reader.column(.text, of: UInt8.self).flatMap({ IndexFormat.Text($0, store: store) }),
      let projectNumbers = reader.column(.commitProjects, of: Int32.self),
      let commitIDs = reader.column(.commitIDs, of: UInt32.self),
      let commitRows = reader.column(.commitRows, of: Int32.self),
      let eventIDs = reader.column(.eventIDs, of: UInt32.self),
      let kinds = reader.column(.eventKinds, of: UInt8.self),
      let seconds = reader.column(.eventSeconds, of: Int64.self),
      let starts = reader.column(.eventStarts, of: Int32.self),
      let members = reader.column(.eventMembers, of: Int32.self),
      let withdrawals = reader.column(.withdrawals, of: Int32.self),
      let withdrawn = reader.column(.withdrawn, of: UInt32.self),
      let eventRows = reader.column(.eventRows, of: Int32.self),
      let histories = reader.column(.histories, of: Int32.self), reader.isSound
    else { return nil }
    guard
      let commits = IdentifierColumn<CommitIDKind>(words: commitIDs).flatMap({ ids in
        ProbingTable(slots: commitRows, seed: reader[.commitSeed], count: projectNumbers.count).flatMap {
          rows in
          CommitTable(projects: text.projects, projectNumbers: projectNumbers, ids: ids, rows: rows)
        }
      }),
      let rows = ProbingTable(slots: eventRows, seed: reader[.eventSeed], count: kinds.count),
      let ids = IdentifierColumn<EventIDKind>(words: eventIDs),
      let targets = IdentifierColumn<EventIDKind>(words: withdrawn),
      let events = EventTable(
        ids: ids, kinds: kinds, seconds: seconds, members: LinkTable(starts: starts, members: members),
        withdrawals: withdrawals, withdrawn: targets, rows: rows, commitCount: commits.count),
      let index = StoreIndex(text, events: events, commits: commits, histories: histories)
    else { return nil }
    return index
  }
}

extension StoreIndex {
  /// The index of those parts; nil where a history names what is no commit, or too much of it is of no use any more.
  fileprivate init?(
    _ text: IndexFormat.Text, events: EventTable, commits: CommitTable, histories numbers: [CommitNumber]
  ) {
    guard text.histories.reduce(0, { $0 + $1.count }) == numbers.count,
      numbers.allSatisfy({ $0 >= 0 && Int($0) < commits.count })
    else { return nil }
    (ledgers, self.events, self.commits) = (text.ledgers, events, commits)
    var start = 0
    for (project, count) in text.histories {
      histories.append(History(project: project, numbers: Array(numbers[start..<start + count])))
      start += count
    }
    // Histories that were rewritten leave commits behind that nothing names.
    let named = events.members.members.count + numbers.count
    guard commits.count <= 2 * named + 1_000 else { return nil }
  }
}

/// Reads a file of ``IndexFormat`` from its beginning to its end, one column after the other.
private struct IndexReader {
  private let descriptor: CInt
  private var header: [UInt64]
  private var checksum = IndexChecksum()
  private var next = 0

  /// Nil for what is no such file of this version, or has another length than its header says.
  init?(path: String) {
    // Not blocking: it may be anything by now, a pipe too.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return nil }
    self.descriptor = descriptor
    header = [UInt64](repeating: 0, count: IndexFormat.headerCount)
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
      header.withUnsafeMutableBytes({ Self.fill($0, from: descriptor) }), isOfLength(Int(status.st_size))
    else {
      close()
      return nil
    }
    var summed = header
    summed[IndexFormat.Word.checksum.rawValue] = 0
    summed.withUnsafeBytes { checksum.add($0) }
  }

  subscript(word: IndexFormat.Word) -> UInt64 { header[word.rawValue] }

  /// The bytes of a section, as the header has them.
  private func byteCount(_ section: IndexFormat.Section) -> UInt64 {
    header[IndexFormat.Word.allCases.count + section.rawValue]
  }

  private func isOfLength(_ length: Int) -> Bool {
    guard self[.magic] == IndexFormat.magic, self[.version] == IndexFormat.version,
      self[.length] == UInt64(length)
    else { return false }
    var sum = IndexFormat.headerCount * MemoryLayout<UInt64>.size
    for section in IndexFormat.Section.allCases {
      guard byteCount(section) <= UInt64(length) else { return false }
      sum += IndexFormat.padded(Int(byteCount(section)))
    }
    return sum == length
  }

  /// The next section; nil where it is not that many elements, or cannot be read.
  mutating func column<Element: BitwiseCopyable>(_ section: IndexFormat.Section, of: Element.Type)
    -> [Element]?
  {
    precondition(section.rawValue == next, "sections are read in their order")
    next += 1
    let size = MemoryLayout<Element>.size
    let byteCount = Int(byteCount(section))
    guard byteCount.isMultiple(of: size) else { return nil }
    var isRead = false
    // Room for the events that are new, so that adding them moves nothing.
    let capacity = byteCount / size + 5 * 1_024
    let column = [Element](unsafeUninitializedCapacity: capacity) { buffer, count in
      let bytes = UnsafeMutableRawBufferPointer(
        UnsafeMutableBufferPointer(rebasing: buffer[..<(byteCount / size)]))
      isRead = Self.fill(bytes, from: descriptor)
      count = isRead ? byteCount / size : 0
    }
    guard isRead, isFilledUp(after: byteCount) else { return nil }
    column.withUnsafeBytes { checksum.add($0) }
    return column
  }

  /// Whether only zeros follow, up to a whole block.
  private func isFilledUp(after byteCount: Int) -> Bool {
    var padding = [UInt8](repeating: 1, count: IndexFormat.padded(byteCount) - byteCount)
    return padding.withUnsafeMutableBytes { Self.fill($0, from: descriptor) }
      && padding.allSatisfy { $0 == 0 }
  }

  /// Whether all that was read has the checksum that the header says.
  var isSound: Bool { checksum.value == self[.checksum] }

  func close() { _ = Self.close(descriptor) }

  private static func close(_ descriptor: CInt) -> CInt {
    #if canImport(Glibc)
      Glibc.close(descriptor)
    #elseif canImport(Darwin)
      Darwin.close(descriptor)
    #else
      Musl.close(descriptor)
    #endif
  }

  private static func fill(_ buffer: UnsafeMutableRawBufferPointer, from descriptor: CInt) -> Bool {
    var done = 0
    while done < buffer.count {
      guard let start = buffer.baseAddress else { return false }
      let count = read(descriptor, start + done, buffer.count - done)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return false }
      done += count
    }
    return true
  }
}
