@testable import WeaveStore

/// The sections of an index without its header and its padding, so that what changes one of them leaves the others whole.
///
/// As bytes: the two seeds, 8 bytes each, then each section behind its length in 2 bytes, least significant first. What
/// is missing is empty.
struct IndexSections {
  private(set) var seeds: [UInt8]
  var sections: [[UInt8]]

  init(_ bytes: [UInt8]) {
    var rest = bytes[...]
    seeds = Array(rest.prefix(16))
    seeds += repeatElement(0, count: 16 - seeds.count)
    rest = rest.dropFirst(16)
    sections = IndexFormat.Section.allCases.map { _ in
      let length = rest.prefix(2).reversed().reduce(0) { $0 << 8 | Int($1) }
      defer { rest = rest.dropFirst(2 + length) }
      return Array(rest.dropFirst(2).prefix(length))
    }
  }

  /// The sections of a whole file.
  init(ofFile file: [UInt8]) {
    func word(_ index: Int) -> Int {
      file[index * 8..<index * 8 + 8].reversed().reduce(0) { $0 << 8 | Int($1) }
    }
    let seed = IndexFormat.Word.commitSeed.rawValue * 8
    seeds = Array(file[seed..<seed + 16])
    var start = IndexFormat.headerCount * 8
    sections = IndexFormat.Section.allCases.map { section in
      let length = word(IndexFormat.Word.allCases.count + section.rawValue)
      defer { start += IndexFormat.padded(length) }
      return Array(file[start..<start + length])
    }
  }

  var bytes: [UInt8] {
    sections.reduce(seeds) { $0 + [UInt8($1.count & 0xFF), UInt8($1.count >> 8 & 0xFF)] + $1 }
  }

  /// The file of these sections, with the header that fits them.
  var file: [UInt8] {
    var header = [UInt64](repeating: 0, count: IndexFormat.headerCount)
    var body: [UInt8] = []
    for (index, section) in sections.enumerated() {
      header[IndexFormat.Word.allCases.count + index] = UInt64(section.count)
      body += section
      body += repeatElement(0, count: IndexFormat.padded(section.count) - section.count)
    }
    header[IndexFormat.Word.magic.rawValue] = IndexFormat.magic
    header[IndexFormat.Word.version.rawValue] = IndexFormat.version
    header[IndexFormat.Word.length.rawValue] = UInt64(header.count * 8 + body.count)
    seeds.withUnsafeBytes {
      header[IndexFormat.Word.commitSeed.rawValue] = $0.loadUnaligned(as: UInt64.self)
      header[IndexFormat.Word.eventSeed.rawValue] = $0.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
    }
    var checksum = IndexChecksum()
    header.withUnsafeBytes { checksum.add($0) }
    // Each section is summed by itself; filled up, they come to the same.
    body.withUnsafeBytes { checksum.add($0) }
    header[IndexFormat.Word.checksum.rawValue] = checksum.value
    return header.withUnsafeBytes { Array($0) } + body
  }
}
