import Git
import WeaveModel

/// How an index is laid out in its file: a header of words, then sections, each filled up with zeros to whole blocks.
///
/// The words are of this machine: a file from one of another byte order has another magic number.
enum IndexFormat {
  static let magic: UInt64 = 0x7865_646e_6965_7677
  /// To be raised with each change of the layout, and of what a ledger's commit or a history's order means.
  static let version: UInt64 = 2

  enum Word: Int, CaseIterable {
    case magic, version, length, checksum, commitSeed, eventSeed
  }

  enum Section: Int, CaseIterable {
    case text, commitProjects, commitIDs, commitRows, eventIDs, eventKinds, eventSeconds, eventStarts
    case eventMembers, withdrawals, withdrawn, eventRows, histories
  }

  /// The words, the byte counts of the sections, and zeros up to a whole block.
  static let headerCount = {
    let words = Word.allCases.count + Section.allCases.count
    return padded(words * MemoryLayout<UInt64>.size) / MemoryLayout<UInt64>.size
  }()

  static func padded(_ byteCount: Int) -> Int {
    (byteCount + IndexChecksum.blockSize - 1) / IndexChecksum.blockSize * IndexChecksum.blockSize
  }

  /// The part that is not columns.
  static func text(of index: StoreIndex, store: StoreID) -> [UInt8] {
    var writer = IndexTextWriter()
    writer.write(store.text)
    writer.write(index.commits.projects.count)
    for project in index.commits.projects { writer.write(project.text) }
    writer.write(index.ledgers.count)
    for (name, ledger) in index.ledgers.sorted(by: { $0.key < $1.key }) {
      writer.write(name)
      writer.write(ledger.tip.description)
      writer.write(ledger.refused.count)
      for entry in ledger.refused {
        writer.write(entry.name)
        writer.write(entry.reason)
      }
    }
    writer.write(index.histories.count)
    for history in index.histories {
      writer.write(history.project.text)
      writer.write(history.numbers.count)
    }
    return writer.bytes
  }

  /// What ``text(of:store:)`` holds; nil where it is none, or of another store.
  struct Text {
    let projects: [ProjectName]
    let ledgers: [String: StoreIndex.Ledger]
    let histories: [(project: ProjectName, count: Int)]

    init?(_ bytes: [UInt8], store: StoreID) {
      var reader = IndexTextReader(bytes)
      guard reader.text() == store.text, let projects = reader.list({ reader in Self.project(&reader) }),
        let ledgers = reader.list({ reader in Self.ledger(&reader) }),
        let histories = reader.list({ reader in Self.history(&reader) }), reader.isAtEnd
      else { return nil }
      (self.projects, self.histories) = (projects, histories)
      self.ledgers = Dictionary(ledgers) { first, _ in first }
    }

    private static func project(_ reader: inout IndexTextReader) -> ProjectName? {
      reader.text().flatMap { try? ProjectName($0) }
    }

    private static func ledger(_ reader: inout IndexTextReader) -> (String, StoreIndex.Ledger)? {
      guard let name = reader.text(), let tip = reader.text().flatMap({ ObjectID(hex: $0) }) else {
        return nil
      }
      let refused = reader.list { reader -> RefusedEntry? in
        guard let name = reader.text(), let reason = reader.text() else { return nil }
        return RefusedEntry(name: name, reason: reason)
      }
      return refused.map { (name, StoreIndex.Ledger(tip: tip, refused: $0)) }
    }

    private static func history(_ reader: inout IndexTextReader) -> (project: ProjectName, count: Int)? {
      guard let project = project(&reader), let count = reader.number(), count > 0 else { return nil }
      return (project, count)
    }
  }
}
