import Foundation
import Git
import TestSupport
import Testing
import WeaveModel

@testable import WeaveStore

@Suite("An index that is damaged") struct IndexDamageTests {
  @Test func `is made again when it was deleted`() throws {
    let index = try IndexFixture()
    let bytes = try index.written()
    try FileManager.default.removeItem(atPath: index.path)
    #expect(try index.answer() == index.truth())
    #expect(try index.written().count == bytes.count)
  }

  @Test func `is not believed when it was cut off anywhere, or is longer than it says`() throws {
    let index = try IndexFixture()
    let (bytes, truth) = (try index.written(), try index.truth())
    let lengths = [0, 1, 7, 8, 31, 32, 33, 100, 159, 160, 161] + stride(from: 192, to: bytes.count, by: 397)
    for length in lengths + [bytes.count - 32, bytes.count - 1] {
      try index.put(Array(bytes[..<length]))
      #expect(
        IndexFile.read(gitDirectory: index.gitDirectory, store: index.fixture.store.id) == nil, "\(length)")
      #expect(try index.answer() == truth, "\(length)")
    }
    try index.put(bytes + [0])
    #expect(IndexFile.read(gitDirectory: index.gitDirectory, store: index.fixture.store.id) == nil)
  }

  @Test func `is not believed when any one bit of it was flipped`() throws {
    let index = try IndexFixture()
    let (bytes, truth) = (try index.written(), try index.truth())
    var dice = SeededGenerator(seed: 7)
    for _ in 0..<400 {
      let place = Int.random(in: bytes.indices, using: &dice)
      var flipped = bytes
      flipped[place] ^= 1 << UInt8.random(in: 0..<8, using: &dice)
      try index.put(flipped)
      #expect(
        IndexFile.read(gitDirectory: index.gitDirectory, store: index.fixture.store.id) == nil,
        "byte \(place)")
    }
    #expect(try index.answer() == truth)
  }

  @Test func `is not believed when it is of another version`() throws {
    let index = try IndexFixture()
    var bytes = try index.written()
    bytes[IndexFormat.Word.version.rawValue * 8] += 1
    try index.put(Self.summed(bytes))
    #expect(IndexFile.read(gitDirectory: index.gitDirectory, store: index.fixture.store.id) == nil)
    #expect(try index.answer() == index.truth())
  }

  @Test func `is not believed when it is another store's`() throws {
    let index = try IndexFixture()
    _ = try index.written()
    let other = try StoreID(String(repeating: "cd", count: 16))
    #expect(IndexFile.read(gitDirectory: index.gitDirectory, store: other) == nil)
  }

  @Test func `is of no harm when a pipe or a directory is in its place`() throws {
    let index = try IndexFixture()
    let truth = try index.truth()
    _ = try index.written()
    try FileManager.default.removeItem(atPath: index.path)
    #expect(mkfifo(index.path, 0o644) == 0)
    #expect(try index.answer() == truth)
    try? FileManager.default.removeItem(atPath: index.path)
    try FileManager.default.createDirectory(atPath: index.path + "/full", withIntermediateDirectories: true)
    #expect(try index.answer() == truth)
  }

  @Test func `is never a reason to crash, whatever it holds under a right checksum`() throws {
    let index = try IndexFixture()
    let tip = try #require(CommitID(hex: index.fixture.source.head()))
    let telperion = try index.fixture.telperion()
    do {
      let store = try Store.open(at: index.gitDirectory)
      _ = try store.ledgers()
      _ = try store.history(of: telperion, from: tip)
      #expect(store.saveIndex())
    }
    let bytes = try index.written()
    let odd: [UInt32] = [0, 1, 2, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff, 149, 150, 151]
    var dice = SeededGenerator(seed: 8)
    var believed = 0
    // Every word of the header, and as many others.
    let header = stride(from: 0, to: IndexFormat.headerCount * 8, by: 4).map { $0 }
    for place in header + (0..<400).map({ _ in Int.random(in: 40..<bytes.count / 4, using: &dice) * 4 }) {
      var crafted = bytes
      withUnsafeBytes(of: odd.randomElement(using: &dice) ?? 0) {
        crafted.replaceSubrange(place..<place + 4, with: $0)
      }
      try index.put(Self.summed(crafted))
      if IndexFile.read(gitDirectory: index.gitDirectory, store: index.fixture.store.id) != nil {
        believed += 1
      }
      let store = try Store.open(at: index.gitDirectory)
      store.isIndexSavable = false
      let ledgers = try store.ledgers()
      let state = Compatibility(ledgers.events, ledgers.commits)
      for row in 0..<ledgers.events.count { _ = state.standing(of: ledgers.events.id(row)) }
      _ = (
        state.livePairs, state.countingLinks, state.linksForResolution,
        state.links(naming: telperion, commit: nil)
      )
      _ = try store.history(of: telperion, from: tip)
    }
    #expect(believed > 100, "else this test tries the checksum only")
  }

  /// The bytes with the checksum that fits them.
  private static func summed(_ bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    let place = IndexFormat.Word.checksum.rawValue * 8
    bytes.replaceSubrange(place..<place + 8, with: repeatElement(0, count: 8))
    var checksum = IndexChecksum()
    bytes.withUnsafeBytes { checksum.add($0) }
    withUnsafeBytes(of: checksum.value) { bytes.replaceSubrange(place..<place + 8, with: $0) }
    return bytes
  }
}
