import Foundation
import TestSupport
import Testing

@testable import LabSupport

/// A hub with a hook of Docs/examples, which runs the `weave` that was built.
struct HookedHub {
  static let hooks = ["update", "pre-receive"]

  let lab: Lab
  let hub: TestRepository

  /// Puts the hooks of those names, as Docs has them, into the repository at `path`.
  static func install(_ hooks: [String], in path: String) throws {
    try FileManager.default.createDirectory(atPath: path + "/hooks", withIntermediateDirectories: true)
    for hook in hooks {
      // Not a copy: a process that another test starts meanwhile would keep it open, and it could not be run.
      try FileManager.default.createSymbolicLink(
        atPath: "\(path)/hooks/\(hook)", withDestinationPath: ReportShell.example(hook))
    }
  }

  /// Puts the pre-receive hook that came with weave 0.1.0, a shell script of its own, into the repository at `path`.
  static func installSample(in path: String) throws {
    let folder = (#filePath as NSString).deletingLastPathComponent
    try FileManager.default.createDirectory(atPath: path + "/hooks", withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(
      atPath: "\(path)/hooks/pre-receive", withDestinationPath: "\(folder)/pre-receive-0.1.0")
  }

  /// The variables with those hooks' `weave` among the programs.
  static func environment(_ environment: TestEnvironment) -> TestEnvironment {
    let folder = (weaveExecutable as NSString).deletingLastPathComponent
    return environment.with(["PATH": "\(folder):\(environment.variables["PATH"] ?? "")"])
  }

  /// A bare repository beside the lab with those hooks.
  init(_ hooks: [String], of lab: Lab, checksObjects: Bool = false) throws {
    self.lab = lab
    hub = try TestRepository.create(at: lab.directory.appending("hooked.git"), bare: true)
    try hub.git("config", "receive.fsckObjects", "\(checksObjects)")
    try Self.install(hooks, in: hub.path)
  }

  /// Pushes from the lab's store, or the repository at `source`, with stock Git.
  func push(
    _ refspecs: [String], as pusher: String? = nil, from source: String? = nil, keyring: Keyring? = nil
  ) throws -> ProcessResult {
    let environment = Self.environment(lab.store.environment).with(pusher.map { ["REMOTE_USER": $0] } ?? [:])
      .with(keyring.map { ["GNUPGHOME": $0.path] } ?? [:])
    return try runProcess(
      "git", ["--git-dir=\(source ?? lab.store.path)", "push", "--porcelain", hub.path] + refspecs,
      in: lab.workspace, environment: environment.variables)
  }

  func expectAccepted(
    _ refspecs: String..., as pusher: String? = nil, keyring: Keyring? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let result = try push(refspecs, as: pusher, keyring: keyring)
    #expect(result.status == 0, "\(result.stderr)", sourceLocation: sourceLocation)
  }

  func expectRefused(
    _ refspecs: String..., as pusher: String? = nil, keyring: Keyring? = nil, because reason: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let before = try hub.refs()
    let result = try push(refspecs, as: pusher, keyring: keyring)
    #expect(result.status == 1, "\(result.stderr)", sourceLocation: sourceLocation)
    let said = result.stderr.split(separator: "\n").filter { $0.hasPrefix("remote: weave: refused: ") }
    #expect(
      said.contains { $0.contains(reason) }, "\(result.stderr)", sourceLocation: sourceLocation)
    #expect(try hub.refs() == before, sourceLocation: sourceLocation)
  }
}
