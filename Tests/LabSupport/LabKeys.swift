import Foundation
import TestSupport
import Testing

/// Keys of people, and what makes Git sign with them and believe them. All settings are the store's own.
extension Lab {
  /// The projects of `threeProjects`. ci and ann are known; ci has linked the commits `v1` of telperion and laurelin, and somebody
  /// those `v2`, unsigned.
  static func withSignedLink() throws -> Lab {
    let lab = try threeProjects()
    try lab.allowSigners(["ci", "ann"])
    try lab.sign(as: "ci")
    try lab.link("telperion@v1", "laurelin@v1")
    try lab.signNothing()
    try lab.link("telperion@v2", "laurelin@v2")
    return lab
  }

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

  /// Has every event, of the workspace's store or another, signed with `name`'s key from now on.
  func sign(as name: String, in store: TestRepository? = nil) throws {
    let store = store ?? self.store
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

  /// Has a colleague know the keys that the workspace knows.
  func shareSigners(with colleague: Colleague) throws {
    let signers = try store.git("config", "gpg.ssh.allowedSignersFile")
    try colleague.store.git("config", "gpg.ssh.allowedSignersFile", signers)
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

extension Lab {
  /// Runs `body` as another writer of this store, whose name is also the key that signs: none where it is nil.
  func write<Value>(as writer: String, signingAs name: String?, _ body: () throws -> Value) throws -> Value {
    let before = try self.writer()
    try store.git("config", "weave.writer", writer)
    if let name { try sign(as: name) } else { try signNothing() }
    defer {
      _ = try? store.git("config", "weave.writer", before)
      _ = try? signNothing()
    }
    return try body()
  }

  /// Puts `commit`, the text of a commit object, on the one ledger in the place of its tip, and returns its id.
  @discardableResult
  func replaceTip(by commit: String) throws -> String {
    let id = try store.git(["hash-object", "-t", "commit", "-w", "--stdin"], input: Array(commit.utf8))
    try store.git("update-ref", ledger(), id)
    try forgetTips()
    return id
  }

  /// The raw text of the commit, with these lines for those between the first and the last of its signature's armour.
  func rawCommit(_ id: String, signedBy body: [String]) throws -> String {
    let lines = try rawCommit(id).split(separator: "\n", omittingEmptySubsequences: false)
    let begin = try #require(lines.firstIndex { $0.hasPrefix("gpgsig -----BEGIN ") })
    let end = try #require(lines.firstIndex { $0.hasPrefix(" -----END ") })
    return (lines[...begin] + body.map { " \($0)" } + lines[end...]).joined(separator: "\n")
  }

  /// The raw text of the commit.
  func rawCommit(_ id: String) throws -> String {
    try runProcess(
      "git", ["--git-dir=\(store.path)", "cat-file", "commit", id], in: workspace,
      environment: environment.variables
    ).stdout
  }

  /// What `weave verify --json` says of each event: the verdict, and the principal where there is one.
  func verdicts(environment: TestEnvironment? = nil) throws -> [String: String] {
    let result = try run(["verify", "--json"], environment: environment)
    let document = try JSONDecoder().decode(SignaturesDocument.self, from: Data(result.stdoutBytes))
    return Dictionary(
      uniqueKeysWithValues: document.events.map { event in
        (
          event.event.id,
          ([event.signature.verdict] + (event.signature.principal.map { [$0] } ?? [])).joined(separator: " ")
        )
      })
  }
}

/// What `weave verify --json` prints.
struct SignaturesDocument: Decodable {
  struct Verified: Decodable {
    let event: Event
    let signature: Signature
  }
  struct Event: Decodable { let id: String }
  struct Signature: Decodable {
    let verdict: String
    let principal, key: String?
  }
  let events: [Verified]
}

/// An `ssh-keygen`, or a `gpg`, that writes down each time that it verifies a signature.
struct CountingVerifier {
  private let directory: TemporaryDirectory

  /// Makes it the one that the lab's Git verifies with, by that setting.
  init(of lab: Lab, _ program: String = "ssh-keygen", as setting: String = "gpg.ssh.program") throws {
    directory = try TemporaryDirectory()
    let path = directory.appending("verifier")
    let script = "#!/bin/sh\necho \"$*\" >>\"$(dirname \"$0\")/calls\"\nexec \(program) \"$@\"\n"
    // Written by a child: a process that this one starts meanwhile would keep the file open, and it could not be run.
    try runProcess(
      "sh", ["-c", "cat >'\(path)' && chmod +x '\(path)'"], in: "/",
      environment: lab.environment.variables, input: Array(script.utf8)
    ).succeeded(["cat"])
    try lab.store.git("config", setting, path)
  }

  /// How often it verified a signature since this was asked last.
  func calls() throws -> Int {
    let path = directory.appending("calls")
    let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    try? FileManager.default.removeItem(atPath: path)
    return text.split(separator: "\n").count {
      $0.contains("-Y verify") || $0.contains("check-novalidate") || $0.contains("--verify")
    }
  }
}
