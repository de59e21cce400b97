import TestSupport
import Testing
import WeaveModel

@Suite("An event's message")
struct EventMessageTests {
  @Test func `is a subject, free text and one block of trailers`() throws {
    let message = EventFixtures.message(
      "Deployed on toto, DNS answers after a reboot.", evidence: ["https://ci.example/412"])
    #expect(
      String(decoding: try message.encoded(), as: UTF8.self) == """
        link laurelin@0101010 telperion@0202020

        Deployed on toto, DNS answers after a reboot.

        Weave-Event: link
        Weave-Ledger: 5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b/joe-3f9a12c4
        Weave-Member: laurelin 0101010101010101010101010101010101010101
        Weave-Member: telperion 0202020202020202020202020202020202020202
        Weave-Evidence: https://ci.example/412

        """)
  }

  @Test func `of a revocation records the link it was given by`() throws {
    let message = EventFixtures.message(
      claim: .revoke(EventFixtures.set("a1"), given: EventFixtures.event(7)))
    let lines = String(decoding: try message.encoded(), as: UTF8.self).split(separator: "\n")
    #expect(lines.first == "revoke a@0101010")
    #expect(lines.last == "Weave-Revokes: \(EventFixtures.event(7))")
    #expect(try EventMessage(parsing: message.encoded(), hasEncodingHeader: false) == message)
  }

  @Test func `of a withdrawal names the event and no commits`() throws {
    let message = EventFixtures.message(claim: .withdraw(EventFixtures.event(9)))
    let text = String(decoding: try message.encoded(), as: UTF8.self)
    #expect(text.hasPrefix("withdraw 09eeeee\n\nWeave-Event: withdraw\n"))
    #expect(!text.contains("Weave-Member"))
  }

  @Test func `has a subject of 72 columns at most, unless one member alone is longer`() throws {
    let many = EventFixtures.set((1...9).map { "project\($0)x1" }.joined(separator: " "))
    let subject = String(
      decoding: try EventFixtures.message(claim: .link(many)).encoded().prefix { $0 != 10 }, as: UTF8.self)
    #expect(subject == "link project1x@0101010 project2x@0101010 project3x@0101010 ... (+6)")

    let long = String(repeating: "x", count: 64)
    let pair = EventFixtures.set("\(long)1 y1")
    let wide = try EventFixtures.message(claim: .link(pair)).encoded().prefix { $0 != 10 }
    #expect(String(decoding: wide, as: UTF8.self) == "link \(long)@0101010 ... (+1)")
  }

  @Test func `reads back as what was written, whatever the text`() throws {
    var generator = SeededGenerator(seed: 41)
    for _ in 0..<300 {
      let message = EventHostileTexts.message(using: &generator)
      let bytes = try message.encoded()
      let read = try EventMessage(parsing: bytes, hasEncodingHeader: false)
      #expect(try read == message.normalized())
      #expect(try read.encoded() == bytes, "writing what was read changes nothing")
      #expect(bytes.last == 10 && bytes.dropLast().last != 10)
    }
  }

  @Test(arguments: [
    ("a\r\nb", "a\nb"), ("a  \n\t\nb\t", "a\n\nb"), ("\n\na\n\n\n\nb\n\n", "a\n\nb"), (" \n\t\n", ""),
    ("---", " ---"), ("--- a/file", " --- a/file"), ("# ---- >8 ----", " # ---- >8 ----"),
    ("weave-event: x\nprose", " weave-event: x\nprose"), ("Fixes: 12", " Fixes: 12"),
    ("prose\nSigned-off-by: Eve", "prose\n Signed-off-by: Eve"),
    ("Note: this\nis prose", "Note: this\nis prose"),
    ("-- a list", "-- a list"), ("\u{202E}kept", "\u{202E}kept"), ("e\u{301}", "e\u{301}"),
  ])
  func `keeps the text but for what could deceive`(given: String, written: String) throws {
    let text = try EventFixtures.message(given).normalized().text
    #expect(Array(text.utf8) == Array(written.utf8))
  }

  @Test(arguments: ["\u{0}", "a\rb", "\u{1B}[31m", "\u{7F}", "\u{B}", "\u{C}"])
  func `refuses control bytes in the text and the evidence`(text: String) {
    #expect(throws: UnwritableEvent.self) { try EventFixtures.message(text).encoded() }
    #expect(throws: UnwritableEvent.self) { try EventFixtures.message(evidence: ["a\(text)b"]).encoded() }
  }

  @Test(arguments: ["", "  \t", "two\nlines", "line\n", "\nline"])
  func `refuses evidence that is not one line`(evidence: String) {
    #expect(throws: UnwritableEvent.self) { try EventFixtures.message(evidence: [evidence]).encoded() }
  }

  @Test func `refuses a link of one commit and a revocation of none`() {
    #expect(throws: UnwritableEvent(reason: "a link ties two commits or more, and this has 1")) {
      try EventFixtures.message(claim: .link(EventFixtures.set("a1"))).encoded()
    }
    #expect(throws: UnwritableEvent(reason: "a revocation names one commit or more, and this has none")) {
      try EventFixtures.message(claim: .revoke(EventFixtures.set(""), given: nil)).encoded()
    }
  }
}

@Suite("A ledger's id")
struct EventLedgerTests {
  @Test func `is the store's and the writer's`() throws {
    let text = "0123456789abcdef0123456789abcdef/joe-1"
    #expect(LedgerID(parsing: text)?.description == text)
  }

  @Test(arguments: [
    "", "/", "joe", "0123456789abcdef0123456789abcdef", "0123456789abcdef0123456789abcdef/",
    "0123456789abcdef0123456789abcdeF/joe", "0123456789abcdef0123456789abcde/joe",
    "0123456789abcdef0123456789abcdef/joe/x", "0123456789abcdef0123456789abcdef/Joe",
    "0123456789abcdef0123456789abcdef//joe",
  ])
  func `is nothing else`(text: String) {
    #expect(LedgerID(parsing: text) == nil)
  }
}
