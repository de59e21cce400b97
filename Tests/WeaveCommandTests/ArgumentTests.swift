import TestSupport
import Testing

@testable import LabSupport

@Suite("Arguments", .inProcess) struct ArgumentTests {
  @Test("an option with an empty value is refused, and takes no other argument for its value")
  func emptyValue() throws {
    try Lab.withTwoProjects { lab, telperion, laurelin throws in
      let result = try lab.run(
        "report", "--machine=", "telperion=\(telperion.one)", "laurelin=\(laurelin.one)")
      #expect(result.status == 1)
      #expect(result.stderr == "error: --machine is given an empty value\n")
      #expect(try lab.store.git("for-each-ref", "refs/weave/public/observed") == "")
    }
  }

  @Test("a command that does not exist is named, with the nearest that does")
  func unknownCommand() throws {
    try Lab.withTwoProjects { lab, _, _ throws in
      let result = try lab.run("lnk", "telperion@main")
      #expect(result.status == 1)
      #expect(result.stderr == "error: there is no command 'lnk'\nhint: did you mean `weave link`?\n")
    }
  }

  @Test("control characters in an argument reach no terminal")
  func control() throws {
    try Lab.withTwoProjects { lab, telperion, _ throws in
      let result = try lab.run("report", "--machine", "a\u{1B}[31mred", "telperion=\(telperion.one)")
      #expect(result.status == 1)
      #expect(!result.stderr.contains("\u{1B}"))
    }
  }
}
