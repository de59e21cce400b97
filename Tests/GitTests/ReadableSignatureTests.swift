import Foundation
import Git
import TestSupport
import Testing

@Suite("A commit's signature is of a form that a program reads")
struct ReadableSignatureTests {
  private let scratch: TestRepository
  private let directory: TemporaryDirectory

  init() throws {
    directory = try TemporaryDirectory()
    scratch = try TestRepository.create(at: directory.path, bare: true)
  }

  private func isReadable(_ lines: [String]) throws -> Bool {
    let tree = try scratch.git(["mktree"], input: [])
    let head = "tree \(tree)\nauthor a <a@b> 1 +0000\ncommitter a <a@b> 1 +0000\n"
    let commit = head + "gpgsig " + lines.joined(separator: "\n ") + "\n\nx\n"
    let id = try scratch.git(
      ["hash-object", "-t", "commit", "-w", "--stdin"], input: Array(commit.utf8))
    return try Repository.open(at: scratch.path).signedCommit(#require(ObjectID(hex: id)))
      .hasReadableSignature
  }

  private func ssh(_ version: UInt8 = 1, hash: String = "sha512", signature: Int = 64) -> [String] {
    func string(_ bytes: [UInt8]) -> [UInt8] {
      let count = UInt32(bytes.count)
      return [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: count >> $0) } + bytes
    }
    let blob =
      Array("SSHSIG".utf8) + [0, 0, 0, version] + string([1, 2, 3]) + string(Array("git".utf8)) + string([])
      + string(Array(hash.utf8)) + string(Array(repeating: 7, count: signature))
    return ["-----BEGIN SSH SIGNATURE-----"] + wrapped(blob) + ["-----END SSH SIGNATURE-----"]
  }

  private func openPGP(_ body: [String], as kind: String = "SIGNATURE") -> [String] {
    ["-----BEGIN PGP \(kind)-----"] + body + ["-----END PGP \(kind)-----"]
  }

  private func wrapped(_ bytes: [UInt8]) -> [String] {
    Data(bytes).base64EncodedString(options: [.lineLength64Characters, .endLineWithLineFeed])
      .split(separator: "\n").map(String.init)
  }

  @Test("of ssh, where it is one of a known version and hash, however its lines are broken")
  func sshForms() throws {
    #expect(try isReadable(ssh()) && isReadable(ssh(0, hash: "sha256")))
    #expect(try !isReadable(ssh(2)) && !isReadable(ssh(hash: "md5")))
    let (whole, body) = (ssh(), ssh().dropFirst().dropLast())
    #expect(try isReadable([whole[0], body.joined(), whole[whole.count - 1]]))
    #expect(try !isReadable([whole[0]] + body))
  }

  @Test("of gpg, where it has signature packets alone, and at most its checksum after them")
  func openPGPForms() throws {
    let (packet, other) = (wrapped([0x88, 1, 0]), wrapped([0xa3, 1, 0]))
    for body in [packet, wrapped([0xc2, 1, 0, 0x89, 0, 1, 0]), packet + ["=abcd"]] {
      #expect(try isReadable(openPGP([""] + body)), "\(body)")
      #expect(try isReadable(openPGP(["Comment: x", ""] + body, as: "MESSAGE")), "\(body)")
    }
    let none =
      [other, packet + ["=abcd"] + other, packet + ["=abcd"] + packet, wrapped([0x88, 9, 0]), [], ["?"]]
      + [wrapped([0x8b, 0]), wrapped([0xc2, 0xe1, 0, 0])]
    for body in none { #expect(try !isReadable(openPGP([""] + body)), "\(body)") }
    #expect(try !isReadable(openPGP(packet)))
    #expect(try !isReadable(openPGP([""] + packet) + openPGP([""] + other)))
  }

  @Test("and has at most 64 KiB")
  func size() throws {
    #expect(try isReadable(ssh(signature: 40_000)) && !isReadable(ssh(signature: 50_000)))
    let packets = Array(repeating: [0x88, 1, 0] as [UInt8], count: 17_000).flatMap { $0 }
    #expect(try !isReadable(openPGP([""] + wrapped(packets))))
  }

  @Test("or is of one that nobody here knows")
  func other() throws {
    #expect(try isReadable(["-----BEGIN SIGNED MESSAGE-----", "x", "-----END SIGNED MESSAGE-----"]))
  }
}
