import ForeignText

/// The id that all clones of one store share: 32 lower-case hexadecimal digits, drawn at `weave init`.
public struct StoreID: Hashable, Sendable, CustomStringConvertible {
  public let text: String

  /// The id that `text` is, or why it is none.
  public init(_ text: String) throws(NameError) {
    guard text.utf8.count == 32, text.utf8.allSatisfy(Self.isDigit) else {
      throw NameError(text: text, kind: "store", reason: "it must be 32 lower-case hexadecimal digits")
    }
    self.text = text
  }

  public var description: String { text }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
      || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
  }
}

/// Names a ledger among all stores. Every event carries it, so that an event, and the signature on it, cannot
/// be moved into another store or under another writer.
public struct LedgerID: Hashable, Sendable, CustomStringConvertible {
  public let store: StoreID
  public let writer: WriterName

  /// The ledger of `writer` in `store` and its clones.
  public init(store: StoreID, writer: WriterName) {
    (self.store, self.writer) = (store, writer)
  }

  /// The ledger that `store/writer` names; nil for anything else.
  public init?(parsing text: some StringProtocol) {
    let parts = text.split(atScalar: "/", keepsEmpty: true)
    guard parts.count == 2, let store = try? StoreID(String(parts[0])),
      let writer = try? WriterName(String(parts[1]))
    else { return nil }
    self.init(store: store, writer: writer)
  }

  /// `store/writer`, as an event's message has it.
  public var description: String { "\(store)/\(writer)" }
}
