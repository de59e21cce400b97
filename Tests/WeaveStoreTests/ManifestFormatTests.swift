import Foundation
import Git
import TestSupport
import Testing
import WeaveModel

@testable import WeaveStore

@Suite("What a newer weave put into a manifest")
struct ManifestFormatTests {
  private let fixture: StoreFixture
  private let git: TestRepository
  private static let name = "refs/weave/public/manifest"

  init() throws {
    fixture = try StoreFixture()
    git = TestRepository(at: fixture.gitDirectory)
    try change { $0.set(ProjectRecord(name: try ProjectName("telperion"), source: "https://a.example/t")) }
  }

  private func change(_ body: (inout Manifest) throws -> Void) throws {
    try fixture.store.updateManifest(subject: "change", author: StoreFixture.author, body)
  }

  /// Commits the manifest with those files besides its own, by stock Git; on top of `parent`, which stays where it is.
  @discardableResult
  private func commit(
    _ files: [(path: String, text: String)], on parent: String = name, removing: [String] = []
  ) throws -> String {
    let index = git.environment.with(["GIT_INDEX_FILE": fixture.directory.path + "/index"])
    try git.git(["read-tree", parent], environment: index)
    for (path, text) in files {
      let file = fixture.directory.path + "/file"
      try Array(text.utf8).withUnsafeBytes { try Data($0).write(to: URL(fileURLWithPath: file)) }
      let id = try git.git("hash-object", "-w", file)
      try git.git(["update-index", "--add", "--cacheinfo", "100644,\(id),\(path)"], environment: index)
    }
    for path in removing {
      let line = "0 \(String(repeating: "0", count: 40))\t\(path)\n"
      try git.git(["update-index", "--index-info"], environment: index, input: Array(line.utf8))
    }
    let tree = try git.git(["write-tree"], environment: index)
    return try git.git("commit-tree", tree, "-p", parent, "-m", "newer")
  }

  private func put(_ files: [(path: String, text: String)], removing: [String] = []) throws {
    try git.git("update-ref", Self.name, try commit(files, removing: removing))
  }

  private func text(_ path: String) throws -> String { try git.git("cat-file", "-p", "\(Self.name):\(path)") }
  private func entries() throws -> String { try git.git("ls-tree", "-r", Self.name) }

  private func tip() throws -> String { try git.git("rev-parse", Self.name) }

  /// What `body` fails with, as a user sees it; nil where it does not.
  private func failure(_ body: () throws -> Void) -> String? {
    do {
      try body()
      return nil
    } catch { return "\(error), \((error as? StoreError)?.hint ?? "")" }
  }

  private func setTrack(_ track: String) throws {
    try change { $0.projects[try ProjectName("telperion")]?.track = track }
  }

  @Test func `stays when the manifest is written: files, directories, entries of known directories`() throws {
    try put([
      ("format", "2\n"), ("later", "a"), ("directory/of/files", "b"), ("projects/needs weave 9", ""),
      ("holds/odd", "c"),
    ])
    let before = try entries()
    try setTrack("main")
    let isOther = { (line: Substring) in !line.hasSuffix("projects/telperion") }
    #expect(try entries() != before)
    #expect(
      try entries().split(separator: "\n").filter(isOther) == before.split(separator: "\n").filter(isOther))
    #expect(try fixture.fsck() == "")
  }

  @Test func `stays in a project's entry: lines of an unknown key, in their order`() throws {
    try put([
      ("projects/telperion", "later z\nsource https://a.example/t\nlatest\nbranch-of  x y \nlater a\n")
    ])
    try setTrack("main")
    #expect(
      try text("projects/telperion")
        == "source https://a.example/t\ntrack main\nlater z\nlatest\nbranch-of  x y \nlater a")
  }

  @Test func `is nothing where 0.1.0 wrote it: then each byte is as it wrote it`() throws {
    try setTrack("main")
    #expect(
      try git.git("ls-tree", "-r", "--name-only", Self.name).split(separator: "\n") == [
        "projects/telperion", "store",
      ])
    #expect(try text("projects/telperion") == "source https://a.example/t\ntrack main")
  }

  @Test func `a private project's removal is kept as it was written`() throws {
    try change {
      $0.set(ProjectRecord(name: try ProjectName("nenya"), source: "https://a.example/n", audience: .private))
    }
    try change { $0.remove(try ProjectName("nenya")) }
    #expect(
      try git.git("ls-tree", "-r", "--name-only", "refs/weave/private/manifest").contains("removed/nenya"))
  }

  @Test(arguments: ["", "0\n", "02\n", "two\n", "2 \n", "-1\n"])
  func `a format that is no number is damage`(format: String) throws {
    try put([("format", format)])
    let reason = failure { _ = try fixture.store.manifest() }
    #expect(reason?.contains("its `format` is no number") == true)
  }

  @Test func `of a newer format is neither asked nor written, and seen by who says so`() async throws {
    try put([("format", "3\n"), ("projects/Odd", "source x\n"), ("projects/narya/more", "x")])
    let telperion = try ProjectName("telperion")
    let words = "the store is of format 3, and this weave knows 2 at most, upgrade weave"
    let (asking, writing) = (failure { _ = try fixture.store.manifest() }, failure { try setTrack("main") })
    #expect(asking == words)
    #expect(writing == words)
    _ = try Store.open(at: fixture.gitDirectory)
    let (projects, writingAfterReading) = try await fixture.store.readingAnyFormat {
      (try fixture.store.manifest().projects, failure { try setTrack("main") })
    }
    #expect(projects.keys.elementsEqual([telperion]))
    #expect(writingAfterReading == words)
  }

  private func part(_ commit: String) throws -> ManifestPart {
    try ManifestPart(at: #require(ObjectID(hex: commit)), in: fixture.store.repository)
  }

  private func merge(_ ours: String, _ theirs: String, _ choices: [String: ManifestSide] = [:]) throws
    -> ManifestMerge
  {
    ManifestMerge(
      base: try part(tip()), ours: try part(ours), theirs: try part(theirs), choices: choices
    ) { $0.description }
  }

  @Test func `is merged by entry, as a text is`() throws {
    try put([("both", "1"), ("mine", "1"), ("gone", "1")])
    let ours = try commit([("mine", "2"), ("dir/new", "ours"), ("format", "2\n")])
    let theirs = try commit([("both", "2"), ("projects/needs weave 9", "")], removing: ["gone"])
    let merge = try merge(ours, theirs)
    #expect(merge.conflicts.isEmpty)
    #expect(
      Set(merge.merged.unknown.keys) == ["both", "mine", "dir", "projects/needs weave 9"])
    #expect(merge.merged.unknown["both"] == (try part(theirs).unknown["both"]))
    #expect(merge.merged.unknown["mine"] == (try part(ours).unknown["mine"]))
    #expect(merge.merged.format == .newest)
  }

  @Test func `is a conflict where both changed it, until somebody says which to take`() throws {
    try put([("both", "1")])
    let (ours, theirs) = (try commit([("both", "2")]), try commit([("both", "3")]))
    #expect(try merge(ours, theirs).conflicts.map(\.entry) == ["both"])
    let settled = try merge(ours, theirs, ["both": .theirs])
    #expect(try settled.conflicts.isEmpty && settled.merged == part(theirs))
  }

  @Test func `a project's unknown lines are part of its entry`() throws {
    let source = "source https://a.example/t\n"
    let ours = try commit([("projects/telperion", source + "later 1\n")])
    let theirs = try commit([("projects/telperion", source + "later 2\n")])
    #expect(try merge(ours, theirs).conflicts.map(\.entry) == ["project/telperion"])
    let track = try commit([("projects/narya", source)])
    #expect(
      try merge(ours, track).merged.projects[ProjectName("telperion")]?.unknownLines == [
        Array("later 1".utf8)
      ])
  }

  private func refusal(_ tip: String) throws -> String? {
    let exchange = try fixture.store.exchange(for: .public)
    let tip = try #require(ObjectID(hex: tip))
    try exchange.repository.copyObjects(reachableFrom: [tip], from: fixture.store.repository)
    let inspection = Inspection(in: exchange.repository, for: fixture.store.id)
    return inspection.refusal(
      of: RecordRef(.manifest, .public), at: tip, inspection.newCommits(of: tip, besides: []))
  }

  @Test func `is known to be lost where a manifest has no format, and one before it had`() throws {
    try put([("format", "2\n")])
    #expect(try refusal(tip()) == nil)
    let lost = try commit([], removing: ["format"])
    #expect(try refusal(lost)?.hasPrefix("it was written by weave 0.1.0") == true)
    #expect(try refusal(commit([("x", "1")], on: lost))?.hasPrefix("it was written by weave 0.1.0") == true)
    #expect(try refusal(commit([("format", "2\n")], on: lost)) == nil, "mended")
  }
}
