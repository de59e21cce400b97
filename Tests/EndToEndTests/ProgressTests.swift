import Foundation
import TestSupport
import Testing

/// `script` of util-linux gives a command a terminal, and writes down what it showed.
private let hasTerminals: Bool = {
  let trial = try? runProcess(
    "script", ["--quiet", "--return", "--command", "true", "/dev/null"], in: "/",
    environment: ["PATH": "/usr/bin:/bin"])
  return trial?.status == 0
}()

@Suite(
  "Progress",
  .enabled(if: hasTerminals, "no `script` of util-linux is here, or no terminal to give"))
struct ProgressTests {
  private func onTerminal(_ lab: Lab, _ command: String, term: String = "xterm") throws -> String {
    let shell = "cd '\(lab.workspace)' && '\(weaveExecutable)' \(command)"
    let result = try runProcess(
      "script", ["--quiet", "--return", "--command", shell, "/dev/null"], in: lab.workspace,
      environment: lab.environment.with(["TERM": term]).variables)
    guard result.status == 0 else { throw TestFailure(result.stdout + result.stderr) }
    return result.stdout
  }

  @Test("a fetch on a terminal says how far it is, and leaves no trace of that")
  func terminal() throws {
    try Lab.withTwoProjects { lab, telperion, _ in
      try telperion.repository.commit("three")
      let shown = try onTerminal(lab, "fetch")
      #expect(shown.contains("Fetching, 0 of 2 done: "))
      #expect(shown.contains("Fetching, 2 of 2 done: "))
      let last = try #require(shown.components(separatedBy: "\u{1B}[K").last)
      #expect(last.contains("laurelin") && last.contains("telperion") && !last.contains("Fetching"))
    }
  }

  @Test("where no terminal shows it, or one that moves no cursor, there is none")
  func elsewhere() throws {
    try Lab.withTwoProjects { lab, _, _ in
      try #expect(!lab.run("fetch").stderr.contains("Fetching"))
      try #expect(!onTerminal(lab, "fetch", term: "dumb").contains("Fetching"))
    }
  }
}
