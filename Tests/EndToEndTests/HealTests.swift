import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("What is damaged in a store is named by fsck, and healed from where it is whole")
struct HealTests {
  let lab: Lab
  init() throws { lab = try Lab.filled() }

  private func path(of object: String) throws -> String {
    "\(lab.store.path)/objects/\(object.prefix(2))/\(object.dropFirst(2))"
  }

  /// Damages the object's own file, and says what `fsck` then says.
  private func check(damaging object: String, by damage: (String) throws -> Void = Self.remove) throws
    -> ProcessResult
  {
    try damage(path(of: object))
    let result = try lab.run("fsck")
    #expect(result.status == 1)
    #expect(result.stdout.contains("error: \(object)"))
    return result
  }

  private static func remove(_ path: String) throws { try FileManager.default.removeItem(atPath: path) }

  private static func cut(_ path: String) throws {
    let content = try Data(contentsOf: URL(fileURLWithPath: path))
    try remove(path)
    try content.dropLast(8).write(to: URL(fileURLWithPath: path))
  }

  @Test(
    "the record that an object belongs to is named, and what works without it",
    arguments: [
      ("refs/weave/public/sets/release-1:set", "the set release-1: whatever asks for the sets fails"),
      ("refs/weave/public/observed/toto:", "what toto reported: its state is unknown"),
      ("refs/weave/public/observed/toto:observed", "what toto reported: its state is unknown"),
      (
        "refs/weave/public/manifest~1",
        "of an earlier state of refs/weave/public/manifest: only what looks back"
      ),
      (
        "refs/weave/public/locks/emerald-city:", "the lock of emerald-city: whatever asks for that lock fails"
      ),
      ("refs/namespaces/narya/refs/heads/main:", "of narya: what needs that commit fails"),
    ])
  func owners(revision: String, words: String) throws {
    let said = try check(damaging: lab.store.git("rev-parse", revision)).stdout
    #expect(said.contains(words))
  }

  @Test("a note that is lost is made anew by `fsck --repair`")
  func notes() throws {
    let note = try #require(
      try lab.store.git("ls-tree", "-r", "refs/notes/weave").split(separator: "\n").first)
    let blob = String(note.split(whereSeparator: { $0 == " " || $0 == "\t" })[2])
    #expect(try check(damaging: blob).stdout.contains("a note: `weave fsck --repair` makes the notes anew"))
    try lab.weave("fsck", "--repair")
    #expect(try lab.run("fsck").status == 0)
  }

  @Test("what a project's source has is had from there")
  func project() throws {
    let tree = try lab.store.git("rev-parse", "refs/namespaces/narya/refs/heads/main^{tree}")
    _ = try check(damaging: tree, by: Self.cut)
    let said = try lab.run("fsck", "--repair")
    #expect(said.status == 0, "\(said.stdout) \(said.stderr)")
    #expect(said.stderr.contains("restored 1 object from"))
    #expect(try lab.store.git("cat-file", "-t", tree) == "tree")
  }

  @Test("what a remote has of a ledger is had from there, also where it was cut short")
  func ledger() throws {
    try lab.weave("push")
    let links = try lab.weave("links")
    let commit = try lab.store.git("rev-parse", "\(lab.ledger())~1")
    _ = try check(damaging: commit, by: Self.cut)
    #expect(try lab.run("links").status == 1)
    #expect(try lab.run("fsck", "--repair").status == 0)
    #expect(try lab.weave("links") == links)
  }

  @Test("a pack that is damaged is taken out; what can be read of it, and what others have, is kept")
  func pack() throws {
    try lab.weave("push")
    let links = try lab.weave("links")
    try lab.store.git("gc", "-q", "--prune=now")
    let packs = "\(lab.store.path)/objects/pack"
    let pack = try #require(
      try FileManager.default.contentsOfDirectory(atPath: packs).first { $0.hasSuffix(".pack") })
    var bytes = try Data(contentsOf: URL(fileURLWithPath: "\(packs)/\(pack)"))
    for place in stride(from: bytes.count / 4, to: bytes.count, by: bytes.count / 3) { bytes[place] ^= 0x44 }
    try FileManager.default.removeItem(atPath: "\(packs)/\(pack)")
    try bytes.write(to: URL(fileURLWithPath: "\(packs)/\(pack)"))
    #expect(try lab.run("fsck").stdout.contains("\(pack), or its index, is damaged"))
    let said = try lab.run("fsck", "--repair")
    #expect(said.status == 0, "\(said.stdout) \(said.stderr)")
    #expect(try lab.weave("links") == links)
  }

  @Test(
    "a pipe in the place of a file is named, waited for by nobody, and moved away",
    arguments: ["refs/weave-local/keep/narya", "refs/namespaces/narya/HEAD", "object"])
  func pipe(place: String) throws {
    let tree = try lab.store.git("rev-parse", "refs/namespaces/narya/refs/heads/main^{tree}")
    let path = try place == "object" ? self.path(of: tree) : "\(lab.store.path)/\(place)"
    try FileManager.default.removeItem(atPath: path)
    #expect(mkfifo(path, 0o644) == 0)
    let said = try lab.run("fsck")
    #expect(said.status == 1)
    #expect(said.stdout.contains("\(path.split(separator: "/").suffix(2).joined(separator: "/")) is no file"))
    try lab.run("fsck", "--repair")
    try lab.weave("fetch")
    #expect(try lab.run("fsck").status == 0)
  }

  @Test("a project's HEAD that names a branch which is not there is an error, and the next fetch mends it")
  func projectHead() throws {
    let head = "\(lab.store.path)/refs/namespaces/narya/HEAD"
    try Data("ref: refs/namespaces/narya/refs/heads/maix\n".utf8)
      .write(to: URL(fileURLWithPath: head))
    #expect(try lab.run("fsck").stdout.contains("refs/namespaces/narya/HEAD names"))
    let said = try lab.run("resolve", "-c", "emerald-city")
    #expect(said.status == 1)
    #expect(said.stderr.contains("the HEAD of narya is damaged"))
    try lab.weave("fetch", "narya")
    #expect(try lab.run("fsck").status == 0)
  }

  @Test("a HEAD that is damaged is made anew", arguments: ["", "ref: refs/he", "re&: refs/heads/main\n"])
  func head(content: String) throws {
    try Data(content.utf8).write(to: URL(fileURLWithPath: "\(lab.store.path)/HEAD"))
    #expect(try lab.run("fsck").status == 1)
    #expect(try lab.run("fsck", "--repair").status == 0)
    #expect(try lab.run("fsck").status == 0)
  }
}
