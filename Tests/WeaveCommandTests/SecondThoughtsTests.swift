import TestSupport
import Testing

@testable import LabSupport

@Suite("Taking back what is taken back", .inProcess)
struct SecondThoughtsTests {
  @Test("a second withdrawal of one link is the first one, and records nothing")
  func link() throws {
    try Lab.withTwoProjects { lab, _, _ in
      let link = try lab.weave("link", "telperion@v1", "laurelin@v1", "-m", "x")
      let first = try lab.weave("withdraw", link, "-m", "a slip")
      let second = try lab.run("withdraw", link, "-m", "again")
      #expect(second.status == 0)
      #expect(second.stdout == first + "\n")
      #expect(second.stderr == "note: Cid Committer took it back before: a slip; nothing is recorded\n")
      #expect(try lab.events().count == 2)
    }
  }

  @Test("a reason may begin with dashes, or look like an option", arguments: ["---", "--json", "-x"])
  func dashes(_ reason: String) throws {
    try Lab.withTwoProjects { lab, _, _ in
      let link = try lab.weave("link", "telperion@v1", "laurelin@v1", "-m", reason)
      let revocation = try lab.weave("revoke", link, "-m", reason)
      try lab.weave("reinstate", revocation, "-m", reason)
      try lab.weave("withdraw", link, "-m", reason)
      #expect(try lab.events().count == 4)
      #expect(try lab.weave("log").split(separator: "\n").count == 4)
    }
  }
}
