import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("Checkouts in the way")
struct CheckoutTrapTests {
  @Test("a stale lock on a checkout's notes is removed, and the notes are written")
  func notesLock() throws {
    try Lab.withTwoProjects { lab, telperion, _ throws in
      let checkout = try lab.checkout("telperion")
      try lab.weave("project", "set", "telperion", "notes", "true")
      try lab.weave("link", "telperion@v1", "laurelin@v1")
      let path = "\(checkout.path)/.git/refs/notes/weave.lock"
      try Data().write(to: URL(fileURLWithPath: path))
      try FileManager.default.setAttributes(
        [.modificationDate: Date(timeIntervalSinceNow: -3600)], ofItemAtPath: path)
      let event = try lab.weave("link", "telperion@main", "laurelin@main")
      #expect(try checkout.git("log", "-1", "--notes=weave", "--format=%N", "main").contains(event.prefix(7)))
      // What the warning tells the user to type.
      let repair = try lab.run("fsck", "--repair")
      #expect(repair.status == 0, "\(repair.stderr)")
    }
  }

  enum Trap: String, CaseIterable { case sha256, reftable, ownedByAnother }

  @Test(
    "a checkout that cannot be read is named, not said to be absent, and `weave link` does not leave it out",
    arguments: Trap.allCases)
  func unreadable(trap: Trap) throws {
    guard trap != .ownedByAnother || Privileges.canBeNobody else { return }
    try Lab.withTwoProjects { lab, telperion, _ throws in
      _ = try lab.addProject("narya")
      try lab.weave("fetch")
      _ = try lab.checkout("laurelin")
      _ = try lab.checkout("narya")
      let path = "\(lab.workspace)/telperion"
      switch trap {
      case .sha256:
        try lab.store.git("init", "--quiet", "--object-format=sha256", path)
        try TestRepository(at: path).git("remote", "add", "origin", telperion.repository.path)
      case .reftable:
        let checkout = try lab.checkout("telperion")
        try checkout.git("config", "core.repositoryFormatVersion", "1")
        try checkout.git("config", "extensions.refStorage", "reftable")
      case .ownedByAnother:
        _ = try lab.checkout("telperion")
        _ = try runProcess("chown", ["-R", "65534", path], in: "/", environment: lab.environment.variables)
      }
      let status = try lab.run("status")
      #expect(!status.stdout.contains("not checked out"), "\(status.stdout)\(status.stderr)")
      let link = try lab.run("link", "-m", "as checked out")
      #expect(link.status == 1 || link.stderr.contains("telperion"), "\(link.stdout)\(link.stderr)")
    }
  }
}

@Suite("Reading in a read-only store", .enabled(if: Privileges.canBeNobody, "needs root and setpriv"))
struct ReadOnlyNotesTests {
  @Test("fsck names notes that are out of date")
  func notes() throws {
    let lab = try Lab.filled()
    let old = try lab.store.git("rev-parse", "refs/notes/weave")
    try lab.link("telperion@v2", "laurelin@v2")
    try lab.store.git("update-ref", "refs/notes/weave", old)
    try lab.store.git("gc", "--quiet", "--prune=now")
    for arguments in [
      ["chown", "-R", "65534:65534", lab.directory.path], ["chmod", "-R", "a-w", lab.workspace],
    ] {
      _ = try runProcess("env", arguments, in: "/", environment: lab.environment.variables)
    }
    let result = try runProcess(
      "/usr/bin/setpriv", ["--reuid=65534", "--regid=65534", "--clear-groups", weaveExecutable, "fsck"],
      in: lab.workspace, environment: lab.environment.variables)
    #expect(result.status == 0, "\(result.stderr)")
    #expect(result.stdout.contains("out of date"), "\(result.stdout)")
  }
}
