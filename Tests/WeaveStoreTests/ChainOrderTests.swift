import Git
import TestSupport
import Testing

@testable import WeaveStore

@Suite("The order of a chain of locks") struct ChainOrderTests {
  /// The subjects of what `tip` reaches, in that order.
  private func order(_ build: (TestRepository) throws -> String) throws -> [String] {
    let directory = try TemporaryDirectory()
    let git = try TestRepository.create(at: directory.path + "/x", bare: true)
    let tip = try build(git)
    let repository = try Repository.open(at: git.path)
    var order = ChainOrder(from: try #require(ObjectID(hex: tip)), in: repository)
    var subjects: [String] = []
    while let commit = try order.next() { subjects.append(commit.subject) }
    return subjects
  }

  private func commit(_ git: TestRepository, _ subject: String, _ parents: String...) throws -> String {
    try git.git(
      ["commit-tree", try git.git(["mktree"], input: [])] + parents.flatMap { ["-p", $0] },
      input: Array("\(subject)\n".utf8))
  }

  @Test func `is that of first parents where nothing went apart`() throws {
    #expect(
      try order { git in
        let one = try commit(git, "1")
        return try commit(git, "3", commit(git, "2", one))
      } == ["3", "2", "1"])
  }

  @Test func `has both sides of a join before what they have in common, the first parent's first`() throws {
    #expect(
      try order { git in
        let base = try commit(git, "base", commit(git, "root"))
        let ours = try commit(git, "o2", commit(git, "o1", base))
        let theirs = try commit(git, "t1", base)
        return try commit(git, "tip", commit(git, "join", theirs, ours))
      } == ["tip", "join", "t1", "o2", "o1", "base", "root"])
  }

  @Test func `never has a commit after one that it goes on from, though the first parent is older`() throws {
    #expect(
      try order { git in
        let old = try commit(git, "old")
        let new = try commit(git, "new", old)
        return try commit(git, "join", old, new)
      } == ["join", "new", "old"])
  }
}
