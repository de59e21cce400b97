import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("A public and a private remote", .inProcess)
struct SameRemoteTests {
  let lab: Lab
  let hub: String
  private let refusal = "is the same repository, and public"

  init() throws {
    lab = try Lab()
    try lab.weave("init")
    hub = try lab.bare("hub").path
    try lab.weave("remote", "add", "hub", hub)
  }

  private func refused(_ url: String, _ environment: TestEnvironment? = nil) throws -> Bool {
    let result = try lab.run("remote", "add", "vault", url, "--private", environment: environment)
    return result.status == 1 && result.stderr.contains(refusal)
  }

  @Test(
    "are not one repository, however its path is spelled",
    arguments: [
      "PATH", "PATH/", "/PATH", "/./PATH", "/dev/../PATH", "file://PATH", "file://localhost/PATH",
      "file://PATH/",
      "file:///dev/..PATH", "file://ENCODED", "BARE", "file://BARE", "LINK", "LINK.git", "file://LINK",
      "FOLDER/hub.git",
      "file://FOLDER/hub", "../hub.git",
    ])
  func spellings(_ spelling: String) throws {
    let files = FileManager.default
    let (link, folder) = (lab.directory.appending("link"), lab.directory.appending("folder"))
    try files.createSymbolicLink(atPath: link, withDestinationPath: hub)
    try files.createSymbolicLink(atPath: link + ".git", withDestinationPath: hub)
    try files.createSymbolicLink(atPath: folder, withDestinationPath: lab.directory.path)
    let url = spelling.replacing("PATH", with: hub).replacing("BARE", with: hub.dropLast(4))
      .replacing("LINK", with: link).replacing("FOLDER", with: folder)
      .replacing("ENCODED", with: hub.replacing("hub", with: "%68%75b"))
    // A plain path must be there, and Git adds the `.git`.
    guard spelling != "BARE" else { return }
    #expect(try refused(url), "\(url)")
  }

  @Test("are not a repository and its checkout's .git, nor two of its work trees")
  func workTrees() throws {
    let source = try TestRepository.create(at: lab.directory.appending("source"))
    try source.commit("one")
    try source.git("worktree", "add", "--quiet", "--detach", lab.directory.appending("linked"))
    try lab.weave("remote", "add", "source", source.path)
    for path in [source.path + "/.git", lab.directory.appending("linked")] {
      #expect(try refused(path), "\(path)")
    }
  }

  @Test("are not one repository on a host, nor through insteadOf")
  func hosts() throws {
    try lab.weave("remote", "add", "far", "https://git.example.org/a/hub.git")
    for url in [
      "https://git.example.org:443/a/hub", "ssh://git@GIT.example.org:22/a/hub.git/",
      "git@git.example.org:a/hub",
      "https://me:secret@git.example.org/a//b/../hub.git", "https://git.example.org./a/hub/.git",
      "https://git.example.org/a/%68ub",
    ] {
      #expect(try refused(url), "\(url)")
    }
    let config = try lab.directory.write(
      "[url \"\(lab.directory.path)/\"]\n\tinsteadOf = forge:\n", to: "home/.gitconfig")
    #expect(try refused("forge:hub.git", lab.environment.with(["GIT_CONFIG_GLOBAL": config])))
  }

  @Test("are two repositories where they are")
  func others() throws {
    let vault = try lab.bare("vault").path
    try lab.weave("remote", "add", "vault", vault, "--private")
    try lab.weave("remote", "add", "far", "https://git.example.org/a/vault.git", "--private")
  }
}
