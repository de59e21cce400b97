import Foundation
import TestSupport

@testable import LabSupport

/// A workspace in which one command after the other meets one fault, each in the state that the workspace
/// began with.
final class FaultBench {
  /// What a call that fails is told; `short` is a read of half of what is there.
  enum Kind: String, CaseIterable, Sendable { case EIO, EMFILE, EACCES, short }

  let store: FaultStore
  let lab: Lab
  private let library: String
  private let revocation: String
  private var healthyAnswers: [[String]: ProcessResult] = [:]
  /// The files that a command may derive from the records, as they are when nothing failed.
  private var derived: [String] = []
  /// What the ids of objects belong to, in words.
  private(set) var owners: [String: String] = [:]

  /// The file of Git's global settings; none where it is empty.
  var gitConfiguration = "/dev/null"

  private var workspace: String { lab.workspace }
  private var pristine: String { lab.workspace + ".pristine" }
  private var logFile: String { lab.directory.appending("calls") }

  /// How long a command may take, in seconds: on a machine with much else to do, as where the sample runs beside other tests, no less.
  static let patience =
    ProcessInfo.processInfo.environment["WEAVE_FAULTS_PATIENCE"] ?? (FaultPlan.isWhole ? "10" : "30")

  init(_ store: FaultStore) throws {
    self.store = store
    lab = try store.lab()
    library = try FaultLibrary.shared.get().path
    owners = try lab.owners()
    revocation = try lab.store.git(
      "log", "-1", "--format=%H", "--glob=refs/weave/public/ledger/bob-*", "--grep=^Weave-Event: revoke$")
    // For whom the mode of a file counts.
    if Privileges.canBeNobody {
      try shell("chown", "-R", "65534:65534", lab.directory.path)
      try shell("chmod", "755", lab.directory.path)
    }
    try shell("cp", "-a", workspace, pristine)
    derived = derivedFiles()
  }

  // MARK: running

  /// The command with what the words in capitals stand for.
  func arguments(_ template: [String]) -> [String] { template.map { $0 == "REVOCATION" ? revocation : $0 } }

  /// Runs weave without a fault that is not in its files.
  func run(_ arguments: [String]) throws -> ProcessResult { try run(arguments, with: [:]) }

  /// How the command ends when nothing fails.
  func healthy(_ arguments: [String]) throws -> ProcessResult {
    if let known = healthyAnswers[arguments] { return known }
    let result = try run(arguments)
    try restoreDerived()
    let again = try run(arguments)
    try restoreDerived()
    guard result.status == again.status, result.stdoutBytes == again.stdoutBytes else {
      throw TestFailure("\(arguments) answers differently the second time:\n\(result.stdout)\(again.stdout)")
    }
    healthyAnswers[arguments] = result
    return result
  }

  /// The calls that the command makes on the workspace and that can fail so, in order: the call and the path.
  func calls(_ arguments: [String], failing kind: Kind) throws -> [String] {
    try? FileManager.default.removeItem(atPath: logFile)
    _ = try run(arguments, with: ["WEAVE_FAULT_KIND": kind.rawValue, "WEAVE_FAULT_AT": "0"])
    try restoreDerived()
    return try readLog()
  }

  /// The paths in the store that the command looks at, of files and of directories: no other file can change
  /// its answer.
  func paths(_ arguments: [String]) throws -> Set<String> {
    _ = try calls(arguments, failing: .EIO)
    let store = lab.store.path + "/"
    let lines = try String(contentsOfFile: logFile, encoding: .utf8).split(separator: "\n")
    return Set(
      lines.compactMap { line in
        let path = line.split(separator: " ", maxSplits: 2).last.map(String.init) ?? ""
        return path.utf8.starts(with: store.utf8) ? String(path.dropFirst(store.count)) : nil
      })
  }

  /// Runs the command, with the call of that number failing; the call is nil where there was none of the
  /// number.
  func run(_ arguments: [String], failing kind: Kind, at number: Int) throws -> (
    result: ProcessResult, call: String?
  ) {
    try? FileManager.default.removeItem(atPath: logFile)
    let result = try run(
      arguments, with: ["WEAVE_FAULT_KIND": kind.rawValue, "WEAVE_FAULT_AT": "\(number)"])
    return (result, try readLog().first)
  }

  /// How many calls the command makes on the workspace that change a file.
  func changeCount(_ arguments: [String]) throws -> Int {
    try? FileManager.default.removeItem(atPath: logFile)
    let result = try run(
      arguments, with: ["WEAVE_FAULT_KIND": "kill", "WEAVE_FAULT_AT": "0", "WEAVE_FAULT_CLOCK": ""])
    try restore()
    guard result.status < 64, result.status != 1 else { throw TestFailure("\(arguments): \(result.stderr)") }
    return try readLog().count
  }

  /// Kills the command before that one of the calls that change a file; returns the call, or nil where it came to an end.
  func kill(_ arguments: [String], before number: Int) throws -> String? {
    try? FileManager.default.removeItem(atPath: logFile)
    _ = try run(
      arguments,
      with: ["WEAVE_FAULT_KIND": "kill", "WEAVE_FAULT_AT": "\(number)", "WEAVE_FAULT_CLOCK": ""])
    return try readLog().first
  }

  /// Runs weave by the machine's own clock.
  func runNow(_ arguments: [String]) throws -> ProcessResult {
    try run(arguments, with: ["WEAVE_FAULT_LOG": "", "WEAVE_FAULT_CLOCK": ""])
  }

  private func run(_ arguments: [String], with fault: [String: String]) throws -> ProcessResult {
    var variables = lab.environment.variables
    variables.merge([
      "LD_PRELOAD": library, "WEAVE_FAULT_PROGRAM": weaveExecutable, "WEAVE_FAULT_DIR": workspace,
      "WEAVE_FAULT_LOG": logFile, "WEAVE_FAULT_CLOCK": "\(TestEnvironment.epoch + 600)",
    ]) { $1 }
    if fault.isEmpty { variables["WEAVE_FAULT_LOG"] = nil }
    variables["GIT_CONFIG_GLOBAL"] = gitConfiguration
    variables.merge(fault) { $1 }
    variables = variables.filter { !$0.key.utf8.starts(with: "WEAVE_FAULT".utf8) || !$0.value.isEmpty }
    let nobody =
      Privileges.canBeNobody
      ? ["/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] : []
    return try runProcess(
      "timeout", ["-s", "KILL", Self.patience] + nobody + [weaveExecutable] + arguments, in: workspace,
      environment: variables)
  }

  /// What stock Git finds wrong with the store.
  func gitCheck() throws -> ProcessResult { try git("fsck", "--full") }

  /// Runs stock Git in the store, as whoever runs weave.
  func git(_ arguments: String...) throws -> ProcessResult {
    let nobody =
      Privileges.canBeNobody
      ? ["/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] : []
    return try runProcess(
      "timeout", ["-s", "KILL", Self.patience] + nobody + ["git"] + arguments, in: lab.store.path,
      environment: lab.store.environment.variables)
  }

  private func readLog() throws -> [String] {
    guard FileManager.default.fileExists(atPath: logFile) else { return [] }
    return try String(contentsOfFile: logFile, encoding: .utf8).split(separator: "\n").map { line in
      naming(line.split(separator: " ", maxSplits: 1).last.map(String.init) ?? "")
    }
  }

  /// `text` without where the lab happens to be, and with what its object belongs to.
  func naming(_ text: String) -> String {
    let text = text.replacing(workspace + "/.weave/.git", with: "$STORE").replacing(workspace, with: "$W")
    let parts = text.split(separator: "/")
    guard parts.count > 1, let owner = owners[String(parts.suffix(2).joined())] else { return text }
    return "\(text) (\(owner))"
  }

  // MARK: the state between runs

  /// Takes the workspace as it is for what it is to be put back to.
  func adoptState() throws {
    try shell("rm", "-rf", pristine)
    try shell("cp", "-a", workspace, pristine)
  }

  /// Puts everything back as it was.
  func restore() throws {
    try shell("rm", "-rf", workspace)
    try shell("cp", "-a", pristine, workspace)
  }

  /// Whether what is derived is not as it was in the beginning.
  var hasDerivedAnew: Bool { derivedFiles() != derived }

  func restoreDerived() throws {
    guard hasDerivedAnew else { return }
    try shell("rm", "-rf", workspace + "/.weave/.git/weave")
    try shell("cp", "-a", pristine + "/.weave/.git/weave", workspace + "/.weave/.git/weave")
    derived = derivedFiles()
  }

  private func derivedFiles() -> [String] {
    let directory = workspace + "/.weave/.git/weave"
    let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
    return names.sorted().map { name in
      var status = stat()
      lstat("\(directory)/\(name)", &status)
      return "\(name) \(status.st_ino) \(status.st_size) \(status.st_mtim.tv_sec) \(status.st_mtim.tv_nsec)"
    }
  }

  private func shell(_ command: String...) throws {
    try runProcess(
      command[0], Array(command.dropFirst()), in: "/", environment: lab.environment.variables
    ).succeeded(command)
  }
}

extension Lab {
  /// The ref through which each object of the store is reached, and what kind of object it is.
  fileprivate func owners() throws -> [String: String] {
    var owners: [String: String] = [:]
    // What belongs to a record is named after the record, not after the chain that keeps it.
    let refs = try store.refs().keys.sorted {
      ($0.utf8.starts(with: "refs/weave/".utf8) ? "0" : "1") + $0
        < ($1.utf8.starts(with: "refs/weave/".utf8) ? "0" : "1") + $1
    }
    for ref in refs {
      for line in try store.git("rev-list", "--objects", ref).split(separator: "\n") {
        let fields = line.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false).map(
          String.init)
        let place = fields.count > 1 ? (fields[1].isEmpty ? " tree" : " \(fields[1])") : " commit"
        if owners[fields[0]] == nil { owners[fields[0]] = ref + place }
      }
    }
    return owners
  }
}
