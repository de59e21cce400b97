import Testing

@testable import WeaveModel

@Suite("A pair of surrogates, as JSON spells a character beyond U+FFFF")
struct SurrogatePairTests {
  private func data(_ text: String) throws -> JSONValue? { try Constellation(parsing: text, file: "f").data }

  @Test("is that character in a constellation in JSON")
  func json() throws {
    let text =
      #"{"constellation": "c", "projects": {}, "priority": [], "data": "a\ud83d\ude00b \uD83D\uDE00"}"#
    #expect(try data(text) == .string("a\u{1F600}b \u{1F600}"))
  }

  @Test("leaves the lines of errors as they are")
  func lines() {
    let text = "{\"constellation\": \"c\",\n\"data\": \"\\ud83d\\ude00\",\n\"nonsense\": 1}"
    let error = #expect(throws: ConstellationError.self) { try Constellation(parsing: text, file: "f") }
    #expect(error?.line == 3)
  }

  @Test(
    "half of one is an error still, as is what only looks like one",
    arguments: [#"\ud83d"#, #"\ude00"#, #"\ud83dx"#, #"\ude00\ud83d"#])
  func half(escape: String) {
    #expect(throws: ConstellationError.self) {
      try data(#"{"constellation": "c", "projects": {}, "priority": [], "data": "\#(escape)"}"#)
    }
  }

  @Test(
    "is no escape where YAML has none: behind a backslash, in single quotes, a plain or a block scalar, a comment",
    arguments: [
      (#""\\ud83d\\ude00""#, #"\ud83d\ude00"#), (#"'a "\ud83d\ude00"'"#, #"a "\ud83d\ude00""#),
      (#"it's \ud83d\ude00"#, #"it's \ud83d\ude00"#), (#"x # "\ud83d\ude00"#, "x"),
      ("|\n  a \"\\ud83d\\ude00\"\n", "a \"\\ud83d\\ude00\"\n"),
      ("|-\n  a\n\n   \"\\ud83d\\ude00\"", "a\n\n \"\\ud83d\\ude00\""),
    ])
  func other(value: String, read: String) throws {
    #expect(try data("constellation: c\nprojects: {}\ndata: \(value)") == .string(read))
  }

  @Test("is one in a double-quoted scalar behind any of these")
  func afterOthers() throws {
    let text =
      "constellation: c\nprojects: {}\ndata:\n  - |\n    a 'b \"\n  - it's\n  - 'it''s'\n  - \"\\ud83d\\ude00\"\n"
    #expect(
      try data(text)
        == .array([
          .string("a 'b \"\n"), .string("it's"), .string("it's"), .string("\u{1F600}"),
        ]))
  }
}
