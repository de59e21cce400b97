import Foundation
import TestSupport
import Testing

@Suite("A lock that another process holds")
struct HeldLockTests {
  @Test("is named once after a second, with the process, and then waited for")
  func named() throws {
    try Lab.withTwoProjects { lab, _, _ throws in
      let lock = "\(lab.store.path)/weave/lock"
      let ready = lab.directory.appending("ready")
      let holder = try spawnProcess(
        "flock", [lock, "sh", "-c", "touch '\(ready)'; sleep 4"], in: "/",
        environment: lab.environment.variables)
      while !FileManager.default.fileExists(atPath: ready) { usleep(10_000) }
      let result = try lab.run("link", "telperion@v1", "laurelin@v1")
      #expect(result.status == 0)
      #expect(!holder.isRunning)
      let told = result.stderr.split(separator: "\n").filter { $0.contains("waiting for") }
      #expect(told == ["warning: waiting for the store's lock \(lock), held by pid \(holder.pid) (flock)"])
    }
  }
}
