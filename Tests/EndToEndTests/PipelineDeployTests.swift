import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("The script that Docs/pipelines.md deploys with")
struct PipelineDeployTests {
  private let directory: TemporaryDirectory
  private static let commit = String(repeating: "1", count: 40)

  init() throws {
    directory = try TemporaryDirectory()
    try directory.write(PipelinePage().file("deploy", in: "What there is"), to: "deploy")
    // What stands for ssh says what it was to do, after its -n.
    try FileManager.default.createDirectory(
      atPath: directory.appending("bin"), withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(
      atPath: directory.appending("bin/ssh"), withDestinationPath: "/bin/echo")
  }

  private func deploy(_ shell: ReportShell, to machine: String, _ lines: String) throws -> ProcessResult {
    let path = "\(directory.appending("bin")):\(TestEnvironment(home: "/").variables["PATH"] ?? "")"
    return try shell.run(
      ["deploy", machine], in: directory.path, environment: ["PATH": path], input: Array(lines.utf8))
  }

  @Test("asks the machine for what it was told, and says what is there", arguments: ReportShell.installed)
  func good(shell: ReportShell) throws {
    let result = try deploy(shell, to: "toto.canon", "a.b-c_1 \(Self.commit)\n")
    let checkout = "cd /srv/a.b-c_1 && git fetch --quiet && git checkout --quiet --detach \(Self.commit)"
    #expect(
      result.stdout
        == "deploy@toto.canon \(checkout)a.b-c_1 deploy@toto.canon git -C /srv/a.b-c_1 rev-parse HEAD\n",
      "\(result)")
  }

  @Test(
    "gives a shell elsewhere no name and no commit that is none, and ssh no such host",
    arguments: ReportShell.installed)
  func hostile(shell: ReportShell) throws {
    for (machine, lines) in [
      ("", ""), ("-oProxyCommand=touch pwned", ""), ("$(touch pwned)", ""), ("a b", ""), ("a\nb", ""),
      ("a/b", ""),
      ("toto", "narya;touch${IFS}pwned \(Self.commit)"), ("toto", "narya $(touch pwned)"), ("toto", "narya"),
      ("toto", "narya \(Self.commit); touch pwned"), ("toto", "../x \(Self.commit)"),
      ("toto", "-n \(Self.commit)"),
      ("toto", "* \(Self.commit)"), ("toto", "narya --help"), ("toto", "narya:x \(Self.commit)"),
      ("toto", "narya ABC"),
      ("toto", "narya main"), ("toto", "n\u{e4}rya \(Self.commit)"),
    ] {
      let result = try deploy(
        shell, to: machine, lines.isEmpty ? "narya \(Self.commit)\n" : lines + "\n")
      #expect(
        result.status == 1 && result.stdout.isEmpty, "\(shell.rawValue), \(machine), \(lines): \(result)")
      #expect(result.stderr.hasPrefix("deploy: "), "\(shell.rawValue), \(machine), \(lines): \(result)")
    }
  }
}
