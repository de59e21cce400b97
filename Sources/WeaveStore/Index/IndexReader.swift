/// Reads bytes of ``IndexFormat`` from their beginning to their end, one column after the other.
struct IndexReader {
  /// Gives the next bytes, as many as the buffer holds; false where there are not so many.
  private let fill: (UnsafeMutableRawBufferPointer) -> Bool
  private var header: [UInt64]
  private var checksum = IndexChecksum()
  private var next = 0

  /// Nil for what is no index of this version, or has another length than its header says.
  init?(byteCount: Int, fill: @escaping (UnsafeMutableRawBufferPointer) -> Bool) {
    self.fill = fill
    header = [UInt64](repeating: 0, count: IndexFormat.headerCount)
    guard header.withUnsafeMutableBytes(fill), isOfLength(byteCount) else { return nil }
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
      isRead = fill(bytes)
      count = isRead ? byteCount / size : 0
    }
    guard isRead, isFilledUp(after: byteCount) else { return nil }
    column.withUnsafeBytes { checksum.add($0) }
    return column
  }

  /// Whether only zeros follow, up to a whole block.
  private func isFilledUp(after byteCount: Int) -> Bool {
    var padding = [UInt8](repeating: 1, count: IndexFormat.padded(byteCount) - byteCount)
    return padding.withUnsafeMutableBytes(fill) && padding.allSatisfy { $0 == 0 }
  }

  /// Whether all that was read has the checksum that the header says.
  var isSound: Bool { checksum.value == self[.checksum] }
}
