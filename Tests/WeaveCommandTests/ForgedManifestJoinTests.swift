import TestSupport
import Testing

@testable import LabSupport

@Suite("A join of manifests that a remote sends", .inProcess)
struct ForgedManifestJoinTests {
  private let lab: Lab
  private let hub: TestRepository
  private let bob: Colleague
  private static let manifest = "refs/weave/public/manifest"

  init() throws {
    lab = try Lab.threeProjects()
    hub = try lab.share()
    bob = try lab.colleague("bob")
  }

  /// A commit with `parents` whose tree is that of `tree` with these blobs in place of what is there; nil removes.
  private func commit(_ parents: [String], tree: String, _ blobs: [String: String?]) throws -> String {
    let environment = hub.environment.with(["GIT_INDEX_FILE": hub.path + "/by-hand"])
    try hub.git(["read-tree", tree], environment: environment)
    for (path, text) in blobs {
      guard let text else {
        let nothing = "0 \(String(repeating: "0", count: 40))\t\(path)\n"
        try hub.git(["update-index", "--index-info"], environment: environment, input: Array(nothing.utf8))
        continue
      }
      let blob = try hub.git(["hash-object", "-w", "--stdin"], input: Array(text.utf8))
      try hub.git(
        ["update-index", "--add", "--cacheinfo", "100644,\(blob),\(path)"], environment: environment)
    }
    let written = try hub.git(["write-tree"], environment: environment)
    return try hub.git(
      ["commit-tree", written] + parents.flatMap { ["-p", $0] }, input: Array("join\n".utf8))
  }

  private func entry(_ source: String) -> String { "source /\(source)\n" }

  /// Two manifests that went apart: each adds a project, both change narya, one laurelin, and one takes telperion away.
  private func sides() throws -> (one: String, other: String) {
    let base = try hub.git("rev-parse", Self.manifest)
    return (
      try commit(
        [base], tree: base,
        ["projects/one": entry("one"), "projects/narya": entry("n1"), "projects/laurelin": entry("l1")]),
      try commit(
        [base], tree: base,
        ["projects/other": entry("other"), "projects/narya": entry("n2"), "projects/telperion": nil])
    )
  }

  /// What a merge of the sides has besides what `one` has.
  private var merged: [String: String?] {
    ["projects/other": entry("other"), "projects/telperion": String?.none]
  }

  @Test(
    "is taken where each entry is the merge's, or one side's where both changed it", arguments: ["n1", "n2"])
  func honest(narya: String) throws {
    let (one, other) = try sides()
    let join = try commit(
      [one, other].sorted(), tree: one, merged.merging(["projects/narya": entry(narya)]) { $1 })
    try hub.git("update-ref", Self.manifest, join)
    let pull = try bob.run("pull")
    #expect(pull.status == 0, "\(pull.stderr)")
    #expect(try bob.store.git("rev-parse", Self.manifest) == join)
  }

  private static let forgeries: [(String, [String: String?])] = [
    ("projects/narya", ["projects/narya": "source /n3\n"]),
    ("projects/narya", ["projects/narya": String?.none]),
    ("projects/laurelin", ["projects/laurelin": "source /evil\n"]),
    ("projects/one", ["projects/one": String?.none]),
    ("projects/new", ["projects/new": "source /new\n"]),
    ("holds/telperion@toto", ["holds/telperion@toto": "x\n"]), ("novel", ["novel": "x\n"]),
    ("removed/x", ["removed/x": ""]),
  ]

  @Test("is refused where an entry is of neither side, or is taken back", arguments: forgeries.indices)
  func forged(index: Int) throws {
    let (path, change) = Self.forgeries[index]
    let (one, other) = try sides()
    let join = try commit([one, other], tree: one, merged.merging(change) { $1 })
    try expectRefusal(of: join, "\(path) is of neither side that it joins")
    // Nor is it below an honest commit.
    try expectRefusal(
      of: commit([join], tree: one, [:]), "\(path) is of neither side that it joins")
  }

  @Test("is refused where it takes back what one side changed, or joins more than two")
  func takenBack() throws {
    let (one, other) = try sides()
    let base = try hub.git("rev-parse", Self.manifest)
    let laurelin = try hub.git("cat-file", "blob", "\(base):projects/laurelin") + "\n"
    try expectRefusal(
      of: commit([one, other], tree: one, merged.merging(["projects/laurelin": laurelin]) { $1 }),
      "projects/laurelin is of neither side that it joins")
    try expectRefusal(of: commit([one, other, base], tree: one, merged), "it joins more than two")
    // An old manifest, joined with the newest, brings nothing back.
    try hub.git("update-ref", Self.manifest, one)
    #expect(try bob.run("pull").status == 0)
    try expectRefusal(of: commit([base, one], tree: base, [:]), "is of neither side that it joins")
  }

  @Test("of two that have several common ancestors may be since any of them")
  func crissCross() throws {
    let (one, other) = try sides()
    let change = merged.merging(["projects/narya": entry("n1")]) { $1 }
    let left = try commit([one, other], tree: one, change)
    let right = try commit([other, one], tree: one, change.merging(["projects/narya": entry("n2")]) { $1 })
    for narya in ["n1", "n2"] {
      let join = try commit([left, right], tree: left, ["projects/narya": entry(narya)])
      try hub.git("update-ref", Self.manifest, join)
      // The projects' sources are nowhere.
      _ = try lab.run("clone", hub.path, "carol-\(narya)", in: lab.directory.path)
      let store = TestRepository(at: "\(lab.directory.path)/carol-\(narya)/.weave/.git")
      #expect(try store.git("rev-parse", Self.manifest) == join)
    }
    try expectRefusal(
      of: commit([left, right], tree: left, ["projects/narya": entry("n3")]),
      "projects/narya is of neither side that it joins")
  }

  /// Expects that bob's pull takes nothing of the manifest when the hub has `tip` for it.
  private func expectRefusal(
    of tip: String, _ reason: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let before = try bob.store.git("rev-parse", Self.manifest)
    let there = try hub.git("rev-parse", Self.manifest)
    try hub.git("update-ref", Self.manifest, tip)
    let pull = try bob.run("pull")
    #expect(pull.status == 0, "\(pull.stderr)", sourceLocation: sourceLocation)
    #expect(
      pull.stderr.contains("\(Self.manifest) is refused: "), "\(pull.stderr)", sourceLocation: sourceLocation)
    #expect(pull.stderr.contains(reason), "\(pull.stderr)", sourceLocation: sourceLocation)
    #expect(
      try bob.store.git("rev-parse", Self.manifest) == before, sourceLocation: sourceLocation)
    try hub.git("update-ref", Self.manifest, there)
  }
}
