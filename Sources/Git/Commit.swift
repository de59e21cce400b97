import ForeignText

/// A commit, read from its raw bytes.
public struct Commit: Sendable {
  public let id: ObjectID
  public let tree: ObjectID
  /// In the commit's own order.
  public let parents: [ObjectID]
  public let author: Signature
  public let committer: Signature
  /// What follows the blank line that ends the headers, byte for byte: NULs and a missing last line feed included. Of
  /// more than ``mostMessageBytes`` these.
  public let message: [UInt8]
  /// How much of a message is kept: whoever needs a message whole takes none that is as long.
  public static let mostMessageBytes = 9 << 20
  /// Whether the commit says that its text is in another encoding than UTF-8.
  public let hasEncodingHeader: Bool
  /// What kind of signature the commit carries, which may be a bad one; nil where it carries none.
  public let signatureFormat: SignatureFormat?

  /// The message's first line, for people: bytes that are no UTF-8 are replaced, and one of more than 500 bytes is cut
  /// short.
  public var subject: String {
    let start = message.prefix(Self.mostSubjectBytes + 1).prefix { $0 != UInt8(ascii: "\n") }
    let subject = String(foreign: start)
    return start.count > Self.mostSubjectBytes ? subject.prefix(bytes: Self.mostSubjectBytes) + "…" : subject
  }

  private static let mostSubjectBytes = 500

  /// The commit whose object holds `bytes`; `.malformed` when they are none. With `byAnybody` also where its author or committer
  /// is missing or cannot be read: nobody, at 0.
  ///
  /// `tree`, `parent`, `author` and `committer` count only in Git's fixed order (`parse_commit_buffer` in
  /// git's `commit.c`), so that nothing a later header says can pass for one of them.
  init(id: ObjectID, parsing bytes: [UInt8], byAnybody: Bool = false) throws(GitError) {
    var headers = HeaderReader(bytes)
    let (tree, parents) = try Self.treeAndParents(&headers, of: id)
    func malformed(_ reason: String) -> GitError { GitError(.malformed, "read commit \(id)", reason) }
    let authorLine = headers.take("author ")
    let nobody = byAnybody ? Signature(name: "", email: "", seconds: 0, offsetMinutes: 0) : nil
    guard let author = authorLine.flatMap({ Signature(header: $0) }) ?? nobody
    else { throw malformed("it has no author") }
    // Most commits have one and the same twice.
    let committerLine = headers.take("committer ")
    guard
      let committer =
        committerLine == authorLine ? author : committerLine.flatMap({ Signature(header: $0) }) ?? nobody
    else { throw malformed("it has no committer") }
    self.id = id
    self.tree = tree
    self.parents = parents
    self.author = author
    self.committer = committer
    var hasEncodingHeader = false
    var signatureFormat: SignatureFormat?
    while let line = headers.takeAny() {
      if line.starts(with: "encoding ".utf8) { hasEncodingHeader = true }
      if signatureFormat == nil { signatureFormat = SignatureFormat(header: line) }
    }
    (self.hasEncodingHeader, self.signatureFormat) = (hasEncodingHeader, signatureFormat)
    self.message = Array(headers.body)
  }

  /// What is stored of a commit that says this.
  static func bytes(
    tree: ObjectID, parents: [ObjectID], author: Signature, committer: Signature, message: [UInt8]
  ) -> [UInt8] {
    var text = "tree \(tree)\n"
    for parent in parents { text += "parent \(parent)\n" }
    text += "author \(author.header)\ncommitter \(committer.header)\n\n"
    return Array(text.utf8) + message
  }

  /// The first headers of the commit `id`.
  static func treeAndParents(
    _ headers: inout HeaderReader, of id: ObjectID
  ) throws(GitError) -> (tree: ObjectID, parents: [ObjectID]) {
    func malformed(_ reason: String) -> GitError { GitError(.malformed, "read commit \(id)", reason) }
    guard let tree = headers.take("tree ").flatMap({ ObjectID(digits: $0) })
    else { throw malformed("it does not begin with a tree") }
    var parents: [ObjectID] = []
    while let line = headers.take("parent ") {
      guard let parent = ObjectID(digits: line) else { throw malformed("a parent is no object id") }
      parents.append(parent)
    }
    return (tree, parents)
  }
}

/// Takes a raw commit or tag apart, line by line, up to the blank line before its message.
struct HeaderReader {
  private var rest: ArraySlice<UInt8>

  init(_ bytes: [UInt8]) { rest = bytes[...] }

  /// What follows `key` on the next line, and goes past it; nil, and stays, when another key is next.
  mutating func take(_ key: String) -> ArraySlice<UInt8>? {
    let count = key.utf8.count
    guard rest.prefix(count).elementsEqual(key.utf8) else { return nil }
    return takeAny()?.dropFirst(count)
  }

  /// The next line of the headers; nil at their end.
  mutating func takeAny() -> ArraySlice<UInt8>? {
    guard let first = rest.first, first != UInt8(ascii: "\n") else { return nil }
    let end = rest.firstIndex(of: UInt8(ascii: "\n")) ?? rest.endIndex
    defer { rest = rest[min(end + 1, rest.endIndex)...] }
    return rest[..<end]
  }

  /// What follows the blank line, once every header is taken.
  var body: ArraySlice<UInt8> { rest.dropFirst() }
}
