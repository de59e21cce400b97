/// What made a commit's signature, as its first line tells (`get_format_by_sig` in git's `gpg-interface.c`).
public enum SignatureFormat: Hashable, Sendable {
  case ssh, openPGP
  /// Another one; Git ends with an error at some of these.
  case other

  /// The format of the signature that begins on this line of a commit's headers; nil where none does.
  init?(header line: ArraySlice<UInt8>) {
    let key = "gpgsig ".utf8
    guard line.starts(with: key) else { return nil }
    self.init(armour: line.dropFirst(key.count))
  }

  /// The format that has this armour.
  init(armour: ArraySlice<UInt8>) {
    if armour.starts(with: "-----BEGIN SSH SIGNATURE-----".utf8) {
      self = .ssh
    } else if ["-----BEGIN PGP SIGNATURE-----", "-----BEGIN PGP MESSAGE-----"].contains(where: {
      armour.starts(with: $0.utf8)
    }) {
      self = .openPGP
    } else {
      self = .other
    }
  }
}

extension Repository {
  /// The id that the commit would have without its signature. What was signed is the same where this is: of one
  /// signature several spellings are good, and each makes another commit.
  public func idWithoutSignature(of id: ObjectID) throws(GitError) -> ObjectID {
    let (kind, bytes) = try rawObject(id)
    guard kind == .commit else { throw GitError(.notFound, "read commit \(id)", "it is no commit") }
    return try .ofCommit(Self.removingSignatures(from: bytes))
  }

  /// As `parse_signed_commit` in git's `commit.c` does it: every header that begins with `gpgsig`, and what goes on
  /// in the lines below it.
  private static func removingSignatures(from bytes: [UInt8]) -> [UInt8] {
    var headers = HeaderReader(bytes)
    var kept: [UInt8] = []
    var isInSignature = false
    while let line = headers.takeAny() {
      isInSignature =
        line.starts(with: "gpgsig".utf8) || (isInSignature && line.first == UInt8(ascii: " "))
      if !isInSignature { kept += line + [UInt8(ascii: "\n")] }
    }
    return kept + [UInt8(ascii: "\n")] + headers.body
  }
}
