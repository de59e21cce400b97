import TestSupport
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
      (#"say "\ud83d\ude00" ok"#, #"say "\ud83d\ude00" ok"#), (#"a,"\ud83d\ude00""#, #"a,"\ud83d\ude00""#),
      ("say\n  \"\\ud83d\\ude00\" ok", #"say "\ud83d\ude00" ok"#),
      ("x # \"\n# \"\\ud83d\\ude00\"", "x"),
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

  @Test("is one in a double-quoted scalar after an empty block scalar, and after a plain one that has ended")
  func afterEnds() throws {
    let text = """
      constellation: c
      projects: {}
      data:
        a:
          - |
          - "\\ud83d\\ude00"
          - say "
          - "\\ud83d\\ude00"
        "\\ud83d\\ude00": it's
      """
    #expect(
      try data(text)
        == .object([
          ("a", .array([.string(""), .string("\u{1F600}"), .string("say \""), .string("\u{1F600}")])),
          ("\u{1F600}", .string("it's")),
        ]))
  }

  @Test("is read in no other scalar than libyaml reads another escape in", arguments: 0..<20)
  func anyText(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let parts = [
      "\"", "\"", "'", "P", "P", " ", " ", "\n", "\n  ", "\n- ", "- ", ": ", ":", "a", "a: ", ", ", ",", "[",
      "]",
      "{", "}", " #", "#", "|\n  ", ">-\n ", "|2\n   ", "\\\\", "? ", "&a ", "!t ", "\u{85}", "\u{2028}",
      "\r\n", "\n---\n", "\"P\"",
      "- \"P\"\n", "a: \"P\"\n", "'P'", "é",
    ]
    var readable = 0
    for _ in 0..<2_000 {
      let text = (0..<Int.random(in: 2...12, using: &random)).map { _ in
        parts[Int.random(in: 0..<parts.count, using: &random)]
      }.joined()
      // What libyaml makes of the same with an escape that it knows.
      let plain = text.replacing("P", with: #"\U0001f601"#)
      guard let expected = try? YAMLDocument.root(of: plain, file: "f") else { continue }
      readable += 1
      let pairs = text.replacing("P", with: #"\ud83d\ude01"#)
      let read = Self.texts(try? YAMLDocument.root(of: pairs, file: "f"))
      #expect(
        read.map { $0.replacing(#"\ud83d\ude01"#, with: #"\U0001f601"#) } == Self.texts(expected), "\(pairs)")
    }
    #expect(readable > 100)
  }

  private static func texts(_ element: YAMLElement?) -> [String] {
    guard let element else { return [] }
    switch element.content {
    case .text(let text): return [text]
    case .list(let list): return list.flatMap(texts)
    case .mapping(let entries): return entries.flatMap { [$0.key] + texts($0.value) }
    }
  }
}
