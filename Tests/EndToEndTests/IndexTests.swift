import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("The index of a store")
struct IndexTests {
  let lab: Lab

  init() throws {
    lab = try Lab.filled()
    try lab.growLedger()
  }

  @Test func `changes no answer: with it, without it, and with one that is damaged each is the same`() throws
  {
    let commands = try EveryCommand.reading.map { try lab.arguments($0) }
    let without = try commands.map { arguments in
      try? FileManager.default.removeItem(atPath: lab.index)
      return try lab.run(arguments).stdout
    }
    #expect(try lab.weave("log").split(separator: "\n").count > 100)
    #expect(FileManager.default.fileExists(atPath: lab.index))
    for (arguments, answer) in zip(commands, without) {
      #expect(try withoutAges(lab.run(arguments).stdout) == withoutAges(answer), "\(arguments)")
    }
    try Data("no index".utf8).write(to: URL(filePath: lab.index))
    for (arguments, answer) in zip(commands, without) {
      let result = try lab.run(arguments)
      #expect(withoutAges(result.stdout) == withoutAges(answer), "\(arguments)")
      #expect(!result.stderr.contains("index"), "\(arguments): \(result.stderr)")
    }
  }

  @Test func `is followed by each event that is recorded`() throws {
    try lab.weave("fsck", "--repair")
    let before = try Data(contentsOf: URL(filePath: lab.index))
    try lab.weave("link", "telperion@main", "laurelin@v1", "-m", "new")
    #expect(try Data(contentsOf: URL(filePath: lab.index)) == before, "one event is no reason to write it")
    #expect(try lab.weave("links").contains("new"))
    try lab.weave("fsck", "--repair")
    #expect(try Data(contentsOf: URL(filePath: lab.index)) != before)
    #expect(try lab.weave("links").contains("new"))
  }

  @Test func `is made by eight processes at once, and each has the answer`() throws {
    let answer = try lab.weave("resolve", "--json")
    for _ in 0..<5 {
      try? FileManager.default.removeItem(atPath: lab.index)
      let processes = try (0..<8).map { _ in try lab.start("resolve", "--json") }
      for result in processes.map({ $0.wait() }) {
        #expect(result.status == 0, "\(result.stderr)")
        #expect(result.stdout.trimmingCharacters(in: .newlines) == answer)
      }
      #expect(FileManager.default.fileExists(atPath: lab.index))
    }
  }

  @Test func `harms no answer when whoever writes it is killed at any moment`() throws {
    try lab.growLedger(by: 1_500)
    let start = ContinuousClock.now
    let answer = try lab.weave("resolve", "--json")
    // How long the machine takes at present, so that kills come all through it.
    var whole = (ContinuousClock.now - start) / .microseconds(1)
    var random = SeededGenerator(seed: 20_261_121)
    var killed = 0
    for round in 0..<20 {
      try? FileManager.default.removeItem(atPath: lab.index)
      let process = try lab.start("resolve", "--json")
      usleep(UInt32(whole * Double.random(in: 0.5...1, using: &random)))
      process.kill(SIGKILL)
      let isKilled = process.wait().signal == SIGKILL
      if isKilled { killed += 1 }
      whole *= isKilled ? 1.05 : 0.8
      #expect(try lab.weave("resolve", "--json") == answer, "round \(round)")
    }
    #expect(killed > 0)
    let fsck = try lab.run("fsck")
    #expect(fsck.status == 0, "\(fsck.stdout) \(fsck.stderr)")
  }

  // What is older than it was is no other answer.
  private func withoutAges(_ text: String) -> String { text.replacing(/\d+s fresh */, with: "") }
}
