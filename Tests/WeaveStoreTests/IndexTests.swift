import Foundation
import Git
import TestSupport
import Testing
import WeaveModel

@testable import WeaveStore

@Suite("The index") struct IndexTests {
  @Test func `says what the ledgers say, and what it covers is not read from its commits again`() throws {
    let index = try IndexFixture()
    let truth = try index.truth()
    #expect(try index.answer() == truth)
    // All that the ledger's tip reaches goes; the store itself needs its manifest only.
    let store = try Store.open(at: index.gitDirectory)
    for id in try TestRepository(at: index.gitDirectory).git("rev-list", "refs/weave/public/ledger/ann-1")
      .split(
        separator: "\n")
    {
      try FileManager.default.removeItem(
        atPath: "\(index.gitDirectory)/objects/\(id.prefix(2))/\(id.dropFirst(2))")
    }
    #expect(try IndexFixture.Answer(store) == truth)
  }

  @Test func `is not written again for a few new events, and is for many`() throws {
    let index = try IndexFixture()
    let first = try index.written()
    try index.grow("ann-1", by: 20)
    #expect(try index.answer() == index.truth())
    #expect(try index.written() == first)
    try index.grow("ann-1", by: 100)
    #expect(try index.answer() == index.truth())
    #expect(try index.written() != first)
    #expect(try index.answer() == index.truth())
  }

  @Test func `follows an event that its own process has appended`() throws {
    let index = try IndexFixture()
    let store = try Store.open(at: index.gitDirectory)
    let before = try IndexFixture.Answer(store)
    let id = try store.append(index.message("ann-1", 1, nil), author: StoreFixture.author)
    let after = try IndexFixture.Answer(store)
    #expect(after.events.subtracting(before.events).map(\.id) == [id])
    #expect(after == (try index.truth()))
  }

  @Test func `follows a ledger that is new, and forgets one that is gone`() throws {
    let index = try IndexFixture()
    _ = try index.written()
    try index.grow("joe-1", by: 30)
    #expect(try index.answer() == index.truth())
    try index.grow("joe-1", by: 100)
    _ = try index.written()
    try index.fixture.store.repository.deleteReference(
      "refs/weave/public/ledger/joe-1", expecting: try index.tip("joe-1"))
    #expect(try index.answer() == index.truth())
  }

  @Test(arguments: [1, 40, 149]) func `forgets what a ledger that was rewound has lost`(steps: Int) throws {
    let index = try IndexFixture()
    _ = try index.written()
    let id = try TestRepository(at: index.gitDirectory).git(
      "rev-parse", "refs/weave/public/ledger/ann-1~\(steps)")
    try index.move(to: try #require(ObjectID(hex: id)))
    #expect(try index.answer() == index.truth())
    try index.grow("ann-1", by: 3)
    #expect(try index.answer() == index.truth())
  }

  @Test func `reads a ledger whole whose two copies were joined, and goes on from the join`() throws {
    let index = try IndexFixture()
    _ = try index.written()
    let first = try index.tip()
    try index.grow("joe-1", by: 90)
    let repository = index.fixture.store.repository
    let message = try index.message("ann-1", 3, nil).encoded()
    let side = try repository.writeCommit(
      tree: .emptyTree, parents: [], author: StoreFixture.author, committer: StoreFixture.author,
      message: message)
    let join = try repository.writeCommit(
      tree: .emptyTree, parents: [first, side], author: StoreFixture.author, committer: StoreFixture.author,
      message: Array("join\n".utf8))
    try index.move(to: join)
    let joined = try index.answer()
    #expect(joined == (try index.truth()))
    #expect(joined.events.contains { $0.id == EventID(side) })
    try index.grow("ann-1", by: 5)
    #expect(try index.answer() == index.truth())
  }

  @Test func `takes no event from a commit with content, and all below it`() throws {
    let index = try IndexFixture()
    _ = try index.written()
    let repository = index.fixture.store.repository
    let tree = try repository.writeTree([
      TreeEntry(name: "file", mode: FileMode.file, id: try repository.writeBlob(Array("content".utf8)))
    ])
    let below = try index.tip()
    let commit = try repository.writeCommit(
      tree: tree, parents: [below], author: StoreFixture.author, committer: StoreFixture.author,
      message: try index.message("ann-1", 1, nil).encoded())
    try index.move(to: commit)
    let answer = try index.answer()
    #expect(answer.events.contains { $0.id == EventID(below) })
    #expect(!answer.events.contains { $0.id == EventID(commit) })
    #expect(answer == (try index.truth()))
  }

  @Test func `is not made while a commit cannot be read, which may be there the next time`() throws {
    let index = try IndexFixture()
    let id = try TestRepository(at: index.gitDirectory).git(
      "rev-parse", "refs/weave/public/ledger/ann-1~10")
    let object = "\(index.gitDirectory)/objects/\(id.prefix(2))/\(id.dropFirst(2))"
    try FileManager.default.moveItem(atPath: object, toPath: object + ".away")
    #expect(throws: UnreadableLedger.self) { try index.answer() }
    #expect(!FileManager.default.fileExists(atPath: index.path))
    try FileManager.default.moveItem(atPath: object + ".away", toPath: object)
    #expect(try index.answer() == index.truth())
    #expect(FileManager.default.fileExists(atPath: index.path))
  }

  @Test func `is built by many at once, and each has the answer`() async throws {
    let index = try IndexFixture()
    let truth = try index.truth()
    let directory = index.gitDirectory
    let answers = try await withThrowingTaskGroup(of: IndexFixture.Answer.self) { group in
      for _ in 0..<8 { group.addTask { try IndexFixture.Answer(Store.open(at: directory)) } }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(answers.allSatisfy { $0 == truth })
    #expect(try FileManager.default.contentsOfDirectory(atPath: directory + "/weave") == ["index"])
  }

  @Test func `leaves the draft of a writer that may live, and removes that of one that was killed`() throws {
    let index = try IndexFixture()
    try index.fixture.directory.write("half", to: "store/weave/index.1.2")
    try index.fixture.directory.write("half", to: "store/weave/index.3.4")
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSinceNow: -3_600)],
      ofItemAtPath: index.gitDirectory + "/weave/index.3.4")
    #expect(try index.answer() == index.truth())
    let left = try FileManager.default.contentsOfDirectory(atPath: index.gitDirectory + "/weave")
    #expect(left.sorted() == ["index", "index.1.2"])
  }

  @Test func `is found out when it is not true of the ledgers, and made anew`() throws {
    let index = try IndexFixture()
    _ = try index.written()
    #expect(try Store.open(at: index.gitDirectory).indexAgrees())
    let read = try #require(IndexFile.read(gitDirectory: index.gitDirectory, store: index.fixture.store.id))
    var untrue = StoreIndex()
    untrue.ledgers = read.ledgers
    IndexFile.write(untrue, gitDirectory: index.gitDirectory, store: index.fixture.store.id)
    #expect(try !Store.open(at: index.gitDirectory).indexAgrees())
    try Store.open(at: index.gitDirectory).rebuildIndex()
    #expect(try Store.open(at: index.gitDirectory).indexAgrees())
    #expect(try index.answer() == index.truth())
  }
}
