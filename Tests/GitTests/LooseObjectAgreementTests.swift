import Foundation
import TestSupport
import Testing

@testable import Git

/// What stock git has written is read byte for byte.
@Suite("Loose objects of stock git", .timeLimit(.minutes(30)))
struct LooseObjectAgreementTests {
  let scratch: Scratch
  init() throws { scratch = try Scratch() }

  @Test("objects of every kind and many sizes are read as git wrote them", arguments: 0...9)
  func agreement(level: Int) throws {
    let repository = try scratch.bare()
    var generator = SeededGenerator(seed: UInt64(level))
    var sizes = [0, 1, 4095, 4096, 4097, 1 << 20] + Array(2030...2050) + Array(16_370...16_390)
    if level % 8 == 1 { sizes.append(20 << 20) }
    while sizes.count < 200 { sizes.append(Int.random(in: 0...9_000, using: &generator)) }

    let kinds: [(ObjectKind, String)] = [
      (.blob, "blob"), (.tree, "tree"), (.commit, "commit"), (.tag, "tag"),
    ]
    for (number, (kind, name)) in kinds.enumerated() {
      var (paths, contents): ([String], [[UInt8]]) = ([], [])
      for (index, size) in sizes.enumerated() where index % kinds.count == number || size == 0 {
        let content = Self.bytes(size, &generator)
        let path = scratch.file("\(name)-\(index)")
        try Data(content).write(to: URL(fileURLWithPath: path))
        paths.append(path)
        contents.append(content)
      }
      let ids = try scratch.git(
        "-c", "core.looseCompression=\(level)", "hash-object", "-w", "-t", name, "--literally",
        "--stdin-paths", "--no-filters", in: "bare.git",
        input: Array((paths.joined(separator: "\n") + "\n").utf8))
      let lines = String(decoding: ids, as: UTF8.self).split(separator: "\n")
      #expect(lines.count == contents.count)
      for (line, content) in zip(lines, contents) {
        let id = try #require(ObjectID(hex: line))
        #expect(try repository.kind(of: id) == kind)
        let (found, bytes) = try repository.rawObject(id)
        // As Data, which is compared at once, and which #expect does not print.
        #expect(found == kind && Data(bytes) == Data(content), "\(name) of \(content.count) bytes")
      }
    }
  }

  /// Bytes that can be compressed more, or less, or not at all.
  private static func bytes(_ count: Int, _ generator: inout SeededGenerator) -> [UInt8] {
    // What hardly can be compressed takes git a minute to compress a little, at its best level.
    let pool = pools[count > 1 << 20 ? 3 : Int.random(in: 0..<pools.count, using: &generator)]
    let start = Int.random(in: 0..<pool.count, using: &generator)
    var bytes = Array(pool[start...].prefix(count))
    while bytes.count < count { bytes += pool.prefix(count - bytes.count) }
    return bytes
  }

  private static let pools: [[UInt8]] = ([0x00, 0x01, 0x1f, 0xff] as [UInt8]).map { mask -> [UInt8] in
    var generator = SeededGenerator(seed: UInt64(mask))
    return (0..<100_000).map { _ in UInt8(truncatingIfNeeded: generator.next()) & mask }
  }
}
