import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("A set-up that was cut off", .enabled(if: KillSweep.isPossible))
struct SetUpKillTests {
  private let lab: Lab

  /// A folder of checkouts, one of which pins another.
  init() throws {
    lab = try Lab()
    for name in ["telperion", "laurelin"] { _ = try lab.makeSource(name) }
    let top = try TestRepository.create(at: lab.directory.appending("sources/lab"))
    let trusting = ["-c", "protocol.file.allow=always"]
    try top.git(trusting + ["submodule", "--quiet", "add", lab.source("telperion").path, "telperion"])
    try top.git("commit", "--quiet", "-m", "pins")
    try FileManager.default.removeItem(atPath: lab.workspace)
    try TestRepository(at: lab.directory.path)
      .git(trusting + ["clone", "--quiet", "--recurse-submodules", top.path, lab.workspace])
    try lab.checkout("laurelin")
  }

  private var note: String { "\(lab.store.path)/weave/unfinished" }

  /// What of the store is the same however often it is made.
  private func contents() throws -> [String] {
    let exclude = try String(contentsOfFile: "\(lab.workspace)/.git/info/exclude", encoding: .utf8)
    let links = try lab.weave("links").split(separator: "\n").count
    return [
      try lab.weave("project", "list"), "\(links) lines of links", try lab.weave("status", "--json"),
      try lab.store.git("for-each-ref", "refs/namespaces"), exclude,
    ]
  }

  @Test("status and fsck say what to type, and a second init completes it; a third is refused")
  func said() throws {
    try lab.weave("init", "--yes")
    let whole = try contents()
    try Data("init\0laurelin\0laurelin\0".utf8).write(to: URL(fileURLWithPath: note))
    try lab.store.git("update-ref", "-d", "refs/namespaces/laurelin/refs/heads/main")
    let words =
      "warning: `weave init` was cut off, and this store is not finished: `weave init --yes` completes it\n"
    #expect(try lab.run("status").stderr.contains(words))
    #expect(try lab.run("fsck").stdout.contains(words))
    let result = try lab.run("init", "--yes")
    #expect(result.status == 0, "\(result.stderr)")
    #expect(try contents() == whole)
    #expect(try !lab.run("status").stderr.contains("cut off"))
    let third = try lab.run("init", "--yes")
    #expect(third.status == 1)
    #expect(third.stderr.contains("has a store already") && third.stderr.contains("`weave adopt`"))
  }

  @Test("while one is at work, status does not call it cut off, and another is refused")
  func atWork() throws {
    try lab.weave("init", "--yes")
    try Data("adopt\0".utf8).write(to: URL(fileURLWithPath: note))
    let directory = open("\(lab.workspace)/.weave", O_RDONLY | O_CLOEXEC)
    #expect(flock(directory, LOCK_EX) == 0)
    #expect(try !lab.run("status").stderr.contains("cut off"))
    let result = try lab.run("adopt", "--yes")
    #expect(result.status == 1 && result.stderr.contains("is at work in"), "\(result.stderr)")
    close(directory)
    #expect(try lab.run("status").stderr.contains("`weave adopt --yes` completes it"))
    try lab.weave("adopt", "--yes")
    #expect(try !lab.run("status").stderr.contains("cut off"))
  }

  @Test("a note that is damaged is an error that says what to type")
  func damaged() throws {
    try lab.weave("init", "--yes")
    try Data("init\0laurelin\0".utf8).write(to: URL(fileURLWithPath: note))
    let result = try lab.run("adopt", "--yes")
    #expect(result.status == 1)
    #expect(result.stderr.contains("weave/unfinished is damaged") && result.stderr.contains("`rm "))
  }

  @Test(
    "after each of 20 kills, the next completes it in a few seconds of the processor",
    arguments: ["init", "adopt"])
  func kills(command: String) throws {
    if command == "adopt" { try lab.weave("init", "--no-adopt") }
    let before = try LabSnapshot(of: ["workspace"], in: lab)
    try lab.weave(command, "--yes")
    let whole = try contents()
    var random = SeededGenerator(seed: 14)
    var longest: UInt32 = 100_000
    var (killed, tries) = (0, 0)
    while killed < 20, tries < 200 {
      tries += 1
      try before.restore()
      let process = try KillSweep.start([command, "--yes"], in: lab)
      let isKilled = try KillSweep.kill(process, after: UInt32.random(in: 0...longest, using: &random))
      longest = isKilled ? longest + longest / 8 : max(longest / 2, 1_000)
      guard isKilled else { continue }
      killed += 1
      let start = ContinuousClock.now
      let result = try lab.run([command, "--yes"], cpuSeconds: 8)
      #expect(ContinuousClock.now - start < .seconds(30))
      #expect(
        result.status == 0 || result.stderr.contains("has a store already"), "\(result.stderr)")
      #expect(try contents() == whole)
      #expect(!FileManager.default.fileExists(atPath: note))
      #expect(try lab.run("fsck").stdout == "")
    }
    #expect(killed == 20)
  }
}
