import Foundation
import TestSupport
import Testing

@testable import LabSupport

/// What Docs/sharing.md, "Keeping the store small", promises of a collection beside writers.
@Suite("Collection beside writers") struct CollectionBesideTests {
  /// Runs `collect` again and again while the shell scripts run, each in its directory; how often.
  private func collecting(
    _ lab: Lab, beside scripts: [(directory: String, script: String)], _ collect: () throws -> Void
  ) throws -> Int {
    let writers = try scripts.map {
      try spawnProcess(
        "sh", ["-ec", "weave() { \(weaveExecutable) \"$@\"; }\n\($0.script)"], in: $0.directory,
        environment: lab.environment.variables)
    }
    var collections = 0
    while writers.contains(where: \.isRunning) {
      try collect()
      collections += 1
    }
    for writer in writers {
      let result = writer.wait()
      #expect(result.status == 0, "\(result.stderr)")
    }
    return collections
  }

  @Test("weave gc loses nothing of what others write at the same time")
  func weaveCollects() throws {
    let lab = try Lab.threeProjects()
    try lab.weave("gc")
    let id = try lab.id("telperion@v1")
    let scripts = (1...3).map { number in
      (
        lab.workspace,
        """
        for round in 1 2 3; do
          weave link telperion@v$round laurelin@v\(number) -m "\(number) $round"
          weave set set-\(number) telperion@v$round --replace
          weave report --machine machine-\(number) telperion=\(id)
        done
        """
      )
    }
    let events = try lab.eventIDs(in: lab.workspace).count
    #expect(try collecting(lab, beside: scripts) { try lab.weave("gc") } > 1)
    #expect(try lab.eventIDs(in: lab.workspace).count == events + 9)
    #expect(try lab.weave("set", "list").split(separator: "\n").count == 4)
    #expect(try lab.complaints() == "")
  }

  @Test("a plain git gc drops nothing of a store, however old it is")
  func plainGitGC() throws {
    let lab = try Lab()
    try lab.weave("init")
    let id = try lab.store.git(["hash-object", "-w", "--stdin"], input: Array("nobody needs it".utf8))
    let path = "\(lab.store.path)/objects/\(id.prefix(2))/\(id.dropFirst(2))"
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSince1970: 946_684_800)], ofItemAtPath: path)
    try lab.store.git("gc", "--quiet")
    #expect(try lab.store.git("cat-file", "-t", id) == "blob")
  }

  @Test("git gc in a hub, with Git's own settings, loses nothing of what is pushed at the same time")
  func hub() throws {
    let lab = try Lab.threeProjects()
    let hub = try lab.share()
    let colleagues = try (1...2).map { try lab.colleague("colleague-\($0)") }
    for colleague in colleagues { try colleague.weave("fetch") }
    let before = try colleagues[0].events().count
    let scripts = colleagues.enumerated().map { place, colleague in
      (
        colleague.workspace,
        """
        for round in 1 2 3; do
          weave link telperion@v$round laurelin@v\(place + 1) -m "\(place) $round"
          weave push
        done
        """
      )
    }
    #expect(try collecting(lab, beside: scripts) { try hub.git("gc", "--quiet") } > 1)
    #expect(try hub.git("fsck", "--strict", "--no-dangling") == "")
    try colleagues[0].weave("pull")
    #expect(try colleagues[0].events().count == before + 6)
  }
}
