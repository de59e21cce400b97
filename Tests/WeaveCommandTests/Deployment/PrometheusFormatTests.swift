import TestSupport
import Testing

@testable import LabSupport

@Suite("Prometheus takes how the machines stand", .inProcess)
struct PrometheusFormatTests {
  private let lab: Lab

  init() throws {
    lab = try Lab.threeProjects()
    try lab.constellation()
    try lab.link("telperion@v2", "laurelin@v2", "narya@v2")
    try lab.report("toto", "telperion@v1", "laurelin@v2")
  }

  private func metrics(_ arguments: String...) throws -> [Substring] {
    try lab.run(["resolve", "--format", "prometheus"] + arguments).succeeded(["weave"]).stdout
      .split(separator: "\n")
  }

  @Test("one sample for each word, and 1 for that which applies")
  func stateSet() throws {
    let toto = try metrics().filter {
      $0.hasPrefix("weave_machine_status{constellation=\"emerald-city\",machine=\"toto\",")
    }
    #expect(toto.count == 12)
    #expect(
      toto.filter { $0.hasSuffix(" 1") } == [
        "weave_machine_status{constellation=\"emerald-city\",machine=\"toto\",status=\"behind\"} 1"
      ])
  }

  @Test("what a machine should run and what it said it runs, by full ids")
  func info() throws {
    let (v1, v2) = (try lab.id("telperion@v1"), try lab.id("telperion@v2"))
    #expect(
      try metrics().contains(
        "weave_machine_info{constellation=\"emerald-city\",machine=\"toto\",project=\"telperion\",want=\"\(v2)\",have=\"\(v1)\"} 1"
      ))
  }

  @Test("names what is wanted: the lock's resolution where there is a lock")
  func lock() throws {
    let resolution = try lab.resolution().resolution
    let lock = try lab.weave("lock")
    try lab.link("telperion@v3", "laurelin@v3", "narya@v3")
    #expect(
      try metrics().contains(
        "weave_constellation_info{constellation=\"emerald-city\",id=\"\(resolution)\",lock=\"\(lock)\"} 1"))
  }

  @Test("weave status gives the same metrics, also where what is wanted was revoked")
  func status() throws {
    try lab.weave("lock")
    #expect(
      try lab.weave("status", "-c", "emerald-city", "--format", "prometheus")
        == metrics().joined(separator: "\n"))
    try lab.revoke("telperion@v2", "laurelin@v2")
    #expect(try lab.run("lock", "--show", "--format", "prometheus").status == 5)
    #expect(
      try lab.weave("status", "-c", "emerald-city", "--format", "prometheus").contains(
        "weave_machine_status{constellation=\"emerald-city\",machine=\"toto\",status=\"behind\"} 1"))
  }

  @Test(
    "promtool finds nothing to complain of",
    .enabled(if: Peer.promtool.isInstalled, "promtool is not installed (apt-get install prometheus)"),
    arguments: [[], ["--machine", "barge"]])
  func promtool(arguments: [String]) throws {
    try lab.constellation(
      Constellations.emeraldCity.replacing("emerald-city", with: "'joe''s \"lab\" \\'"))
    let text = try lab.run(
      ["resolve", "-c", "joe's \"lab\" \\", "--format", "prometheus"] + arguments
    ).succeeded(["weave"]).stdout
    let result = try lab.runPeer("promtool", ["check", "metrics"], in: lab.directory.path, input: text)
    #expect(result.status == 0, "\(result.stdout)\(result.stderr)")
    #expect(result.stderr == "")
  }
}
