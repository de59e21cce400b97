import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("Init after a killed init", .inProcess)
struct InitAgainTests {
  @Test(
    "an init that was cut off before there was a repository is made again",
    arguments: [
      [], ["objects", "refs"], ["objects/info", "objects/pack", "refs/heads", "refs/tags", "hooks", "info"],
    ])
  func directories(present: [String]) throws {
    try Lab.withDirectory { lab throws in
      for name in present + [""] {
        try FileManager.default.createDirectory(
          atPath: "\(lab.store.path)/\(name)", withIntermediateDirectories: true)
      }
      let result = try lab.run("init")
      #expect(result.status == 0, "\(result.stderr)")
      if result.status == 0 { try lab.check() }
    }
  }

  @Test("a stale lock on the configuration of a store cut off in the making does not stop init")
  func configLock() throws {
    try Lab.withDirectory { lab throws in
      try TestRepository(at: lab.directory.path).git("init", "--quiet", "--bare", lab.store.path)
      let path = "\(lab.store.path)/config.lock"
      try Data().write(to: URL(fileURLWithPath: path))
      try FileManager.default.setAttributes(
        [.modificationDate: Date(timeIntervalSinceNow: -3600)], ofItemAtPath: path)
      let result = try lab.run("init")
      #expect(result.status == 0, "\(result.stderr)")
      if result.status == 0 { try lab.check() }
    }
  }
}
