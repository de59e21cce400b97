import Foundation
import TestSupport

/// Keys of people, and what makes Git sign with them and believe them. All settings are the store's own.
extension Lab {
  /// The path of `name`'s private key, which is made at first.
  @discardableResult
  func sshKey(_ name: String) throws -> String {
    let path = directory.appending("keys/\(name)")
    guard !FileManager.default.fileExists(atPath: path) else { return path }
    try FileManager.default.createDirectory(
      atPath: directory.appending("keys"), withIntermediateDirectories: true)
    try runProcess(
      "ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", name, "-f", path], in: directory.path,
      environment: environment.variables
    ).succeeded(["ssh-keygen"])
    return path
  }

  /// Has every event signed with `name`'s key from now on.
  func sign(as name: String) throws {
    try store.git("config", "gpg.format", "ssh")
    try store.git("config", "user.signingKey", sshKey(name))
    try store.git("config", "weave.sign", "true")
  }

  /// Has no event signed from now on.
  func signNothing() throws { try store.git("config", "weave.sign", "false") }

  /// Makes these the lines of the allowed-signers file: `name` is the principal `name@example.org`, with `options` in
  /// between (ssh-keygen(1), ALLOWED SIGNERS).
  func allowSigners(_ names: [String], options: String = "") throws {
    let lines = try names.map { name in
      let key = try String(contentsOfFile: sshKey(name) + ".pub", encoding: .utf8)
      return "\(name)@example.org \(options.isEmpty ? "" : options + " ")\(key)"
    }
    let path = try directory.write(lines.joined(), to: "allowed-signers")
    try store.git("config", "gpg.ssh.allowedSignersFile", path)
  }

  /// What stock Git says of the signature of each event, by the event's id: `%G? %GS`.
  func verdictsOfGit() throws -> [String: String] {
    let lines = try store.git("log", "--glob=refs/weave/*/ledger/*", "--format=%H %G? %GS")
    return Dictionary(
      uniqueKeysWithValues: lines.split(separator: "\n").map { line in
        (String(line.prefix(40)), line.dropFirst(41).trimmingCharacters(in: .whitespaces))
      })
  }
}
