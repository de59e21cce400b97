import Foundation
import TestSupport

/// The programs of other people that read what weave writes.
enum Peer: String {
  case west, vcs, nix, terraform, promtool, ansible
  case ansibleInventory = "ansible-inventory"

  /// Ansible takes no other.
  fileprivate static let locale: [String: String?] = ["LC_ALL": "C.UTF-8"]

  var isInstalled: Bool {
    (try? runProcess(
      rawValue, [self == .vcs ? "import" : "--version"] + (self == .vcs ? ["--help"] : []), in: "/",
      environment: TestEnvironment(home: NSTemporaryDirectory()).with(Self.locale).variables
    )
    .status) == 0
  }
}

extension Lab {
  /// An empty directory beside the workspace.
  func scratch(_ name: String) throws -> String {
    let path = directory.appending(name)
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    return path
  }

  /// Writes what weave exports to a file, and returns the file's path.
  @discardableResult
  func export(_ arguments: String..., format: String, to path: String) throws -> String {
    let text = try run(["export"] + arguments + ["--format", format]).succeeded(["weave", "export"]).stdout
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }

  /// Runs a program with the lab's environment, which must succeed, and returns its standard output, trimmed.
  @discardableResult
  func peer(_ program: String, _ arguments: String..., in directory: String, input: String = "") throws
    -> String
  {
    try runPeer(program, arguments, in: directory, input: input).succeeded([program] + arguments).trimmed
  }

  /// Runs a program with the lab's environment, to whatever end.
  func runPeer(
    _ program: String, _ arguments: [String], in directory: String, input: String = ""
  ) throws -> ProcessResult {
    // Git refuses submodules from paths otherwise; nix and west write below the home directory.
    let environment = environment.with([
      "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "protocol.file.allow", "GIT_CONFIG_VALUE_0": "always",
      "NIX_REMOTE": "local?root=\(self.directory.appending("nix"))",
      // Terraform would ask its maker for news.
      "CHECKPOINT_DISABLE": "1",
    ]).with(Peer.locale)
    try FileManager.default.createDirectory(
      atPath: self.directory.appending("home"), withIntermediateDirectories: true)
    return try runProcess(
      program, arguments, in: directory, environment: environment.variables, input: Array(input.utf8))
  }

  /// Which commits are checked out in the folders of `directory` that bear the projects' names.
  func heads(in directory: String, _ projects: [String] = threeProjectNames) throws -> [String] {
    try projects.map { try TestRepository(at: "\(directory)/\($0)").head() }
  }
}
