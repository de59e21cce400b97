import Foundation
import Git
import TestSupport
import Testing

/// A pipe in the place of a file that libgit2 opens is an error that names it: libgit2 would wait for it.
@Suite("Files that are none", .timeLimit(.minutes(30)))
struct IrregularFileTests {
  let scratch: Scratch
  init() throws { scratch = try Scratch() }

  private func pipe(at path: String) throws {
    try? FileManager.default.removeItem(atPath: path)
    try FileManager.default.createDirectory(
      atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try #require(mkfifo(path, 0o644) == 0)
  }

  @Test(
    "a repository with a pipe for a file is not opened, and the error names it",
    arguments: [
      "HEAD", "config", "config.worktree", "packed-refs", "commondir", "objects/info/alternates",
      "objects/info/commit-graph", "objects/pack/multi-pack-index", "objects/pack/pack-1.idx",
      "objects/pack/pack-1.pack",
    ])
  func opening(name: String) throws {
    let repository = try scratch.bare()
    let path = "\(repository.gitDirectory)/\(name)"
    try pipe(at: path)
    #expect {
      _ = try Repository.open(at: repository.gitDirectory)
    } throws: {
      "\($0)".contains("\(path) is a pipe, and no file")
    }
  }

  @Test("so with what the configuration includes, the file of a worktree, and the repository that it names")
  func around() throws {
    let repository = try scratch.checkout()
    try scratch.git("worktree", "add", "-q", "../tree", in: "work")
    _ = try Repository.open(at: scratch.file("tree"))
    let config = "\(repository.gitDirectory)/config"
    try scratch.git("config", "include.path", "more", in: "work")
    try pipe(at: "\(repository.gitDirectory)/more")
    for path in ["work", "tree"] {
      #expect {
        _ = try Repository.open(at: scratch.file(path))
      } throws: {
        "\($0)".contains("/more is a pipe, and no file")
      }
    }
    try pipe(at: config)
    #expect {
      _ = try Repository.open(at: scratch.file("tree"))
    } throws: {
      "\($0)".contains("/config is a pipe, and no file")
    }
    try pipe(at: scratch.file("tree/.git"))
    #expect {
      _ = try Repository.open(at: scratch.file("tree"))
    } throws: {
      "\($0)".contains("tree/.git is a pipe, and no file")
    }
  }

  @Test("a link in the place of a file is followed, as git follows it")
  func links() throws {
    let repository = try scratch.bare()
    let config = "\(repository.gitDirectory)/config"
    try FileManager.default.moveItem(atPath: config, toPath: config + ".real")
    try FileManager.default.createSymbolicLink(atPath: config, withDestinationPath: "config.real")
    #expect(try Repository.open(at: repository.gitDirectory).configValue("core.bare") == "true")
  }

  @Test("a reference that is a pipe is an error of whatever reads, lists or writes it")
  func references() throws {
    let repository = try scratch.bare()
    let id = try repository.commit("first")
    try repository.updateReference("refs/heads/main", to: id, expecting: nil, log: "")
    #expect(!repository.isHeadUnborn)
    let path = "\(repository.gitDirectory)/refs/heads/main"
    try pipe(at: path)
    let reopened = try Repository.open(at: repository.gitDirectory)
    let ways: [() throws -> Void] = [
      { _ = try reopened.reference("refs/heads/main") },
      { _ = try reopened.resolve("HEAD") },
      { _ = try reopened.references(matching: "refs/*") },
      { _ = try reopened.resolveRevision("main~0") },
      { try reopened.updateReference("refs/heads/main", to: id, expecting: id, log: "") },
      { try reopened.deleteReference("refs/heads/main", expecting: id) },
    ]
    for (number, way) in ways.enumerated() {
      #expect("way \(number)") { try way() } throws: { "\($0)".contains("\(path) is a pipe, and no file") }
    }
    #expect(!reopened.isHeadUnborn)
  }

  @Test("a log that is a pipe is an error of the write that would wait for it")
  func log() throws {
    let repository = try scratch.bare()
    let id = try repository.commit("first")
    let path = "\(repository.gitDirectory)/logs/refs/heads/main"
    try pipe(at: path)
    #expect {
      try repository.updateReference("refs/heads/main", to: id, expecting: nil, log: "")
    } throws: {
      "\($0)".contains("\(path) is a pipe, and no file")
    }
  }

  @Test("symbolic references that lead in a circle are an error")
  func circle() throws {
    let repository = try scratch.bare()
    try repository.setSymbolicReference("refs/heads/a", to: "refs/heads/b")
    try repository.setSymbolicReference("refs/heads/b", to: "refs/heads/a")
    #expect(throws: GitError.self) { try repository.resolve("refs/heads/a") }
  }
}
