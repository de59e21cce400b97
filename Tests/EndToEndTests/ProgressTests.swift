import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite(
  "Progress",
  .enabled(if: hasTerminals, "no `script` of util-linux is here, or no terminal to give"))
struct ProgressTests {
  @Test("a fetch on a terminal says how far it is, and leaves no trace of that")
  func terminal() throws {
    try Lab.withTwoProjects { lab, telperion, _ in
      try telperion.repository.commit("three")
      let shown = try lab.onTerminal("'\(weaveExecutable)' fetch")
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
      try #expect(!lab.onTerminal("'\(weaveExecutable)' fetch", term: "dumb").contains("Fetching"))
    }
  }
}
