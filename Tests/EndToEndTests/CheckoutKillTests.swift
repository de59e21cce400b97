import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("Killed checkouts", .enabled(if: KillSweep.isPossible))
struct CheckoutKillTests {
  @Test("a checkout that is killed again and again is completed by the next, and leaves nothing half made")
  func new() throws {
    try Lab.withTwoProjects { lab, telperion, laurelin throws in
      try lab.weave("set", "release", "telperion@v1", "laurelin@main")
      try KillSweep(of: ["checkout", "release"], in: lab).kill(60, seed: 3) { () throws in
        try expect(lab, "release/telperion", at: telperion.one)
        try expect(lab, "release/laurelin", at: laurelin.two)
        #expect(try lab.store.git("worktree", "list").split(separator: "\n").count == 3)
        #expect(try lab.store.git("worktree", "prune", "--dry-run", "--verbose", "--expire=now") == "")
      }
    }
  }

  @Test("a checkout that is killed while it moves worktrees is completed by the next")
  func moving() throws {
    try Lab.withManyFiles { lab, old, new throws in
      try lab.weave("checkout", "telperion@\(old)", "there")
      try KillSweep(of: ["checkout", "telperion@\(new)", "there"], in: lab).kill(60, seed: 4) { () throws in
        try expect(lab, "there/telperion", at: new)
      }
    }
  }

  @Test("a checkout that is killed while it removes worktrees of others is completed by the next")
  func removing() throws {
    try Lab.withManyFiles { lab, old, _ throws in
      try lab.weave("checkout", "telperion@\(old)", "laurelin@v1", "there")
      try KillSweep(of: ["checkout", "laurelin@v1", "there"], in: lab).kill(20, seed: 6) { () throws in
        #expect(!FileManager.default.fileExists(atPath: "\(lab.workspace)/there/telperion"))
      }
    }
  }

  @Test("a move in place that is killed is completed by the next, and a branch stays")
  func inPlace() throws {
    try Lab.withManyFiles { lab, old, new throws in
      let checkout = try lab.checkout("telperion")
      #expect(try checkout.head() == new)
      try KillSweep(of: ["checkout", "--in-place", "telperion@\(old)"], in: lab).kill(60, seed: 5) {
        () throws in
        try expect(lab, "telperion", at: old)
        #expect(checkout.resolve("main") == new)
      }
    }
  }

  @Test("what a killed try leaves, the next removes")
  func scratch() throws {
    try Lab.withTwoProjects { lab, _, _ throws in
      let process = try KillSweep.start(
        ["try", "telperion@v1", "laurelin@v1", "--", "sh", "-c", "touch ../../../started; sleep 3600"],
        in: lab)
      while !FileManager.default.fileExists(atPath: "\(lab.workspace)/started") { usleep(5_000) }
      #expect(try KillSweep.kill(process, after: 0))
      #expect(try lab.store.git("worktree", "list").split(separator: "\n").count == 3)
      try lab.weave("try", "telperion@main", "laurelin@v1", "--", "true")
      #expect(try lab.store.git("worktree", "list").split(separator: "\n").count == 1)
      #expect(try FileManager.default.contentsOfDirectory(atPath: "\(lab.workspace)/.weave/scratch") == [])
    }
  }

  private func expect(_ lab: Lab, _ path: String, at commit: String) throws {
    let tree = TestRepository(at: "\(lab.workspace)/\(path)")
    #expect(try tree.head() == commit)
    #expect(try tree.git("status", "--porcelain", "--ignored") == "")
  }
}

extension Lab {
  /// Runs `body` with a fetched project of two commits between which some hundred files differ.
  fileprivate static func withManyFiles(_ body: (Lab, _ old: String, _ new: String) throws -> Void) throws {
    try Lab.withTwoProjects { lab, telperion, _ throws in
      let repository = telperion.repository
      for index in 0..<150 {
        try repository.write(String(repeating: "old \(index)\n", count: 40), to: "both/\(index)")
        try repository.write("old\n", to: "old/\(index)")
      }
      try repository.git("add", "-A")
      let old = try repository.commit("old")
      try repository.git("rm", "-rq", "old")
      for index in 0..<150 {
        try repository.write(String(repeating: "new \(index)\n", count: 40), to: "both/\(index)")
        try repository.write("new\n", to: "new/\(index)")
      }
      try repository.git("add", "-A")
      let new = try repository.commit("new")
      try lab.weave("fetch")
      try body(lab, old, new)
    }
  }
}
