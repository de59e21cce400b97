import Git
import TestSupport
import Testing
import WeaveModel
import WeaveStore

@Suite("How a manifest came to its holds")
struct HoldHistoryTests {
  /// Commits to the manifest one after the other, each with one of the texts as the hold of telperion on toto, or none.
  private func write(_ texts: [String?], signed: Set<Int> = [], to fixture: StoreFixture) throws {
    let git = TestRepository(at: fixture.gitDirectory)
    let manifest = "refs/weave/public/manifest"
    let root = try git.git("ls-tree", manifest)
    var tip = try git.git("rev-parse", manifest)
    for (index, text) in texts.enumerated() {
      var entries = root + "\n"
      if let text {
        let blob = try git.git(["hash-object", "-w", "--stdin"], input: Array(text.utf8))
        let holds = try git.git(["mktree"], input: Array("100644 blob \(blob)\ttelperion@toto\n".utf8))
        entries += "040000 tree \(holds)\tholds\n"
      }
      let tree = try git.git(["mktree"], input: Array(entries.utf8))
      tip = try git.git("commit-tree", tree, "-p", tip, "-m", "\(index)")
      if signed.contains(index) {
        let raw = try git.git("cat-file", "commit", tip)
        let signature = "\ngpgsig -----BEGIN SSH SIGNATURE-----\n -----END SSH SIGNATURE-----\n\n"
        let parts = raw.split(separator: "\n\n", maxSplits: 1)
        tip = try git.git(
          ["hash-object", "-t", "commit", "-w", "--stdin"],
          input: Array((parts[0] + signature + parts[1] + "\n").utf8))
      }
    }
    try git.git("update-ref", manifest, tip)
  }

  private func changes(_ fixture: StoreFixture) throws -> [HoldChange] {
    try #require(
      fixture.store.holdHistories(of: [fixture.telperion()], on: ["toto"]).first { $0.audience == .public }
    ).changes
  }

  @Test("has each change that may be signed, the newest first")
  func signed() throws {
    let fixture = try StoreFixture()
    try write(["a", "b", nil, "a"], signed: [0, 1, 2, 3], to: fixture)
    let changes = try changes(fixture)
    #expect(changes.count == 4 && changes[1].hold == .nothing && changes[0].hold == changes[3].hold)
  }

  @Test("is no longer for what nobody signed, however often it was turned over, and has where a run ends")
  func turnedOver() throws {
    let fixture = try StoreFixture()
    try write(
      ["a"] + Array(repeating: ["b", "c"], count: 20).flatMap { $0 } + ["a"], signed: [0, 41], to: fixture)
    let changes = try changes(fixture)
    #expect(changes.count == 4)
    #expect(changes.map(\.claimsSignature) == [true, false, false, true])
    #expect(changes[1].hold != changes[0].hold)
  }
}
