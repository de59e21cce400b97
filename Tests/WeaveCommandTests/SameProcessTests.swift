import TestSupport
import Testing
import WeaveCommand
import WeaveKit

@testable import LabSupport

@Suite("A run in this process", .inProcess)
struct SameProcessTests {
  @Test(
    "prints, byte for byte, what a process prints, and ends as it does",
    arguments: [
      ["--version"], ["status", "--help"], ["status"], ["status", "--json"], ["log"], ["links", "--json"],
      ["project", "list"], ["resolve", "-c", "emerald-city"], ["show", "nothing"], ["frob"], ["project"],
      ["status", "--nope"], ["-C", "none", "status"], ["status", "-C", ".weave"],
      ["exec", "--", "git", "rev-parse", "HEAD"],
      ["what-if", "resolve", "--link", "telperion@v1", "--link", "laurelin@v1"],
    ])
  func sameAsProcess(arguments: [String]) throws {
    let lab = try Lab.withEachRecord()
    try lab.checkout("telperion")
    let (directory, variables) = (lab.workspace, lab.environment.variables)
    let here = try runInProcess(arguments, in: directory, environment: variables, input: [])
    let there = try runProcess(weaveExecutable, arguments, in: directory, environment: variables)
    #expect(here.stdout == there.stdout)
    #expect(here.stderr == there.stderr)
    #expect(here.status == there.status)
  }

  @Test("takes nothing of another that goes on beside it: each prints its own, in its own directory")
  func beside() async throws {
    let labs = try [Lab.threeProjects(), .threeProjects()]
    try labs[0].weave("set", "release-1", "telperion@v1", "laurelin@v1")
    try labs[1].weave("set", "release-2", "laurelin@v2", "narya@v2")
    let texts = try await withThrowingTaskGroup(of: (Int, String).self) { group in
      for number in 0..<20 {
        group.addTask {
          let lab = labs[number % 2]
          let output = PrintedText()
          let surroundings = Surroundings.ofProcess(
            workingDirectory: lab.workspace, environment: lab.environment.variables)
          let code = await Weave.run(
            arguments: ["set", "show", "release-\(number % 2 + 1)"], surroundings: surroundings,
            printer: Printer(output: output, error: PrintedText()))
          #expect(code == 0)
          return (number % 2, String(decoding: output.bytes, as: UTF8.self))
        }
      }
      return try await group.reduce(into: [Set<String>(), []]) { $0[$1.0].insert($1.1) }
    }
    #expect(
      try texts[0] == ["laurelin \(labs[0].id("laurelin@v1"))\ntelperion \(labs[0].id("telperion@v1"))\n"])
    #expect(try texts[1] == ["laurelin \(labs[1].id("laurelin@v2"))\nnarya \(labs[1].id("narya@v2"))\n"])
  }

  @Test("runs the program that it was given, and not another's")
  func usersCommand() async throws {
    let lab = try Lab.withEachRecord()
    try lab.checkout("telperion")
    let texts = await withTaskGroup(of: String.self) { group in
      for word in ["one", "two", "three", "four"] {
        group.addTask {
          let output = PrintedText()
          let surroundings = Surroundings.ofProcess(
            workingDirectory: lab.workspace, environment: lab.environment.variables)
          _ = await Weave.run(
            arguments: ["exec", "-p", "telperion", "--", "echo", word], surroundings: surroundings,
            printer: Printer(output: output, error: PrintedText()))
          return String(decoding: output.bytes, as: UTF8.self)
        }
      }
      return await group.reduce(into: Set<String>()) { $0.insert($1) }
    }
    #expect(texts == Set(["one", "two", "three", "four"].map { "telperion | \($0)\n" }))
  }

  @Test("shows on a terminal what fits it, in colour where that is wanted")
  func terminal() async throws {
    let lab = try Lab.threeProjects()
    let surroundings = Surroundings.ofProcess(
      workingDirectory: lab.workspace, environment: lab.environment.variables)
    let output = PrintedText(for: Terminal(width: 30, height: 24, movesCursor: true, isColoured: true))
    let code = await Weave.run(
      arguments: ["status"], surroundings: surroundings,
      printer: Printer(output: output, error: PrintedText()))
    let lines = String(decoding: output.bytes, as: UTF8.self).split(separator: "\n")
    #expect(code == 0)
    #expect(lines.first?.hasPrefix("\u{1B}[2mPROJECT") == true, "\(lines)")
    #expect(lines.dropFirst().allSatisfy { $0.count <= 30 }, "\(lines)")
  }
}
