import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("weave exec")
struct ExecTests {
  @Test("each line of output is prefixed with the project's name, in the order of the names")
  func output() throws {
    try Lab.withTwoProjects { lab, telperion, laurelin throws in
      for project in ["telperion", "laurelin"] { try lab.checkout(project) }
      let result = try lab.run(
        "exec", "--", "sh", "-c",
        "test $WEAVE_PROJECT = telperion || sleep 0.2; git rev-parse HEAD; printf end")
      #expect(
        result.stdout == """
          laurelin  | \(laurelin.two)
          laurelin  | end
          telperion | \(telperion.two)
          telperion | end

          """)
      #expect(result.status == 0 && result.stderr == "", "\(result.stderr)")
    }
  }

  @Test("standard error stays standard error, and the worst exit code is that of weave")
  func worst() throws {
    try Lab.withTwoProjects { lab, _, _ throws in
      for project in ["telperion", "laurelin"] { try lab.checkout(project) }
      let result = try lab.run(
        "exec", "--", "sh", "-c", "echo oops >&2; test $WEAVE_PROJECT = laurelin && exit 7; exit 3")
      #expect(result.status == 7 && result.stdout == "")
      #expect(
        result.stderr == """
          laurelin  | oops
          telperion | oops
          warning: laurelin: sh exited with 7
          warning: telperion: sh exited with 3

          """)
    }
  }

  @Test("a project that is not checked out is told, and fails where it was asked for")
  func missing() throws {
    try Lab.withTwoProjects { lab, _, _ throws in
      try lab.checkout("telperion")
      let all = try lab.run("exec", "--", "true")
      #expect(all.status == 0 && all.stderr == "note: laurelin is not checked out\n")
      #expect(try lab.run("exec", "-p", "laurelin", "--", "true").status == 1)
      #expect(try lab.run("exec", "-p", "telperion", "--", "true").stderr == "")
    }
  }

  @Test("arguments reach the program as they are, and the caller's environment with them")
  func arguments() throws {
    try Lab.withTwoProjects { lab, _, _ throws in
      let checkout = try lab.checkout("telperion")
      let result = try lab.run(
        ["exec", "-p", "telperion", "--", "sh", "-c", "echo \"$1|$MINE|$PWD\"", "-", "a  $HOME '*' -x"],
        environment: lab.environment.with(["MINE": "my own", "GIT_DIR": "/elsewhere"]))
      #expect(result.stdout == "telperion | a  $HOME '*' -x|my own|\(checkout.path)\n")
      #expect(
        try lab.run(
          ["exec", "-p", "telperion", "--", "git", "rev-parse", "HEAD"],
          environment: lab.environment.with(["GIT_DIR": "/elsewhere"])
        ).stdout == "telperion | \(checkout.head())\n")
    }
  }

  @Test("a program that is not there is one error, with the exit code that a shell gives it")
  func noProgram() throws {
    try Lab.withTwoProjects { lab, _, _ throws in
      for project in ["telperion", "laurelin"] { try lab.checkout(project) }
      let result = try lab.run("exec", "--", "no-such-program")
      #expect(result.status == 127)
      #expect(result.stderr == "error: there is no program 'no-such-program' in PATH\n")
      #expect(try lab.run("exec", "--", "./no-such").status == 126)
      #expect(try lab.run("exec").stderr.hasPrefix("error: name what to run after --"))
    }
  }

  @Test("a signal ends the children and their children", arguments: [SIGINT, SIGTERM])
  func interrupted(_ signal: Int32) throws {
    try Lab.withTwoProjects { lab, _, _ throws in
      for project in ["telperion", "laurelin"] { try lab.checkout(project) }
      let process = try KillSweep.start(
        ["exec", "--", "sh", "-c", "sleep 3600 & echo $! >pid.new; mv pid.new pid; wait"], in: lab)
      let files = ["telperion", "laurelin"].map { "\(lab.workspace)/\($0)/pid" }
      while !files.allSatisfy(FileManager.default.fileExists(atPath:)) { usleep(5_000) }
      process.kill(signal)
      #expect(process.wait().status == 128 + signal)
      for file in files {
        let text = try String(contentsOfFile: file, encoding: .utf8)
        let child = try #require(pid_t(text.trimmingCharacters(in: .whitespacesAndNewlines)))
        while try isRunning(child) { usleep(5_000) }
      }
    }
  }

  /// Whether the process is there, and no mere remainder that nobody has reaped.
  private func isRunning(_ process: pid_t) throws -> Bool {
    guard let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8) else {
      return false
    }
    return !text.contains(") Z")
  }
}
