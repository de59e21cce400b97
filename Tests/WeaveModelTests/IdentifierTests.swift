import TestSupport
import Testing
import WeaveModel

@Suite("An identifier")
struct IdentifierTests {
  private let hex = "d0230f1864128023bc836715115666274882ca4b"

  @Test func `is 40 digits, and prints as they were`() throws {
    let id = try #require(CommitID(hex: hex))
    #expect(id.hex == hex)
    #expect(id.description == hex)
    #expect(id.short == "d0230f1")
    #expect(CommitID(hex: hex.uppercased()) == id)
    #expect(CommitID(bytes: id.bytes) == id)
  }

  @Test(arguments: ["", "d0230f1", String(repeating: "g", count: 40), String(repeating: "0", count: 64), "é"])
  func `is nothing else`(text: String) {
    #expect(CommitID(hex: text) == nil)
  }

  @Test(arguments: [0, 19, 21, 32]) func `is 20 bytes`(count: Int) {
    #expect(EventID(bytes: Array(repeating: 0, count: count)) == nil)
  }

  @Test func `sorts as its digits do`() {
    var generator = SeededGenerator(seed: 3)
    let ids = (0..<200).map { _ in
      CommitID(
        bytes: (0..<20).map { _ in
          UInt8.random(in: 0...255, using: &generator) & (Bool.random(using: &generator) ? 1 : 255)
        })!
    }
    #expect(ids.sorted().map(\.hex) == ids.map(\.hex).sorted())
  }
}
