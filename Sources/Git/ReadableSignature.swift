import ForeignText
import Foundation

/// A signature by ssh-keygen, in its armour (PROTOCOL.sshsig of OpenSSH).
enum SSHSignature {
  private static let begin = Array("-----BEGIN SSH SIGNATURE-----".utf8)
  private static let end = Array("\n-----END SSH SIGNATURE-----".utf8)
  private static let magic = Array("SSHSIG".utf8)

  /// Whether ssh-keygen can read it, and so goes on to what was signed: `sshsig_dearmor` and `sshsig_peek_hashalg` in its
  /// sshsig.c.
  static func isReadable(_ bytes: [UInt8]) -> Bool {
    guard bytes.starts(with: begin), let footer = bytes.firstRange(of: end) else { return false }
    let armoured = bytes[begin.count..<footer.lowerBound]
    guard !armoured.contains(0), let blob = Data(base64Encoded: Data(armoured.filter { !$0.isBlank }))
    else { return false }
    var rest = Array(blob)[...]
    guard rest.starts(with: magic) else { return false }
    rest = rest.dropFirst(magic.count)
    guard let version = rest.takeNumber(of: 4), version <= 1 else { return false }
    // The public key, the namespace, what is reserved.
    for _ in 0..<3 { guard takeString(&rest) != nil else { return false } }
    guard let hash = takeString(&rest), takeString(&rest) != nil else { return false }
    return hash.elementsEqual("sha256".utf8) || hash.elementsEqual("sha512".utf8)
  }

  /// RFC 4251, 5: `string`.
  private static func takeString(_ rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    guard let count = rest.takeNumber(of: 4), count <= rest.count else { return nil }
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
    line[...(line.lastIndex { !$0.isBlank } ?? line.startIndex - 1)]
  }

  /// Takes one signature packet of a length that is said before it.
  private static func takeSignature(_ rest: inout ArraySlice<UInt8>) -> Bool {
    guard let tag = rest.popFirst() else { return false }
    let size: Int?
    switch tag {
    // The old format, with a length of one, two or four bytes.
    case 0x88, 0x89, 0x8a: size = rest.takeNumber(of: 1 << Int(tag & 3))
    case 0xc2:
      guard let first = rest.popFirst().map(Int.init) else { return false }
      switch first {
      case ..<192: size = first
      case ..<224: size = rest.popFirst().map { (first - 192) << 8 + Int($0) + 192 }
      case 255: size = rest.takeNumber(of: 4)
      default: size = nil
      }
    default: return false
    }
    guard let size, size <= rest.count else { return false }
    rest = rest.dropFirst(size)
    return true
  }
}

extension ArraySlice<UInt8> {
  /// Takes a number of so many bytes, the greatest first; nil, and nothing is taken, where there are fewer.
  fileprivate mutating func takeNumber(of bytes: Int) -> Int? {
    guard count >= bytes else { return nil }
    defer { removeFirst(bytes) }
    return prefix(bytes).reduce(0) { $0 << 8 | Int($1) }
  }
}

extension UInt8 {
  /// Whether C's `isspace` says so.
  var isBlank: Bool { Unicode.Scalar(self).isASCIISpace }
}
