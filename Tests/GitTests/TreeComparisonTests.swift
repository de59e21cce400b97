import ForeignText
import Git
import TestSupport
import Testing

@Suite("Two trees, compared")
struct TreeComparisonTests {
  private let scratch: TestRepository
  private let directory: TemporaryDirectory

  init() throws {
    directory = try TemporaryDirectory()
    scratch = try TestRepository.create(at: directory.path, bare: true)
  }

  private func tree(_ entries: [(String, String)]) throws -> ObjectID {
    let lines = try entries.map { name, text in
      if text == "folder" {
        let inner = try scratch.git(["mktree"], input: Array("100644 blob \(blob("x"))\tx\n".utf8))
        return "040000 tree \(inner)\t\(name)\n"
      }
      return "100644 blob \(try blob(text))\t\(name)\n"
    }
    return try #require(
      ObjectID(hex: scratch.git(["mktree", "--missing"], input: Array(lines.joined().utf8))))
  }

  private func blob(_ text: String) throws -> String {
    try scratch.git(["hash-object", "-w", "--stdin"], input: Array(text.utf8))
  }

  /// What `git diff-tree` says.
  private func expected(_ before: ObjectID, _ after: ObjectID) throws -> [String] {
    let changes = try scratch.git("diff-tree", "--no-renames", "--name-only", "-z", "\(before)", "\(after)")
    return changes.split(separator: "\0").map(String.init)
  }

  @Test("differ where git's own diff-tree says so, whatever is in both")
  func agreement() throws {
    var random = SeededGenerator(seed: 26)
    let names = ["a", "a.b", "a-", "a0", "b", "é", "e\u{301}", "z z"]
    var comparison = TreeComparison(in: try Repository.open(at: scratch.path))
    var last = try tree([])
    for _ in 0..<60 {
      let entries = names.filter { _ in Bool.random(using: &random) }.map {
        ($0, ["1", "2", "folder"].randomElement(using: &random) ?? "1")
      }
      let next = try tree(entries)
      let changes = try comparison.changes(from: last, to: next)
      let expected = try Set(expected(last, next).map { ExactText($0) })
      #expect(Set(changes.map { ExactText($0.name) }) == expected)
      for change in changes {
        #expect(change.before != change.after && change.before?.id != change.after?.id)
      }
      for name in names {
        #expect(try comparison.has(name, in: next) == entries.contains { $0.0.isExactly(name) })
      }
      last = next
    }
  }

  @Test("one that is none is empty")
  func none() throws {
    var comparison = TreeComparison(in: try Repository.open(at: scratch.path))
    let one = try tree([("a", "1"), ("b", "2")])
    #expect(try comparison.changes(from: nil, to: one).map(\.name) == ["a", "b"])
    #expect(try comparison.changes(from: one, to: nil).allSatisfy { $0.after == nil })
    #expect(try comparison.changes(from: nil, to: nil).isEmpty)
  }

  @Test("one that is cut short is an error, not an end")
  func damaged() throws {
    let bytes = Array("100644 a\0short".utf8)
    let id = try #require(
      ObjectID(
        hex: scratch.git(["hash-object", "-t", "tree", "-w", "--literally", "--stdin"], input: bytes)))
    var comparison = TreeComparison(in: try Repository.open(at: scratch.path))
    let one = try tree([("a", "1")])
    #expect(throws: GitError.self) { try comparison.changes(from: one, to: id) }
    #expect(throws: GitError.self) { try comparison.changes(from: id, to: one) }
  }
}
