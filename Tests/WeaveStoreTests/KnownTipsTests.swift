import Foundation
import Git
import TestSupport
import Testing
import WeaveModel

@testable import WeaveStore

@Suite("What a store remembers of where its records stood") struct KnownTipsTests {
  private let fixture: StoreFixture
  private let members: [Member]
  private let ledger = "refs/weave/public/ledger/ann-1"

  /// A store with three commits of each of two projects.
  init() throws {
    let fixture = try StoreFixture()
    self.fixture = fixture
    members = try (1...3).flatMap { number in
      let hex = try fixture.source.commit("commit \(number)")
      return [try fixture.member(hex), try fixture.member(hex, "laurelin")]
    }
    try fixture.fetch()
    try fixture.fetch("laurelin")
    try store.updateManifest(subject: "project add", author: StoreFixture.author) {
      $0.set(ProjectRecord(name: try ProjectName("telperion"), source: "/telperion"))
      $0.set(ProjectRecord(name: try ProjectName("laurelin"), source: "/laurelin"))
    }
  }

  /// Opened afresh, as each command does.
  private var store: Store { get throws { try Store.open(at: fixture.gitDirectory) } }
  private var git: TestRepository { TestRepository(at: fixture.gitDirectory) }
  private var file: String { fixture.gitDirectory + "/weave/known-tips" }

  @discardableResult
  private func link(_ number: Int) throws -> EventID {
    try store.append(
      message(number), author: StoreFixture.author)
  }

  private func message(_ number: Int) throws -> EventMessage {
    EventMessage(
      claim: .link(try CommitSet(members[(2 * number)..<(2 * number + 2)])),
      ledger: LedgerID(store: fixture.store.id, writer: try WriterName("ann-1")), text: "link \(number)")
  }

  private func lock() throws {
    let tree = ResolutionTree(machines: ["toto": [try fixture.telperion(): members[0].commit]])
    _ = try store.adopt(
      store.write(tree), for: "pair", version: nil, text: "", author: StoreFixture.author)
  }

  private func loss(_ body: () throws -> Void) -> String? {
    do {
      try body()
      return nil
    } catch { return "\(error)" }
  }

  @Test("a ledger whose ref is gone is an error that names where it stood, not a store without events")
  func goneLedger() throws {
    try link(0)
    let tip = try git.git("rev-parse", ledger)
    try git.git("update-ref", "-d", ledger)
    #expect(loss { _ = try store.ledgers() } == "cannot read \(ledger): it is gone, and stood at \(tip)")
    #expect(try store.lostTips().map(\.name) == [ledger])
  }

  @Test(
    "a ledger that is at an earlier event than it was is an error, as where a file with its newest place is gone"
  )
  func rewoundLedger() throws {
    try link(0)
    try git.git("pack-refs", "--all")
    let packed = try git.git("rev-parse", ledger)
    try link(1)
    let tip = try git.git("rev-parse", ledger)
    try FileManager.default.removeItem(atPath: "\(fixture.gitDirectory)/\(ledger)")
    #expect(
      loss { _ = try store.ledgers() } == "cannot read \(ledger): it went back to \(packed) from \(tip)")
  }

  @Test("nothing is recorded in a ledger that is gone: it would begin anew") func noNewBeginning() throws {
    try link(0)
    try git.git("update-ref", "-d", ledger)
    #expect(loss { try link(1) } != nil)
    #expect(try git.git("for-each-ref", ledger).isEmpty)
  }

  @Test("a manifest that is gone is no repository without a store") func goneManifest() throws {
    let tip = try git.git("rev-parse", "refs/weave/public/manifest")
    try git.git("update-ref", "-d", "refs/weave/public/manifest")
    let expected = "cannot read refs/weave/public/manifest: it is gone, and stood at \(tip)"
    #expect(loss { _ = try store } == expected)
    #expect(loss { try Store.requireNoManifest(in: Repository.open(at: fixture.gitDirectory)) } == expected)
  }

  @Test("a lock that is gone is no constellation without one") func goneLock() throws {
    try lock()
    try git.git("update-ref", "-d", "refs/weave/public/locks/pair")
    #expect(loss { _ = try store.lock(for: "pair") } != nil)
    #expect(loss { _ = try store.lockedConstellations() } != nil)
  }

  @Test("a set that is gone is not left out of the list") func goneSet() throws {
    try store.putSet("rel", CommitSet([members[0]]), text: "", author: StoreFixture.author)
    try git.git("update-ref", "-d", "refs/weave/public/sets/rel")
    #expect(loss { _ = try store.sets() } != nil)
  }

  @Test("what is gone is put back to where it stood, into directories that Git has removed") func restored()
    throws
  {
    try link(0)
    try lock()
    let before = try git.git("for-each-ref")
    for name in [ledger, "refs/weave/public/locks/pair", "refs/weave/public/manifest"] {
      try git.git("update-ref", "-d", name)
    }
    try FileManager.default.removeItem(atPath: "\(fixture.gitDirectory)/refs/weave")
    var words: [String] = []
    try Store.restoreTips(in: fixture.gitDirectory) { words.append($0) }
    #expect(words.count == 3)
    #expect(try git.git("for-each-ref") == before)
    #expect(try store.ledgers().events.count == 1)
  }

  @Test("what stands elsewhere is not moved: it is said how, and where it stood") func elsewhere() throws {
    try link(0)
    let tip = try git.git("rev-parse", ledger)
    try git.git("update-ref", ledger, members[0].commit.description)
    var words: [String] = []
    try Store.restoreTips(in: fixture.gitDirectory) { words.append($0) }
    #expect(words.first?.contains("`git update-ref \(ledger) \(tip)`") == true)
    #expect(try git.git("rev-parse", ledger) == members[0].commit.description)
  }

  @Test("it may be deleted at any time, and is complete again with the next that is recorded") func deleted()
    throws
  {
    try link(0)
    try lock()
    let before = try Data(contentsOf: URL(filePath: file))
    try FileManager.default.removeItem(atPath: file)
    #expect(try store.ledgers().events.count == 1)
    try lock()
    let lines = { (data: Data) in String(decoding: data, as: UTF8.self).split(separator: "\n").count }
    #expect(try lines(Data(contentsOf: URL(filePath: file))) == lines(before))
  }

  @Test("one that is damaged says nothing", arguments: [0, 1, 30, 90]) func damaged(place: Int) throws {
    try link(0)
    let bytes = try Data(contentsOf: URL(filePath: file))
    for damaged in [bytes.prefix(place), bytes.enumerated().map { $0 == place ? $1 ^ 1 : $1 }[...]]
      as [any Sequence<UInt8>]
    {
      try Data(Array(damaged)).write(to: URL(filePath: file))
      #expect(try store.ledgers().events.count == 1)
      #expect(try store.lostTips().isEmpty)
    }
  }

  @Test("one that is behind, as a kill leaves it, or another program that moved a ref, is no loss")
  func behind() throws {
    try link(0)
    let behind = try Data(contentsOf: URL(filePath: file))
    try link(1)
    try behind.write(to: URL(filePath: file))
    #expect(try store.ledgers().events.count == 2)
    try link(2)
    #expect(try store.ledgers().events.count == 3)
  }

  @Test("a public manifest that goes back so that a project was never in it is no loss") func madePrivate()
    throws
  {
    try store.makePrivate(
      try ProjectName("laurelin"), publishedManifests: [], author: StoreFixture.author)
    #expect(try store.lostTips().isEmpty)
    #expect(try store.manifest().projects.count == 2)
  }

  @Test("writers and readers at once see no loss that is none") func atOnce() async throws {
    try link(0)
    let directory = fixture.gitDirectory
    let message = try message(1)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<4 {
        group.addTask {
          for _ in 0..<15 { _ = try Store.open(at: directory).append(message, author: StoreFixture.author) }
        }
        group.addTask { for _ in 0..<60 { _ = try Store.open(at: directory).ledgers() } }
      }
      try await group.waitForAll()
    }
    #expect(try store.ledgers().events.count == 61)
  }
}
