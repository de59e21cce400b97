import Foundation
import Git
import TestSupport
import Testing
import WeaveModel

@testable import WeaveStore

@Suite("A record that is small, and whose parts multiply") struct HostileRecordTests {
  /// In seconds, of a debug build; what grows as a square takes minutes.
  private static let longest = 10.0

  private static func commits(_ count: Int, _ name: (Int) -> String = { "p\($0)" }) throws -> [Member] {
    try (0..<count).map {
      Member(
        project: try ProjectName(name($0)),
        commit: try #require(CommitID(hex: String(repeating: "1", count: 40))))
    }
  }

  @Test("an event of a newer weave with very many keys is read in a time that grows with their number")
  func keys() throws {
    let store = try StoreID(String(repeating: "ab", count: 16))
    let keys = (0..<40_000).map { "K\($0): 1\n" }.joined()
    let text = """
      x

      Weave-Event: link
      Weave-Ledger: \(store)/eve-1
      Weave-Member: a@\(String(repeating: "1", count: 40))
      Weave-Member: b@\(String(repeating: "2", count: 40))
      \(keys)
      """
    let message = Array(text.utf8)
    let seconds = cpuSeconds {
      _ = try? EventMessage(parsing: message, hasEncodingHeader: false)
    }
    #expect(seconds < Self.longest)
  }

  @Test("an event of many megabytes is refused, and keeps nobody busy")
  func hugeEvent() throws {
    let notes = try NotesFixture()
    try notes.record(.link(CommitSet([notes.commits[0][0], notes.commits[1][0]])))
    let reference = RefName.ledger(try WriterName("ann-1"), .public)
    let good = try #require(try notes.store.repository.resolve(reference))
    let text =
      Array("x\n\nt\n".utf8) + Array(repeating: UInt8(ascii: "\n"), count: 8 << 20) + Array("t\n".utf8)
    let huge = try notes.store.repository.writeCommit(
      tree: notes.store.repository.writeTree([]), parents: [good], author: StoreFixture.author,
      committer: StoreFixture.author, message: text)
    try notes.store.repository.updateReference(reference, to: huge, expecting: good, log: "")
    let store = try Store.open(at: notes.store.repository.gitDirectory)
    let seconds = try cpuSeconds {
      let ledgers = try store.ledgers()
      #expect(ledgers.events.count == 1)
      #expect(ledgers.refused.map(\.name) == [huge.description])
    }
    #expect(seconds < Self.longest)
  }

  @Test("the notes of a link of a thousand commits are no million of names, and are made at once")
  func notes() throws {
    let notes = try NotesFixture()
    let link = try CommitSet(Self.commits(1_000))
    try notes.recordAtOnce([.link(link)])
    let seconds = try cpuSeconds { try notes.refresh() }
    #expect(seconds < Self.longest)
    #expect(try notes.notesAgree())
    let tree = try notes.store.repository.resolve(RefName.notes)
    let text = try notes.git.git("ls-tree", "-r", "-l", try #require(tree).description)
    let size = text.split(separator: "\n").compactMap {
      Int($0.split(whereSeparator: { $0 == " " || $0 == "\t" })[3])
    }
    #expect(size.reduce(0, +) < 1 << 20)
  }

  @Test("a link of which some pairs are revoked is partly live, and one of which all are is revoked")
  func standing() throws {
    let notes = try NotesFixture()
    let link = try CommitSet(Self.commits(300))
    try notes.recordAtOnce(
      [.link(link)] + (0..<298).map { .revoke(try! CommitSet([link.members[$0]]), given: nil) })
    let events = try notes.store.ledgerContents().events
    let before = Compatibility(events)
    let id = try #require(events.last { $0.claim == .link(link) }?.id)
    #expect(before.standing(of: id) == .partly)
    try notes.record(.revoke(CommitSet(link.members.suffix(2)), given: nil))
    guard case .revoked = Compatibility(try notes.store.ledgerContents().events).standing(of: id) else {
      Issue.record("it is not revoked")
      return
    }
  }
}
