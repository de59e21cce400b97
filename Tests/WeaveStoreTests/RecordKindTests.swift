import ForeignText
import Git
import TestSupport
import Testing
import WeaveModel

@testable import WeaveStore

@Suite("The kinds of records") struct RecordKindTests {
  static let paths: [(RecordKind, component: String, path: String)] = [
    (.manifest, "", "manifest"), (.ledger, "ann-1", "ledger/ann-1"), (.locks, "%57eb%201", "locks/%57eb%201"),
    (.sets, "rel-1.0", "sets/rel-1.0"), (.observed, "toto.canon", "observed/toto.canon"),
    (.seen, "toto.canon", "seen/toto.canon"),
  ]

  @Test(arguments: paths, Audience.allCases)
  func `the name of a record's ref is read as that record`(
    place: (RecordKind, component: String, path: String), audience: Audience
  ) {
    let (kind, component, path) = place
    let record = RecordRef(kind, component, audience)
    #expect(record.name == "refs/weave/\(audience)/\(path)")
    #expect(RecordRef(name: record.name) == record)
  }

  @Test func `each kind has a path that is tested`() {
    #expect(Set(Self.paths.map(\.0)) == Set(RecordKind.all))
    #expect(Set(RecordKind.all.map(\.name)).count == RecordKind.all.count)
  }

  @Test func `a name below refs/weave is read as of one kind or of none, and that record has the name`() {
    let kinds = RecordKind.all + [.stages]
    let words =
      kinds.map(\.name) + Audience.allCases.map(\.rawValue) + [
        "", "ann-1", "con", "Ann", "%57eb", "%zz", "a b", "é", "e\u{301}", "lock", "manifests", "..",
      ]
    var random = SeededGenerator(seed: 20_261_201)
    var read: Set<RecordKind> = []
    for _ in 0..<20_000 {
      let start =
        Bool.random(using: &random) ? [Audience.allCases.randomElement(using: &random)!.rawValue] : []
      let rest = (0..<Int.random(in: 0...3, using: &random)).map { _ in words.randomElement(using: &random)! }
      let name = RefName.records + (start + rest).joined(separator: "/")
      let readings = kinds.compactMap { RecordRef(name: name, among: [$0]) }
      #expect(readings.count <= 1, "\(name)")
      #expect(RecordRef(name: name, among: kinds) == readings.first, "\(name)")
      guard let record = readings.first else { continue }
      #expect(record.name.utf8.elementsEqual(name.utf8))
      read.insert(record.kind)
    }
    #expect(read == Set(kinds))
  }

  @Test func `names that differ in their bytes alone are of two records`() {
    #expect(
      RecordRef(name: "refs/weave/public/locks/é") != RecordRef(name: "refs/weave/public/locks/e\u{301}"))
  }
}

extension RecordKind {
  /// One that this file alone knows: `stages/<name>`, with files of `project=SHA` lines.
  fileprivate static let stages: RecordKind = RecordKind(
    name: "stages", component: .encoded, growth: .onward,
    joining: .join { one, other, repository in
      let parents = [one, other].sorted()
      return try Join(of: parents, tree: repository.commit(parents[1]).tree, in: repository)
    },
    inspecting: .chain { inspection, commit, record in
      let name = RecordMessage(parsing: commit.message)?["Weave-Stage"]
      guard commit.parents.count > 1 || name.map(RefComponent.encode) == record.component else {
        return "it is no stage of \(record.component)"
      }
      _ = try inspection.repository.members(inFilesOf: commit.tree, by: stageLines)
      return nil
    },
    remainder: .newest, owner: .nobody, isAlwaysGiven: false, content: .files(stageLines), keeping: .versions,
    isRemembered: true, beginsAnew: true, isWanted: true, statedName: { $0["Weave-Stage"] },
    leak: { secrets, commit in try secrets.leak(inFilesOf: commit, of: .stages) },
    bound: Bound(words: "stages", mostBytes: 1 << 20),
    told: { ("the stage \($0.shownName)", "nothing is staged") })

  fileprivate static let stageLines: FileReading = { bytes, _ in
    var commits: [ProjectName: CommitID] = [:]
    let lines: [String] = String(foreign: bytes).split(atScalar: "\n").map(String.init)
    for line in lines {
      let parts: [String] = line.split(atScalar: "=").map(String.init)
      guard parts.count == 2, let commit = CommitID(hex: parts[1]) else {
        throw StoreError("'\(line)' is no stage")
      }
      commits[try ProjectName(parts[0])] = commit
    }
    return commits
  }
}

@Suite("A kind of record that is one value") struct NewRecordKindTests {
  private static let record = RecordRef(.stages, "canon", .public)
  private let fixture: StoreFixture
  private let remote: Remote
  private let hub: TestRepository
  private let commits: [String]

  /// Two stores that are copies of one, with three commits of a project, and a remote of both.
  init() throws {
    let fixture = try StoreFixture()
    self.fixture = fixture
    commits = try (1...3).map { try fixture.source.commit("commit \($0)") }
    hub = try TestRepository.create(at: fixture.directory.appending("hub.git"), bare: true)
    remote = Remote(name: try RemoteName("hub"), url: RepositoryURL(hub.path), audience: .public)
    _ = try Store.create(
      in: Repository.createBare(at: there), id: fixture.store.id, writer: WriterName("eve-1"),
      author: StoreFixture.author)
    for store in [here, there] {
      try fixture.source.git("push", "--quiet", store, "main:refs/namespaces/telperion/refs/heads/main")
    }
  }

  private var here: String { fixture.gitDirectory }
  private var there: String { fixture.directory.appending("there") }

  private func store(_ path: String, knowing kinds: [RecordKind] = RecordKind.all + [.stages]) throws -> Store
  {
    try Store.open(at: path, knowing: kinds)
  }

  /// Records a stage that names the commit, and keeps nothing.
  @discardableResult
  private func stage(
    _ commit: String, in path: String, as name: String = "canon", line: String? = nil
  ) throws -> ObjectID {
    let store = try store(path)
    let blob = try store.repository.writeBlob(Array((line ?? "telperion=\(commit)\n").utf8))
    let tree = try store.repository.writeTree([TreeEntry(name: "stage", mode: FileMode.file, id: blob)])
    let message = try RecordMessage(subject: "stage", trailers: [("Weave-Stage", name)]).encoded()
    let tip = try store.advance(Self.record.name, log: "stage") { tip in
      try store.repository.writeCommit(
        tree: tree, parents: tip.map { [$0] } ?? [], author: StoreFixture.author,
        committer: StoreFixture.author, message: message)
    }
    return try #require(tip)
  }

  /// Gives the remote what is due, by stock Git.
  @discardableResult
  private func push(from path: String, knowing kinds: [RecordKind] = RecordKind.all + [.stages]) throws
    -> RecordFailures
  {
    let store = try store(path, knowing: kinds)
    let exchange = try store.exchange(for: .public)
    var failures = RecordFailures()
    let due = try store.outgoing(
      to: remote, knowing: exchange.records(of: remote.name), now: 0, &failures
    ).filter { $0.record.kind != .manifest }
    for outgoing in try store.publish(due, to: remote, through: exchange, &failures) {
      try TestRepository(at: exchange.repository.gitDirectory).git(
        "push", "--quiet", hub.path, "\(outgoing.tip):\(outgoing.record.name)")
      try store.noteSent(outgoing, to: remote, in: exchange)
    }
    return failures
  }

  private func pull(into path: String, knowing kinds: [RecordKind] = RecordKind.all + [.stages]) throws
    -> Reception
  {
    let store = try store(path, knowing: kinds)
    let exchange = try store.exchange(for: .public)
    let before = try exchange.records(of: remote.name)
    try TestRepository(at: exchange.repository.gitDirectory).git(
      ["fetch", "--quiet", hub.path] + Exchange.refspecs(for: remote))
    return try store.receive(from: remote, in: exchange, before: before, author: StoreFixture.author)
  }

  private func tip(in path: String) throws -> ObjectID? {
    try Repository.open(at: path).resolve(Self.record.name)
  }

  private func kept(in path: String) throws -> Set<CommitID> {
    try store(path).keptCommits(of: fixture.telperion())
  }

  @Test func `is published, received, and what it names is kept`() throws {
    let staged = try stage(commits[0], in: here)
    #expect(try push(from: here).isEmpty)
    #expect(hub.resolve(Self.record.name) == staged.description)
    #expect(try pull(into: there).taken == [Self.record])
    #expect(try tip(in: there) == staged)
    #expect(try kept(in: there) == [try fixture.member(commits[0]).commit])
  }

  @Test func `is not published or received where it is not known`() throws {
    try stage(commits[0], in: here)
    try push(from: here, knowing: RecordKind.all)
    #expect(hub.resolve(Self.record.name) == nil)
    try push(from: here)
    #expect(try pull(into: there, knowing: RecordKind.all).taken.isEmpty)
    #expect(try tip(in: there) == nil)
  }

  @Test func `is joined where it went apart, to the same commit on both sides`() throws {
    try stage(commits[0], in: here)
    try push(from: here)
    _ = try pull(into: there)
    let ours = try stage(commits[1], in: here)
    let theirs = try stage(commits[2], in: there)
    try push(from: there)
    #expect(try pull(into: here).taken == [Self.record])
    let join = try #require(try tip(in: here))
    #expect(try store(here).repository.commit(join).parents == [ours, theirs].sorted())
    try push(from: here)
    #expect(try pull(into: there).refused.isEmpty)
    #expect(try tip(in: there) == join)
  }

  @Test
  func `is refused by a pull and by a hub where it does not pass its inspection, and what is below is taken`()
    throws
  {
    let sound = try stage(commits[0], in: here)
    try push(from: here)
    let other = try stage(commits[0], in: here, as: "other")
    try push(from: here)
    let reason = "\(other): it is no stage of canon"
    let reception = try pull(into: there)
    #expect(reception.refused.map(\.reason) == [reason])
    #expect(reception.cut == [Self.record])
    #expect(try tip(in: there) == sound)
    let change = RefChange(name: Self.record.name, old: sound, new: other)
    func refusal(knowing kinds: [RecordKind]) throws -> String? {
      let hub = try Hub(at: hub.path, readingObjectsFrom: [], namespace: "", knowing: kinds)
      return try PushInspection(of: hub, by: [], from: nil).outcome(of: [change]).refused?.reason
    }
    #expect(try refusal(knowing: RecordKind.all + [.stages]) == "no pull would take it: \(reason)")
    #expect(try refusal(knowing: RecordKind.all) == nil)
  }

  @Test func `a join that is not made as it says is refused`() throws {
    let first = try stage(commits[0], in: here)
    let second = try stage(commits[1], in: here)
    let repository = try store(here).repository
    let forged = try repository.writeCommit(
      tree: repository.commit(first).tree, parents: [second, first], author: .nobody(at: 1),
      committer: .nobody(at: 1), message: Array("join\n".utf8))
    try repository.updateReference(Self.record.name, to: forged, expecting: second, log: "")
    try push(from: here)
    #expect(try pull(into: there).refused.map(\.reason) == ["\(forged): it joins what did not go apart"])
  }

  @Test func `stays here where one of its files names a private project`() throws {
    try store(here).updateManifest(subject: "project add", author: StoreFixture.author) {
      $0.set(ProjectRecord(name: try ProjectName("narya"), source: "/narya", audience: .private))
    }
    let staged = try stage(commits[0], in: here, line: "narya=\(commits[0])\n")
    let failures = try push(from: here)
    #expect(failures.leaking.map(\.reason) == ["\(staged) names the private project narya"])
    #expect(hub.resolve(Self.record.name) == nil)
  }

  @Test func `all of them that come to more than its bound are not taken`() throws {
    let line = String(repeating: "telperion=\(commits[0])\n", count: 30_000)
    try stage(commits[0], in: here, line: line)
    try push(from: here)
    #expect(
      try pull(into: there).refused.map(\.reason) == [
        "with those that say less, all stages have more than 1 MiB"
      ])
  }

  @Test func `what any version names is kept, and not released`() throws {
    try stage(commits[0], in: here)
    try stage(commits[1], in: here)
    let members = try commits[...1].map { try fixture.member($0) }
    try store(here).keepNamed(author: StoreFixture.author)
    #expect(try kept(in: here) == [members[1].commit])
    try store(here).keep(members, author: StoreFixture.author)
    #expect(try store(here).releasable(observations: 0).isEmpty)
    #expect(try store(here, knowing: RecordKind.all).releasable(observations: 0) == members.sorted())
  }

  @Test func `is lost where it is gone, and what was worked out of it no longer holds`() throws {
    let before = RecordStanding(gitDirectory: here, of: [.stages])
    let staged = try stage(commits[0], in: here)
    #expect(RecordStanding(gitDirectory: here, of: [.stages]) != before)
    try TestRepository(at: here).git("update-ref", "-d", Self.record.name)
    #expect(
      try store(here).lostTips().map(\.description) == [
        "cannot read \(Self.record.name): it is gone, and stood at \(staged)"
      ])
  }
}
