import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("A record that is small in a pack, and large to whoever reads it")
struct LargeRecordTests {
  private static func sharedLab() throws -> (lab: Lab, hub: TestRepository, bob: Colleague) {
    let lab = try Lab.threeProjects()
    try lab.constellation()
    try lab.link("telperion@v1", "laurelin@v1", "narya@v1")
    try lab.weave("report", "--machine", "dorothy", "narya=\(lab.id("narya@v1"))")
    let hub = try lab.share()
    return (lab, hub, try lab.colleague("bob"))
  }

  private static func importing(_ stream: [UInt8], into hub: TestRepository) throws {
    try hub.git(["-c", "core.fsync=none", "fast-import", "--quiet"], input: stream)
  }

  private static func data(_ content: [UInt8]) -> [UInt8] {
    Array("data \(content.count)\n".utf8) + content + [UInt8(ascii: "\n")]
  }

  /// Puts an observation of each of `machines` into `hub`, which all have one blob of `lines`.
  private static func observe(_ machines: [String], _ lines: String, in hub: TestRepository) throws {
    var stream = Array("blob\nmark :1\n".utf8) + data(Array(lines.utf8))
    for machine in machines {
      stream += Array(
        "commit refs/weave/public/observed/\(machine)\nmark :2\n".utf8)
      stream += Array("committer Eve <eve@example.org> \(TestEnvironment.epoch) +0000\n".utf8)
      stream += data(
        Array("observed \(machine)\n\nWeave-Machine: \(machine)\nWeave-Sequence: 1\n".utf8))
      stream += Array("M 644 :1 observed\n\n".utf8)
    }
    try importing(stream, into: hub)
  }

  private static func lines(_ count: Int) -> String {
    (0..<count).map { "p\(String(1_000_000 + $0)) \(String(repeating: "1", count: 40))\n" }.joined()
  }

  @Test("of observations that are too much together the smallest are taken, and the others are named")
  func observations() throws {
    let (_, hub, bob) = try Self.sharedLab()
    let machines = (0..<310).map { "m\($0)" }
    try Self.observe(machines, Self.lines(20_000), in: hub)
    try Self.observe(["small"], "p \(String(repeating: "2", count: 40))\n", in: hub)
    let pull = try bob.run("pull")
    #expect(pull.status == 0)
    #expect(pull.stderr.contains("all observations have more than 256 MiB"), "\(pull.stderr)")
    let observed = try bob.store.git("for-each-ref", "--format=%(refname)", "refs/weave/public/observed")
    #expect(observed.contains("observed/small"))
    #expect(observed.contains("observed/dorothy"))
    #expect((200..<310).contains(observed.split(separator: "\n").count))
  }

  @Test("observations of machines that nobody has, of commits that are nowhere, cost fsck and status little")
  func absentCommits() throws {
    let (lab, hub, bob) = try Self.sharedLab()
    try Self.observe((0..<200).map { "m\($0)" }, Self.lines(9_000), in: hub)
    _ = try bob.run("pull")
    for command in [["status", "-c", "emerald-city"], ["fsck"]] {
      let result = try lab.run(command, in: bob.workspace, cpuSeconds: 30)
      #expect([0, 3, 4].contains(result.status), "\(command): \(result.stderr)")
    }
  }

  @Test("a lock that wants too much of all its machines together is refused, though each wants little")
  func manyMachines() throws {
    let (lab, hub, bob) = try Self.sharedLab()
    let lock = "refs/weave/public/locks/emerald-city"
    let blob = try hub.git(["hash-object", "-w", "--stdin"], input: Array(Self.lines(40_001).utf8))
    let tree = try hub.git(
      ["mktree"], input: Array((0..<100).map { "100644 blob \(blob)\tm\($0)\n" }.joined().utf8))
    let commit = try hub.git(
      ["commit-tree", tree], input: Array("lock emerald-city\n\nWeave-Lock: emerald-city\n".utf8))
    try hub.git("update-ref", lock, commit)
    let pull = try lab.run(["pull"], in: bob.workspace, cpuSeconds: 30)
    #expect(
      pull.stderr.contains(
        "\(lock) is refused: \(commit): it has more than 4000000 commits of all machines together"),
      "\(pull.stderr)")
    #expect(bob.store.resolve(lock) == nil)
  }

  @Test(
    "a manifest or a date whose commit has a message of many megabytes is refused, and ours stays",
    arguments: ["manifest", "seen/dorothy"])
  func message(record: String) throws {
    let (_, hub, bob) = try Self.sharedLab()
    let reference = "refs/weave/public/\(record)"
    let before = try bob.store.git("rev-parse", reference)
    let tree = try hub.git("rev-parse", "\(reference)^{tree}")
    let parents = record == "manifest" ? ["-p", reference] : []
    let words = "x\n\nWeave-Machine: dorothy\nWeave-Sequence: 2\n"
    let padding = String(repeating: "a", count: 10 << 20)
    let huge = try hub.git(["commit-tree", tree] + parents, input: Array("\(padding)\n\(words)".utf8))
    try hub.git("update-ref", reference, huge)
    let pull = try bob.run("pull")
    #expect(pull.status == (reference.contains("/ledger/") ? 1 : 0))
    #expect(pull.stderr.contains(reference) && pull.stderr.contains("bytes, of at most"), "\(pull.stderr)")
    #expect(try bob.store.git("rev-parse", reference) == before)
  }

  @Test(
    "of ledgers whose events are large, and small in a pack, the smallest are taken, and no command is kept busy"
  )
  func events() throws {
    let (lab, hub, bob) = try Self.sharedLab()
    let store = try hub.git("cat-file", "blob", "refs/weave/public/manifest:store")
    let (telperion, laurelin) = (try lab.id("telperion@v2"), try lab.id("laurelin@v2"))
    func write(_ count: Int, of size: Int, to writer: String) throws {
      var stream: [UInt8] = []
      for number in 0..<count {
        stream += Array("commit refs/weave/public/ledger/\(writer)\n".utf8)
        stream += Array("committer Eve <eve@example.org> \(TestEnvironment.epoch + number) +0000\n".utf8)
        stream += Self.data(
          Array("link \(number)\n\n".utf8) + Array(String(repeating: "t\n", count: size / 2).utf8)
            + Array(
              "\nWeave-Event: link\nWeave-Ledger: \(store)/\(writer)\nWeave-Member: laurelin \(laurelin)\nWeave-Member: telperion \(telperion)\n"
                .utf8))
      }
      try Self.importing(stream, into: hub)
    }
    try write(12, of: 7_000_000, to: "eve-00000001")
    try write(2, of: 1_000_000, to: "joe-00000001")
    let pull = try lab.run(["pull"], in: bob.workspace, cpuSeconds: 30)
    #expect(pull.status == 1)
    #expect(
      pull.stderr.contains("refs/weave/public/ledger/eve-00000001 is refused: the commits beyond 64 KiB"),
      "\(pull.stderr)")
    #expect(try lab.run(["links"], in: bob.workspace, cpuSeconds: 30).status == 0)
    let ledgers = try bob.store.git("for-each-ref", "--format=%(refname)", "refs/weave/public/ledger")
    #expect(ledgers.contains("joe-00000001") && !ledgers.contains("eve-00000001"))
  }

  @Test("of holds that are large, and small in a pack, the smallest count")
  func holds() throws {
    let (lab, hub, bob) = try Self.sharedLab()
    try lab.weave("hold", "toto", "telperion@v1", "-c", "emerald-city", "-m", "because")
    try lab.weave("push")
    let id = try lab.id("telperion@v1")
    var stream =
      "commit refs/weave/public/manifest\ncommitter Eve <eve@example.org> \(TestEnvironment.epoch) +0000\n"
    stream += "data 4\neve\n\nfrom refs/weave/public/manifest^0\n"
    for machine in ["a", "b", "c", "d"] {
      let text =
        "hold telperion on \(machine)\n\n" + String(repeating: "t\n", count: 3_500_000)
        + "\nWeave-Machine: \(machine)\nWeave-Hold: telperion \(id)\nWeave-Author: Eve <eve@example.org> 1700000000 +0000\n"
      stream += "M 644 inline holds/telperion@\(machine)\ndata \(text.utf8.count)\n\(text)\n"
    }
    try Self.importing(Array(stream.utf8), into: hub)
    try bob.weave("pull")
    let status = try lab.run(
      ["status", "-c", "emerald-city", "--json"], in: bob.workspace, cpuSeconds: 15)
    #expect(status.stdout.contains("because"))
    #expect(status.stderr.contains("is damaged, and passed over"), "\(status.stderr)")
  }

  @Test("a stored constellation of many megabytes is refused alone, by its size")
  func constellation() throws {
    let (_, hub, bob) = try Self.sharedLab()
    let padding = String(repeating: "#", count: 20 << 20)
    var stream =
      "commit refs/weave/public/manifest\ncommitter Eve <eve@example.org> \(TestEnvironment.epoch) +0000\n"
    stream += "data 4\neve\n\nfrom refs/weave/public/manifest^0\n"
    stream += "M 644 inline constellations/large\ndata \(padding.utf8.count)\n\(padding)\n"
    try Self.importing(Array(stream.utf8), into: hub)
    _ = try bob.run("pull")
    #expect(try bob.run("resolve", "-c", "emerald-city").status == 0)
    let refused = try bob.run("resolve", "-c", "large")
    #expect(refused.status == 1)
    #expect(refused.stderr.contains("it has 20971520 bytes, of at most 16777216"), "\(refused.stderr)")
    #expect(try bob.run("constellation", "remove", "large").status == 0)
  }
}
