import Git
import TestSupport
import Testing
import WeaveModel

@testable import WeaveStore

@Suite("The history of a project, by the index") struct IndexHistoryTests {
  /// A project that grows at random: commits, merges of two and of several, force-pushes.
  private struct RandomProject {
    let repository: Repository
    var commits: [ObjectID] = []
    var dice: SeededGenerator

    mutating func commit(on parents: [ObjectID]) throws -> ObjectID {
      let id = try repository.writeCommit(
        tree: .emptyTree, parents: parents, author: StoreFixture.author, committer: StoreFixture.author,
        message: Array("\(commits.count)\n".utf8))
      commits.append(id)
      return id
    }

    /// A commit on `tip`, on two or more, or, rarely, on anything else.
    mutating func step(from tip: ObjectID) throws -> ObjectID {
      let others = Set(
        (0..<Int.random(in: 1...3, using: &dice)).compactMap { _ in commits.randomElement(using: &dice) })
      switch Int.random(in: 0..<20, using: &dice) {
      case 0: return try commit(on: [])
      case 1: return commits.randomElement(using: &dice) ?? tip
      case 2..<5: return try commit(on: others.sorted())
      case 5..<12: return try commit(on: [tip] + others.subtracting([tip]).sorted())
      default: return try commit(on: [tip])
      }
    }
  }

  @Test(arguments: 0..<12) func `is the one that is read from scratch, however it grew`(seed: Int) throws {
    let fixture = try StoreFixture()
    let project = try fixture.telperion()
    var random = RandomProject(
      repository: fixture.store.repository, dice: SeededGenerator(seed: UInt64(seed)))
    var tip = try random.commit(on: [])
    var store = try Store.open(at: fixture.gitDirectory)
    for _ in 0..<60 {
      for _ in 0..<Int.random(in: 1...4, using: &random.dice) { tip = try random.step(from: tip) }
      if Bool.random(using: &random.dice) {
        // The next one is another process.
        #expect(store.saveIndex())
        store = try Store.open(at: fixture.gitDirectory)
      }
      let numbers = try store.history(of: project, from: CommitID(tip))
      let commits = store.commits
      #expect(numbers.map { commits[$0].project } == Array(repeating: project, count: numbers.count))
      #expect(
        try numbers.map(commits.commit)
          == History.newestFirst(from: CommitID(tip), in: fixture.store.repository))
    }
    #expect(try store.indexAgrees())
    #expect(store.index.histories.count <= StoreIndex.historiesKept)
  }

  @Test func `does not grow the file for ever when it is rewritten again and again`() throws {
    let fixture = try StoreFixture()
    let project = try fixture.telperion()
    var random = RandomProject(repository: fixture.store.repository, dice: SeededGenerator(seed: 1))
    var most = 0
    for _ in 0..<30 {
      var tip = try random.commit(on: [])
      for _ in 0..<150 { tip = try random.commit(on: [tip]) }
      let store = try Store.open(at: fixture.gitDirectory)
      _ = try store.history(of: project, from: CommitID(tip))
      #expect(store.saveIndex())
      most = max(most, store.commits.count)
    }
    #expect(most < 3_000)
    #expect(random.commits.count > 4_500)
  }
}
