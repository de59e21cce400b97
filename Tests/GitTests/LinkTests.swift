import Foundation
import Git
import TestSupport
import Testing

@Suite("Giving a repository the objects of another")
struct LinkTests {
  let scratch: Scratch
  init() throws { scratch = try Scratch() }

  private static let note = "from there"

  /// A repository with `count` commits, of which the first are in a pack and the others loose.
  private func source(_ count: Int, packed: Bool) throws -> (repository: Repository, tip: ObjectID) {
    let repository = try scratch.bare("source.git")
    var tip: ObjectID?
    for index in 0..<count {
      let blob = try repository.writeBlob(Array("\(index)\n".utf8))
      let tree = try repository.writeTree([TreeEntry(name: "file", mode: 0o100644, id: blob)])
      tip = try repository.commit(
        "\(index)", parents: tip.map { [$0] } ?? [], tree: tree, after: Int64(index))
      if packed, index == count / 2 {
        try repository.updateReference("refs/heads/half", to: #require(tip), expecting: nil, log: "")
        try scratch.git("repack", "-a", "-d", "-q", in: "source.git")
      }
    }
    try repository.updateReference("refs/heads/main", to: #require(tip), expecting: nil, log: "")
    return (try Repository.open(at: repository.gitDirectory), try #require(tip))
  }

  private func names(_ directory: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: scratch.file(directory)).sorted()
  }

  private func inode(_ path: String) throws -> UInt64? {
    try FileManager.default.attributesOfItem(atPath: path)[.systemFileNumber] as? UInt64
  }

  @Test("packs and loose objects are there, whole, as other names of the same files")
  func linked() throws {
    let (source, tip) = try source(6, packed: true)
    let store = try scratch.bare("store.git")
    try store.linkObjects(of: source, keeping: Self.note)
    // Also for whoever had it open before.
    #expect(try store.ancestry(of: tip).count == 6)
    try store.updateReference("refs/heads/main", to: tip, expecting: nil, log: "")
    try scratch.git("fsck", "--full", "--strict", in: "store.git")
    let pack = try #require(names("store.git/objects/pack").first { $0.hasSuffix(".pack") })
    for file in ["pack/\(pack)", "\(tip.description.prefix(2))/\(tip.description.dropFirst(2))"] {
      #expect(
        try inode(scratch.file("store.git/objects/\(file)"))
          == inode(scratch.file("source.git/objects/\(file)")))
    }
    let before = try names("store.git/objects/pack")
    try store.linkObjects(of: source, keeping: Self.note)
    #expect(try names("store.git/objects/pack") == before)
  }

  @Test(
    "a collection leaves such a pack as it is for as long as it is kept, and packs what it held after that")
  func kept() throws {
    let (source, tip) = try source(6, packed: true)
    let store = try scratch.bare("store.git")
    try store.linkObjects(of: source, keeping: Self.note)
    try store.updateReference("refs/heads/main", to: tip, expecting: nil, log: "")
    let pack = try #require(names("store.git/objects/pack").first { $0.hasSuffix(".pack") })
    try store.releasePacks(keptBy: Self.note, notIn: [source.gitDirectory])
    try scratch.git("gc", "-q", "--prune=now", in: "store.git")
    #expect(try names("store.git/objects/pack").contains(pack))
    // Of somebody else.
    try store.releasePacks(keptBy: "another", notIn: [])
    #expect(try names("store.git/objects/pack").contains { $0.hasSuffix(".keep") })
    try store.releasePacks(keptBy: Self.note, notIn: [])
    try scratch.git("gc", "-q", "--prune=now", in: "store.git")
    #expect(try !names("store.git/objects/pack").contains(pack))
    try scratch.git("fsck", "--full", "--strict", in: "store.git")
  }

  @Test("what is here already, in whatever form, is not taken once more")
  func here() throws {
    let (source, tip) = try source(3, packed: false)
    let store = try scratch.bare("store.git")
    try store.copyObjects(reachableFrom: [tip], from: source)
    try store.updateReference("refs/heads/main", to: tip, expecting: nil, log: "")
    try scratch.git("repack", "-a", "-d", "-q", in: "store.git")
    let reopened = try Repository.open(at: store.gitDirectory)
    try reopened.linkObjects(of: source, keeping: Self.note)
    // The empty tree is in no commit.
    #expect(try scratch.line("count-objects", in: "store.git").hasPrefix("1 objects"))
  }

  @Test("on another file system they are copies")
  func copied() throws {
    let (source, tip) = try source(6, packed: true)
    let elsewhere = try TemporaryDirectory(inMemory: true)
    let store = try Repository.createBare(at: elsewhere.appending("store.git"))
    try store.linkObjects(of: source, keeping: Self.note)
    try store.updateReference("refs/heads/main", to: tip, expecting: nil, log: "")
    try scratch.git("--git-dir", store.gitDirectory, "fsck", "--full", "--strict")
    let drafts = try FileManager.default.subpathsOfDirectory(atPath: store.gitDirectory).filter {
      $0.contains("tmp_")
    }
    #expect(drafts == [])
  }

  @Test("whether all is packed is told, whatever becomes of the empty tree")
  func packed() throws {
    let (source, _) = try source(3, packed: false)
    #expect(try !source.isPacked)
    try scratch.git("gc", "-q", in: "source.git")
    #expect(try source.isPacked)
    #expect(try scratch.bare("empty.git").isPacked)
  }
}
