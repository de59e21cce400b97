import Foundation

/// A signature by ssh-keygen, in its armour (PROTOCOL.sshsig of OpenSSH).
enum SSHSignature {
  private static let begin = Array("-----BEGIN SSH SIGNATURE-----".utf8)
  private static let end = Array("\n-----END SSH SIGNATURE-----".utf8)
  private static let magic = Array("SSHSIG".utf8)

  /// Whether ssh-keygen can read it, and so goes on to what was signed: `sshsig_dearmor` and `sshsig_peek_hashalg` in its
  /// sshsig.c.
  static func isReadable(_ bytes: [UInt8]) -> Bool {
    guard bytes.starts(with: begin), let footer = place(of: end, in: bytes) else { return false }
    let armoured = bytes[begin.count..<footer]
    guard !armoured.contains(0), let blob = Data(base64Encoded: Data(armoured.filter { !isBlank($0) }))
    else { return false }
    var rest = Array(blob)[...]
    guard rest.starts(with: magic) else { return false }
    rest = rest.dropFirst(magic.count)
    guard let version = takeNumber(&rest), version <= 1 else { return false }
    // The public key, the namespace, what is reserved.
    for _ in 0..<3 { guard takeString(&rest) != nil else { return false } }
    guard let hash = takeString(&rest), takeString(&rest) != nil else { return false }
    return hash.elementsEqual("sha256".utf8) || hash.elementsEqual("sha512".utf8)
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || (9...13).contains(byte) }

  private static func place(of words: [UInt8], in bytes: [UInt8]) -> Int? {
    var start = bytes.startIndex
    while let newline = bytes[start...].firstIndex(of: words[0]) {
      if bytes[newline...].starts(with: words) { return newline }
      start = newline + 1
    }
    return nil
  }

  /// RFC 4251, 5: `uint32`.
  private static func takeNumber(_ rest: inout ArraySlice<UInt8>) -> Int? {
    guard rest.count >= 4 else { return nil }
    defer { rest = rest.dropFirst(4) }
    return rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
  }

  /// RFC 4251, 5: `string`.
  private static func takeString(_ rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    guard let count = takeNumber(&rest), count <= rest.count else { return nil }
    defer { rest = rest.dropFirst(count) }
    return rest.prefix(count)
  }
}

/// A detached signature by gpg, in its armour (RFC 4880, 6.2).
enum OpenPGPSignature {
  private static let kinds = ["SIGNATURE", "MESSAGE"]

  /// Whether it is one or more signature packets (RFC 4880, 4.2 and 5.2), and nothing else: any other kind may be a few bytes
  /// that gpg unpacks to gigabytes.
  static func isReadable(_ bytes: [UInt8]) -> Bool {
    let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map(trimmed)
    guard
      let kind = kinds.first(where: { lines.first?.elementsEqual("-----BEGIN PGP \($0)-----".utf8) == true }),
      let end = lines.firstIndex(where: { $0.elementsEqual("-----END PGP \(kind)-----".utf8) }),
      lines[(end + 1)...].allSatisfy(\.isEmpty),
      let blank = lines[..<end].firstIndex(where: \.isEmpty),
      lines[1..<blank].allSatisfy({ $0.contains(UInt8(ascii: ":")) })
    else { return false }
    var body = lines[(blank + 1)..<end]
    // The checksum.
    if body.last?.first == UInt8(ascii: "=") { body = body.dropLast() }
    guard let packets = Data(base64Encoded: Data(body.joined())), !packets.isEmpty else { return false }
    var rest = Array(packets)[...]
    while !rest.isEmpty { guard takeSignature(&rest) else { return false } }
    return true
  }

  private static func trimmed(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var line = line
    while let last = line.last, last == UInt8(ascii: " ") || (9...13).contains(last) {
      line = line.dropLast()
    }
    return line
  }

  /// Takes one signature packet of a length that is said before it.
  private static func takeSignature(_ rest: inout ArraySlice<UInt8>) -> Bool {
    guard let tag = rest.popFirst() else { return false }
    let size: Int?
    switch tag {
    // The old format, with a length of one, two or four bytes.
    case 0x88, 0x89, 0x8a: size = takeNumber(of: 1 << Int(tag & 3), &rest)
    case 0xc2:
      guard let first = rest.popFirst().map(Int.init) else { return false }
      switch first {
      case ..<192: size = first
      case ..<224: size = rest.popFirst().map { (first - 192) << 8 + Int($0) + 192 }
      case 255: size = takeNumber(of: 4, &rest)
      default: size = nil
      }
    default: return false
    }
    guard let size, size <= rest.count else { return false }
    rest = rest.dropFirst(size)
    return true
  }

  private static func takeNumber(of bytes: Int, _ rest: inout ArraySlice<UInt8>) -> Int? {
    guard rest.count >= bytes else { return nil }
    defer { rest = rest.dropFirst(bytes) }
    return rest.prefix(bytes).reduce(0) { $0 << 8 | Int($1) }
  }
}

extension Repository {
  private static let longestSignature = 64 << 10

  /// Whether the commit's signature is of a form that the program of its format reads as one, and has no more than 64 KiB; true of
  /// another format, which nothing here knows.
  ///
  /// Of one that ssh-keygen cannot read Git says nothing: ssh-keygen ends before it has read what was signed, and Git, which
  /// still writes that, is ended by SIGPIPE. What gpg is given that is none may take it minutes.
  public func hasReadableSignature(_ id: ObjectID) throws(GitError) -> Bool {
    let (kind, bytes) = try rawObject(id)
    guard kind == .commit else { throw GitError(.notFound, "read commit \(id)", "it is no commit") }
    let signature = Self.signature(in: bytes)
    guard signature.count <= Self.longestSignature else { return false }
    return switch SignatureFormat(armour: signature[...]) {
    case .ssh: SSHSignature.isReadable(signature)
    case .openPGP: OpenPGPSignature.isReadable(signature)
    case .other: true
    }
  }

  /// As `parse_buffer_signed_by_header` in git's `commit.c` has it: all that is in `gpgsig` headers, one after the other.
  private static func signature(in commit: [UInt8]) -> [UInt8] {
    var headers = HeaderReader(commit)
    var signature: [UInt8] = []
    var isInSignature = false
    while let line = headers.takeAny() {
      if line.starts(with: "gpgsig ".utf8) {
        isInSignature = true
        signature += line.dropFirst("gpgsig ".utf8.count) + [UInt8(ascii: "\n")]
      } else if isInSignature, line.first == UInt8(ascii: " ") {
        signature += line.dropFirst() + [UInt8(ascii: "\n")]
      } else {
        isInSignature = false
      }
    }
    return signature
  }
}
