import Foundation
import TestSupport
import Testing

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
