import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("Ctrl-C")
struct InterruptionTests {
  @Test("a second signal ends weave at once, though a child does not end")
  func second() throws {
    try Lab.withTwoProjects { lab, _, _ throws in
      try lab.checkout("telperion")
      #expect(try fastest(within: 1) { try secondsToEnd(lab) } < 1)
    }
  }

  private func secondsToEnd(_ lab: Lab) throws -> Double {
    let ready = lab.directory.appending("ready")
    try? FileManager.default.removeItem(atPath: ready)
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
    return wallSeconds {
      process.kill(SIGTERM)
      #expect(process.wait().status == 128 + SIGTERM)
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

  @Test(
    "one signal ends a command that waits for the store's lock",
    arguments: [["link", "telperion@v1", "laurelin@v1"], ["probe", "--allow"]], [SIGINT, SIGTERM])
  func waiting(command: [String], signal: Int32) throws {
    let lab = try Lab.threeProjects()
    try lab.constellation("\(Constellations.emeraldCity)\nprobe: { command: [echo] }")
    let lock = open("\(lab.store.path)/weave/lock", O_RDWR | O_CLOEXEC)
    #expect(flock(lock, LOCK_EX) == 0)
    defer { close(lock) }
    let seconds = try fastest(within: 1) {
      let process = try spawnProcess(
        weaveExecutable, command, in: lab.workspace, environment: lab.environment.variables)
      usleep(500_000)
      #expect(process.isRunning)
      return wallSeconds {
        process.kill(signal)
        let result = process.wait()
        #expect(result.status == 128 + signal || result.signal == signal)
      }
    }
    #expect(seconds < 1)
  }
}
