import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("A machine that reports at a date that is still to come", .inProcess)
struct ClockAheadTests {
  private let lab: Lab
  private static let status = ["status", "-c", "pair"]

  init() throws {
    lab = try Lab.threeProjects()
    try lab.constellation(Constellations.pair())
    try lab.link("telperion@v1", "laurelin@v1")
    try lab.weave("lock", "-c", "pair")
  }

  private func environment(minutesAhead minutes: Int) -> TestEnvironment {
    var environment = lab.environment
    environment.setDate(TestEnvironment.epoch + 60 * minutes)
    return environment
  }

  /// Reports what is wanted of toto, by a clock that is so many minutes ahead.
  private func report(minutesAhead minutes: Int, in directory: String? = nil) throws {
    let arguments = try ["telperion", "laurelin"].map { "\($0)=\(try lab.id("\($0)@v1"))" }
    let result = try lab.run(
      ["report", "--machine", "toto"] + arguments, in: directory,
      environment: environment(minutesAhead: minutes))
    #expect(result.status == 0, "\(result)")
  }

  @Test("is clock-ahead, never fresh, in each format; a few minutes are nothing")
  func formats() throws {
    try report(minutesAhead: 4)
    #expect(try lab.weave(Self.status).contains("0s fresh"))
    try report(minutesAhead: 60 * 24 * 365 * 70)
    let table = try lab.weave(Self.status)
    #expect(table.contains("in-sync  clock-ahead") && table.contains("of these 1 clock-ahead"), "\(table)")
    let document = try lab.json(StatusDocument.self, Self.status + ["--json"])
    #expect(document.machines.map(\.freshness) == ["clock-ahead"])
    #expect(document.machines.map(\.ageSeconds) == [nil])
    #expect(try lab.weave(Self.status + ["--format", "markdown"]).contains("clock-ahead"))
    let junit = try lab.weave(Self.status + ["--format", "junit"])
    #expect(junit.contains("<error") && junit.contains("clock-ahead"), "\(junit)")
    let metrics = try lab.weave(["resolve", "-c", "pair", "--format", "prometheus"])
    #expect(metrics.contains("freshness=\"clock_ahead\"} 1") && metrics.contains("freshness=\"fresh\"} 0"))
    #expect(!metrics.contains("weave_machine_observed_timestamp_seconds{"), "\(metrics)")
  }

  @Test("fails --exit-code, by a word of --fail-on, until it reports by a right clock")
  func exitCode() throws {
    try report(minutesAhead: 6)
    #expect(try lab.run(Self.status + ["--exit-code"]).status == 4)
    #expect(try lab.run(Self.status + ["--exit-code", "--fail-on", "clock-ahead"]).status == 4)
    #expect(try lab.run(Self.status + ["--exit-code", "--fail-on", "stale"]).status == 0)
    try report(minutesAhead: 0)
    #expect(try lab.run(Self.status + ["--exit-code"]).status == 0)
  }

  @Test("is followed by an honest report of the same, here and at a hub")
  func outranked() throws {
    let hub = try lab.share()
    let bob = try lab.colleague("bob")
    let seen = "refs/weave/public/seen/toto"
    try report(minutesAhead: 60 * 24)
    try lab.weave("push")
    try bob.weave("pull")
    try report(minutesAhead: 0, in: bob.workspace)
    try bob.weave("push")
    #expect(try hub.git("rev-parse", seen) == bob.store.git("rev-parse", seen))
    try lab.weave("pull")
    #expect(try lab.store.git("rev-parse", seen) == hub.git("rev-parse", seen))
    #expect(try lab.weave(Self.status).contains("0s fresh"))
  }
}
