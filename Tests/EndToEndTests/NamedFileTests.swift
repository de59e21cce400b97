import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("A file that a command names", .timeLimit(.minutes(30)))
struct NamedFileTests {
  private let lab: Lab
  private static let commands = [
    ["import"], ["resolve", "-c"], ["constellation", "add"], ["status", "-c"],
  ]

  init() throws { lab = try Lab.threeProjects() }

  /// A file of that name in the lab's folder, such as `import` and `-c` both read.
  private func path(_ name: String) -> String { lab.directory.appending(name + ".repos.yaml") }

  private func arguments(_ command: [String], _ path: String) -> [String] {
    command + [path] + (command == ["import"] ? ["--format", "vcs"] : [])
  }

  @Test("is not waited for where it is a pipe", arguments: commands)
  func pipe(command: [String]) throws {
    #expect(mkfifo(path("pipe"), 0o600) == 0)
    #expect(try lab.refusal(arguments(command, path("pipe"))).contains("is no ordinary file"))
  }

  @Test("of a report may be a pipe, which is read until its writer is done")
  func reportedPipe() throws {
    let entry = "telperion \(try lab.id("telperion@v1"))"
    let weave = "\(weaveExecutable) report --machine toto --from"
    for command in [
      "\(weave) <(sleep 1; echo \(entry))", "echo \(entry) | \(weave) /dev/stdin",
      "mkfifo p; (sleep 1; echo \(entry) > p) & \(weave) p",
    ] {
      let result = try runProcess(
        "bash", ["-c", command], in: lab.workspace, environment: lab.environment.variables)
      #expect(result.status == 0 && result.stderr.contains("toto: report"), "\(command): \(result)")
    }
  }

  @Test("of a report is waited for some seconds where it is a pipe that nobody writes to")
  func silentPipe() throws {
    #expect(mkfifo(path("silent"), 0o600) == 0)
    let error = try lab.refusal(["report", "--machine", "toto", "--from", path("silent")])
    #expect(error.contains("it is a pipe that nobody writes to"), "\(error)")
  }

  @Test("is not read without end where it is a link to a device", arguments: commands)
  func device(command: [String]) throws {
    try FileManager.default.createSymbolicLink(
      atPath: path("zero"), withDestinationPath: "/dev/null")
    #expect(try lab.refusal(arguments(command, path("zero"))).contains("is no ordinary file"))
  }

  @Test("is refused where it has more than 8 MiB", arguments: commands)
  func long(command: [String]) throws {
    try String(repeating: "#", count: (8 << 20) + 1).write(
      toFile: path("long"), atomically: true, encoding: .utf8)
    #expect(try lab.refusal(arguments(command, path("long"))).contains("8388609 bytes, of at most 8388608"))
  }

  @Test(
    "is refused where it is standard input and has more than 8 MiB",
    arguments: [
      ["resolve", "-c", "-"], ["constellation", "add", "-"], ["resolve", "--format", "terraform-external"],
    ])
  func standardInput(command: [String]) throws {
    let input = String(repeating: "#", count: (8 << 20) + 1)
    #expect(try lab.refusal(command, input: input).contains("standard input has more than 8388608 bytes"))
  }
}
