import Foundation
import TestSupport

/// The inputs in Tests/Corpus: seeds, what libFuzzer found to reach more, and what once broke a reader.
struct Corpus {
  let files: [(name: String, bytes: [UInt8])]

  init(of reader: FuzzedReader) throws {
    let directory = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Corpus/\(reader.rawValue)")
    files = try FileManager.default.contentsOfDirectory(atPath: directory.path).sorted().map {
      ($0, Array(try Data(contentsOf: directory.appending(path: $0))))
    }
  }

  /// One of the inputs, changed in a few places.
  func mutant(using dice: inout SeededGenerator) -> [UInt8] {
    var bytes = files.randomElement(using: &dice)?.bytes ?? []
    for _ in 0..<Int.random(in: 1...4, using: &dice) { change(&bytes, using: &dice) }
    return bytes
  }

  private func change(_ bytes: inout [UInt8], using dice: inout SeededGenerator) {
    let start = Int.random(in: 0...bytes.count, using: &dice)
    let range = start..<min(bytes.count, start + Int.random(in: 1...16, using: &dice))
    switch Int.random(in: 0..<6, using: &dice) {
    case 0: if start < bytes.count { bytes[start] ^= 1 << UInt8.random(in: 0..<8, using: &dice) }
    case 1: if start < bytes.count { bytes[start] = .random(in: .min ... .max, using: &dice) }
    case 2: bytes.removeSubrange(range)
    case 3: bytes.insert(contentsOf: Array(bytes[range]), at: .random(in: 0...bytes.count, using: &dice))
    case 4: bytes.insert(.random(in: .min ... .max, using: &dice), at: start)
    default:
      let other = files.randomElement(using: &dice)?.bytes ?? []
      bytes.replaceSubrange(range, with: other[min(start, other.count)..<min(start + 32, other.count)])
    }
  }
}
