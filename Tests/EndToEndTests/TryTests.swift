import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("weave try")
struct TryTests {
  @Test("a command that passes links the set, with the command as evidence, and leaves no worktree")
  func pass() throws {
    try Lab.withTwoProjects { lab, telperion, laurelin throws in
      try lab.weave("set", "release", "telperion@v1", "laurelin@main")
      let result = try lab.run(
        "try", "release", "--", "sh", "-c",
        "echo $WEAVE_REV_TELPERION $WEAVE_REV_LAURELIN; git -C $WEAVE_LAURELIN_DIR rev-parse HEAD; ls; stat -c %a ."
      )
      #expect(
        result.stdout == "\(telperion.one) \(laurelin.two)\n\(laurelin.two)\nlaurelin\ntelperion\n700\n")
      #expect(result.status == 0, "\(result.stderr)")
      let message = try lab.store.git("log", "-1", "--format=%B", lab.ledger())
      #expect(
        message.contains("Weave-Event: link") && message.contains("Weave-Member: telperion \(telperion.one)"))
      #expect(message.contains("Weave-Evidence: ran: sh -c 'echo $WEAVE_REV_TELPERION"), "\(message)")
      #expect(try lab.store.git("worktree", "list").split(separator: "\n").count == 1)
    }
  }

  @Test("a command that fails records nothing, and the set is revoked where that is asked for")
  func fail() throws {
    try Lab.withTwoProjects { lab, _, _ throws in
      let members = ["telperion@v1", "laurelin@v1"]
      #expect(try lab.run(["try"] + members + ["--", "sh", "-c", "exit 9"]).status == 9)
      #expect(try lab.events() == [])
      #expect(
        try lab.run(
          ["try"] + members + ["--revoke-on-failure", "-m", "no answer", "--", "sh", "-c", "exit 9"]
        )
        .status == 9)
      let message = try lab.store.git("log", "-1", "--format=%B", lab.ledger())
      #expect(message.contains("Weave-Event: revoke") && message.contains("no answer"))
      let again = try lab.run(["try"] + members + ["--", "touch", lab.directory.appending("ran")])
      #expect(again.status == 5 && again.stderr.contains("no answer"))
      #expect(!FileManager.default.fileExists(atPath: lab.directory.appending("ran")))
    }
  }

  @Test(
    "what tells nothing records nothing: 125, a program that is not there, one that a signal ended",
    arguments: [("exit 125", 125), ("no-such-program", 127), ("kill -9 $$", 137)] as [(String, Int32)])
  func tellsNothing(_ script: String, _ status: Int32) throws {
    try Lab.withTwoProjects { lab, _, _ throws in
      let result = try lab.run(
        "try", "telperion@v1", "laurelin@v1", "--revoke-on-failure", "--", "sh", "-c", script)
      #expect(result.status == status)
      #expect(result.stderr.contains("which tells nothing"), "\(result.stderr)")
      #expect(try lab.events() == [])
    }
  }

  @Test("the command reads weave's standard input, and finds no repository above the worktrees")
  func surroundings() throws {
    try Lab.withTwoProjects { lab, _, _ throws in
      let result = try lab.run(
        ["try", "telperion@v1", "laurelin@v1", "--", "sh", "-c", "cat; git rev-parse --git-dir || exit 125"],
        input: "hello\n")
      #expect(result.stdout == "hello\n" && result.status == 125)
    }
  }

  @Test("the folder stays where that is asked for, and is removed as any checkout")
  func keepsFolder() throws {
    try Lab.withTwoProjects { lab, telperion, _ throws in
      let result = try lab.run(
        "try", "telperion@v1", "laurelin@v1", "--keep-dir", "--", "sh", "-c", "pwd; exit 1")
      #expect(result.stderr.contains("Left in \(result.trimmed);"))
      #expect(try TestRepository(at: "\(result.trimmed)/telperion").head() == telperion.one)
      try lab.weave("try", "telperion@v1", "laurelin@v1", "--", "true")
      try lab.weave("checkout", "--remove", result.trimmed)
      #expect(!FileManager.default.fileExists(atPath: result.trimmed))
    }
  }

  @Test("two projects whose variables would have one name are refused")
  func collision() throws {
    try Lab.withStore { lab throws in
      for name in ["a-b", "a.b"] {
        try lab.weave("project", "add", name, lab.makeSource(name).repository.path)
      }
      try lab.weave("fetch")
      let error = try lab.refusal(["try", "a-b@v1", "a.b@v1", "--", "true"])
      #expect(error.hasPrefix("error: a-b and a.b would both be told of as WEAVE_REV_A_B\n"))
    }
  }

  @Test("a signal ends the command, removes the folder and records nothing")
  func interrupted() throws {
    try Lab.withTwoProjects { lab, _, _ throws in
      let process = try lab.start(
        "try", "telperion@v1", "laurelin@v1", "--", "sh", "-c", "touch ../../../started; exec sleep 3600")
      while !FileManager.default.fileExists(atPath: "\(lab.workspace)/started") { usleep(5_000) }
      process.kill(SIGINT)
      #expect(process.wait().status == 128 + SIGINT)
      #expect(try FileManager.default.contentsOfDirectory(atPath: "\(lab.workspace)/.weave/scratch") == [])
      #expect(try lab.store.git("worktree", "list").split(separator: "\n").count == 1)
      #expect(try lab.events() == [])
    }
  }
}
