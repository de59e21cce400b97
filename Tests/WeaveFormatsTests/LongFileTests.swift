import TestSupport
import Testing
import WeaveFormats
import WeaveModel

/// A file that somebody made to keep a reader busy: what takes a time that grows as a square takes hours at these lengths.
@Suite("A file of a hundred kilobytes that means nothing keeps no reader busy")
struct LongFileTests {
  private static let length = 100_000
  /// Of the thread's own time: a machine that is busy says nothing of a reader.
  private static let mostSeconds = 20.0

  private static let files: [String: String] = {
    func repeated(_ text: String) -> String { String(repeating: text, count: length / text.utf8.count) }
    return [
      "one word": repeated("a"), "words": repeated("a "), "lines": repeated("a\n"), "blanks": repeated(" "),
      "dots": "inputs" + repeated(".a"), "equals": repeated("a="), "open braces": repeated("{"),
      "open brackets": repeated("["), "open tags": repeated("<a>"), "comments": repeated("<!--"),
      "stars": repeated("/*"),
      "hashes": repeated("#"), "quotes": repeated("\""), "single quotes": repeated("'"),
      "backslashes": repeated("\\"),
      "a string": "\"" + repeated("a"), "an indented string": "''" + repeated("'a"),
      "keys": repeated("a: b\n"),
      "nested keys": repeated("a: "), "items": repeated("- "), "flow": "{" + repeated("a: b, "),
      "list": "[" + repeated("a, "),
      "ampersands": repeated("&a "), "aliases": repeated("*a "), "marks": repeated("e\u{301}"),
      "prepended": repeated("\u{D4E}"),
      "one cluster": "e" + repeated("\u{301}"), "sections": repeated("[a \"b\"]\n"),
      "paths": "path = " + repeated("../"),
      "assignments": repeated("a = "), "sums": "a = ''" + repeated(" + ''"),
      "inputs": repeated("inputs.a.url = \"x\";\n"),
      "trailers": "s\n\n" + repeated("Depends-On: a@b\n"), "commas": "s\n\nDepends-On: " + repeated(",a@"),
      "objects": repeated("{\"a\":"), "carriage returns": repeated("\r"),
      "attributes": "<a " + repeated("b='c' "),
    ]
  }()

  @Test("of a flake's inputs", arguments: files.keys.sorted())
  func flake(name: String) {
    #expect(cpuSeconds { _ = FlakeSource.inputs(in: Self.files[name] ?? "") } < Self.mostSeconds)
  }

  @Test("of a constellation", arguments: files.keys.sorted())
  func constellation(name: String) {
    let time = cpuSeconds {
      #expect(throws: ConstellationError.self) {
        try Constellation(parsing: Self.files[name] ?? "", file: "f")
      }
    }
    #expect(time < Self.mostSeconds)
  }

  @Test("of a message's trailers, or of what machines report", arguments: files.keys.sorted())
  func message(name: String) {
    let bytes = Array((Self.files[name] ?? "").utf8)
    let time = cpuSeconds {
      _ = CommitTrailers.pins(inMessage: bytes)
      _ = try? ReportedState.read(bytes, file: "f")
    }
    #expect(time < Self.mostSeconds)
  }

  @Test("nor does one of megabytes in which a long name, or a sum, is repeated for each of many lines")
  func products() {
    #expect(cpuSeconds(Self.readProducts) < Self.mostSeconds)
  }

  private static func readProducts() {
    let section =
      "[a \"" + String(repeating: "x", count: 1_000_000) + "\"]\n"
      + String(repeating: "\ty=1\n", count: 20_000)
    #expect(throws: FileFormatError.self) {
      try WorkspaceFile.read(Array(section.utf8), as: .gitmodules, at: "f")
    }
    let word = "'" + String(repeating: "a", count: 100) + "'"
    let sum = "x = \(word)" + String(repeating: "+\(word)", count: 8_000) + "\n"
    #expect(throws: FileFormatError.self) { try WorkspaceFile.read(Array(sum.utf8), as: .deps, at: "f") }
    let variables = (0..<100).map { "'v\($0)': '" + String(repeating: "a", count: 4_000) + "'," }.joined()
    let entries = (0..<5_000).map { "'p\($0)': 'https://h/{v\($0 % 100)}'," }.joined()
    let file = try? WorkspaceFile.read(
      Array("vars = {\(variables)}\ndeps = {\(entries)}\n".utf8), as: .deps, at: "f")
    #expect((file?.projects ?? []).reduce(0) { $0 + ($1.url?.utf8.count ?? 0) } < 9 << 20)
  }

  @Test("of another tool's manifest", arguments: WorkspaceFormat.allCases)
  func manifest(format: WorkspaceFormat) {
    for (name, text) in Self.files {
      let time = cpuSeconds { _ = try? WorkspaceFile.read(Array(text.utf8), as: format, at: "f") }
      #expect(time < Self.mostSeconds, "\(name)")
    }
  }
}
