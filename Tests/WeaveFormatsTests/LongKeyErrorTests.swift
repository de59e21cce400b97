import Testing
import WeaveFormats

@Suite("An error about a long name or key in a file of another tool") struct LongKeyErrorTests {
  private static let long = String(repeating: "n", count: 5_000)

  @Test(
    "quotes the beginning of it, and says what is wrong",
    arguments: [
      (
        "{\"version\": 7, \"root\": \"root\", \"nodes\": {\"\(long)\": {\"inputs\": 1}}}", .flake,
        "a value of another type was expected in nodes.n"
      ),
      ("{\"\(long)\": 1, \"\(long)\": 2}", .flake, "' twice"),
      ("manifest:\n  ? \(long)\n  : 1\n  ? \(long)\n  : 2\n", .west, "' is given twice"),
      ("<\(long)/>", .repo, "expected <manifest>, found <n"),
      ("<\(long)/>", .jiri, "expected <manifest>, found <n"),
      ("\(long) = 'a' 1", .deps, "' does not end here"),
    ] as [(String, WorkspaceFormat, String)])
  func quoted(text: String, format: WorkspaceFormat, rest: String) throws {
    let said = try #require(refusal(text, format))
    #expect(said.utf8.count < 500, "\(said.prefix(300))")
    #expect(said.contains("n…") && said.contains(rest), "\(said)")
  }

  @Test("and so does what is told of a file with whose rest weave goes on")
  func told() throws {
    let file = try read("[submodule \"\(Self.long)\"]\n\tpath = a\n\turl = b\n\tpath = c\n", .gitmodules)
    #expect(file.problems.count >= 1)
    #expect(file.problems.allSatisfy { $0.utf8.count < 500 }, "\(file.problems)")
    #expect(
      file.problems.contains { $0.hasSuffix("…' has a second 'path': passed over") }, "\(file.problems)")
  }
}
