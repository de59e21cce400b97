/// Identifiers in flat memory, twenty bytes each.
package struct IdentifierColumn<Kind>: Sendable {
  /// Five words an identifier, the most significant first.
  package private(set) var words: [UInt32]

  package init() { words = [] }

  /// The identifiers that `words` hold; nil where their count is no multiple of five.
  package init?(words: [UInt32]) {
    guard words.count.isMultiple(of: Self.width) else { return nil }
    self.words = words
  }

  package var count: Int { words.count / Self.width }

  package subscript(row: Int) -> Identifier<Kind> {
    words.withUnsafeBufferPointer { words in
      let start = row * Self.width
      precondition(start >= 0 && start + Self.width <= words.count)
      return Identifier(
        words: (
          UInt64(words[start]) << 32 | UInt64(words[start + 1]),
          UInt64(words[start + 2]) << 32 | UInt64(words[start + 3]), words[start + 4]
        ))
    }
  }

  package mutating func append(_ identifier: Identifier<Kind>) {
    let (high, middle, low) = identifier.words
    words.append(UInt32(truncatingIfNeeded: high >> 32))
    words.append(UInt32(truncatingIfNeeded: high))
    words.append(UInt32(truncatingIfNeeded: middle >> 32))
    words.append(UInt32(truncatingIfNeeded: middle))
    words.append(low)
  }

  private static var width: Int { 5 }
}
