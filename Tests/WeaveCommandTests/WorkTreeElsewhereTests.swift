import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("A checkout whose core.worktree is another directory", .inProcess)
struct WorkTreeElsewhereTests {
  private let lab: Lab
  private let checkout: TestRepository

  init() throws {
    lab = try Lab.threeProjects()
    checkout = try lab.checkout("telperion")
    try lab.checkout("laurelin")
    try lab.directory.write("private", to: "victim/secret.txt")
  }

  private func move(_ setting: String = "core.worktree", option: [String] = []) throws {
    try checkout.git(["config"] + option + [setting, lab.directory.appending("victim")])
  }

  @Test(
    "is refused by what looks at files, and nothing of that directory is taken or changed",
    arguments: [
      ["link", "--snapshot", "-m", "x"], ["link", "-m", "x"], ["set", "here", "-m", "x"],
      ["checkout", "--in-place", "telperion@v1"], ["export", "--format", "west"], ["try", "--", "true"],
    ])
  func refused(command: [String]) throws {
    try move()
    let error = try lab.refusal(command)
    #expect(error.contains("/telperion has its work tree elsewhere: core.worktree is "), "\(error)")
    #expect(error.contains("config --unset core.worktree`"), "\(error)")
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: lab.directory.appending("victim")) == ["secret.txt"]
    )
    #expect(!(try lab.store.git("cat-file", "--batch-all-objects", "--batch")).contains("private"))
  }

  @Test("is told of by status, whichever file sets it", arguments: [true, false])
  func status(isOwnFile: Bool) throws {
    if isOwnFile {
      try checkout.git("config", "core.repositoryformatversion", "1")
      try checkout.git("config", "extensions.worktreeConfig", "true")
      try move(option: ["--worktree"])
    } else {
      try move()
    }
    let status = try lab.run("status")
    #expect((status.stdout + status.stderr).contains("has its work tree elsewhere"), "\(status)")
  }

  @Test("is not adopted")
  func adopted() throws {
    let other = try lab.makeSource("narya-two")
    try lab.weave("project", "remove", "narya")
    let path = lab.workspace + "/found"
    try checkout.git("clone", "--quiet", lab.source("narya-two").path, path)
    try TestRepository(at: path).git("config", "core.worktree", lab.directory.appending("victim"))
    let adopt = try lab.run("adopt", "--yes")
    #expect(adopt.stderr.contains("found cannot be read: its core.worktree is "), "\(adopt)")
    #expect(!(try lab.weave("project", "list")).contains("found"))
    _ = other
  }

  @Test(
    "is as any other where that is its own directory: a submodule, a linked worktree, one that says so itself"
  )
  func own() throws {
    try checkout.git("config", "core.worktree", "..")
    #expect(try lab.run("status").stdout.contains("telperion"))
    try lab.weave("link", "--snapshot", "-m", "x")
    // A workspace that has the projects as submodules of one repository.
    let above = TestRepository(at: lab.workspace)
    try FileManager.default.removeItem(atPath: lab.workspace + "/telperion")
    try above.git("init", "--quiet")
    try above.git(
      "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", lab.source("telperion").path,
      "telperion")
    #expect(
      try TestRepository(at: lab.workspace + "/telperion").git("config", "core.worktree").hasPrefix("../"))
    try FileManager.default.removeItem(atPath: lab.workspace + "/laurelin")
    try lab.source("laurelin").git("worktree", "add", "--detach", lab.workspace + "/laurelin")
    try lab.directory.write("new", to: "workspace/telperion/new")
    try lab.weave("link", "--snapshot", "-m", "y")
    let status = try lab.run("status")
    #expect(!(status.stdout + status.stderr).contains("elsewhere"), "\(status)")
  }
}
