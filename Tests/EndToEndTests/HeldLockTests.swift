import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("A lock that another process holds")
struct HeldLockTests {
  @Test("is named once after a second, with the process, and then waited for")
  func named() throws {
    try Lab.withTwoProjects { lab, _, _ throws in
      let lock = "\(lab.store.path)/weave/lock"
      let ready = lab.directory.appending("ready")
      let holder = try spawnProcess(
        "flock", [lock, "sh", "-c", "touch '\(ready)'; until [ -e '\(ready).end' ]; do sleep .1; done"],
        in: "/",
        environment: lab.environment.variables)
      while !FileManager.default.fileExists(atPath: ready) { usleep(10_000) }
      let link = try lab.start("link", "telperion@v1", "laurelin@v1")
      for _ in 0..<3_000 where !link.errorSoFar().contains("waiting for") { usleep(10_000) }
      // As long again, and more, as it took to be named.
      usleep(1_500_000)
      #expect(link.isRunning)
      try Data().write(to: URL(fileURLWithPath: ready + ".end"))
      let result = link.wait()
      #expect(result.status == 0)
      holder.wait()
      let told = result.stderr.split(separator: "\n").filter { $0.contains("waiting for") }
      #expect(told == ["warning: waiting for the store's lock \(lock), held by pid \(holder.pid) (flock)"])
    }
  }
}
