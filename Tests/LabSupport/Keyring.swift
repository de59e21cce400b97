import Foundation
import TestSupport

/// An OpenPGP keyring of its own, whose agent ends with it.
final class Keyring: Sendable {
  /// Short, for the sockets of the agent.
  let path: String
  private let variables: [String: String]

  init() throws {
    path = "/tmp/weave-\(UInt32.random(in: .min ... .max))"
    variables = TestEnvironment(home: path).variables.merging(["GNUPGHOME": path]) { $1 }
    try FileManager.default.createDirectory(
      atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
  }

  deinit {
    _ = try? runProcess("gpgconf", ["--kill", "all"], in: "/", environment: variables)
    try? FileManager.default.removeItem(atPath: path)
  }

  /// Runs gpg here and returns what it printed.
  @discardableResult
  func gpg(_ arguments: String..., input: [UInt8] = []) throws -> [UInt8] {
    let all = ["--batch", "--yes", "--quiet", "--passphrase", "", "--pinentry-mode", "loopback"] + arguments
    return try runProcess("gpg", all, in: "/", environment: variables, input: input).succeeded(["gpg"] + all)
      .stdoutBytes
  }

  /// Makes a key for `user` that ends when `expiry` says, and returns its fingerprint.
  func makeKey(_ user: String, expiry: String = "never") throws -> String {
    try gpg("--quick-generate-key", user, "ed25519", "default", expiry)
    let lines = String(decoding: try gpg("--list-keys", "--with-colons", user), as: UTF8.self).split(
      separator: "\n")
    guard let line = lines.first(where: { $0.hasPrefix("fpr:") }) else {
      throw TestFailure("no key of \(user)")
    }
    return String(line.split(separator: ":").last ?? "")
  }
}

extension Lab {
  /// This lab's environment with that keyring.
  func environment(with keyring: Keyring) -> TestEnvironment { environment.with(["GNUPGHOME": keyring.path]) }

  /// Links two commits, signed with the key.
  func link(_ members: String..., signedWith key: String, of keyring: Keyring) throws -> String {
    try store.git("config", "gpg.format", "openpgp")
    try store.git("config", "user.signingKey", key)
    try store.git("config", "weave.sign", "true")
    let arguments = ["link"] + members + ["-m", "works"]
    return try run(arguments, environment: environment(with: keyring)).succeeded(arguments).trimmed
  }
}
