import Git
import TestSupport
import Testing

@testable import WeaveStore

@Suite("The graph of a history")
struct CommitGraphTests {
  @Test("has the best common ancestors that `git merge-base --all` has", arguments: [1, 2, 3, 4, 5, 6])
  func mergeBases(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let directory = try TemporaryDirectory()
    let git = try TestRepository.create(at: directory.appending("history.git"), bare: true)
    // Dates in no order, as nobody keeps a committer from writing any.
    var stream = "reset refs/heads/root\ncommit refs/heads/root\nmark :1\ncommitter a <a> 9 +0000\ndata 0\n\n"
    let count = 40
    for mark in 2...count {
      let parents = Set(
        (1...Int.random(in: 1...2, using: &generator)).map { _ in
          Int.random(in: max(1, mark - 8)..<mark, using: &generator)
        }
      ).sorted()
      let date = Int.random(in: 1...1_000, using: &generator)
      stream += "reset refs/heads/c\(mark)\ncommit refs/heads/c\(mark)\nmark :\(mark)\n"
      stream += "committer a <a> \(date) +0000\ndata 0\n\nfrom :\(parents[0])\n"
      for parent in parents.dropFirst() { stream += "merge :\(parent)\n" }
      stream += "\n"
    }
    stream +=
      "reset refs/heads/all\ncommit refs/heads/all\ncommitter a <a> 9 +0000\ndata 0\n\nfrom :\(count)\n"
    for mark in 1..<count { stream += "merge :\(mark)\n" }
    try git.git(["fast-import", "--quiet", "--force"], input: Array((stream + "\n").utf8))
    let repository = try Repository.open(at: git.path)
    let tip = try #require(try repository.resolve("refs/heads/all"))
    var graph = try CommitGraph(of: tip, in: repository)
    for _ in 1...60 {
      let (one, other) = (
        Int.random(in: 2...count, using: &generator), Int.random(in: 2...count, using: &generator)
      )
      let (first, second) = (try git.git("rev-parse", "c\(one)"), try git.git("rev-parse", "c\(other)"))
      let expected = try git.git("merge-base", "--all", first, second).split(separator: "\n").map(String.init)
      let bases = try graph.mergeBases(
        of: #require(ObjectID(hex: first)), #require(ObjectID(hex: second)))
      #expect(bases.map(\.description).sorted() == expected.sorted())
    }
  }
}
