import Foundation
import TestSupport
import Testing

@Suite("Ctrl-C")
struct InterruptionTests {
  @Test("a second signal ends weave at once, though a child does not end")
  func second() throws {
    try Lab.withTwoProjects { lab, _, _ throws in
      try lab.checkout("telperion")
      let ready = lab.directory.appending("ready")
      let process = try lab.start(
        "exec", "-p", "telperion", "--", "sh", "-c",
        "trap '' INT TERM; echo $$ > '\(ready).new'; mv '\(ready).new' '\(ready)'; sleep 60")
      while !FileManager.default.fileExists(atPath: ready) { usleep(10_000) }
      let child = try #require(
        pid_t(String(contentsOfFile: ready, encoding: .utf8).trimmingCharacters(in: .newlines)))
      defer { kill(child, SIGKILL) }
      process.kill(SIGINT)
      usleep(200_000)
      #expect(process.isRunning)
      let before = Date()
      process.kill(SIGTERM)
      #expect(process.wait().status == 128 + SIGTERM)
      #expect(Date().timeIntervalSince(before) < 1)
    }
  }

  @Test("where one signal was enough, its number is in the exit code")
  func first() throws {
    try Lab.withTwoProjects { lab, _, _ throws in
      try lab.checkout("telperion")
      let ready = lab.directory.appending("ready")
      let process = try lab.start(
        "exec", "-p", "telperion", "--", "sh", "-c", "touch '\(ready)'; exec sleep 60")
      while !FileManager.default.fileExists(atPath: ready) { usleep(10_000) }
      process.kill(SIGINT)
      #expect(process.wait().status == 128 + SIGINT)
    }
  }
}
