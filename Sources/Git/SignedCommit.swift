/// A commit, divided into its signature and what that is of.
public struct SignedCommit: Sendable {
  private static let longestSignature = 64 << 10
  private let signature, content: [UInt8]

  /// As Git's `commit.c` does it: of the content, `parse_signed_commit`, every header that begins with `gpgsig` is left out, with
  /// what goes on in the lines below it; the signature, `parse_buffer_signed_by_header`, is all that is in those called `gpgsig`,
  /// one after the other.
  fileprivate init(of commit: [UInt8]) {
    let (key, lineFeed) = ("gpgsig ".utf8, UInt8(ascii: "\n"))
    var headers = HeaderReader(commit)
    var (signature, content): ([UInt8], [UInt8]) = ([], [])
    var (isInSignature, isInAny) = (false, false)
    while let line = headers.takeAny() {
      let goesOn = line.first == UInt8(ascii: " ")
      if !goesOn { (isInSignature, isInAny) = (line.starts(with: key), line.starts(with: "gpgsig".utf8)) }
      if isInSignature { signature += line.dropFirst(goesOn ? 1 : key.count) + [lineFeed] }
      if !isInAny { content += line + [lineFeed] }
    }
    self.signature = signature
    self.content = content + [lineFeed] + headers.body
  }

  /// The id that the commit would have without its signature. What was signed is the same where this is: of one signature several
  /// spellings are good, and each makes another commit.
  public func contentID() throws(GitError) -> ObjectID { try .ofCommit(content) }

  /// Whether the signature is of a form that the program of its format reads as one, and has no more than 64 KiB; true of another
  /// format, which nothing here knows.
  ///
  /// Of one that ssh-keygen cannot read Git says nothing: ssh-keygen ends before it has read what was signed, and Git, which
  /// still writes that, is ended by SIGPIPE. What gpg is given that is none may take it minutes.
  public var hasReadableSignature: Bool {
    guard signature.count <= Self.longestSignature else { return false }
    return switch SignatureFormat(armour: signature[...]) {
    case .ssh: SSHSignature.isReadable(signature)
    case .openPGP: OpenPGPSignature.isReadable(signature)
    case .other: true
    }
  }
}

extension Repository {
  /// The commit, divided. Throws `.notFound` where the object is none.
  public func signedCommit(_ id: ObjectID) throws(GitError) -> SignedCommit {
    let (kind, bytes) = try rawObject(id)
    guard kind == .commit else { throw GitError(.notFound, "read commit \(id)", "it is no commit") }
    return SignedCommit(of: bytes)
  }
}
