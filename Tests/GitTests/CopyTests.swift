import Foundation
import Git
import Synchronization
import Testing

@Suite("Copying objects")
struct CopyTests {
  let scratch: Scratch
  init() throws { scratch = try Scratch() }

  /// A repository with `count` commits that each change one file of a small tree, with tags and a submodule.
  private func source(_ scratch: Scratch, count: Int) throws -> Repository {
    let repository = try scratch.bare("source.git")
    var tip: ObjectID?
    for index in 0..<count {
      let changing = try repository.writeBlob(Array("change \(index)\n".utf8))
      let fixed = try repository.writeBlob(Array("fixed\n".utf8))
      let inner = try repository.writeTree([
        TreeEntry(name: "file", mode: 0o100644, id: index % 2 == 0 ? changing : fixed),
        TreeEntry(name: "fixed", mode: 0o100755, id: fixed),
      ])
      let tree = try repository.writeTree([
        TreeEntry(name: "dir", mode: 0o040000, id: inner), TreeEntry(name: "link", mode: 0o120000, id: fixed),
        TreeEntry(name: "sub", mode: 0o160000, id: try #require(ObjectID(bytes: Array(1...20)))),
        TreeEntry(name: "top\(index)", mode: 0o100644, id: changing),
      ])
      tip = try repository.commit(
        "\(index)", parents: tip.map { [$0] } ?? [], tree: tree, after: Int64(index))
    }
    try repository.updateReference("refs/heads/main", to: try #require(tip), expecting: nil, log: "")
    try scratch.git("tag", "-a", "-m", "t", "v1", "main", in: "source.git")
    return repository
  }

  private func reachable(_ scratch: Scratch, _ revision: String, in directory: String) throws -> Int {
    try scratch.line("rev-list", "--objects", revision, in: directory).split(separator: "\n").count
  }

  @Test("what a tip reaches is copied whole, few objects loose and many in a pack", arguments: [3, 150])
  func whole(count: Int) throws {
    let source = try source(scratch, count: count)
    let store = try scratch.bare("store.git")
    let tag = try #require(try source.resolve("refs/tags/v1"))
    let expected = try reachable(scratch, "refs/tags/v1", in: "source.git")
    #expect(try store.copyObjects(reachableFrom: [tag], from: source) == expected)
    try store.updateReference("refs/tags/v1", to: tag, expecting: nil, log: "")
    try scratch.git("fsck", "--full", "--strict", in: "store.git")
    #expect(try reachable(scratch, "refs/tags/v1", in: "store.git") == expected)
    #expect(try store.copyObjects(reachableFrom: [tag], from: source) == 0)
    let packs = try FileManager.default.contentsOfDirectory(atPath: scratch.file("store.git/objects/pack"))
    #expect(packs.filter { $0.hasSuffix(".pack") }.count == (count > 100 ? 1 : 0))
  }

  @Test("only the change is copied when the parent is there")
  func increment() throws {
    let source = try source(scratch, count: 5)
    let store = try scratch.bare("store.git")
    let tip = try #require(try source.resolve("refs/heads/main"))
    let parent = try source.commit(tip).parents[0]
    _ = try store.copyObjects(reachableFrom: [parent], from: source)
    let missing = try scratch.line("rev-list", "--objects", "\(tip)", "^\(parent)", in: "source.git")
    #expect(try store.copyObjects(reachableFrom: [tip], from: source) == missing.split(separator: "\n").count)
    try store.updateReference("refs/heads/main", to: tip, expecting: nil, log: "")
    try scratch.git("fsck", "--full", "--strict", in: "store.git")
  }

  @Test("a tree that an interrupted copy left without its blobs is made whole")
  func interrupted() throws {
    let source = try source(scratch, count: 1)
    let store = try scratch.bare("store.git")
    let tip = try #require(try source.resolve("refs/heads/main"))
    let tree = try source.commit(tip).tree
    let raw = try scratch.git("cat-file", "tree", "\(tree)", in: "source.git")
    try scratch.git("hash-object", "-t", "tree", "-w", "--stdin", in: "store.git", input: raw)
    _ = try store.copyObjects(reachableFrom: [tip], from: source)
    try store.updateReference("refs/heads/main", to: tip, expecting: nil, log: "")
    try scratch.git("fsck", "--full", "--strict", in: "store.git")
  }

  @Test("merges, trees and blobs as tips, and tips twice, are copied too")
  func mixed() throws {
    let source = try scratch.bare("source.git")
    let blob = try source.writeBlob([1, 2, 3])
    let tree = try source.writeTree([TreeEntry(name: "x", mode: 0o100644, id: blob)])
    let root = try source.commit("root")
    let left = try source.commit("left", parents: [root], tree: tree)
    let right = try source.commit("right", parents: [root])
    let merge = try source.commit("merge", parents: [right, left], tree: tree)
    let lone = try source.writeBlob([9])
    let store = try scratch.bare("store.git")
    #expect(try store.copyObjects(reachableFrom: [lone, tree, merge, merge, left], from: source) == 7)
    try store.updateReference("refs/heads/main", to: merge, expecting: nil, log: "")
    try scratch.git("fsck", "--full", "--strict", in: "store.git")
    #expect(try store.contains(lone))
  }

  @Test("names that are no UTF-8 are copied as they are")
  func foreignNames() throws {
    let source = try scratch.bare("source.git")
    let blob = try source.writeBlob([1])
    let listing = Array("100644 blob \(blob)\tcaf".utf8) + [0xe9, 0]
    let tree = try scratch.id("mktree", "-z", in: "source.git", input: listing)
    let store = try scratch.bare("store.git")
    let tip = try source.commit("m", tree: tree)
    #expect(try store.copyObjects(reachableFrom: [tip], from: source) == 3)
    #expect(try scratch.git("cat-file", "tree", "\(tree)", in: "store.git").contains(0xe9))
    #expect(try store.tree(tree).map(\.name) == ["caf\u{fffd}"])
  }

  @Test("a history that lacks an object is refused, and its tip is not there")
  func broken() throws {
    let source = try source(scratch, count: 2)
    let tip = try #require(try source.resolve("refs/heads/main"))
    let lost = "\(try source.commit(tip).tree)"
    try FileManager.default.removeItem(
      atPath: scratch.file("source.git/objects/\(lost.prefix(2))/\(lost.dropFirst(2))"))
    let store = try scratch.bare("store.git")
    let reopened = try Repository.open(at: source.gitDirectory)
    #expect(code { _ = try store.copyObjects(reachableFrom: [tip], from: reopened) } == .notFound)
    #expect(try !store.contains(tip))
  }

  @Test("directories a thousand deep are copied on a small stack")
  func deep() async throws {
    let source = try scratch.bare("source.git")
    let path = scratch.file("store.git")
    var tree = try source.writeTree([TreeEntry(name: "f", mode: 0o100644, id: try source.writeBlob([1]))])
    for _ in 0..<1000 { tree = try source.writeTree([TreeEntry(name: "d", mode: 0o040000, id: tree)]) }
    let (tip, from) = (try source.commit("deep", tree: tree), source.gitDirectory)
    let copied = Mutex(0)
    await withCheckedContinuation { (done: CheckedContinuation<Void, Never>) in
      let thread = Thread {
        let count = try? Repository.createBare(at: path).copyObjects(
          reachableFrom: [tip], from: Repository.open(at: from))
        copied.withLock { $0 = count ?? -1 }
        done.resume()
      }
      thread.stackSize = 512 * 1024
      thread.start()
    }
    #expect(copied.withLock { $0 } == 1003)
  }
}
