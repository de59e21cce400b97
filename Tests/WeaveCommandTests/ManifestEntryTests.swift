import TestSupport
import Testing

@testable import LabSupport

/// Whoever can push may put into a manifest what no weave writes.
@Suite("An entry of a manifest that is no file", .inProcess)
struct ManifestEntryTests {
  private static let gitlink = ("160000", String(repeating: "1", count: 40))

  private let lab: Lab

  init() throws {
    lab = try Lab.threeProjects()
    try lab.constellation()
    try lab.link("telperion@v1", "laurelin@v1", "narya@v1")
    try lab.weave("lock")
  }

  /// Puts the entry into the public manifest by stock Git.
  private func put(_ mode: String, _ id: String, at path: String) throws {
    let name = "refs/weave/public/manifest"
    let index = lab.store.environment.with(["GIT_INDEX_FILE": lab.directory.appending("index")])
    try lab.store.git(["read-tree", name], environment: index)
    try lab.store.git(["update-index", "--add", "--cacheinfo", "\(mode),\(id),\(path)"], environment: index)
    let tree = try lab.store.git(["write-tree", "--missing-ok"], environment: index)
    let commit = try lab.store.git("commit-tree", tree, "-p", name, "-m", "odd")
    try lab.store.git("update-ref", name, commit)
  }

  private func entry(_ path: String) throws -> String {
    try lab.store.git("ls-tree", "refs/weave/public/manifest", path)
  }

  @Test(
    "stops no command, and is written again as it was read",
    arguments: [
      ("160000", "constellations/mod"), ("120000", "constellations/link"), ("100755", "constellations/run"),
      ("160000", "holds/telperion@toto"), ("100644", "holds/telperion@a/b"),
      ("100644", "constellations/sub/file"),
      ("160000", "acknowledgements/toto"),
    ])
  func odd(mode: String, path: String) throws {
    let id =
      mode == "160000"
      ? String(repeating: "1", count: 40) : try lab.store.git("hash-object", "-w", "/dev/null")
    try put(mode, id, at: path)
    let parts = path.split(separator: "/")
    let place = parts.prefix(2).joined(separator: "/")
    let before = try entry(place)
    for command in [
      ["hold", "toto", "laurelin@v1", "-m", "why"], ["project", "set", "narya", "track", "main"],
      ["revoke", "telperion@v2", "-m", "burns"], ["status", "-c", "emerald-city"],
      ["resolve", "-c", "emerald-city"], ["sha", "telperion", "--machine", "toto", "-c", "emerald-city"],
      ["report", "--machine", "toto", "telperion=\(try lab.id("telperion@v1"))"],
    ] {
      let command = command[0] == "hold" ? command + ["-c", "emerald-city"] : command
      let result = try lab.run(command)
      #expect([0, 5].contains(result.status), "\(command): \(result.stderr)")
    }
    #expect(try entry(place) == before && !before.isEmpty)
    try lab.store.git("fsck", "--no-dangling")
    try lab.store.git("repack", "-adq")
  }

  @Test("is told by fsck, and a constellation's is taken away by its name")
  func removed() throws {
    try put(Self.gitlink.0, Self.gitlink.1, at: "constellations/mod")
    let found = try lab.run("fsck")
    #expect(
      found.status == 1
        && found.stdout.contains("the stored constellation 'mod' cannot be read: it is no file"))
    try lab.weave("constellation", "remove", "mod")
    #expect(try entry("constellations/mod").isEmpty)
    #expect(try lab.run("fsck").status == 0)
  }
}
