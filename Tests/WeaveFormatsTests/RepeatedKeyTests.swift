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

  @Test("is no report of a machine")
  func report() {
    let id = String(repeating: "1", count: 40)
    let text =
      #"{"schema": "weave.manifest/1", "machine": "a", "machine": "b", "projects": {"p": {"rev": "\#(id)"}}}"#
    #expect(throws: FileFormatError.self) { try ReportedState.read(Array(text.utf8), file: "r.json") }
  }
}
