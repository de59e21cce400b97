import TestSupport
import Testing

@testable import WeaveModel

@Suite("What ends a line to YAML 1.1 alone, or is a carriage return without a line feed")
struct OddBreakTests {
  private func refusal(_ text: String) -> String? {
    let error = #expect(throws: ConstellationError.self) { try Constellation(parsing: text, file: "f") }
    return error.map { "\($0)" }
  }

  static let breaks = ["\r", "\u{85}", "\u{2028}", "\u{2029}"]
  private static let head = "constellation: c\nprojects: {}\n"

  @Test(
    "is refused outside of quotes, with its place: what follows a comment there would be a key",
    arguments: breaks)
  func outside(end: String) {
    for (text, place) in [
      ("# note\(end)data: { hidden: \"yes\" }\n", "f:3:7: "), ("data: x\(end)  y\n", "f:3:8: "),
      ("data: |\n  x\(end)  y\n", "f:4:4: "), ("\(end)data: [x]", "f:3:1: "),
      ("data: [\"é\(end)\", it's # \"\(end) ]\n", "f:4:12: "),
      ("data: \"x\" #'\(end)#'", "f:3:13: "),
    ] {
      let said = refusal(Self.head + text)
      #expect(said?.hasPrefix(place) == true && said?.contains("ends a line here") == true, "\(said ?? "")")
    }
  }

  @Test("is read in quotes, in YAML and JSON", arguments: ["\u{2028}", "\u{2029}"])
  func quoted(end: String) throws {
    for data in ["\"a\(end)b\" # c", "'a\(end)b'", "{\"it's\": \"a\(end)b\"}"] {
      let text = Self.head + "data: \(data)\r\n"
      #expect("\(String(describing: try Constellation(parsing: text, file: "f").data))".contains("a\(end)b"))
    }
  }

  @Test("is found wherever libyaml makes something else of the text with a letter there", arguments: 0..<20)
  func anyText(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let parts = [
      "\"", "\"", "'", "\u{2028}", "\u{2028}", "\u{2029}", "\u{85}", "\r", " ", " ", "\n", "\n  ", "\n- ",
      "- ",
      ": ", ":", "a", "a: ", ", ", "[", "]", "{", "}", " #", "#", "|\n  ", ">-\n ", "? ", "&a ", "!t ",
      "\r\n",
      "\n---\n", "\"a\"", "'a'", "é", "- \"a\"\n", "\"a\u{2028}", "\u{2029}a\"", "'\u{85}'",
    ]
    var (quoted, refused) = (0, 0)
    for _ in 0..<3_000 {
      let text = (0..<Int.random(in: 2...12, using: &random)).map { _ in
        parts[Int.random(in: 0..<parts.count, using: &random)]
      }.joined()
      var values = 0
      guard
        Self.breaks.contains(where: {
          text.replacing("\r\n", with: "\n").unicodeScalars.contains($0.unicodeScalars.first!)
        }),
        let read = try? YAMLDocument.root(of: text, file: "f", values: &values)
      else { continue }
      guard YAMLQuotes.firstOddBreak(in: text) == nil else {
        refused += 1
        continue
      }
      quoted += 1
      let letters = String(
        decoding: text.replacing("\r\n", with: "\n").unicodeScalars.map {
          Self.breaks.contains(String($0)) ? "x" : $0
        }.flatMap { Array(String($0).utf8) }, as: UTF8.self)
      let other = try? YAMLDocument.root(of: letters, file: "f", values: &values)
      #expect(Self.shape(other) == Self.shape(read), "\(text.debugDescription)")
    }
    #expect(quoted > 2 && refused > 50, "\(quoted) \(refused)")
  }

  private static func shape(_ element: YAMLElement?) -> String {
    switch element?.content {
    case nil: ""
    case .text: "t"
    case .list(let list): "[\(list.map(shape).joined())]"
    case .mapping(let entries): "{\(entries.map { shape($0.value) }.joined(separator: ","))}"
    }
  }
}

@Suite("How many machines a text names, before its ranges are expanded")
struct ConstellationDraftTests {
  private func machines(_ text: String) throws -> Int {
    var values = 0
    return try ConstellationDraft(parsing: text, file: "f", values: &values).machines
  }

  @Test(
    "is what its ranges and guests multiply to",
    arguments: [
      ("constellation: c\n", 0),
      ("machines: {a: {}, b: {}}\n", 2),
      ("machines: {'a[1:99999]': {}}\n", 99_999),
      ("machines: {'a[01:10:3]b[x:z]': {}}\n", 12),
      ("machines: {'a[1:10]': {vms: {b: {}, 'c[1:4]': {containers: {d: {}}}}}}\n", 100),
      ("x: &g {vms: {'v[1:1000]': {}}}\nmachines: {'a[1:1000]': *g, 'b[1:1000]': *g}\n", 2_002_000),
      ("machines: {'a[': {}}\n", 1),
      ("machines: []\n", 0),
    ])
  func count(text: String, machines: Int) throws {
    #expect(try self.machines(text) == machines)
  }

  @Test("is never less than they are")
  func exact() throws {
    let text = "constellation: c\nprojects: {}\nmachines: {'a[1:9]': {}, a3: {}, b: {vms: {'g[1:3]': {}}}}\n"
    #expect(try machines(text) >= Constellation(parsing: text, file: "f").machines.count)
  }

  @Test("overflows nothing, however deep the guests are")
  func deep() throws {
    let text =
      "machines:\n"
      + (0..<40).map {
        "\(String(repeating: " ", count: 2 * $0 + 1))'a[1:99999]':\n"
          + "\(String(repeating: " ", count: 2 * $0 + 2))vms:\n"
      }.joined()
    #expect(try machines(text) > 200_000)
  }
}
