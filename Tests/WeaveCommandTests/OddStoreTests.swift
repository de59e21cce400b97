import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("Stores that something else has changed", .inProcess)
struct OddStoreTests {
  @Test("a store whose refs are in a reftable is refused by each command in one line, and stays as it was")
  func reftable() throws {
    let lab = try Lab.filled()
    let commands =
      try (EveryCommand.reading + EveryCommand.writing).map { try lab.arguments($0) } + [["init"]]
    let path = lab.store.path + "/config"
    let plain = try String(contentsOfFile: path, encoding: .utf8)
    let before = try lab.store.refs()
    try lab.store.git("config", "core.repositoryFormatVersion", "1")
    try lab.store.git("config", "extensions.refStorage", "reftable")
    for arguments in commands {
      let result = try lab.run(arguments, input: Constellations.emeraldCity)
      let error = "\(arguments): \(result.stderr)"
      #expect(result.status == 1, "\(error)")
      #expect(result.stdout == "", "\(error)")
      #expect(
        result.stderr.hasPrefix("error: ") && result.stderr.split(separator: "\n").count == 1, "\(error)")
      #expect(result.stderr.contains("reftable"), "\(error)")
    }
    try plain.write(toFile: path, atomically: true, encoding: .utf8)
    #expect(try lab.store.refs() == before)
    #expect(try lab.complaints() == "")
  }

  @Test(
    "git gc, packed refs, a commit graph, a multi-pack index and a worktree of the store change no answer")
  func housekeeping() throws {
    let lab = try Lab.filled()
    let commands = try EveryCommand.reading.map { try lab.arguments($0) }
    func answers() throws -> [String] {
      try commands.map { arguments in
        let result = try lab.run(arguments)
        return "\(arguments) \(result.status)\n\(result.stdout)".replacing(/\d+s fresh */, with: "")
          .replacing(/"ageSeconds":\d+/, with: "")
      }
    }
    let before = try answers()
    try lab.store.git("gc", "--quiet", "--prune=now")
    #expect(try answers() == before)
    try lab.store.git("commit-graph", "write", "--reachable", "--split", "--changed-paths")
    try lab.store.git("repack", "-q", "-d", "--write-midx")
    try lab.store.git("pack-refs", "--all")
    let tree = lab.directory.appending("tree")
    try lab.store.git("worktree", "add", "--quiet", "--detach", tree, lab.id("telperion@v2"))
    #expect(try answers() == before)
    try lab.link("telperion@v2", "laurelin@v2")
    #expect(try TestRepository(at: tree).git("status", "--porcelain") == "")
    #expect(try lab.complaints() == "")
  }

  @Test("a store that was moved, and one that is reached by a symbolic link, answers and is written to")
  func moved() throws {
    try Lab.withTwoProjects { lab, _, _ throws in
      let event = try lab.weave("link", "telperion@v1", "laurelin@v1")
      let elsewhere = lab.directory.appending("moved")
      try FileManager.default.moveItem(atPath: lab.workspace, toPath: elsewhere)
      #expect(try lab.weave("log", in: elsewhere).hasPrefix(event.prefix(7)))
      try FileManager.default.createSymbolicLink(atPath: lab.workspace, withDestinationPath: elsewhere)
      try lab.weave("link", "telperion@main", "laurelin@main")
      #expect(try lab.events().count == 2)
    }
  }
}
