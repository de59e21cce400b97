import TestSupport
import Testing

@Suite("A record that stock Git made, and that weave would not have made")
struct MalformedRecordTests {
  /// Puts a lock of the constellation on top of the newest in `store`, with `lines` besides; returns its id.
  private static func lock(_ lines: String, in store: TestRepository) throws -> String {
    let reference = "refs/weave/public/locks/emerald-city"
    let message = "lock emerald-city\n\nWeave-Lock: emerald-city\n\(lines)\n"
    let id = try store.git(
      ["commit-tree", "\(reference)^{tree}", "-p", reference], input: Array(message.utf8))
    try store.git("update-ref", reference, id)
    return id
  }

  /// Puts `files` into the public manifest of `store`, in one more commit.
  private static func manifest(_ files: [String: String], in store: TestRepository) throws {
    let reference = "refs/weave/public/manifest"
    var stream = "commit \(reference)\ncommitter Eve <eve@example.org> \(TestEnvironment.epoch) +0000\n"
    stream += "data 4\neve\n\nfrom \(reference)^0\n"
    for (path, content) in files.sorted(by: { $0.key < $1.key }) {
      stream += "M 644 inline \(path)\ndata \(content.utf8.count)\n\(content)\n"
    }
    try store.git(["-c", "core.fsync=none", "fast-import", "--quiet"], input: Array(stream.utf8))
  }

  private static func sharedLab() throws -> (lab: Lab, hub: TestRepository, bob: Colleague) {
    let lab = try Lab.threeProjects()
    try lab.constellation()
    try lab.link("telperion@v1", "laurelin@v1", "narya@v1")
    try lab.weave("lock")
    let hub = try lab.share()
    return (lab, hub, try lab.colleague("bob"))
  }

  private static let lockLines = [
    "Weave-Local: x y z", "Weave-Local: ../x \(String(repeating: "1", count: 40))", "Weave-Local: narya 12",
    "Weave-Constellation: x",
    "Weave-Constellation: \(String(repeating: "1", count: 40))\nWeave-Constellation: \(String(repeating: "2", count: 40))",
  ]

  @Test("a lock with a line that no reader takes is refused by the pull", arguments: lockLines)
  func pulledLock(line: String) throws {
    let (_, hub, bob) = try Self.sharedLab()
    _ = try Self.lock(line, in: hub)
    let pull = try bob.run("pull")
    #expect(pull.status == 1)
    #expect(pull.stderr.contains("refs/weave/public/locks/emerald-city"), "\(pull.stderr)")
    #expect(try bob.run("lock", "--list").status == 0)
  }

  @Test(
    "a stored lock with such a line is read without it, told of by fsck, and followed by another",
    arguments: lockLines)
  func storedLock(line: String) throws {
    let (lab, _, _) = try Self.sharedLab()
    let id = try Self.lock(line, in: lab.store)
    for command in [["status", "-c", "emerald-city"], ["lock", "--list"], ["lock", "--show"]] {
      let result = try lab.run(command)
      #expect([0, 2, 3, 4].contains(result.status), "\(command): \(result.stderr)")
      #expect(
        result.stderr.contains("warning: the lock \(id.prefix(7)) is read without a line of it"), "\(result)")
    }
    let found = try lab.run(["fsck"])
    #expect(found.status == 1)
    #expect(
      (found.stdout + found.stderr).contains("`weave lock -c emerald-city` adopts one without it"), "\(found)"
    )
    try lab.link("telperion@v2", "laurelin@v2", "narya@v2")
    try lab.weave("lock", "-c", "emerald-city")
    try lab.check()
  }

  private static let tracks = ["a..b", "refs/x y", "refs/heads/", "@{upstream}", "refs/../x"]

  @Test(
    "a manifest with a project that tracks what no ref can be called is refused by the pull",
    arguments: tracks)
  func pulledTrack(track: String) throws {
    let (lab, hub, bob) = try Self.sharedLab()
    try Self.manifest(["projects/narya": "source \(lab.source("narya").path)\ntrack \(track)\n"], in: hub)
    let pull = try bob.run("pull")
    #expect(pull.status == 1)
    #expect(
      pull.stderr.contains("narya tracks '\(track)', which can be the name of no branch"), "\(pull.stderr)")
    #expect(try bob.run("project", "list").status == 0)
  }

  @Test(
    "a stored project that tracks such a name fails alone, and fsck says what mends it", arguments: tracks)
  func storedTrack(track: String) throws {
    let (lab, _, _) = try Self.sharedLab()
    try Self.manifest(["projects/zz": "source \(lab.source("narya").path)\ntrack \(track)\n"], in: lab.store)
    let fetch = try lab.run(["fetch"])
    #expect(fetch.status == 1)
    #expect((fetch.stdout + fetch.stderr).contains("zz tracks '\(track)'"), "\(fetch)")
    #expect(!(fetch.stdout + fetch.stderr).contains("narya tracks"))
    #expect(try lab.weave("project", "list").contains("no such ref"))
    for command in [["resolve"], ["harvest"], ["status", "-c", "emerald-city"]] {
      let result = try lab.run(command)
      #expect(!result.stderr.contains("error:"), "\(command): \(result.stderr)")
    }
    let found = try lab.run(["fsck"])
    #expect(found.status == 1)
    #expect((found.stdout + found.stderr).contains("`weave project set zz track NAME`"), "\(found)")
    try lab.weave("project", "set", "zz", "track", "main")
    try lab.weave("fetch")
    try lab.check()
  }

  @Test(
    "a hold or an acknowledgement that no reader takes is passed over, and keeps nothing else of the manifest back",
    arguments: ["holds/narya@toto", "acknowledgements/toto"])
  func pulledText(path: String) throws {
    let (_, hub, bob) = try Self.sharedLab()
    try Self.manifest([path: "nonsense\n"], in: hub)
    try bob.weave("pull")
    let said = try bob.run("fsck")
    #expect(said.status == 1)
    #expect(said.stdout.contains("is damaged"), "\(said)")
  }

  @Test(
    "a set, or an observation, under a name that no reader takes is refused by the pull",
    arguments: [
      ("refs/weave/public/sets/-x", "set -x\n\nWeave-Set: -x\n", "set"),
      ("refs/weave/public/observed/-x", "observed -x\n\nWeave-Machine: -x\nWeave-Sequence: 1\n", "observed"),
      ("refs/weave/public/observed/x", "observed x\n\nWeave-Machine: x\nWeave-Sequence: 1\n", "else"),
    ])
  func pulledName(reference: String, message: String, entry: String) throws {
    let (_, hub, bob) = try Self.sharedLab()
    let blob = try hub.git(
      ["hash-object", "-w", "--stdin"], input: Array("narya \(String(repeating: "1", count: 40))\n".utf8))
    let tree = try hub.git(["mktree"], input: Array("100644 blob \(blob)\t\(entry)\n".utf8))
    try hub.git("update-ref", reference, hub.git(["commit-tree", tree], input: Array(message.utf8)))
    let pull = try bob.run("pull")
    #expect(pull.status == 1)
    #expect(pull.stderr.contains(reference), "\(pull.stderr)")
  }
}
