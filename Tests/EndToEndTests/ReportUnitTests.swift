import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("Docs/examples/weave-report.service")
struct ReportUnitTests {
  private static let hasSystemd =
    (try? runProcess(
      "systemd-analyze", ["--version"], in: "/", environment: ["PATH": "/usr/bin:/bin"]
    ).status) == 0

  /// The settings of the unit's service.
  static func service() throws -> [String: String] {
    let text = try String(contentsOfFile: ReportShell.example("weave-report.service"), encoding: .utf8)
    let lines = text.split(separator: "\n").drop { $0 != "[Service]" }.dropFirst().filter {
      !$0.utf8.starts(with: "#".utf8)
    }
    return try Dictionary(
      lines.map { line in
        let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(
          String.init)
        guard parts.count == 2 else { throw TestFailure("no setting: \(line)") }
        return (parts[0], parts[1])
      }, uniquingKeysWith: { _, _ in throw TestFailure("a setting is there twice") })
  }

  @Test("runs as a user of its own, with a home that is its own, and no rights")
  func user() throws {
    let service = try Self.service()
    #expect(service["User"] == "weave-report")
    #expect(service["StateDirectory"] == "weave-report")
    #expect(service["CapabilityBoundingSet"] == "")
    #expect(service["NoNewPrivileges"] == "yes")
    #expect(service["ProtectSystem"] == "strict")
  }

  @Test("ends in time, and has bounds on its memory and its processes, whatever a hub sends")
  func bounds() throws {
    let service = try Self.service()
    #expect(service["Type"] == "oneshot" && service["TimeoutStartSec"] == "5min")
    #expect(service["MemoryMax"] == "1G")
    #expect(service["TasksMax"] == "64")
  }

  @Test("gives the script its URL and machine as one word each, and systemd nothing to expand in them")
  func words() throws {
    #expect(
      try Self.service()["ExecStart"]
        == "/bin/sh /usr/local/bin/weave-report ${WEAVE_URL} ${WEAVE_MACHINE} /etc/weave/manifest.lines")
  }

  @Test(
    "is well formed, and little exposed, to systemd itself",
    .enabled(if: hasSystemd, "systemd-analyze is not installed (apt-get install systemd)"))
  func verified() throws {
    let directory = try TemporaryDirectory()
    for name in ["weave-report.service", "weave-report.timer"] {
      try FileManager.default.copyItem(atPath: ReportShell.example(name), toPath: directory.appending(name))
    }
    func analyze(_ arguments: String...) throws -> ProcessResult {
      try runProcess(
        "systemd-analyze", arguments, in: directory.path,
        environment: TestEnvironment(home: directory.path).variables)
    }
    let verified = try analyze(
      "verify", directory.appending("weave-report.service"), directory.appending("weave-report.timer"))
    #expect(verified.status == 0 && verified.stderr.isEmpty, "\(verified)")
    // Of 10; what has no more than 2.0 is `OK` to systemd.
    let exposed = try analyze(
      "security", "--offline=yes", "--threshold=20", directory.appending("weave-report.service"))
    #expect(exposed.status == 0, "\(exposed)")
  }
}
