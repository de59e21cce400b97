import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("Who may enter a store")
struct StoreModeTests {
  private func mode(_ workspace: String) throws -> Int {
    let attributes = try FileManager.default.attributesOfItem(atPath: workspace + "/.weave/.git")
    return (attributes[.posixPermissions] as? NSNumber)?.intValue ?? 0
  }

  private let said = "holds what is private: nobody but you can enter it now"

  @Test("a store without a private project is as the umask has it")
  func ordinary() throws {
    try Lab.withTwoProjects { lab, _, _ throws in
      #expect(try mode(lab.workspace) & 0o055 == 0o055)
    }
  }

  @Test("one that gets a private project is its owner's alone, and that is said once")
  func added() throws {
    try Lab.withTwoProjects { lab, _, _ throws in
      _ = try lab.makeSource("narya")
      let result = try lab.run("project", "add", "narya", lab.source("narya").path, "--private")
      #expect(result.status == 0 && result.stderr.contains(said), "\(result.stderr)")
      #expect(try mode(lab.workspace) == 0o700)
      #expect(try !lab.run("project", "set", "narya", "track", "main").stderr.contains(said))
    }
  }

  @Test(
    "has nothing private in it before it is closed, wherever the command ends",
    .disabled(if: FaultLibrary.obstacle != nil, "\(FaultLibrary.obstacle ?? "")"))
  func closedFirst() throws {
    try Lab.withTwoProjects { lab, _, _ throws in
      _ = try lab.makeSource("narya")
      let snapshot = try LabSnapshot(of: ["workspace"], in: lab)
      let library = try FaultLibrary.shared.get().path
      var isClosed = false
      for number in 1...100 where !isClosed {
        try snapshot.restore()
        // Killed before that one of the calls that change a file.
        let environment = lab.environment.with([
          "LD_PRELOAD": library, "WEAVE_FAULT_PROGRAM": weaveExecutable, "WEAVE_FAULT_DIR": lab.workspace,
          "WEAVE_FAULT_LOG": lab.directory.appending("calls"), "WEAVE_FAULT_KIND": "kill",
          "WEAVE_FAULT_AT": "\(number)",
        ])
        let killed = try lab.run(
          "project", "add", "narya", lab.source("narya").path, "--private", environment: environment)
        #expect(killed.signal == SIGKILL, "\(killed.stderr)")
        isClosed = try mode(lab.workspace) == 0o700
        guard !isClosed else { continue }
        let files = try runProcess(
          "grep", ["-rla", "narya", lab.store.path], in: "/", environment: lab.environment.variables)
        #expect(files.stdout == "", "\(number)")
        #expect(
          try !String(decoding: lab.store.objectsAndRefs(), as: UTF8.self).contains("narya"), "\(number)")
      }
      #expect(isClosed)
      try snapshot.restore()
    }
  }

  @Test("so is one whose project is made private")
  func madePrivate() throws {
    try Lab.withTwoProjects { lab, _, _ throws in
      #expect(try lab.run("project", "set", "telperion", "private", "true").stderr.contains(said))
      #expect(try mode(lab.workspace) == 0o700)
    }
  }

  @Test("so is a clone of a private remote, and one that pulls from it")
  func received() throws {
    try Lab.withTwoProjects { lab, _, _ throws in
      let hub = try lab.share()
      let bob = try lab.colleague("bob")
      _ = try lab.makeSource("narya")
      try lab.weave("project", "add", "narya", lab.source("narya").path, "--private")
      let vault = try lab.share(as: "vault", private: true)
      let clone = lab.directory.appending("clone")
      #expect(
        try lab.run("clone", vault.path, clone, "--private", in: lab.directory.path).stderr.contains(said))
      #expect(try mode(clone) == 0o700)
      #expect(try mode(bob.workspace) != 0o700)
      try bob.weave("remote", "add", "vault", vault.path, "--private")
      try bob.weave("pull", "vault")
      #expect(try mode(bob.workspace) == 0o700)
      _ = hub
    }
  }

  @Test("one that is older, or was opened since, is closed by the next command that writes")
  func older() throws {
    try Lab.withTwoProjects { lab, _, _ throws in
      try lab.weave("project", "set", "telperion", "private", "true")
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: lab.store.path)
      try lab.weave("links")
      #expect(try mode(lab.workspace) == 0o755)
      #expect(try lab.run("link", "telperion@v1", "laurelin@v1").stderr.contains(said))
      #expect(try mode(lab.workspace) == 0o700)
    }
  }

  @Test("core.sharedRepository keeps it as it is", arguments: ["group", "0640", "true", "umask", "false"])
  func shared(_ value: String) throws {
    try Lab.withTwoProjects { lab, _, _ throws in
      try lab.store.git("config", "core.sharedRepository", value)
      let before = try mode(lab.workspace)
      try lab.weave("project", "set", "telperion", "private", "true")
      #expect(try mode(lab.workspace) == (["umask", "false"].contains(value) ? 0o700 : before))
    }
  }
}
