import Foundation
import Git
import TestSupport
import Testing
import WeaveModel

@testable import WeaveStore

@Suite("What follows a record that is lost") struct LostRecordTests {
  private let fixture: StoreFixture
  private let warnings = Warnings()
  private let commits: [CommitID]

  /// A store with three commits of a project.
  init() throws {
    let fixture = try StoreFixture()
    self.fixture = fixture
    commits = try (1...3).map {
      let hex = try fixture.source.commit("commit \($0)")
      return try #require(CommitID(hex: hex))
    }
    try fixture.fetch()
    try store.updateManifest(subject: "project add", author: StoreFixture.author) {
      $0.set(ProjectRecord(name: try ProjectName("telperion"), source: "/telperion"))
    }
  }

  /// Opened afresh, as libgit2 remembers what it has read.
  private var store: Store {
    get throws { try Store.open(at: fixture.gitDirectory) { [warnings] in warnings.texts.append($0) } }
  }

  private final class Warnings { var texts: [String] = [] }

  enum Part: CaseIterable { case commit, tree, blob }
  enum Damage: CaseIterable { case gone, emptied }

  private func lock(_ index: Int, for constellation: String = "pair") throws -> LockID {
    let tree = ResolutionTree(machines: ["toto": [try fixture.telperion(): commits[index]]])
    return try store.adopt(
      store.write(tree), for: constellation, version: nil, text: "lock \(index)", author: StoreFixture.author)
  }

  @discardableResult
  private func report(_ index: Int, number: Int? = nil) throws -> Observation {
    try store.record(
      machine: "toto", commits: [fixture.telperion(): commits[index]], dirty: [], number: number,
      author: StoreFixture.author
    ).observation
  }

  private func putSet(_ index: Int) throws {
    try store.putSet(
      "rel", CommitSet([Member(project: fixture.telperion(), commit: commits[index])]), text: "",
      author: StoreFixture.author)
  }

  private func tip(_ reference: String) throws -> ObjectID {
    let tip = try store.repository.resolve(reference)
    return try #require(tip)
  }

  private func path(of id: ObjectID) -> String {
    "\(fixture.gitDirectory)/objects/\(id.description.prefix(2))/\(id.description.dropFirst(2))"
  }

  private func lose(_ id: ObjectID, _ damage: Damage = .gone) throws {
    try FileManager.default.removeItem(atPath: path(of: id))
    if damage == .emptied { #expect(FileManager.default.createFile(atPath: path(of: id), contents: nil)) }
  }

  private func lose(_ part: Part, of commit: ObjectID, _ damage: Damage) throws {
    let tree = try store.repository.commit(commit).tree
    switch part {
    case .commit: try lose(commit, damage)
    case .tree: try lose(tree, damage)
    case .blob: try lose(store.repository.tree(tree)[0].id, damage)
    }
  }

  private func parents(_ id: ObjectID) throws -> [ObjectID] { try store.repository.parents(of: id) }

  @Test("a lock follows the last that can be read, and says so", arguments: Part.allCases, Damage.allCases)
  func lock(part: Part, damage: Damage) throws {
    let first = try lock(0)
    let second = try lock(1)
    try lose(part, of: second.objectID, damage)
    #expect(throws: UnreadableRecord.self) {
      try store.lock(for: "pair").map { _ = try store.commitsByComponent(in: $0) }
    }
    let third = try lock(2)
    #expect(try parents(third.objectID) == [first.objectID])
    #expect(warnings.texts.count == 1 && warnings.texts[0].contains("\(second)"), "\(warnings.texts)")
    #expect(try store.locks(for: "pair").map(\.id) == [third, first])
  }

  @Test("a lock is a new beginning where no other can be read")
  func newBeginning() throws {
    let first = try lock(0)
    try lose(first.objectID)
    let second = try lock(1)
    #expect(try parents(second.objectID) == [])
    #expect(warnings.texts.count == 1 && warnings.texts[0].contains("a new beginning"), "\(warnings.texts)")
  }

  @Test("what names a lost lock says what to type")
  func wayOut() throws {
    try lose(lock(0).objectID)
    let error = #expect(throws: UnreadableRecord.self) { try store.lock(for: "pair") }
    #expect(error?.hint.contains("`weave lock -c pair`") == true, "\(error?.hint ?? "")")
  }

  @Test("a join of locks is a part of their chain")
  func join() throws {
    let first = try lock(0)
    let ours = try lock(1)
    let reference = RefName.locks("pair", .public)
    try store.repository.updateReference(
      reference, to: first.objectID, expecting: ours.objectID, log: "as in another clone")
    try FileManager.default.removeItem(atPath: "\(fixture.gitDirectory)/weave/known-tips")
    let theirs = try lock(2)
    let join = try store.repository.join(of: theirs.objectID, before: ours.objectID).write(
      to: store.repository)
    try store.repository.updateReference(reference, to: join, expecting: theirs.objectID, log: "join")
    try lose(lock(0).objectID)
    #expect(try parents(lock(1).objectID) == [join])
  }

  @Test("a private lock follows the last that can be read on top of a public one")
  func privateChain() throws {
    let public1 = try lock(0)
    try store.updateManifest(subject: "make private", author: StoreFixture.author) {
      $0.set(ProjectRecord(name: try ProjectName("telperion"), source: "/telperion", audience: .private))
    }
    let private1 = try lock(1)
    try lose(lock(2).objectID)
    let private2 = try lock(0)
    #expect(try parents(private1.objectID) == [public1.objectID])
    #expect(try parents(private2.objectID) == [private1.objectID])
  }

  @Test("a lock that cannot be opened is not gone past: it is there")
  func notLost() throws {
    let first = try lock(0)
    let directory = (path(of: first.objectID) as NSString).deletingLastPathComponent
    try FileManager.default.moveItem(atPath: directory, toPath: directory + "-aside")
    try FileManager.default.createSymbolicLink(atPath: directory, withDestinationPath: directory)
    #expect(throws: UnreadableRecord.self) { try lock(1) }
    #expect(try tip(RefName.locks("pair", .public)) == first.objectID)
  }

  @Test("what is damaged in a pack is lost, too")
  func packed() throws {
    let first = try lock(0)
    let git = TestRepository(at: fixture.gitDirectory)
    let second = try lock(1)
    // So that the file has one object, whose place is known.
    let object = try git.git(
      ["pack-objects", "\(fixture.gitDirectory)/objects/pack/pack"], input: Array("\(second)\n".utf8))
    let pack = "\(fixture.gitDirectory)/objects/pack/pack-\(object).pack"
    try lose(second.objectID)
    var bytes = try Data(contentsOf: URL(fileURLWithPath: pack))
    for index in 17..<40 { bytes[index] = 0xff }
    try FileManager.default.removeItem(atPath: pack)
    try bytes.write(to: URL(fileURLWithPath: pack))
    #expect(try parents(lock(2).objectID) == [first.objectID])
  }

  @Test(
    "a report follows the last that can be read, with the next number", arguments: Part.allCases,
    Damage.allCases)
  func report(part: Part, damage: Damage) throws {
    try report(0)
    let reference = RefName.observed("toto", .public)
    let first = try tip(reference)
    try report(1)
    let second = try tip(reference)
    try lose(part, of: second, damage)
    let third = try report(2)
    #expect(third.number.sequence == 3)
    #expect(try parents(tip(reference)) == [first])
    #expect(warnings.texts.count == 1 && warnings.texts[0].contains("\(second)"), "\(warnings.texts)")
    #expect(try store.observation(of: "toto") == third)
  }

  @Test("a machine that counts its reports itself goes on counting where the last is lost")
  func ownNumber() throws {
    try report(0, number: 7)
    try lose(tip(RefName.observed("toto", .public)))
    #expect(throws: StaleReport.self) { try report(1, number: 6) }
    #expect(try report(1, number: 7).number.sequence == 7)
    #expect(try report(2, number: 8).number.sequence == 8)
  }

  @Test("a set of a name that is lost is made anew, or removed", arguments: Part.allCases, Damage.allCases)
  func set(part: Part, damage: Damage) throws {
    try putSet(0)
    let reference = RefName.set("rel", .public)
    let first = try tip(reference)
    try putSet(1)
    let second = try tip(reference)
    try lose(part, of: second, damage)
    #expect(throws: UnreadableRecord.self) { try store.set("rel") }
    if damage == .gone {
      try putSet(2)
      #expect(try store.set("rel")?.commits.members.map(\.commit) == [commits[2]])
    } else {
      #expect(try store.removeSet("rel", author: StoreFixture.author))
      #expect(try store.set("rel") == nil)
    }
    #expect(try parents(tip(reference)) == [first])
    #expect(warnings.texts.count == 1 && warnings.texts[0].contains("\(second)"), "\(warnings.texts)")
  }

  @Test("a hold and an acknowledgement that are lost are taken away, each while the other is lost")
  func texts() throws {
    let member = Member(project: try fixture.telperion(), commit: commits[0])
    try store.hold(member, on: "toto", because: "why", until: nil, author: StoreFixture.author)
    try store.acknowledge("toto", because: "known", until: 2_000_000_000, author: StoreFixture.author)
    for kind in ["holds/telperion@toto", "acknowledgements/toto"] {
      let hex = try TestRepository(at: fixture.gitDirectory).git(
        "rev-parse", "refs/weave/public/manifest:\(kind)")
      try lose(#require(ObjectID(hex: hex)))
    }
    let error = #expect(throws: UnreadableRecord.self) { try store.holds() }
    #expect(error?.hint.contains("`weave release toto telperion`") == true, "\(error?.hint ?? "")")
    #expect(try store.release(member.project, on: "toto", author: StoreFixture.author))
    #expect(try store.endAcknowledgement(of: "toto", author: StoreFixture.author))
    #expect(try store.holds().isEmpty && store.acknowledgements().isEmpty)
  }

  @Test("what the other records name is kept, with a warning of the lost one")
  func keeping() throws {
    try lose(lock(0).objectID)
    try putSet(2)
    try TestRepository(at: fixture.gitDirectory).git("update-ref", "-d", RefName.keep(fixture.telperion()))
    try store.keepNamed(author: StoreFixture.author)
    #expect(try store.keptCommits(of: fixture.telperion()) == [commits[2]])
    #expect(warnings.texts.count == 1 && warnings.texts[0].contains("locks/pair"), "\(warnings.texts)")
  }
}
