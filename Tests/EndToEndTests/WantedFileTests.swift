import Foundation
import TestSupport
import Testing

@testable import LabSupport

/// `weave sha` answers from a file as long as the records stand as they stood. Nobody may ever notice.
@Suite("The file of what is wanted")
struct WantedFileTests {
  let lab: Lab

  init() throws { lab = try Self.template.copy() }

  private static let template = LabTemplate {
    let lab = try Lab.filled()
    try lab.link("telperion@v2", "laurelin@v2", "narya@v2")
    return lab
  }

  private static let questions = [
    ["telperion", "--machine", "toto"], ["narya", "--machine", "toto"],
    ["laurelin", "--machine", "barge", "-c", "emerald-city"], ["narya", "--machine", "tito"],
    ["laurelin", "--machine", "toto", "--json"],
  ]

  private var files: [String] {
    get throws {
      try FileManager.default.contentsOfDirectory(atPath: "\(lab.store.path)/weave").filter {
        $0.hasPrefix("wanted")
      }.map { "\(lab.store.path)/weave/\($0)" }
    }
  }

  private func answers() throws -> [String] {
    try Self.questions.map { question in
      let result = try lab.run(["sha"] + question)
      return "\(question): \(result.status) \(result.stdout)\(result.stderr)"
    }
  }

  /// The answers twice, the second time from the file; they must be those that are given without it.
  private func check(after what: [String]) throws {
    let (first, second) = (try answers(), try answers())
    for file in try files { try FileManager.default.removeItem(atPath: file) }
    let without = try answers()
    #expect(first == without, "after \(what)")
    #expect(second == without, "after \(what)")
  }

  @Test("every command that writes is heeded by the very next question")
  func afterEveryCommand() throws {
    try check(after: [])
    _ = try answers()
    for command in EveryCommand.writing {
      try lab.runTemplate(command)
      try check(after: command)
    }
  }

  @Test("what stock Git does to the records is heeded, too: packing, moving back, another lock")
  func afterGit() throws {
    _ = try answers()
    let lock = "refs/weave/public/locks/emerald-city"
    try lab.weave("lock")
    let newest = try lab.store.git("rev-parse", lock)
    for command in [
      ["pack-refs", "--all"], ["update-ref", lock, "\(lock)~1"], ["pack-refs", "--all"],
      ["update-ref", lock, newest], ["gc", "--quiet"], ["update-ref", "-d", lock],
      ["update-ref", lock, newest],
    ] {
      try lab.store.git(command)
      try check(after: command)
    }
  }

  @Test("a revocation that reaches what is locked is exit 5 at once")
  func revoked() throws {
    #expect(try lab.run("sha", "telperion", "--machine", "toto").status == 0)
    try lab.revoke("telperion@v1", "laurelin@v1")
    #expect(try lab.run("sha", "telperion", "--machine", "toto").status == 5)
    #expect(try lab.run("sha", "telperion", "--machine", "toto", "--even-revoked").status == 0)
    #expect(try lab.run("sha", "telperion", "--machine", "toto").status == 5)
  }

  @Test("a machine without projects, and machines that are held apart, are each answered as they are")
  func empty() throws {
    try lab.constellation(
      """
      constellation: emerald-city
      projects: { telperion: {}, laurelin: {} }
      roles: { r: { projects: [telperion, laurelin] } }
      machines: { spare: {}, b: { roles: [r], aliases: [bee] }, c: { roles: [r] } }
      """)
    try lab.weave("lock")
    try lab.weave("hold", "c", "telperion@v1", "-m", "x")
    try lab.weave("hold", "b", "telperion@v2", "-m", "x")
    for _ in 0..<3 {
      #expect(try lab.weave("sha", "telperion", "--machine", "b", "--even-revoked") == lab.id("telperion@v2"))
      #expect(
        try lab.weave("sha", "telperion", "--machine", "bee", "--even-revoked") == lab.id("telperion@v2"))
      #expect(try lab.weave("sha", "telperion", "--machine", "c", "--even-revoked") == lab.id("telperion@v1"))
      #expect(try lab.run("sha", "telperion", "--machine", "spare").status == 1)
    }
  }

  @Test("it is what answers: with the store's objects out of reach the same is said")
  func answersAlone() throws {
    let expected = try lab.weave("sha", "telperion", "--machine", "toto")
    let objects = "\(lab.store.path)/objects"
    try FileManager.default.moveItem(atPath: objects, toPath: objects + "-away")
    #expect(try lab.weave("sha", "telperion", "--machine", "toto") == expected)
    #expect(try lab.run("sha", "nenya", "--machine", "toto").status == 1)
  }

  @Test("cut off, changed in any bit, or no file at all, it changes no answer")
  func damaged() throws {
    let expected = try answers()
    let path = "\(lab.store.path)/weave/wanted"
    let whole = try Data(contentsOf: URL(fileURLWithPath: path))
    var random = SeededGenerator(seed: 7)
    for turn in 0..<60 {
      var bytes = whole
      if turn % 3 == 0 {
        bytes = bytes.prefix(Int.random(in: 0..<bytes.count, using: &random))
      } else {
        bytes[Int.random(in: 0..<bytes.count, using: &random)] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      }
      try bytes.write(to: URL(fileURLWithPath: path))
      #expect(try lab.weave("sha", "telperion", "--machine", "toto") == lab.id("telperion@v1"))
    }
    try FileManager.default.removeItem(atPath: path)
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    #expect(try answers() == expected)
  }

  @Test("not where a tag is pinned, of which no record tells when it moves")
  func tags() throws {
    try lab.constellation(Constellations.emeraldCity(toto: ", pins: { laurelin: v2 }"))
    let before = try lab.weave("sha", "laurelin", "--machine", "toto", "--even-revoked")
    #expect(try before == lab.id("laurelin@v2"))
    try lab.source("laurelin").git("tag", "--force", "v2", "v3")
    try lab.weave("fetch")
    #expect(try lab.weave("sha", "laurelin", "--machine", "toto", "--even-revoked") == lab.id("laurelin@v3"))
  }

  @Test(
    "in a row, while somebody locks, links and revokes without pause, no answer is wrong, or older than the question"
  )
  func underWriters() throws {
    let v1 = try lab.id("narya@v1")
    let lock = try lab.locks(of: "emerald-city")[0]
    let loop = """
      while [ ! -e stop ]; do
        '\(weaveExecutable)' link telperion@v2 narya@v1 -m again; '\(weaveExecutable)' lock --restore \(lock) -m again
      done
      """
    let writer = try spawnProcess(
      "sh", ["-c", loop], in: lab.workspace, environment: lab.environment.variables)
    defer { writer.wait() }
    defer { try? lab.directory.write("", to: "workspace/stop") }
    for turn in 0..<150 {
      if turn % 10 == 0 {
        let until = turn % 20 == 0 ? "v2" : "v3"
        try lab.weave("hold", "barge", "narya@\(until)", "-m", "turn \(turn)")
        #expect(
          try lab.weave("sha", "narya", "--machine", "barge", "--even-revoked") == lab.id("narya@\(until)"))
        try lab.weave("release", "barge", "narya")
      }
      let answer = try lab.run("sha", "narya", "--machine", "barge")
      #expect(answer.status == 0, "\(answer.stderr)")
      #expect(answer.trimmed == v1)
    }
  }
}
