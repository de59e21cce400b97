import ForeignText
import Git
import GitProcess
import WeaveStore

/// What Git's verdicts on signatures depend on.
struct SignatureSettings {
  let fingerprints: SignatureFingerprints
  /// Whether it is said whose the ssh keys are (`gpg.ssh.allowedSignersFile`).
  let hasAllowedSigners: Bool
  /// Paths that Git would take from where it was started, as settings for its run.
  let configuration: [String]

  /// Those of the repository; a relative path begins at `directory`.
  init(
    ofRepositoryAt gitDirectory: String, pathsFrom directory: String, git: GitProcess, caller: Surroundings
  ) async throws {
    let settings = try await git.settings(of: "gpg", gitDirectory: gitDirectory)
    var ssh = [settings["gpg.ssh.program"] ?? ""]
    var configuration: [String] = []
    for key in ["gpg.ssh.allowedsignersfile", "gpg.ssh.revocationfile"] {
      guard let path = settings[key], !path.isEmpty else {
        ssh.append("none")
        continue
      }
      let absolute = FileSystem.absolute(path, from: directory)
      if !path.begins(with: "/") { configuration.append("\(key)=\(absolute)") }
      let content = try? ObjectID.ofBlob(FileSystem.read(absolute))
      ssh.append(absolute + " " + (content?.description ?? "unreadable"))
    }
    self.configuration = configuration
    hasAllowedSigners = settings["gpg.ssh.allowedsignersfile"]?.isEmpty == false
    let programs = ["gpg.program", "gpg.openpgp.program"].map { settings[$0] ?? "" }
    fingerprints = SignatureFingerprints(
      ssh: try Self.digest(ssh),
      openPGP: try Self.keyring(caller).map { try Self.digest(programs + $0) })
  }

  /// The state of the caller's OpenPGP keyring, and the day, as keys expire by themselves; nil where the keys may be
  /// elsewhere.
  private static func keyring(_ caller: Surroundings) -> [String]? {
    let environment = caller.environment
    guard let directory = environment["GNUPGHOME"] ?? environment["HOME"].map({ $0 + "/.gnupg" }) else {
      return nil
    }
    for file in ["gpg.conf", "common.conf"] {
      let text = (try? FileSystem.read(directory + "/" + file)).map { String(foreign: $0) }
      if text?.holds("keyring") == true { return nil }
    }
    let files = [
      "gpg.conf", "common.conf", "pubring.kbx", "pubring.gpg", "trustdb.gpg", "tofu.db",
      "public-keys.d/pubring.db", "public-keys.d/pubring.db-wal",
    ]
    return ["\(caller.now / 86_400)", directory]
      + files.map { FileSystem.identity(of: directory + "/" + $0) ?? "none" }
  }

  private static func digest(_ parts: [String]) throws -> String {
    try ObjectID.ofBlob(Array(parts.joined(separator: "\0").utf8)).description
  }
}

extension Workspace {
  func signatureSettings() async throws -> SignatureSettings {
    try await SignatureSettings(
      ofRepositoryAt: store.repository.gitDirectory, pathsFrom: directory, git: git, caller: caller)
  }
}
