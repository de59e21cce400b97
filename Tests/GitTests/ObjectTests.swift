import Foundation
import Git
import Testing

@Suite("Objects")
struct ObjectTests {
  let scratch: Scratch
  init() throws { scratch = try Scratch() }

  @Test("an id reads its own digits and bytes, and nothing else")
  func ids() throws {
    let text = "0123456789abcdef0123456789abcdef01234567"
    let id = try #require(ObjectID(hex: text.uppercased()))
    #expect(id.description == text)
    #expect(id.bytes.count == 20)
    #expect(ObjectID(bytes: id.bytes) == id)
    #expect(ObjectID(hex: text.dropLast()) == nil)
    #expect(ObjectID(hex: text + "0") == nil)
    #expect(ObjectID(hex: text.dropLast() + "g") == nil)
    #expect(ObjectID(bytes: [1, 2, 3]) == nil)
    #expect(ObjectID.zero < id && id < ObjectID.emptyTree)
    #expect(ObjectID.emptyTree.description == "4b825dc642cb6eb9a060e54bf8d69288fbee4904")
    #expect(ObjectID.zero.description == String(repeating: "0", count: 40))
  }

  @Test("stock git reads back a blob byte for byte", arguments: [0, 1, 70_000])
  func blobs(size: Int) throws {
    let repository = try scratch.bare()
    let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    let id = try repository.writeBlob(bytes)
    #expect(try scratch.git("cat-file", "blob", "\(id)", in: "bare.git") == bytes)
    #expect(try repository.blob(id, atMost: .max) == bytes)
    #expect(try repository.kind(of: id) == .blob)
    #expect(try scratch.id("hash-object", "--stdin", input: bytes) == id)
  }

  @Test("a tree is sorted as git sorts it, whatever order its entries come in")
  func trees() throws {
    let repository = try scratch.bare()
    let blob = try repository.writeBlob(Array("x".utf8))
    let inner = try repository.writeTree([TreeEntry(name: "f", mode: 0o100755, id: blob)])
    let entries = [
      TreeEntry(name: "a", mode: 0o040000, id: inner), TreeEntry(name: "a.txt", mode: 0o100644, id: blob),
      TreeEntry(name: "a0", mode: 0o120000, id: blob), TreeEntry(name: "Ünï", mode: 0o100644, id: blob),
      TreeEntry(name: "sub", mode: 0o160000, id: try #require(ObjectID(bytes: Array(1...20)))),
    ]
    let id = try repository.writeTree(entries)
    #expect(try repository.writeTree(entries.reversed()) == id)
    #expect(try repository.tree(id).map(\.name) == ["a.txt", "a", "a0", "sub", "Ünï"])
    #expect(Set(try repository.tree(id)) == Set(entries))
    let listing = try scratch.git("ls-tree", "-z", "\(id)", in: "bare.git")
    #expect(try scratch.id("mktree", "--missing", "-z", in: "bare.git", input: listing) == id)
    try scratch.git("fsck", "--strict", "--full", in: "bare.git")
  }

  @Test(
    "a tree that git would not accept is refused", arguments: ["", ".", "..", ".git", ".GIT", "a/b", "a\0b"])
  func badNames(name: String) throws {
    let repository = try scratch.bare()
    let blob = try repository.writeBlob([])
    #expect(
      code { _ = try repository.writeTree([TreeEntry(name: name, mode: 0o100644, id: blob)]) } == .invalidSpec
    )
    let twice = TreeEntry(name: "x", mode: 0o100644, id: blob)
    #expect(code { _ = try repository.writeTree([twice, twice]) } == .invalidSpec)
    let absent = TreeEntry(name: "x", mode: 0o100644, id: try #require(ObjectID(bytes: Array(1...20))))
    #expect(code { _ = try repository.writeTree([absent]) } == .notFound)
  }

  @Test("names in one and in two code points are two entries")
  func normalisation() throws {
    let repository = try scratch.bare()
    let blob = try repository.writeBlob([])
    let composed = TreeEntry(name: "\u{e9}", mode: 0o100644, id: blob)
    let decomposed = TreeEntry(name: "e\u{301}", mode: 0o100644, id: blob)
    #expect(composed != decomposed)
    #expect(try repository.tree(try repository.writeTree([composed, decomposed])).count == 2)
  }

  @Test("a commit written here is the one stock git would have written")
  func commits() throws {
    let repository = try scratch.checkout()
    let stock = try scratch.id("rev-parse", "HEAD", in: "work")
    let commit = try repository.commit(stock)
    #expect(
      commit.author
        == Signature(
          name: "A U Thor", email: "author@example.org", seconds: 1_700_000_000, offsetMinutes: 90))
    #expect(commit.committer.offsetMinutes == -(4 * 60 + 45))
    #expect(commit.subject == "first")
    #expect(commit.message == Array("first\n".utf8))
    #expect(commit.parents.isEmpty && !commit.hasEncodingHeader)
    #expect(try scratch.id("rev-parse", "HEAD^{tree}", in: "work") == commit.tree)
    let again = try repository.writeCommit(
      tree: commit.tree, parents: [], author: commit.author, committer: commit.committer,
      message: commit.message)
    #expect(again == stock)
  }

  @Test("a message keeps its NULs, its bytes that are no UTF-8 and its missing last line feed")
  func messageBytes() throws {
    let repository = try scratch.bare()
    for message: [UInt8] in [
      [], [10], Array("a\0b\n\nc".utf8), [0xff, 0xfe, 10, 0], Array("\n\nx\n\n".utf8),
    ] {
      let id = try repository.writeCommit(
        tree: .emptyTree, parents: [], author: joe, committer: joe, message: message)
      #expect(try repository.commit(id).message == message)
      let raw = try scratch.git("cat-file", "commit", "\(id)", in: "bare.git")
      #expect(Array(raw.suffix(message.count)) == message)
    }
  }

  @Test("an identity cannot break out of its header")
  func identities() throws {
    let repository = try scratch.bare()
    let evil = Signature(name: " Eve <x>\nparent 00 ", email: "e\n>v<e", seconds: -5, offsetMinutes: -30)
    let empty = Signature(name: "weave", email: "", seconds: 0, offsetMinutes: 0)
    let id = try repository.writeCommit(
      tree: .emptyTree, parents: [], author: evil, committer: empty, message: Array("m\n".utf8))
    let commit = try repository.commit(id)
    #expect(commit.author == Signature(name: "Eve xparent 00", email: "eve", seconds: 0, offsetMinutes: -30))
    #expect(commit.committer == empty)
    try scratch.git("update-ref", "refs/heads/main", "\(id)", in: "bare.git")
    try scratch.git("fsck", "--strict", "--full", in: "bare.git")
  }

  @Test("of a message that is longer than any that is needed whole, its beginning is kept")
  func longMessage() throws {
    let repository = try scratch.bare()
    let message =
      Array("subject\n\n".utf8) + Array(repeating: UInt8(ascii: "a"), count: Commit.mostMessageBytes)
    let id = try repository.writeCommit(
      tree: .emptyTree, parents: [], author: joe, committer: joe, message: message)
    let commit = try repository.commit(id)
    #expect(commit.message == Array(message.prefix(Commit.mostMessageBytes)))
    #expect(commit.subject == "subject")
    #expect(commit.author.name == joe.name)
  }

  @Test("a blob that is larger than asked for is refused")
  func largeBlob() throws {
    let repository = try scratch.bare()
    let id = try repository.writeBlob(Array(repeating: 0, count: 100))
    #expect(try repository.blob(id, atMost: 100).count == 100)
    #expect(code { _ = try repository.blob(id, atMost: 99) } == .malformed)
  }

  @Test("of many ids those that are stored are told apart, also what another process packed meanwhile")
  func storedAmong() throws {
    let repository = try scratch.checkout()
    let first = try scratch.id("rev-parse", "HEAD", in: "work")
    let absent = try #require(ObjectID(bytes: Array(1...20)))
    #expect(try repository.stored(among: [first, absent]) == [first])
    try scratch.git("commit", "-q", "--allow-empty", "-m", "second", in: "work")
    try scratch.git("gc", "-q", "--prune=now", in: "work")
    let second = try scratch.id("rev-parse", "HEAD", in: "work")
    #expect(try repository.stored(among: [second, absent, first]) == [first, second])
  }

  @Test("an encoding header is seen, and one in the message or a signature is not")
  func encoding() throws {
    let repository = try scratch.checkout()
    func write(_ headers: String, _ message: String) throws -> Commit {
      let text =
        "tree \(ObjectID.emptyTree)\nauthor A <a> 1 +0000\ncommitter A <a> 1 +0000\n\(headers)\n\(message)"
      let id = try scratch.id(
        "hash-object", "-t", "commit", "-w", "--stdin", in: "work", input: Array(text.utf8))
      return try repository.commit(id)
    }
    try scratch.git("hash-object", "-t", "tree", "-w", "/dev/null", in: "work")
    #expect(try write("encoding ISO-8859-1\n", "m\n").hasEncodingHeader)
    #expect(try !write("", "encoding ISO-8859-1\n").hasEncodingHeader)
    let signed = try write("gpgsig -----BEGIN\n \n encoding x\n parent y\n -----END\n", "body\n")
    #expect(!signed.hasEncodingHeader && signed.parents.isEmpty)
    #expect(signed.message == Array("body\n".utf8))
  }

  @Test("a commit of what is not stored is refused")
  func dangling() throws {
    let repository = try scratch.bare()
    let absent = try #require(ObjectID(bytes: Array(1...20)))
    #expect(code { _ = try repository.commit("m", tree: absent) } == .notFound)
    #expect(code { _ = try repository.commit("m", parents: [absent]) } == .notFound)
    #expect(code { _ = try repository.commit("m", parents: [.emptyTree]) } == .wrongKind)
  }

  @Test("a missing object is nil or not found, and one of another kind says so")
  func absent() throws {
    let repository = try scratch.bare()
    let absent = try #require(ObjectID(bytes: Array(1...20)))
    #expect(try repository.kind(of: absent) == nil)
    #expect(try !repository.contains(absent))
    #expect(try !repository.contains(.zero))
    #expect(try repository.kind(of: .zero) == nil)
    #expect(code { _ = try repository.blob(absent, atMost: .max) } == .notFound)
    #expect(code { _ = try repository.commit(.emptyTree) } == .wrongKind)
  }

  @Test("an object that another process packs meanwhile is found")
  func newPack() throws {
    let repository = try scratch.checkout()
    let first = try scratch.id("rev-parse", "HEAD", in: "work")
    #expect(try repository.contains(first))
    try scratch.git("commit", "-q", "--allow-empty", "-m", "second", in: "work")
    try scratch.git("gc", "-q", "--prune=now", in: "work")
    let second = try scratch.id("rev-parse", "HEAD", in: "work")
    #expect(try repository.contains(second))
    #expect(try repository.kind(of: second) == .commit)
    #expect(try repository.commit(second).parents == [first])
  }
}
