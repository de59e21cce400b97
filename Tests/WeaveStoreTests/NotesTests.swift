import Foundation
import Git
import TestSupport
import Testing
import WeaveModel

@testable import WeaveStore

@Suite("Notes") struct NotesTests {
  /// A link of 2 to 5 commits, a revocation of 1 to 4, or a withdrawal of anything.
  private func claim(
    of notes: NotesFixture, after events: [EventID], using random: inout SeededGenerator
  ) throws -> Claim {
    func set(of sizes: ClosedRange<Int>) throws -> CommitSet {
      let projects = notes.commits.shuffled(using: &random).prefix(Int.random(in: sizes, using: &random))
      // Few commits of each project make it likely that events speak of the same ones.
      return try CommitSet(projects.map { $0[Int.random(in: 0..<6, using: &random) / 2 * 2 + 1] })
    }
    switch Int.random(in: 0..<10, using: &random) {
    case 0..<5: return .link(try set(of: 2...5))
    case 5..<7: return .revoke(try set(of: 1...4), given: nil)
    case 7: return .revoke(try set(of: 1...2), given: nil)
    default:
      let stranger = try #require(EventID(hex: String(repeating: "5", count: 40)))
      return .withdraw(events.randomElement(using: &random) ?? stranger)
    }
  }

  @Test(
    "made of the earlier ones event by event are the same, byte for byte, as those made of all events at once",
    arguments: 1...6 as ClosedRange<UInt64>)
  func property(seed: UInt64) throws {
    let notes = try NotesFixture()
    var random = SeededGenerator(seed: seed)
    let aule = notes.commits[0][0].project
    let (checkout, anew) = try (
      Repository.createBare(at: notes.fixture.directory.path + "/checkout"),
      Repository.createBare(at: notes.fixture.directory.path + "/anew")
    )
    var events: [EventID] = []
    for round in 0..<40 {
      for _ in 0..<Int.random(in: 1...2, using: &random) {
        events.append(
          try notes.record(
            claim(of: notes, after: events, using: &random),
            by: ["ann-1", "bob-1", "cat-1"].randomElement(using: &random) ?? "ann-1", text: "\(round)"))
      }
      let store = Bool.random(using: &random) ? notes.store : try Store.open(at: notes.fixture.gitDirectory)
      try notes.refresh(store)
      try #require(try notes.notesAgree(), "seed \(seed), round \(round)")
      try notes.refresh(store, in: .checkout(checkout, of: aule))
      try notes.refresh(store, in: .checkout(anew, of: aule), anew: true)
      try #require(
        try notes.notesTree(of: checkout) == notes.notesTree(of: anew), "seed \(seed), round \(round)")
    }
    #expect(try notes.fixture.fsck() == "")
  }

  @Test("of a reason hold no character that moves a terminal, for git log prints them as they are")
  func terminal() throws {
    let notes = try NotesFixture()
    try notes.record(
      .revoke(CommitSet([notes.commits[0][0]]), given: nil), text: "loops \u{9B}31m\u{202E} and on")
    try notes.refresh()
    let commit = notes.commits[0][0].commit
    let note = try notes.git.git("notes", "--ref", RefName.notes, "show", "\(commit)")
    #expect(note.contains("loops ?31m? and on"), "\(note)")
  }

  @Test("a withdrawal that comes before what it withdraws leaves the notes right")
  func withdrawnAhead() throws {
    let notes = try NotesFixture()
    let (one, other) = (notes.commits[0][0], notes.commits[1][0])
    try notes.record(.link(CommitSet([one, other])))
    let revocation = try notes.record(.revoke(CommitSet([one]), given: nil), by: "bob-1")
    let ledger = RefName.ledger(try WriterName("bob-1"), .public)
    try notes.store.repository.deleteReference(ledger, expecting: revocation.objectID)
    notes.store.knownTips = KnownTips()
    try notes.refresh()
    try notes.record(.withdraw(revocation))
    try notes.refresh()
    #expect(try notes.notesAgree())
    try notes.store.repository.updateReference(ledger, to: revocation.objectID, expecting: nil, log: "")
    try notes.refresh()
    #expect(try notes.notesAgree())
  }

  @Test(
    "one link in a store with 2,000 links makes the event, two notes, three trees and a commit, and no more")
  func objectsOfOneLink() throws {
    let notes = try NotesFixture()
    let (aule, manwe) = (notes.commits[0][0].project, notes.commits[1][0].project)
    func link(_ number: Int) throws -> Claim {
      .link(
        try CommitSet([
          Member(project: aule, commit: NotesFixture.commit(1_000 + number, directory: number % 256)),
          Member(project: manwe, commit: NotesFixture.commit(9_000 + number, directory: (number + 1) % 256)),
        ]))
    }
    try notes.recordAtOnce((0..<2_000).map(link))
    try notes.refresh()
    func objectCount() throws -> Int {
      try notes.git.git("cat-file", "--batch-all-objects", "--batch-check").split(separator: "\n").count
    }
    let before = try objectCount()
    try notes.record(link(2_000))
    try notes.refresh()
    #expect(try objectCount() - before == 7)
    #expect(try notes.git.git("notes", "--ref=weave", "list").split(separator: "\n").count == 4_002)
    #expect(try notes.notesAgree())
  }

  @Test(
    "what an event does not affect is not made anew: whoever forges notes is found out by fsck's comparison")
  func unaffected() throws {
    let notes = try NotesFixture()
    try notes.record(.link(CommitSet([notes.commits[0][0], notes.commits[1][0]])))
    try notes.refresh()
    try notes.replaceNotes(by: notes.treeWithAnotherNote())
    try notes.record(.link(CommitSet([notes.commits[0][1], notes.commits[1][1]])))
    try notes.refresh()
    #expect(try notes.git.git("notes", "--ref=weave", "list").contains("eeee"))
    #expect(try !notes.notesAgree())
    try notes.refresh(anew: true)
    #expect(try notes.notesAgree())
  }

  @Test(
    "notes whose commit does not say what they are true of are all made anew",
    arguments: ["weave: notes\n", "Notes added by 'git notes add'\n", ""])
  func unknown(message: String) throws {
    let notes = try NotesFixture()
    try notes.record(.link(CommitSet([notes.commits[0][0], notes.commits[1][0]])))
    try notes.refresh()
    try notes.replaceNotes(by: notes.treeWithAnotherNote(), message: Array(message.utf8))
    try notes.record(.link(CommitSet([notes.commits[0][1], notes.commits[1][1]])))
    try notes.refresh()
    #expect(try notes.notesAgree())
  }

  @Test("after git notes has changed one, all are made anew")
  func byGit() throws {
    let notes = try NotesFixture()
    let commit = try notes.fixture.source.commit("one")
    try notes.fixture.fetch()
    try notes.record(.link(CommitSet([notes.fixture.member(commit), notes.commits[1][0]])))
    try notes.refresh()
    try notes.git.git("notes", "--ref=weave", "append", "-m", "by hand", commit)
    #expect(try !notes.notesAgree())
    try notes.record(.link(CommitSet([notes.commits[0][1], notes.commits[1][1]])))
    try notes.refresh()
    #expect(try notes.notesAgree())
  }

  @Test("after a ledger has lost an event or is gone, all are made anew", arguments: [true, false])
  func shrunk(isGone: Bool) throws {
    let notes = try NotesFixture()
    let first = try notes.record(.link(CommitSet([notes.commits[0][0], notes.commits[1][0]])))
    let bob = RefName.ledger(try WriterName("bob-1"), .public)
    let second = try notes.record(.link(CommitSet([notes.commits[0][1], notes.commits[1][1]])), by: "bob-1")
    let third = try notes.record(.revoke(CommitSet([notes.commits[0][0]]), given: nil), by: "bob-1")
    try notes.refresh()
    let repository = notes.store.repository
    if isGone {
      try repository.deleteReference(bob, expecting: third.objectID)
    } else {
      try repository.updateReference(bob, to: second.objectID, expecting: third.objectID, log: "")
    }
    notes.store.knownTips = KnownTips()
    try notes.record(.withdraw(first))
    try notes.refresh()
    #expect(try notes.notesAgree())
  }

  @Test("notes are not made of a part: where an event cannot be read they stay, and have it once it can be")
  func unreadable() throws {
    let notes = try NotesFixture()
    try notes.record(.link(CommitSet([notes.commits[0][0], notes.commits[1][0]])))
    let hidden = try notes.record(.revoke(CommitSet([notes.commits[0][0]]), given: nil))
    try notes.record(.link(CommitSet([notes.commits[0][2], notes.commits[1][2]])))
    let path = "\(notes.fixture.gitDirectory)/objects/\(hidden.hex.prefix(2))/\(hidden.hex.dropFirst(2))"
    try #require(rename(path, path + ".away") == 0)
    #expect(throws: UnreadableLedger.self) { try notes.refresh(Store.open(at: notes.fixture.gitDirectory)) }
    try #require(rename(path + ".away", path) == 0)
    try notes.refresh(Store.open(at: notes.fixture.gitDirectory))
    #expect(try notes.notesAgree())
  }

  @Test("two projects in one checkout each replace the other's notes, and mix none")
  func oneCheckoutOfTwoProjects() throws {
    let notes = try NotesFixture()
    let checkout = try Repository.createBare(at: notes.fixture.directory.path + "/checkout")
    let (aule, manwe) = (notes.commits[0][0].project, notes.commits[1][0].project)
    try notes.record(.link(CommitSet([notes.commits[0][0], notes.commits[1][0]])))
    try notes.refresh(in: .checkout(checkout, of: aule))
    try notes.record(.link(CommitSet([notes.commits[0][1], notes.commits[1][1]])))
    try notes.refresh(in: .checkout(checkout, of: manwe))
    let listed = try TestRepository(at: checkout.gitDirectory).git("notes", "--ref=weave", "list")
    #expect(listed.split(separator: "\n").count == 2)
    for member in notes.commits[1][...1] { #expect(listed.contains(member.commit.hex)) }
  }
}
