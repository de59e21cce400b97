import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("status --exit-code", .inProcess)
struct StatusExitCodeTests {
  /// Of toto alone, so that every code is its own.
  private static let emeraldCity = Constellations.pair(named: "emerald-city")
  let lab: Lab

  init() throws { lab = try Self.template.copy() }

  private static let template = LabTemplate {
    let lab = try Lab.threeProjects()
    try lab.constellation(emeraldCity)
    try lab.link("telperion@v2", "laurelin@v2")
    try lab.weave("lock")
    return lab
  }

  private func code(_ options: String..., constellation: String = "emerald-city") throws -> Int32 {
    try lab.run(["status", "-c", constellation, "--exit-code"] + options).status
  }

  /// Has the constellation hold toto's laurelin at v2, which is what the lock has too.
  private func hold(until date: String) throws {
    let hold = "{ project: laurelin, at: v2, because: kernel, until: \(date) }"
    try lab.constellation(Constellations.pair(", holds: [\(hold)]", named: "emerald-city"))
  }

  @Test("0 when all is as it should be")
  func inSync() throws {
    try lab.report("toto", "telperion@v2", "laurelin@v2")
    #expect(try code() == 0)
  }

  @Test("2 when changes are wanted")
  func behind() throws {
    try lab.report("toto", "telperion@v1", "laurelin@v2")
    #expect(try code() == 2)
    try lab.report("toto", "telperion@v3", "laurelin@v2")
    #expect(try code() == 2)
  }

  @Test("3 when reality moved")
  func moved() throws {
    try lab.report("toto", "telperion@v3", "laurelin@v1")
    #expect(try code() == 3)
    try lab.report("toto", "telperion@v2", "laurelin@v2", dirty: ["telperion"])
    #expect(try code() == 3)
  }

  @Test("4 when a machine never reported")
  func never() throws {
    #expect(try code() == 4)
  }

  @Test("4 when what is known is stale, though nothing else is wrong")
  func stale() throws {
    try lab.report("toto", "telperion@v2", "laurelin@v2")
    var later = lab.environment
    later.setDate(TestEnvironment.epoch + 5_400)
    let status = ["status", "-c", "emerald-city", "--exit-code", "--json"]
    #expect(try lab.run(status + ["--stale-after", "2h"], environment: later).status == 0)
    let result = try lab.run(status, environment: later)
    #expect(result.status == 4)
    let document = try JSONDecoder().decode(
      StatusDocument.self, from: Data(result.stdoutBytes))
    let toto = try #require(document.machines.first)
    #expect(toto.freshness == "stale")
    #expect(toto.compliance == "in-sync")
    #expect(toto.ageSeconds == 5_400)
  }

  @Test("5 when a machine is incompatible")
  func incompatible() throws {
    try lab.report("toto", "telperion@v3", "laurelin@v3")
    try lab.revoke("telperion@v3", "laurelin@v3")
    #expect(try code() == 5)
  }

  @Test("5 when the lock is unfit, though the machine runs something else")
  func unfitLock() throws {
    try lab.report("toto", "telperion@v1", "laurelin@v1")
    try lab.revoke("telperion@v2", "laurelin@v2")
    #expect(try code() == 5)
  }

  @Test("5 when there is no lock and no resolution, and the report is made")
  func noResolution() throws {
    try lab.constellation(Constellations.pair(named: "kansas"))
    try lab.report("toto", "telperion@v1", "laurelin@v1")
    try lab.revoke("telperion@v2", "laurelin@v2")
    let result = try lab.run(["status", "-c", "kansas", "--exit-code"])
    #expect(result.status == 5)
    #expect(result.stdout.contains("toto"))
  }

  @Test("0 without --exit-code, whatever is found")
  func withoutExitCode() throws {
    try lab.report("toto", "telperion@v2", "laurelin@v2")
    try lab.revoke("telperion@v2", "laurelin@v2")
    #expect(try lab.run(["status", "-c", "emerald-city"]).status == 0)
  }

  @Test("--fail-on narrows what fails to the words given")
  func failOn() throws {
    try lab.report("toto", "telperion@v1", "laurelin@v2")
    #expect(try code("--fail-on", "stale") == 0)
    #expect(try code("--fail-on", "stale,behind") == 2)
  }

  @Test("--fail-on untested makes a link that is missing fail")
  func failOnUntested() throws {
    try lab.report("toto", "telperion@v3", "laurelin@v2")
    #expect(try code("--fail-on", "behind") == 0)
    #expect(try code("--fail-on", "untested") == 2)
  }

  @Test("--fail-on never hides an incompatible machine")
  func failOnNeverHides() throws {
    try lab.report("toto", "telperion@v3", "laurelin@v3")
    try lab.revoke("telperion@v3", "laurelin@v3")
    #expect(try code("--fail-on", "stale") == 5)
  }

  @Test("a hold past its date asks for a change, and its machine stays held")
  func expiredHold() throws {
    try hold(until: "2020-01-01")
    try lab.report("toto", "telperion@v2", "laurelin@v2")
    #expect(try lab.status(of: "toto").compliance == "held")
    #expect(try code() == 2)
    #expect(try code("--fail-on", "behind") == 0)
    #expect(try code("--fail-on", "hold-expired") == 2)
  }

  @Test("a hold before its date asks for nothing")
  func heldUntil() throws {
    try hold(until: "2999-01-01")
    try lab.report("toto", "telperion@v2", "laurelin@v2")
    #expect(try code() == 0)
  }

  @Test("a word that --fail-on does not know is an error that lists those it knows")
  func unknownFailOn() throws {
    let error = try lab.refusal(["status", "-c", "emerald-city", "--fail-on", "rusty"])
    #expect(error.contains("'rusty'"))
    #expect(error.contains("behind"))
  }

  @Test("an age that is none is an error with an example")
  func unknownAge() throws {
    for age in ["1", "h", "-1h", "1y", "99999999999999999999h"] {
      let error = try lab.refusal(["status", "-c", "emerald-city", "--stale-after=\(age)"])
      #expect(error.contains("1h"))
    }
  }
}
