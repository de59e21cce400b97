import Foundation
import TestSupport
import Testing

@testable import LabSupport

/// A hub where somebody with push rights put what they liked, and a machine `toto` that reports to it by
/// Docs/examples/weave-report.
struct HostileHub {
  static let observed = "refs/weave/public/observed/toto"
  /// What the machine runs, and what the hub says that it ran.
  static let lines = "narya \(String(repeating: "1", count: 40))\n"
  static let before = "narya \(String(repeating: "2", count: 40))\n"

  let directory: TemporaryDirectory
  let hub: TestRepository
  /// The tree of what the hub says that the machine ran.
  private let tree: String

  init() throws {
    directory = try TemporaryDirectory()
    var hub = try TestRepository.create(at: directory.appending("hub.git"), bare: true)
    // What is asked here is what is there, and not what Eve put in its place.
    hub.environment = hub.environment.with(["GIT_NO_REPLACE_OBJECTS": "1"])
    self.hub = hub
    let blob = try hub.git(["hash-object", "-w", "--stdin"], input: Array(Self.before.utf8))
    tree = try hub.git(["mktree"], input: Array("100644 blob \(blob)\tobserved\n".utf8))
    for folder in ["home", "machine"] {
      try FileManager.default.createDirectory(
        atPath: directory.appending(folder), withIntermediateDirectories: true)
    }
    try directory.write("", to: "machine/7")
  }

  /// Makes the commit with `message` the newest that `toto` said; `header` is the last of its header.
  @discardableResult
  func plant(_ message: String, header: String = "") throws -> String {
    let person = "eve <eve@example.org> \(TestEnvironment.epoch) +0000"
    let commit = "tree \(tree)\nauthor \(person)\ncommitter \(person)\n\(header)\n\(message)"
    let id = try hub.git(
      ["hash-object", "-t", "commit", "-w", "--stdin", "--literally"], input: Array(commit.utf8))
    try hub.git("update-ref", Self.observed, id)
    return id
  }

  /// A message that is weave's but for `number`.
  static func message(_ number: String) -> String {
    "observed toto\n\nWeave-Machine: toto\nWeave-Sequence: \(number)\n"
  }

  /// What stands for ssh, as Git's variables: runs `commands` with what the server is to run as `$1`.
  ///
  /// No file: one that was written just now may still be open in a process that another test starts, and is not run then.
  func server(_ commands: String) -> [String: String?] {
    let function = "serve() { while test $# -gt 1; do shift; done; \(commands); }; serve"
    return ["GIT_SSH_COMMAND": function, "GIT_SSH_VARIANT": "ssh"]
  }

  /// Has the machine report, in a folder of its own with one file, `7`: what a pattern would become.
  func report(
    by shell: ReportShell, to url: String? = nil, _ lines: String = Self.lines, machine: String = "toto",
    with changes: [String: String?] = [:]
  ) throws -> ProcessResult {
    let environment = TestEnvironment(home: directory.appending("home")).with(changes)
    return try shell.run(
      [ReportShell.example("weave-report"), url ?? hub.path, machine], in: directory.appending("machine"),
      environment: environment.variables, input: Array(lines.utf8))
  }

  /// The number of what the machine said last, after `report` by `shell`, which must succeed.
  func numberAfterReport(by shell: ReportShell, with changes: [String: String?] = [:]) throws -> String {
    let result = try report(by: shell, with: changes)
    #expect(result.status == 0 && result.stderr.isEmpty, "\(shell.rawValue): \(result.stderr)")
    #expect(try hub.git("show", "\(Self.observed):observed") + "\n" == Self.lines, "\(shell.rawValue)")
    return try hub.git(
      "log", "-1", "--format=%(trailers:key=Weave-Sequence,valueonly,separator=)", Self.observed)
  }

  /// `report` must end with 1 and `reason`, in printable ASCII, push nothing and run nothing.
  func expectRefusal(
    _ reason: String, _ what: String, sourceLocation: SourceLocation = #_sourceLocation,
    _ report: () throws -> ProcessResult
  ) throws {
    let refs = try hub.refs()
    let result = try report()
    let said = "\(what): \(result.status): \(result.stderr)"
    #expect(result.status == 1, "\(said)", sourceLocation: sourceLocation)
    #expect(result.stderr.contains(reason), "\(said)", sourceLocation: sourceLocation)
    #expect(result.stdout.isEmpty, "\(said)", sourceLocation: sourceLocation)
    #expect(
      result.stderrBytes.allSatisfy { (0x20...0x7e).contains($0) || $0 == 0x0a }, "\(said)",
      sourceLocation: sourceLocation)
    #expect(result.stderrBytes.count < 8192, "\(what)", sourceLocation: sourceLocation)
    #expect(try hub.refs() == refs, "\(said)", sourceLocation: sourceLocation)
    try expectNothingRan(what, sourceLocation: sourceLocation)
  }

  /// Every attack of these tests would write a file here.
  func expectNothingRan(_ what: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: directory.appending("machine")) == ["7"], "\(what)",
      sourceLocation: sourceLocation)
  }
}
