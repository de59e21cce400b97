import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite(
  "A source that takes a connection and says nothing",
  .enabled(if: FileManager.default.fileExists(atPath: "/proc/self/io")))
struct SilentSourceTests {
  private let server: SilentServer

  init() throws { server = try SilentServer() }

  @Test(
    "ends after weave.stallTimeout, is named, and keeps no other from being fetched",
    arguments: ["git", "http"])
  func stalled(scheme: String) throws {
    try Lab.withTwoProjects { lab, telperion, _ throws in
      // Before those of the lab, and more of them than are asked of one host at a time.
      for number in 1...5 {
        try lab.weave("project", "add", "hole\(number)", "\(scheme)://127.0.0.1:\(server.port)/\(number)")
      }
      let three = try telperion.repository.commit("three")
      try lab.store.git("config", "weave.stallTimeout", "1")
      let start = ContinuousClock.now
      let result = try lab.run("fetch")
      #expect(ContinuousClock.now - start < .seconds(60))
      #expect(result.status == 1)
      for number in 1...5 {
        #expect(
          result.stderr.contains(
            "error: cannot fetch hole\(number) from \(scheme)://127.0.0.1:\(server.port)"),
          "\(result.stderr)")
      }
      #expect(result.stderr.contains("it said nothing for 1 s") || scheme == "http", "\(result.stderr)")
      #expect(result.stderr.contains("telperion ") && result.stderr.contains(three.prefix(7)))
    }
  }

  /// Git before 2.41 goes on for ever over the second of two such capabilities.
  @Test("ends, too, where what it said before has Git compute for ever")
  func endless() throws {
    func line(_ text: String) -> String {
      let hex = String(text.utf8.count + 5, radix: 16)
      return String(repeating: "0", count: 4 - hex.count) + hex + text + "\n"
    }
    let id = String(repeating: "1", count: 40)
    let greeting =
      line("\(id) HEAD\0symref=HEAD:refs/heads/main symref=refs/x:refs/y") + line("\(id) refs/heads/main")
      + "0000"
    let server = try SilentServer(saying: Array(greeting.utf8))
    try Lab.withTwoProjects { lab, telperion, _ throws in
      try lab.weave("project", "add", "hole", "git://127.0.0.1:\(server.port)/x")
      let three = try telperion.repository.commit("three")
      try lab.store.git("config", "weave.stallTimeout", "1")
      let result = try lab.run("fetch")
      #expect(result.status == 1)
      #expect(result.stderr.contains("error: cannot fetch hole from git://127.0.0.1"), "\(result.stderr)")
      #expect(result.stderr.contains("it said nothing for 1 s"), "\(result.stderr)")
      #expect(result.stderr.contains(three.prefix(7)))
    }
  }

  @Test("keeps no line of another back until it is ended")
  func linesAtOnce() throws {
    try Lab.withTwoProjects { lab, telperion, _ throws in
      try lab.weave("project", "add", "hole", "git://127.0.0.1:\(server.port)/x")
      let three = try telperion.repository.commit("three")
      let output = lab.directory.appending("output")
      let fetch = try spawnProcess(
        "sh", ["-c", "exec \"$1\" fetch 2> \"$2\"", "sh", weaveExecutable, output], in: lab.workspace,
        environment: lab.environment.variables)
      defer {
        fetch.kill(SIGTERM)
        fetch.wait()
      }
      func said() -> String { (try? String(contentsOfFile: output, encoding: .utf8)) ?? "" }
      for _ in 0..<3_000 where !said().contains(three.prefix(7)) { usleep(10_000) }
      #expect(said().contains(three.prefix(7)) && !said().contains("hole"), "\(said())")
    }
  }

  @Test("ends a pull and a clone, too")
  func hub() throws {
    try Lab.withTwoProjects { lab, _, _ throws in
      let url = "git://127.0.0.1:\(server.port)/hub"
      try lab.weave("remote", "add", "hole", url)
      try lab.directory.write("[weave]\n\tstallTimeout = 1\n", to: "home/.gitconfig")
      for command in [["pull", "hole"], ["clone", url, lab.directory.appending("clone")]] {
        let result = try lab.run(
          command,
          environment: lab.environment.with(["GIT_CONFIG_GLOBAL": lab.directory.appending("home/.gitconfig")])
        )
        #expect(result.status == 1 && result.stderr.contains("said nothing for 1 s"), "\(result.stderr)")
      }
    }
  }

  @Test("a limit that is no number of seconds is an error that says so")
  func malformedLimit() throws {
    try Lab.withTwoProjects { lab, _, _ throws in
      try lab.store.git("config", "weave.stallTimeout", "soon")
      let result = try lab.run("fetch")
      #expect(
        result.status == 1 && result.stderr.contains("'soon' is no number of seconds"), "\(result.stderr)")
    }
  }
}
