import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("Signatures by OpenPGP keys", .inProcess)
struct OpenPGPTests {
  private let lab: Lab
  private let keyring: Keyring

  init() throws {
    lab = try Lab.threeProjects()
    keyring = try Keyring()
  }

  private func verdicts(_ keyring: Keyring? = nil) throws -> [String: String] {
    try lab.verdicts(environment: lab.environment(with: keyring ?? self.keyring))
  }

  @Test("one is good by the address of the user id, where gpg takes the key to be valid")
  func good() throws {
    let key = try keyring.makeKey("Joe <joe@example.org>")
    let id = try lab.link("telperion@v1", "laurelin@v1", signedWith: key, of: keyring)
    #expect(try lab.store.git(["verify-commit", id], environment: lab.environment(with: keyring)) == "")
    #expect(try verdicts() == [id: "good joe@example.org"])
    #expect(try verdicts() == [id: "good joe@example.org"])
  }

  @Test("one is made where nothing says of which format it is to be")
  func unsaid() throws {
    let key = try keyring.makeKey("Joe <joe@example.org>")
    _ = try lab.link("telperion@v1", "laurelin@v1", signedWith: key, of: keyring)
    try lab.store.git("config", "--unset", "gpg.format")
    let arguments = ["link", "telperion@v2", "laurelin@v2", "-m", "works"]
    let id = try lab.run(arguments, environment: lab.environment(with: keyring)).succeeded(arguments).trimmed
    #expect(try lab.rawCommit(id).contains("\ngpgsig -----BEGIN PGP SIGNATURE-----\n"))
    #expect(try verdicts()[id] == "good joe@example.org")
  }

  @Test("a verdict is kept until the keyring changes, and not where gpg may have another one")
  func kept() throws {
    let key = try keyring.makeKey("Joe <joe@example.org>")
    let id = try lab.link("telperion@v1", "laurelin@v1", signedWith: key, of: keyring)
    let verifier = try CountingVerifier(of: lab, "gpg", as: "gpg.program")
    #expect(try verdicts() == [id: "good joe@example.org"])
    // gpg itself may write what it found out of the keys, and then the next verification is not the last.
    _ = try (verdicts(), verifier.calls())
    #expect(try verdicts() == [id: "good joe@example.org"])
    #expect(try verifier.calls() == 0)
    _ = try keyring.makeKey("Ann <ann@example.org>")
    #expect(try verdicts() == [id: "good joe@example.org"])
    #expect(try verifier.calls() == 1)
    let path = "\(keyring.path)/gpg.conf"
    try "keyring \(keyring.path)/pubring.kbx\n".write(toFile: path, atomically: true, encoding: .utf8)
    for _ in 0..<2 {
      #expect(try verdicts() == [id: "good joe@example.org"])
      #expect(try verifier.calls() == 1)
    }
  }

  private func link(with body: String) throws -> String {
    let key = try keyring.makeKey("Joe <joe@example.org>")
    let link = try lab.link("telperion@v1", "laurelin@v1", signedWith: key, of: keyring)
    return try lab.replaceTip(by: lab.rawCommit(link, signedBy: ["", body]))
  }

  @Test(
    "one that is no signature packet is bad, gpg is not asked to unpack it, and the others are verified",
    arguments: [
      // No base64, other packets: compressed, literal, encrypted, a key; a length that is none, or is said in parts.
      "x", "AAAA", "o0IAAAA=", "rA9iA2YA", "jA0ECQMC", "mDMEZgAA", "iP8A", "wuAA",
    ])
  func noPacket(body: String) throws {
    let key = try keyring.makeKey("Joe <joe@example.org>")
    let good = try lab.link("telperion@v1", "laurelin@v1", signedWith: key, of: keyring)
    let other = try lab.link("telperion@v2", "laurelin@v2", signedWith: key, of: keyring)
    let id = try lab.replaceTip(by: lab.rawCommit(other, signedBy: ["", body]))
    let verifier = try CountingVerifier(of: lab, "gpg", as: "gpg.program")
    // The other alone is asked of.
    #expect(try verdicts() == [good: "good joe@example.org", id: "bad"])
    #expect(try verifier.calls() == 1)
  }

  @Test("one that gpg can make nothing of is looked at once", arguments: ["iAQJAAAA", "wgQJAAAA"])
  func unreadable(body: String) throws {
    let id = try link(with: body)
    let first = try verdicts()
    #expect(first[id] == "bad" || first[id] == "missing-key")
    let verifier = try CountingVerifier(of: lab, "gpg", as: "gpg.program")
    _ = try (verdicts(), verifier.calls())
    #expect(try verdicts() == first)
    #expect(try verifier.calls() == 0)
  }

  @Test("one by a key that is not here, or that nobody vouches for, is not good")
  func unknown() throws {
    let key = try keyring.makeKey("Joe <joe@example.org>")
    let id = try lab.link("telperion@v1", "laurelin@v1", signedWith: key, of: keyring)
    let other = try Keyring()
    #expect(try verdicts(other) == [id: "missing-key"])
    try other.gpg("--import", input: keyring.gpg("--export", key))
    #expect(try verdicts(other) == [id: "unknown-key"])
    _ = try other.makeKey("Ann <ann@example.org>")
    try other.gpg("--quick-sign-key", key)
    #expect(try verdicts(other) == [id: "good joe@example.org"])
  }

  @Test("the name that a key's owner gives himself is nobody's until somebody vouches for it too")
  func assumedName() throws {
    let key = try keyring.makeKey("Joe <joe@example.org>")
    let id = try lab.link("telperion@v1", "laurelin@v1", signedWith: key, of: keyring)
    let other = try Keyring()
    _ = try other.makeKey("Ann <ann@example.org>")
    try other.gpg("--import", input: keyring.gpg("--export", key))
    try other.gpg("--quick-sign-key", key)
    try keyring.gpg("--quick-add-uid", key, "CI <ci@example.org>")
    try keyring.gpg("--quick-set-primary-uid", key, "CI <ci@example.org>")
    try other.gpg("--import", input: keyring.gpg("--export", key))
    let stock = try lab.store.git(
      ["show", "-s", "--format=%G? %GS", id], environment: lab.environment(with: other))
    #expect(stock == "G CI <ci@example.org>")
    #expect(try verdicts(other) == [id: "good joe@example.org"])
  }

  @Test("a key that is revoked takes its signatures along, at once")
  func revoked() throws {
    let key = try keyring.makeKey("Joe <joe@example.org>")
    let id = try lab.link("telperion@v1", "laurelin@v1", signedWith: key, of: keyring)
    #expect(try verdicts() == [id: "good joe@example.org"])
    let certificate = try String(
      contentsOfFile: "\(keyring.path)/openpgp-revocs.d/\(key).rev", encoding: .utf8)
    try keyring.gpg("--import", input: Array(certificate.replacing(":-----BEGIN", with: "-----BEGIN").utf8))
    #expect(try verdicts() == [id: "revoked-key"])
  }

  @Test("a key that has expired is told of, and a verdict is no older than a day")
  func expired() throws {
    let key = try keyring.makeKey("Joe <joe@example.org>", expiry: "seconds=2")
    let id = try lab.link("telperion@v1", "laurelin@v1", signedWith: key, of: keyring)
    let first = try verdicts()
    #expect(first == [id: "good joe@example.org"] || first == [id: "expired-key"])
    while try lab.store.git(["show", "-s", "--format=%G?", id], environment: lab.environment(with: keyring))
      != "Y"
    {
      usleep(200_000)
    }
    var tomorrow = lab.environment(with: keyring)
    tomorrow.setDate(TestEnvironment.epoch + 86_400)
    #expect(try lab.verdicts(environment: tomorrow) == [id: "expired-key"])
  }

  /// Has gpg take it to be another day, while `body` runs, with these lines of its configuration.
  private func onDay<Value>(_ day: String, _ lines: String = "", _ body: () throws -> Value) throws -> Value {
    let path = "\(keyring.path)/gpg.conf"
    try "faked-system-time \(day)T000000\n\(lines)".write(toFile: path, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try body()
  }

  @Test("one that has expired is told of")
  func expiredSignature() throws {
    let key = try onDay("20200101") { try keyring.makeKey("Joe <joe@example.org>") }
    let id = try onDay("20200102", "default-sig-expire 1\n") {
      try lab.link("telperion@v1", "laurelin@v1", signedWith: key, of: keyring)
    }
    #expect(try verdicts() == [id: "expired"])
  }

  @Test("one by a key that has expired is good at no date, until its owner lets it expire later")
  func backdated() throws {
    let key = try onDay("20200101") { try keyring.makeKey("Joe <joe@example.org>", expiry: "30") }
    let id = try onDay("20200102") {
      try lab.link("telperion@v1", "laurelin@v1", signedWith: key, of: keyring)
    }
    #expect(try verdicts() == [id: "expired-key"])
    try keyring.gpg("--quick-set-expire", key, "0")
    #expect(try verdicts() == [id: "good joe@example.org"])
  }
}
