import TestSupport
import Testing

@testable import LabSupport

@Suite("`lock --show --format` speaks of what is wanted", .inProcess)
struct WantedFormatTests {
  private let lab: Lab

  init() throws {
    lab = try Lab.threeProjects()
    try lab.constellation()
    try lab.link("telperion@v2", "laurelin@v2", "narya@v2")
    try lab.weave("lock")
  }

  private func lines(_ arguments: String...) throws -> String {
    try lab.weave(["lock", "--show", "--format", "lines"] + arguments)
  }

  @Test("the lock in force, and not the resolution")
  func lock() throws {
    try lab.link("telperion@v3", "laurelin@v3", "narya@v3")
    #expect(try lines().contains("laurelin\t\(lab.id("laurelin@v2"))"))
  }

  @Test("with the pins and holds of today, and says so")
  func hold() throws {
    let lock = try lab.store.git("rev-parse", "refs/weave/public/locks/emerald-city")
    try lab.constellation(
      Constellations.emeraldCity(toto: ", holds: [{ project: laurelin, at: v1, because: kernel }]"))
    for format in ["lines", "json"] {
      let result = try lab.run("lock", "--show", "--format", format, "--machine", "toto")
      #expect(try result.stdout.contains(lab.id("laurelin@v1")))
      #expect(result.stderr.contains("wants other commits than the lock \(lock.prefix(7)) has"))
    }
    #expect(try lines(lock, "--machine", "toto").contains("laurelin\t\(lab.id("laurelin@v2"))"))
  }

  @Test("with a hold that the store records, whatever the constellation's file says")
  func recordedHold() throws {
    try lab.weave("hold", "toto", "laurelin@v1", "-m", "kernel")
    #expect(try lines("--machine", "toto").contains("laurelin\t\(lab.id("laurelin@v1"))"))
  }

  @Test("of an id as it was recorded")
  func recorded() throws {
    let first = try lab.store.git("rev-parse", "refs/weave/public/locks/emerald-city")
    try lab.link("telperion@v3", "laurelin@v3", "narya@v3")
    try lab.weave("lock")
    try lab.revoke("telperion@v2", "laurelin@v2")
    #expect(try lines(first).contains("laurelin\t\(lab.id("laurelin@v2"))"))
    #expect(try lines().contains("laurelin\t\(lab.id("laurelin@v3"))"))
  }

  @Test(
    "where that was revoked, ends with 5 and the reason", arguments: DeployFormatTests.formats)
  func unfit(format: String) throws {
    try lab.revoke("telperion@v2", "laurelin@v2", because: "DNS loops")
    let error = try lab.refusal(["lock", "--show", "--format", format], status: 5)
    #expect(error.contains("what toto should run is unfit"))
    #expect(error.contains("DNS loops"))
    try lab.weave("lock", "--show", "--format", format, "--machine", "barge")
    try lab.weave("lock", "--show", "--format", format, "--even-revoked")
  }

  @Test("without a lock is an error")
  func nothing() throws {
    try lab.constellation(Constellations.narya)
    #expect(
      try lab.refusal(["lock", "-c", "alone", "--show", "--format", "env"]).contains("alone has no lock"))
  }

  @Test("a machine that only the lock still names is in its answers")
  func goneMachine() throws {
    let lock = try lab.store.git("rev-parse", "refs/weave/public/locks/emerald-city")
    try lab.constellation(Constellations.emeraldCity.replacing("  barge: { roles: [media] }", with: ""))
    #expect(try lab.weave("lock", "--show", lock, "--format", "tfvars").contains("\"barge\""))
    #expect(try !lab.weave("lock", "--show", "--format", "tfvars").contains("\"barge\""))
  }

  @Test("--show --machine shows that machine only, for people and as JSON")
  func machine() throws {
    #expect(try !lab.weave("lock", "--show", "--machine", "barge").contains("toto"))
    #expect(try !lab.weave("lock", "--show", "--machine", "barge", "--json").contains("toto"))
    #expect(try lab.refusal(["lock", "--show", "--machine", "barg"]).contains("'barge'"))
  }
}
