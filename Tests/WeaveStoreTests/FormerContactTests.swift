import Git
import Testing
import WeaveModel
import WeaveStore

@Suite("How machines were reached that are gone")
struct FormerContactTests {
  @Test("is known by any spelling of the name, however long that is")
  func spellings() throws {
    let fixture = try StoreFixture()
    let store = fixture.store
    let long = String(repeating: "m", count: 400)
    let (composed, decomposed) = (
      String(repeating: "\u{e9}", count: 100), String(repeating: "e\u{301}", count: 100)
    )
    try store.accept(author: StoreFixture.author) { accepted in
      let isRemembered = accepted.remember(
        contacts: ["tot\u{e9}": "10.0.0.1", long: "10.0.0.2", composed: "10.0.0.3"], forgetting: [],
        in: "canon")
      #expect(isRemembered)
    }
    let accepted = try store.acceptedEntries()
    #expect(accepted.formerContact(of: "tote\u{301}", in: "canon") == "10.0.0.1")
    #expect(accepted.formerContact(of: long, in: "canon") == "10.0.0.2")
    #expect(accepted.formerContact(of: "toto", in: "canon") == nil)
    #expect(accepted.formerContact(of: decomposed, in: "canon") == "10.0.0.3")
    try store.accept(author: StoreFixture.author) { accepted in
      let isForgotten = accepted.remember(
        contacts: [:], forgetting: ["tote\u{301}", long, decomposed], in: "canon")
      #expect(isForgotten)
    }
    #expect(try !store.acceptedEntries().hasFormerContacts(in: "canon"))
  }

  @Test("is not more than can be read again, of however many constellations, and what is there stays")
  func bound() throws {
    let fixture = try StoreFixture()
    let store = fixture.store
    var remembered = 0
    try store.accept(author: StoreFixture.author) { accepted in
      for number in 0..<10 {
        let contacts = Dictionary(
          uniqueKeysWithValues: (0..<5_000).map { ("machine-\(number)-\($0)", "10.0.0.1") })
        if accepted.remember(
          contacts: contacts, forgetting: [], in: String(repeating: "c", count: 150) + "\(number)")
        {
          remembered += 1
        }
      }
    }
    #expect((1..<10).contains(remembered))
    let accepted = try store.acceptedEntries()
    #expect(
      accepted.formerContact(of: "machine-0-1", in: String(repeating: "c", count: 150) + "0") == "10.0.0.1")
  }

  @Test("has 4 MiB, to the byte")
  func size() throws {
    let fixture = try StoreFixture()
    try fixture.store.accept(author: StoreFixture.author) { accepted in
      let line = "c m \n".utf8.count
      func remember(_ size: Int, of name: String) -> Bool {
        accepted.remember(
          contacts: [name: String(repeating: "x", count: size - line)], forgetting: [], in: "c")
      }
      #expect(!remember((4 << 20) + 1, of: "m"))
      #expect(remember((4 << 20) - line - 1, of: "m"))
      #expect(!remember(line + 2, of: "n") && remember(line + 1, of: "n"))
    }
    #expect(try fixture.store.acceptedEntries().formerContact(of: "n", in: "c") == "x")
  }
}
