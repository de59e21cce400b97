import Testing
import WeaveModel

@Suite("A text of more than 64 KiB")
struct LongTextTests {
  /// What is slowest to look through for secrets.
  private static func text(_ bytes: Int) -> String {
    String(
      repeating: "https://a/b?&key=" + String(repeating: "b&key=", count: 300) + " ", count: bytes / 1_800)
  }

  private static func event(_ text: String) -> Event {
    let ledger = LedgerID(parsing: "0123456789abcdef0123456789abcdef/joe-01234567")!
    return Event(
      id: EventID(hex: String(repeating: "a", count: 40))!,
      message: EventMessage(
        claim: .withdraw(EventID(hex: String(repeating: "b", count: 40))!), ledger: ledger, text: text,
        evidence: [text]),
      author: Author(name: "Joe", email: "joe@example.org", seconds: 0, offsetMinutes: 0))
  }

  @Test("is not written, as a text or as evidence")
  func written() throws {
    let long = String(repeating: "é", count: 32_769)
    #expect(throws: UnwritableEvent.self) { try FreeText.normalized(long) }
    #expect(throws: UnwritableEvent.self) {
      try EventMessage(
        claim: Self.event("").claim, ledger: Self.event("").ledger, text: "x", evidence: [long]
      ).normalized()
    }
    #expect(try FreeText.normalized(String(repeating: "é", count: 32_768)).utf8.count == 65_536)
  }

  @Test("is shown as far as that, with a mark, in a time that does not grow with it")
  func shown() {
    let event = Self.event("first line\n" + Self.text(8_000_000))
    #expect(event.text.hasPrefix("first line\nhttps://a/b"))
    #expect(event.text.hasSuffix(" … [cut: it has \(event.message.text.utf8.count) bytes]"))
    #expect(event.text.utf8.count < 66_000 && event.evidence[0].utf8.count < 66_000)
    #expect(event.reasonLine == "first line")
    #expect(event.recordsSecret)
  }

  @Test("is the reason of a hold and of an acknowledgement, too")
  func reasons() throws {
    let author = Self.event("").author
    let hold = Hold(
      project: try ProjectName("a"), at: .tag("v1"), because: Self.text(8_000_000), author: author)
    #expect(hold.because.utf8.count < 66_000)
    let acknowledgement = Acknowledgement(
      machine: "m", because: Self.text(8_000_000), until: 1, author: author)
    #expect(acknowledgement.because.utf8.count < 66_000)
  }
}
