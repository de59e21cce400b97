import Testing
import WeaveModel

@testable import WeaveStore

@Suite("The message of a lock or an observation") struct RecordMessageTests {
  @Test(arguments: ["c", "\u{301}c", " c ", "a: b", ":", "x-- >8", "---", "日本語"])
  func `holds any name, and gives it back to the byte`(name: String) throws {
    let fixture = try StoreFixture()
    let resolution = try fixture.store.write(ResolutionTree(machines: [:]))
    let id = try fixture.store.adopt(
      resolution, for: name, version: nil, text: "why\n\nand \u{301}why", author: StoreFixture.author)
    let lock = try fixture.store.lock(id)
    #expect(lock.constellation.utf8.elementsEqual(name.utf8))
    #expect(lock.text == "why\n\nand \u{301}why")
    #expect(lock.resolution == resolution)
  }

  @Test(arguments: [
    "", "lock c", "lock c\n", "lock c\n\nWeave-Lock: c", "lock c\n\nWeave-Lock: c\n\n", "\n\nWeave-Lock: c\n",
    "lock c\nmore\n\nWeave-Lock: c\n", "lock c\n\nWeave-Lock: \n", "lock c\n\nWeave-Lock:c\n",
    "lock c\n\n: c\n", "lock c\n\nWeave-Lock: c\nprose\n", "lock c\r\n\r\nWeave-Lock: c\r\n",
    "lock c\n\nWeave-Lock: c\u{1B}[2J\n", "lock c\n\nWeave-Lock: c\0\n",
  ])
  func `is none when it is laid out in any other way`(text: String) {
    #expect(RecordMessage(parsing: Array(text.utf8)) == nil)
  }

  @Test func `keeps a text of any length, of which the beginning is shown`() throws {
    let text = String(repeating: "word ", count: 1_000_000)
    let message = try #require(RecordMessage(parsing: Array("lock c\n\n\(text).\n\nWeave-Lock: c\n".utf8)))
    #expect(message["Weave-Lock"] == "c")
    #expect(message.storedText == text + ".")
    let long = RecordMessage(subject: "lock c", text: text, trailers: [("Weave-Lock", "c")])
    #expect(throws: UnwritableEvent.self) { try long.encoded() }
  }

  @Test func `does not say what it says twice`() throws {
    let message = try #require(RecordMessage(parsing: Array("lock c\n\nWeave-Lock: c\nWeave-Lock: d\n".utf8)))
    #expect(message["Weave-Lock"] == nil)
    #expect(message.values(of: "Weave-Lock") == ["c", "d"])
  }

  @Test(arguments: ["", "c\nWeave-Lock: d", "c\u{1B}[2J"])
  func `is not written when it would not read back`(name: String) {
    let message = RecordMessage(subject: "lock", trailers: [("Weave-Lock", name)])
    #expect(throws: UnwritableEvent.self) { try message.encoded() }
  }
}
