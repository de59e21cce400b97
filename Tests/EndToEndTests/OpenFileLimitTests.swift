import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("Under a limit of open files or of memory")
struct OpenFileLimitTests {
  private struct Rows: Decodable {
    struct Row: Decodable { let machine, result: String; let reason: String? }
    let machines: [Row]
  }

  /// Runs weave under `ulimit` with these words, killed when it takes longer than 20 seconds of the processor, or 120 in all.
  private func run(_ limit: String, _ arguments: [String], in lab: Lab) throws -> ProcessResult {
    try runProcess(
      "sh",
      ["-c", "ulimit \(limit); ulimit -t 20; exec timeout -s KILL 120 \"$@\"", "sh", weaveExecutable]
        + arguments,
      in: lab.workspace, environment: lab.environment.variables)
  }

  @Test(
    "the commands of a first day do their work",
    arguments: ["-n 32", "-n 64", "-n 256", "-v 1000000"])
  func tour(limit: String) throws {
    let lab = try Lab()
    try lab.directory.write(Constellations.emeraldCity, to: "workspace/city.yaml")
    for name in Lab.threeProjectNames { _ = try lab.makeSource(name) }
    let projects = Lab.threeProjectNames.map { ["project", "add", $0, lab.source($0).path] }
    for arguments in [["init", "."]] + projects + [
      ["fetch"], ["link", "telperion@v1", "laurelin@v1", "narya@v1", "-m", "works"], ["links", "telperion"],
      ["constellation", "add", "city.yaml"], ["resolve"], ["lock"], ["status"], ["why", "telperion"],
      ["log"], ["fsck"], ["gc"], ["checkout", "-c", "emerald-city", "--machine", "toto", "there"],
      ["exec", "--", "git", "status"],
    ] {
      let result = try run(limit, arguments, in: lab)
      #expect(result.signal == nil && result.status < 126, "\(limit): \(arguments): \(result.stderr)")
      #expect(!result.stderr.contains("Fatal error"), "\(limit): \(arguments): \(result.stderr)")
    }
  }

  @Test(
    "each machine of many is asked, whatever -j says",
    arguments: ["-n 1024", "-n 64"])
  func probe(limit: String) throws {
    let lab = try Lab.threeProjects()
    let machines = (0..<120).map { "  m\($0): { roles: [r] }" }.joined(separator: "\n")
    try lab.directory.write(
      """
      constellation: many
      projects: { telperion: {} }
      roles: { r: { projects: [telperion] } }
      probe: { command: [sh, -c, 'sleep 0.1; echo telperion \(lab.id("telperion@v1"))'] }
      machines:
      \(machines)
      """, to: "workspace/many.yaml")
    let result = try run(limit, ["probe", "-c", "many.yaml", "-j", "120", "--json"], in: lab)
    #expect(result.status == 0, "\(result.stderr)")
    let rows = try JSONDecoder().decode(Rows.self, from: Data(result.stdoutBytes)).machines
    #expect(rows.count == 120 && rows.allSatisfy { $0.result == "reported" })
  }

  @Test("with too few for one child, it is said, and no machine is unreachable for it")
  func tooFew() throws {
    let lab = try Lab.threeProjects()
    let result = try run("-n 20", ["fetch"], in: lab)
    #expect(result.status == 1)
    #expect(result.stderr.contains("too many open files: `ulimit -n` is 20, and weave needs"))
  }

  @Test("a probe that cannot be started is not asked, and nothing is recorded against the machine")
  func notStarted() throws {
    let lab = try Lab.threeProjects()
    try lab.directory.write(
      Constellations.emeraldCity + "\nprobe: { command: [/etc/passwd] }", to: "workspace/city.yaml")
    let result = try lab.run("probe", "-c", "city.yaml", "toto", "--json")
    #expect(result.status == 1)
    let rows = try JSONDecoder().decode(Rows.self, from: Data(result.stdoutBytes)).machines
    #expect(rows.map(\.result) == ["refused"])
    #expect(rows.first?.reason?.hasPrefix("not asked: ") == true, "\(rows)")
    #expect(try lab.status(of: "toto", constellation: "city.yaml").freshness != "unreachable")
  }
}
