import Git
import TestSupport
import Testing
import WeaveModel

@testable import WeaveStore

/// A store with notes, and the events of several writers on commits that no repository needs to hold.
struct NotesFixture {
  let fixture: StoreFixture
  /// Five projects of six commits, whose notes share directories; one commit is in two projects.
  let commits: [[Member]]

  init() throws {
    fixture = try StoreFixture()
    commits = try ["aule", "manwe", "orome", "ulmo", "vaire"].enumerated().map { number, project in
      try (0..<6).map { commit in
        let isShared = commit == 5 && number < 2
        return Member(
          project: try ProjectName(project),
          commit: try Self.commit(isShared ? 99 : 10 * number + commit, directory: commit % 3))
      }
    }
  }

  var store: Store { fixture.store }
  var git: TestRepository { TestRepository(at: fixture.gitDirectory) }

  /// A commit whose note is in that directory of the 256.
  static func commit(_ number: Int, directory: Int) throws -> CommitID {
    func hexadecimal(_ number: Int, _ width: Int) -> String {
      let digits = String(number, radix: 16)
      return String(repeating: "0", count: width - digits.count) + digits
    }
    return try #require(CommitID(hex: hexadecimal(directory, 2) + hexadecimal(number, 38)))
  }

  @discardableResult
  func record(_ claim: Claim, by writer: String = "ann-1", text: String = "because") throws -> EventID {
    try store.append(
      EventMessage(claim: claim, ledger: LedgerID(store: store.id, writer: WriterName(writer)), text: text),
      author: StoreFixture.author)
  }

  /// Records the claims in a ledger that is empty, as commits with one move of its ref.
  func recordAtOnce(_ claims: [Claim]) throws {
    let ledger = LedgerID(store: store.id, writer: try WriterName("ann-1"))
    var tip: ObjectID?
    for claim in claims {
      tip = try store.repository.writeCommit(
        tree: store.repository.writeTree([]), parents: tip.map { [$0] } ?? [], author: StoreFixture.author,
        committer: StoreFixture.author, message: EventMessage(claim: claim, ledger: ledger).encoded())
    }
    try store.repository.updateReference(
      RefName.ledger(ledger.writer, .public), to: try #require(tip), expecting: nil, log: "")
  }

  func refresh(_ store: Store? = nil, in place: NotesPlace? = nil, anew: Bool = false) throws {
    let store = store ?? self.store
    try store.refreshNotes(in: place, anew: anew, author: StoreFixture.author) {
      let ledgers = try store.ledgers()
      return Compatibility(ledgers.events, ledgers.commits)
    }
  }

  /// Whether the notes are those that all events give, each read from its commit.
  func notesAgree() throws -> Bool {
    try store.notesAgree(with: Compatibility(store.ledgerContents().events))
  }

  func notesTree(of repository: Repository) throws -> ObjectID {
    try repository.commit(#require(try repository.resolve(RefName.notes))).tree
  }

  /// Points the notes at other ones, whose commit says what the present one says.
  func replaceNotes(by tree: ObjectID, message: [UInt8]? = nil) throws {
    let tip = try #require(try store.repository.resolve(RefName.notes))
    let message = try message ?? store.repository.commit(tip).message
    let commit = try store.repository.writeCommit(
      tree: tree, parents: [], author: StoreFixture.author, committer: StoreFixture.author, message: message)
    try store.repository.updateReference(RefName.notes, to: commit, expecting: tip, log: "")
  }

  /// The tree of notes with a note beside them, on a commit that no event names.
  func treeWithAnotherNote() throws -> ObjectID {
    let repository = store.repository
    let note = TreeEntry(
      name: String(repeating: "e", count: 38), mode: FileMode.file,
      id: try repository.writeBlob(Array("by hand\n".utf8)))
    let directory = TreeEntry(name: "ee", mode: FileMode.directory, id: try repository.writeTree([note]))
    return try repository.writeTree(repository.tree(notesTree(of: repository)) + [directory])
  }
}
