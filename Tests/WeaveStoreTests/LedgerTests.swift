import Foundation
import Git
import TestSupport
import Testing
import WeaveModel
import WeaveStore

@Suite("Ledgers") struct LedgerTests {
  private func link(_ fixture: StoreFixture) throws -> EventMessage {
    let one = try fixture.source.commit("one")
    let two = try fixture.source.commit("two")
    try fixture.fetch()
    try fixture.fetch("laurelin")
    let members = try CommitSet([fixture.member(one), fixture.member(two, "laurelin")])
    return EventMessage(
      claim: .link(members), ledger: LedgerID(store: fixture.store.id, writer: try fixture.store.writer()),
      text: "works")
  }

  @Test("an event that was appended is read back, and its id is its commit's")
  func roundTrip() throws {
    let fixture = try StoreFixture()
    let message = try link(fixture)
    let id = try fixture.store.append(message, author: StoreFixture.author)
    let events = try fixture.store.ledgerContents().events
    #expect(events.map(\.id) == [id])
    #expect(events.map(\.message) == [message])
    #expect(
      try TestRepository(at: fixture.gitDirectory).git("rev-parse", "refs/weave/public/ledger/ann-1")
        == id.hex)
    #expect(try fixture.fsck() == "")
  }

  @Test("an event written for another ledger counts for nothing and is reported")
  func grafted() throws {
    let fixture = try StoreFixture()
    var message = try link(fixture)
    message.ledger = LedgerID(store: fixture.store.id, writer: try WriterName("mallory-1"))
    let bytes = try message.encoded()
    let commit = try fixture.store.repository.writeCommit(
      tree: .emptyTree, parents: [], author: StoreFixture.author, committer: StoreFixture.author,
      message: bytes)
    try fixture.store.repository.updateReference(
      "refs/weave/public/ledger/ann-1", to: commit, expecting: nil, log: "")
    let contents = try fixture.store.ledgerContents()
    #expect(contents.events.isEmpty)
    #expect(contents.refused.map(\.name) == [commit.description])
  }

  @Test(
    "a commit that cannot be read is an error, whichever it is, and never an absence", arguments: [0, 1, 2])
  func unreadable(back: Int) throws {
    let fixture = try StoreFixture()
    var ids: [EventID] = []
    for text in ["one", "two", "three"] {
      var message = try link(fixture)
      message.text = text
      ids.append(try fixture.store.append(message, author: StoreFixture.author))
    }
    let lost = ids.reversed()[back].objectID
    let path = fixture.directory.appending(
      "store/objects/\(lost.description.prefix(2))/\(lost.description.dropFirst(2))")
    try FileManager.default.removeItem(atPath: path)
    let store = try Store.open(at: fixture.directory.appending("store"))
    let error = try #require(throws: UnreadableLedger.self) { try store.ledgers() }
    #expect(error.commit == lost && "\(error)".contains("the ledger of ann-1"), "\(error)")
    let contents = try store.ledgerContents()
    #expect(contents.events.map(\.id) == Array(ids.reversed().prefix(back)))
    #expect(contents.unreadable.map(\.commit) == [lost])
  }

  @Test("a ledger commit with content is refused, and hides nothing below it")
  func content() throws {
    let fixture = try StoreFixture()
    _ = try fixture.store.append(try link(fixture), author: StoreFixture.author)
    let repository = fixture.store.repository
    let tip = try #require(try repository.resolve("refs/weave/public/ledger/ann-1"))
    let tree = try repository.writeTree([
      TreeEntry(name: "file", mode: 0o100644, id: try repository.writeBlob(Array("content".utf8)))
    ])
    let commit = try repository.writeCommit(
      tree: tree, parents: [tip], author: StoreFixture.author, committer: StoreFixture.author,
      message: Array("hello\n".utf8))
    try repository.updateReference("refs/weave/public/ledger/ann-1", to: commit, expecting: tip, log: "")
    let contents = try fixture.store.ledgerContents()
    #expect(contents.events.count == 1)
    #expect(contents.refused.map(\.reason) == ["its tree is not empty"])
  }

  @Test("two ledgers that were joined are read whole, once")
  func joined() throws {
    let fixture = try StoreFixture()
    let message = try link(fixture)
    let first = try fixture.store.append(message, author: StoreFixture.author)
    let repository = fixture.store.repository
    var other = message
    other.text = "works elsewhere too"
    let second = try repository.writeCommit(
      tree: .emptyTree, parents: [], author: StoreFixture.author, committer: StoreFixture.author,
      message: other.encoded())
    let join = try repository.writeCommit(
      tree: .emptyTree, parents: [first.objectID, second].sorted(), author: StoreFixture.author,
      committer: StoreFixture.author, message: Array("join\n".utf8))
    try repository.updateReference(
      "refs/weave/public/ledger/ann-1", to: join, expecting: first.objectID, log: "")
    #expect(Set(try fixture.store.ledgerContents().events.map(\.id)) == [first, EventID(second)])
  }

  @Test("the next writer removes the lock that a killed one left on the ledger")
  func staleLock() throws {
    let fixture = try StoreFixture()
    let message = try link(fixture)
    try fixture.directory.write("", to: "store/refs/weave/public/ledger/ann-1.lock")
    _ = try fixture.store.append(message, author: StoreFixture.author)
    #expect(try fixture.store.ledgerContents().events.count == 1)
  }
}
