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

  @Test("is 200 bytes in one line among many, with a mark, and no secret that is cut in two")
  func line() {
    #expect(FreeText.line("first\nsecond") == "first")
    #expect(FreeText.line(String(repeating: "r", count: 200)) == String(repeating: "r", count: 200))
    #expect(
      FreeText.line(String(repeating: "r", count: 60_000)) == String(repeating: "r", count: 197) + "…")
    #expect(FreeText.line(String(repeating: "é", count: 60_000)).utf8.count <= 200)
    for filler in 0..<420 {
      let url = "https://joe:hunter2\(String(repeating: "x", count: 300))@example.org/"
      let text = String(repeating: "r", count: filler) + " " + url + " end"
      #expect(!FreeText.line(text).contains("hunter2"), "\(filler)")
    }
    for filler in 1_600..<2_100 {
      let text = String(repeating: "r", count: filler) + " https://joe:hunter2xxx@example.org/ end"
      #expect(!FreeText.listed(text).contains("hunter2"), "\(filler)")
    }
  }

  @Test("is 1,000 bytes where a document has it in many places, with a mark")
  func listed() {
    #expect(FreeText.listed("first\nsecond") == "first\nsecond")
    #expect(
      FreeText.listed(String(repeating: "r", count: 60_000))
        == String(repeating: "r", count: 1_000) + " … [cut: it has 60000 bytes]")
  }

  @Test("says why something was revoked by the beginning of its first line, and of many members the first")
  func sentence() throws {
    let members = try CommitSet(
      (0..<1_000).map {
        Member(
          project: try ProjectName("p\($0)"), commit: CommitID(hex: String(repeating: "c", count: 40))!)
      })
    let event = Event(
      id: Self.event("").id,
      message: EventMessage(
        claim: .revoke(members, given: nil), ledger: Self.event("").ledger,
        text: String(repeating: "r", count: 60_000), evidence: []), author: Self.event("").author)
    #expect(event.reasonLine.utf8.count == 200)
    #expect(event.revocationSentence.contains(" and 980 more: rrr"))
    #expect(event.revocationSentence.utf8.count < 1_000)
  }

  @Test("is 200 bytes as the name of an author, with a mark")
  func author() {
    let author = Author(
      name: String(repeating: "E", count: 60_000), email: String(repeating: "e", count: 60_000), seconds: 0,
      offsetMinutes: 0)
    #expect(author.name == String(repeating: "E", count: 197) + "…")
    #expect(author.email.utf8.count == 200)
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
