import Testing
import WeaveModel

@testable import WeaveStore

@Suite("What a machine runs, as lines") struct CommitLinesTests {
  private static let one = String(repeating: "1a", count: 20)
  private static let other = String(repeating: "2b", count: 20)

  @Test(arguments: [
    "", "a \(one)\n", "a \(one) dirty\n", "a \(one)\nb \(other)\n", "a \(one) dirty\nb \(one)\n",
  ])
  func `is written as it was read`(text: String) throws {
    let lines = try CommitLines(parsing: Array(text.utf8), canBeDirty: true)
    #expect(lines.bytes == Array(text.utf8))
  }

  @Test(arguments: [
    "\n", "a \(one)", "a \(one)\n\n", "a  \(one)\n", " a \(one)\n", "a \(one) \n", "a\t\(one)\n",
    "A \(one)\n",
    "a \(one.uppercased())\n", "a \(one.dropLast())\n", "a \(one)0\n", "a \(one) dirty dirty\n",
    "a \(one) Dirty\n", "b \(one)\na \(one)\n", "a \(one)\na \(other)\n", "a \(one)\r\n", "a\n", "\u{301}\n",
  ])
  func `has one spelling, and is damaged in any other`(text: String) {
    #expect(throws: StoreError.self) { try CommitLines(parsing: Array(text.utf8), canBeDirty: true) }
  }

  @Test func `is of an observation when something is dirty, and of no resolution`() {
    #expect(throws: StoreError.self) { try CommitLines(parsing: Array("a \(Self.one) dirty\n".utf8)) }
  }

  @Test(arguments: ["0", "-1", "+1", "01", "1 ", "one", "9223372036854775808"])
  func `is no observation when its number is not counted from 1`(number: String) {
    let message = "observed m\n\nWeave-Machine: m\nWeave-Sequence: \(number)\n"
    #expect(throws: StoreError.self) {
      try Observation(message: Array(message.utf8), lines: CommitLines([:]), seen: 0)
    }
  }
}
