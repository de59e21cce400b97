import Foundation
import TestSupport
import Testing

@Suite("A file that a command names", .timeLimit(.minutes(5)))
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
