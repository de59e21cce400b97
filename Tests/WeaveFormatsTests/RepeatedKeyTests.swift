import TestSupport
import Testing
import WeaveFormats

@Suite("JSON in which an object has a key twice") struct RepeatedKeyTests {
  @Test(
    "is refused: of two values readers take now the first, now the last",
    arguments: [
      #"{"version": 7, "root": "r", "nodes": {"r": {"inputs": {"a": "n"}}, "n": {}, "n": {}}}"#,
      #"{"version": 7, "root": "r", "root": "r", "nodes": {"r": {}}}"#,
      #"{"version": 7, "root": "r", "nodes": {"r": {"inputs": {"a": "n", "\u0061": "n"}}, "n": {}}}"#,
    ])
  func flakeLock(text: String) {
    #expect(throws: FileFormatError.self) {
      try WorkspaceFile.read(Array(text.utf8), as: .flake, at: "flake.lock", from: "https://h/") { _ in nil }
    }
  }

  @Test("is read where two objects have the same key")
  func apart() throws {
    let text =
      #"{"version": 7, "root": "r", "nodes": {"r": {"inputs": {"a": "n"}}, "n": {"inputs": {"a": ["a"]}}}}"#
    _ = try WorkspaceFile.read(Array(text.utf8), as: .flake, at: "flake.lock", from: "https://h/") { _ in nil
    }
  }

  @Test(
    "is refused in whatever spelling",
    arguments: [
      (#"\n"#, #"\u000a"#), (#"\""#, #"\u0022"#), (#"\\"#, #"\u005C"#), (#"\/"#, "/"),
      (#"\b\f"#, #"\u0008\u000c"#),
      (#"\r\t"#, #"\u000D\u0009"#), ("\u{1F600}", #"\ud83d\uDE00"#), ("\u{e9}", #"e\u0301"#),
    ])
  func spelling(one: String, other: String) {
    let text = #"{"version": 7, "root": "r", "nodes": {"r": {}, "\#(one)": {}, "\#(other)": {}}}"#
    let error = #expect(throws: FileFormatError.self) {
      try WorkspaceFile.read(Array(text.utf8), as: .flake, at: "flake.lock", from: "https://h/") { _ in nil }
    }
    #expect(error?.description.contains("it has the key '") == true, "\(String(describing: error))")
  }

  @Test("is looked for in keys with escapes at little more cost than in others")
  func cost() throws {
    func time(_ key: String) -> Double {
      let keys = (0..<100_000).map { "\"\(key)\($0)\": 1" }.joined(separator: ",")
      let text = "{\"version\": 8, \"root\": \"r\", \"nodes\": {\(keys)}}"
      return cpuSeconds {
        _ = try? WorkspaceFile.read(Array(text.utf8), as: .flake, at: "flake.lock", from: "https://h/") { _ in
          nil
        }
      }
    }
    let (plain, escaped) = (time("xt"), time(#"\t"#))
    #expect(escaped < 2 * plain, "\(escaped) s, and without escapes \(plain) s")
  }

  @Test("is no report of a machine")
  func report() {
    let id = String(repeating: "1", count: 40)
    let text =
      #"{"schema": "weave.manifest/1", "machine": "a", "machine": "b", "projects": {"p": {"rev": "\#(id)"}}}"#
    #expect(throws: FileFormatError.self) { try ReportedState.read(Array(text.utf8), file: "r.json") }
  }
}
