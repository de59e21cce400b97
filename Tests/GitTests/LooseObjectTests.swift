import Foundation
import Git
import TestSupport
import Testing

/// A damaged loose object is an error that names its file: it is never absent, never waited for, and never read past.
@Suite("Loose objects", .timeLimit(.minutes(30)))
struct LooseObjectTests {
  let scratch: Scratch
  let repository: Repository
  let file: LooseFile
  static let content = Array("What a blob of forty-three bytes looks like".utf8)

  init() throws {
    scratch = try Scratch()
    repository = try scratch.bare()
    let id = try repository.writeBlob(Self.content)
    file = LooseFile(id, in: repository.gitDirectory)
    #expect(Self.content.count == 43)
  }

  /// Each way to ask fails, and says `words` of the file; a handle of its own each time, for libgit2 keeps objects.
  private func expectRefusal(_ words: String, in gitDirectory: String? = nil) throws {
    for way in Ask.allCases {
      let repository = try Repository.open(at: gitDirectory ?? repository.gitDirectory)
      #expect("\(way)") {
        try way.ask(repository, for: file.id)
      } throws: { error in
        let said = "\(error)"
        return (error as? GitError)?.code != .notFound && said.contains(file.path) && said.contains(words)
      }
      #expect(try repository.contains(file.id), "what is there is not said to be absent")
    }
  }

  @Test(
    "what is no object is an error that names the file and says what is wrong",
    arguments: [
      ([], "is empty"),
      ([0], "is cut short"),
      ([0, 0], "is damaged: it cannot be decompressed"),
      (Array("blob 3\0abc".utf8), "is damaged: it cannot be decompressed"),
      (stored(Array("blob 3 abc".utf8)), "does not begin with the header of an object"),
      (stored([]), "does not begin with the header of an object"),
      (stored(Array("blob \0".utf8)), "does not begin with the header of an object"),
      (stored(Array("blob 03\0abc".utf8)), "does not begin with the header of an object"),
      (stored(Array("blob +3\0abc".utf8)), "does not begin with the header of an object"),
      (stored(Array("blob -1\0abc".utf8)), "does not begin with the header of an object"),
      (stored(Array("blobs 3\0abc".utf8)), "it holds an object of no known kind"),
      (stored(Array("ofs-delta 3\0abc".utf8)), "it holds an object of no known kind"),
      (stored(Array("blob 2\0abc".utf8)), "it holds more than its header says"),
      (stored(Array("blob 0\0abc".utf8)), "it holds more than its header says"),
      (stored(Array("blob 4\0abc".utf8)), "it holds less than its header says"),
      (stored(Array("blob 1152921504606846976\0abc".utf8)), "it is too small for the size in its header"),
      (stored(Array("blob 18446744073709551619\0ab".utf8)), "it is too small for the size in its header"),
      (stored(Array("blob 3\0abc".utf8)) + [0], "it goes on after the end of the object"),
    ])
  func damaged(bytes: [UInt8], words: String) throws {
    try file.replace(with: bytes)
    try expectRefusal(words)
  }

  @Test("a file that is cut short anywhere is refused, by reading and by its header")
  func cutShort() throws {
    let whole = try file.bytes
    for count in 1..<whole.count {
      try file.replace(with: Array(whole[..<count]))
      let repository = try Repository.open(at: repository.gitDirectory)
      #expect("cut to \(count) bytes") {
        _ = try repository.blob(file.id, atMost: .max)
      } throws: { error in
        "\(error)".contains("the file \(file.path) is cut short")
      }
      // Enough of it says what it was; less is an error, and no absence.
      do throws(GitError) { #expect(try repository.kind(of: file.id) == .blob) } catch {
        #expect(error.code != .notFound)
      }
    }
  }

  @Test("no flipped bit is read as the object, or as an absent one")
  func flippedBits() throws {
    let whole = try file.bytes
    for bit in 0..<whole.count * 8 {
      var bytes = whole
      bytes[bit / 8] ^= 1 << (bit % 8)
      try file.replace(with: bytes)
      let repository = try Repository.open(at: repository.gitDirectory)
      do throws(GitError) {
        let content = try repository.blob(file.id, atMost: .max)
        #expect(content == Self.content, "bit \(bit)")
      } catch {
        #expect(error.code != .notFound, "bit \(bit): \(error)")
        #expect(try repository.contains(file.id))
      }
    }
  }

  @Test("the object of another id is refused by its hash")
  func anotherObject() throws {
    let other = LooseFile(try repository.writeBlob(Array("another".utf8)), in: repository.gitDirectory)
    try file.replace(with: other.bytes)
    let repository = try Repository.open(at: repository.gitDirectory)
    #expect(code { _ = try repository.blob(file.id, atMost: .max) } == .hashMismatch)
  }

  @Test("a pipe is refused, and not waited for")
  func pipe() throws {
    try file.remove()
    #expect(mkfifo(file.path, 0o644) == 0)
    try expectRefusal("is a pipe, and no file")
    #expect(code { _ = try Repository.open(at: repository.gitDirectory).kind(of: file.id) } == .corrupt)
  }

  @Test("a directory is refused")
  func directory() throws {
    try file.remove()
    try FileManager.default.createDirectory(atPath: file.path, withIntermediateDirectories: false)
    try expectRefusal("is a directory, and no file")
  }

  @Test("a link is refused, wherever it leads", arguments: ["file", "pipe", "nothing"])
  func link(target: String) throws {
    let path = scratch.file(target)
    if target == "file" { try Data(try file.bytes).write(to: URL(fileURLWithPath: path)) }
    if target == "pipe" { #expect(mkfifo(path, 0o644) == 0) }
    try file.remove()
    try FileManager.default.createSymbolicLink(atPath: file.path, withDestinationPath: path)
    try expectRefusal("is a symbolic link, and no file")
  }

  @Test("a socket is refused")
  func socket() throws {
    try file.remove()
    // The path of a socket is short; a name in the directory that one is in has no such limit.
    let short = try TemporaryDirectory()
    let result = try runProcess(
      "python3", ["-c", "import socket; socket.socket(socket.AF_UNIX).bind('s')"], in: short.path,
      environment: TestEnvironment(home: short.path).variables)
    try #require(result.status == 0)
    try FileManager.default.moveItem(atPath: short.appending("s"), toPath: file.path)
    try expectRefusal("is a socket, and no file")
  }

  @Test("a device is refused", .enabled(if: geteuid() == 0))
  func device() throws {
    try file.remove()
    // /dev/zero, as Linux and macOS number it.
    #if os(Linux)
      let number = dev_t(1 << 8 | 5)
    #else
      let number = dev_t(3 << 24 | 3)
    #endif
    // Not every container allows it.
    guard mknod(file.path, S_IFCHR | 0o644, number) == 0 else { return }
    try expectRefusal("is a device, and no file")
  }

  @Test("an object of an alternate is read, and refused, as one's own", arguments: [false, true])
  func alternate(borrowed: Bool) throws {
    let other = try scratch.bare("other.git")
    let objects = repository.objectsDirectory
    if !borrowed {
      try Data("\(objects)\n".utf8).write(
        to: URL(fileURLWithPath: other.objectsDirectory + "/info/alternates"))
    }
    func open() throws -> Repository {
      let opened = try Repository.open(at: other.gitDirectory)
      if borrowed { try opened.borrowObjects(from: objects) }
      return opened
    }
    #expect(try open().blob(file.id, atMost: .max) == Self.content)
    try file.replace(with: Array(try file.bytes.dropLast(6)))
    #expect {
      _ = try open().blob(file.id, atMost: .max)
    } throws: {
      "\($0)".contains("the file \(file.path) is cut short")
    }
  }

  @Test("an alternate's alternate is read, and a relative one")
  func nestedAlternate() throws {
    let (middle, last) = (try scratch.bare("middle.git"), try scratch.bare("last.git"))
    try Data("\(repository.objectsDirectory)\n".utf8)
      .write(to: URL(fileURLWithPath: middle.objectsDirectory + "/info/alternates"))
    try Data("# the one beside\n../../middle.git/objects\r\n".utf8)
      .write(to: URL(fileURLWithPath: last.objectsDirectory + "/info/alternates"))
    let reopened = try Repository.open(at: last.gitDirectory)
    #expect(try reopened.blob(file.id, atMost: .max) == Self.content)
    #expect(try reopened.object(withPrefix: "\("\(file.id)".prefix(8))") == file.id)
  }

  @Test("writing an object again puts a whole file in the place of a damaged one", arguments: [0, 20, -1])
  func rewriting(kept: Int) throws {
    let whole = try file.bytes
    if kept < 0 {
      try file.remove()
      #expect(mkfifo(file.path, 0o644) == 0)
    } else {
      try file.replace(with: Array(whole[..<kept]))
    }
    let repository = try Repository.open(at: repository.gitDirectory)
    #expect(try repository.writeBlob(Self.content) == file.id)
    #expect(try Repository.open(at: repository.gitDirectory).blob(file.id, atMost: .max) == Self.content)
    try scratch.git("fsck", "--strict", in: "bare.git")
  }

  @Test("writing an object again touches its file, and leaves it as it is")
  func freshening() throws {
    let whole = try file.bytes
    let old = Date(timeIntervalSince1970: 1_600_000_000)
    try FileManager.default.setAttributes([.modificationDate: old], ofItemAtPath: file.path)
    #expect(try repository.writeBlob(Self.content) == file.id)
    let attributes = try FileManager.default.attributesOfItem(atPath: file.path)
    #expect(try #require(attributes[.modificationDate] as? Date) > old)
    #expect(try file.bytes == whole)
  }

  @Test("two objects that begin alike are ambiguous; the digits of none find none")
  func prefixes() throws {
    var byPrefix: [Substring: ObjectID] = [:]
    var (first, second): (ObjectID?, ObjectID?)
    for number in 0..<5_000 where first == nil {
      let bytes = Array("\(number)".utf8)
      let id = try ObjectID.ofBlob(bytes)
      let digits = "\(id)".prefix(4)
      if let other = byPrefix[digits] { (first, second) = (other, id) }
      byPrefix[digits] = id
      _ = try repository.writeBlob(bytes)
    }
    let (one, other) = (try #require(first), try #require(second))
    #expect(code { _ = try repository.object(withPrefix: "\("\(one)".prefix(4))") } == .ambiguous)
    #expect(try repository.object(withPrefix: "\(one)") == one)
    #expect(try repository.object(withPrefix: "\("\(other)".prefix(20))") == other)
    let absent = String("\(one)".prefix(39)) + ("\(one)".last == "0" ? "1" : "0")
    #expect(code { _ = try repository.object(withPrefix: absent) } == .notFound)
    #expect(code { _ = try repository.blob(try #require(ObjectID(hex: absent)), atMost: .max) } == .notFound)
  }

  @Test("stock git's object in the experimental format of 2006 is refused, as stock git refuses it")
  func packlike() throws {
    // Type and size as in a pack, then the compressed content.
    let bytes: [UInt8] = [0x30 | 3] + stored(Array("abc".utf8))
    let id = try scratch.id("hash-object", "--stdin", input: Array("abc".utf8))
    let file = LooseFile(id, in: repository.gitDirectory)
    try FileManager.default.createDirectory(
      atPath: String(file.path.dropLast(39)), withIntermediateDirectories: true)
    try file.replace(with: bytes)
    #expect(throws: (any Error).self) { try scratch.git("cat-file", "blob", "\(id)", in: "bare.git") }
    #expect(code { _ = try repository.blob(id, atMost: .max) } == .corrupt)
  }
}
