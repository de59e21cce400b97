import Git
import TestSupport
import Testing
import WeaveModel

@testable import WeaveStore

@Suite("When a stored hold or acknowledgement ends") struct StoredEndTests {
  private let fixture: StoreFixture
  private let member: Member

  init() throws {
    fixture = try StoreFixture()
    let commit = try fixture.source.commit("one")
    try fixture.fetch()
    member = try fixture.member(commit)
  }

  private func hold(until: String?) throws {
    try fixture.store.hold(
      member, on: "toto", because: "it works", until: until, author: StoreFixture.author)
  }

  @Test(
    "a hold whose end is no date is damaged, and counts for nothing",
    arguments: [
      "2026-13-01", "2026-02-30", "0000-01-01", "soon", "https://u:SECRET@h/x", "1e5",
      "2026-12-01T18:00:00Z and on",
    ])
  func noDate(until: String) throws {
    try hold(until: until)
    #expect(try fixture.store.holds().isEmpty)
    #expect(
      try fixture.store.damagedTexts() == [
        "the hold telperion@toto is damaged; `weave release MACHINE PROJECT` removes it"
      ])
  }

  @Test("a hold that says its end twice is damaged: it is none without an end")
  func twice() throws {
    let text = """
      hold telperion on toto

      it works

      Weave-Machine: toto
      Weave-Hold: telperion \(member.commit)
      Weave-Until: 2026-12-01
      Weave-Until: 2027-12-01
      Weave-Author: Ann <ann@example.org> 1700000000 +0100

      """
    let version = try fixture.store.repository.writeBlob(Array(text.utf8))
    try fixture.store.updateManifest(subject: "hold", author: StoreFixture.author) {
      $0.texts[.holds] = ["telperion@toto": Manifest.StoredText(version: version, audience: .public)]
    }
    #expect(try fixture.store.holds().isEmpty)
    #expect(try fixture.store.damagedTexts().count == 1)
  }

  @Test("a hold ends when it says, or never", arguments: [nil, "2026-12-01", "2026-12-01T18:00:00+02:00"])
  func date(until: String?) throws {
    try hold(until: until)
    #expect(try fixture.store.holds().map(\.hold.until) == [until])
    #expect(try fixture.store.damagedTexts() == [])
  }

  @Test(
    "an acknowledgement whose end no calendar of four digits has is damaged, and counts for nothing",
    arguments: [.max, .min, 253_402_300_800, -62_135_596_801] as [Int64])
  func noMoment(until: Int64) throws {
    try fixture.store.acknowledge("toto", because: "known", until: until, author: StoreFixture.author)
    #expect(try fixture.store.acknowledgements().isEmpty)
    #expect(
      try fixture.store.damagedTexts() == [
        "the acknowledgement toto is damaged; `weave status --unack MACHINE` removes it"
      ])
  }

  @Test("the last second of the year 9999 is one")
  func lastMoment() throws {
    try fixture.store.acknowledge(
      "toto", because: "known", until: 253_402_300_799, author: StoreFixture.author)
    #expect(try fixture.store.acknowledgements().map(\.until) == [253_402_300_799])
  }
}
