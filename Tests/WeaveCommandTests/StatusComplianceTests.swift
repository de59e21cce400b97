import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("status -c says of each machine how it stands", .inProcess)
struct StatusComplianceTests {
  let lab: Lab

  init() throws { lab = try Self.template.copy() }

  private static let template = LabTemplate {
    let lab = try Lab.threeProjects()
    try lab.constellation()
    try lab.link("telperion@v2", "laurelin@v2", "narya@v2")
    try lab.weave("lock", "-m", "as of today")
    return lab
  }

  @Test("a machine that runs what is wanted is in-sync")
  func inSync() throws {
    try lab.report("toto", "telperion@v2", "laurelin@v2")
    let status = try lab.status(of: "toto")
    #expect(status.compliance == "in-sync")
    #expect(status.drift == ["telperion": "same", "laurelin": "same"])
    #expect(!status.untested)
  }

  @Test("a machine that never reported has no word, and its projects show what is wanted")
  func never() throws {
    let status = try lab.status(of: "toto")
    #expect(status.compliance == "-")
    #expect(status.freshness == "never")
    #expect(status.ageSeconds == nil)
  }

  @Test("an ancestor of what is wanted is behind, with the count that Git gives")
  func behind() throws {
    try lab.report("toto", "telperion@v1", "laurelin@v2")
    let status = try lab.status(of: "toto")
    #expect(status.compliance == "behind")
    let telperion = try status.project("telperion")
    #expect(telperion.drift == "behind")
    let count = try lab.store.git(
      "rev-list", "--count", "\(lab.id("telperion@v1"))..\(lab.id("telperion@v2"))")
    #expect(telperion.behind.map(String.init) == count)
    #expect(telperion.ahead == 0)
  }

  @Test("a descendant of what is wanted is ahead, with the count that Git gives")
  func ahead() throws {
    try lab.report("toto", "telperion@v4", "laurelin@v2")
    let status = try lab.status(of: "toto")
    #expect(status.compliance == "ahead")
    let telperion = try status.project("telperion")
    #expect(telperion.drift == "ahead")
    #expect(telperion.ahead == 2)
    #expect(telperion.behind == 0)
  }

  @Test("one project ahead and another behind is mixed")
  func mixed() throws {
    try lab.report("toto", "telperion@v4", "laurelin@v1")
    #expect(try lab.status(of: "toto").compliance == "mixed")
  }

  @Test("one project ahead and another missing is mixed")
  func mixedByMissing() throws {
    try lab.report("toto", "telperion@v4")
    let status = try lab.status(of: "toto")
    #expect(status.compliance == "mixed")
    #expect(status.drift["laurelin"] == "missing")
  }

  @Test("a project that is not reported is missing, and the machine behind")
  func missing() throws {
    try lab.report("toto", "telperion@v2")
    let status = try lab.status(of: "toto")
    #expect(status.compliance == "behind")
    #expect(status.drift == ["telperion": "same", "laurelin": "missing"])
  }

  @Test("a project that nobody wants there is extra, and changes nothing")
  func extra() throws {
    try lab.report("toto", "telperion@v2", "laurelin@v2", "narya@v1")
    let status = try lab.status(of: "toto")
    #expect(status.compliance == "in-sync")
    #expect(status.drift["narya"] == "extra")
  }

  @Test("a dirty project makes its machine drifted, even on the commit that is wanted")
  func dirty() throws {
    try lab.report("toto", "telperion@v2", "laurelin@v2", dirty: ["laurelin"])
    let status = try lab.status(of: "toto")
    #expect(status.compliance == "drifted")
    #expect(status.drift == ["telperion": "same", "laurelin": "dirty"])
  }

  @Test("a commit that the project has not got is foreign, and its machine drifted")
  func foreign() throws {
    let stranger = String(repeating: "1", count: 40)
    try lab.weave("report", "--machine", "toto", "telperion=\(stranger)", "laurelin=\(lab.id("laurelin@v2"))")
    let status = try lab.status(of: "toto")
    #expect(status.compliance == "drifted")
    #expect(status.drift["telperion"] == "foreign")
  }

  @Test("a commit beside what is wanted is forked, and its machine diverged")
  func forked() throws {
    try lab.branchOff("telperion", "side", from: "v1")
    try lab.report("toto", "telperion@side", "laurelin@v2")
    let status = try lab.status(of: "toto")
    #expect(status.compliance == "diverged")
    let telperion = try status.project("telperion")
    #expect(telperion.drift == "forked")
    #expect(telperion.ahead == 1)
    #expect(telperion.behind == 1)
  }

  @Test("another commit with the same files is same-tree, and its machine equivalent")
  func sameTree() throws {
    try lab.branchOff("telperion", "again", from: "v1", content: "telperion 2 of telperion\n")
    try lab.report("toto", "telperion@again", "laurelin@v2")
    let status = try lab.status(of: "toto")
    #expect(status.compliance == "equivalent")
    #expect(status.drift["telperion"] == "same-tree")
  }

  @Test("a machine on a commit that a hold wants is held")
  func held() throws {
    try lab.constellation(
      Constellations.emeraldCity(toto: ", holds: [{ project: laurelin, at: v1, because: kernel }]"))
    try lab.report("toto", "telperion@v2", "laurelin@v1")
    let status = try lab.status(of: "toto")
    #expect(status.compliance == "held")
    #expect(status.drift == ["telperion": "same", "laurelin": "same"])
  }

  @Test("a machine without roles is unassigned")
  func unassigned() throws {
    try lab.constellation(Constellations.emeraldCity + "\n  spare: {}")
    try lab.report("spare", "narya@v2")
    let status = try lab.status(of: "spare")
    #expect(status.compliance == "unassigned")
    #expect(status.drift == ["narya": "extra"])
  }

  @Test("a machine of a constellation that is not stored is unmanaged")
  func unmanaged() throws {
    try lab.report("toto", "telperion@v2", "laurelin@v2")
    let text = Constellations.emeraldCity.replacingOccurrences(of: "emerald-city", with: "elsewhere")
      .replacingOccurrences(of: "toto:", with: "winkie:")
    try lab.report("winkie", "telperion@v2", "laurelin@v2")
    #expect(try lab.status(of: "winkie", constellation: "-", input: text).compliance == "unmanaged")
  }

  @Test("a machine that runs a revoked set is incompatible, whatever else it is")
  func incompatible() throws {
    try lab.report("toto", "telperion@v2", "laurelin@v2", dirty: ["laurelin"])
    try lab.revoke("telperion@v2", "laurelin@v2")
    let status = try lab.status(of: "toto")
    #expect(status.compliance == "incompatible")
    #expect(status.drift["laurelin"] == "dirty")
  }

  @Test("an extra project counts for what is unfit")
  func incompatibleByExtra() throws {
    try lab.report("toto", "telperion@v2", "laurelin@v2", "narya@v1")
    try lab.revoke("telperion@v2", "narya@v1")
    #expect(try lab.status(of: "toto").compliance == "incompatible")
  }

  @Test("machines whose projects are coupled are incompatible together")
  func incompatibleByCoupling() throws {
    try lab.constellation(Constellations.emeraldCity + "\ncouplings: [[telperion, narya]]")
    try lab.report("toto", "telperion@v2", "laurelin@v2")
    try lab.report("barge", "narya@v2", "laurelin@v2")
    #expect(try lab.status(of: "toto").compliance == "in-sync")
    try lab.revoke("telperion@v2", "narya@v2")
    #expect(try lab.status(of: "toto").compliance == "incompatible")
    #expect(try lab.status(of: "barge").compliance == "incompatible")
  }

  @Test("machines whose projects are not coupled are not incompatible together")
  func notIncompatibleWithoutCoupling() throws {
    try lab.report("toto", "telperion@v2", "laurelin@v2")
    try lab.report("barge", "narya@v2", "laurelin@v2")
    try lab.revoke("telperion@v2", "narya@v2")
    #expect(try lab.status(of: "toto").compliance == "in-sync")
    #expect(try lab.status(of: "barge").compliance == "in-sync")
  }

  @Test("a pair that must be live and is not makes a machine untested beside its word")
  func untested() throws {
    try lab.report("toto", "telperion@v4", "laurelin@v2")
    let status = try lab.status(of: "toto")
    #expect(status.untested)
    #expect(try lab.weave("status", "-c", "emerald-city").contains("ahead untested"))
  }

  @Test("an incompatible machine comes with who revoked it, when and why")
  func revocationIsShown() throws {
    try lab.report("toto", "telperion@v2", "laurelin@v2")
    let id = try lab.revoke("telperion@v2", "laurelin@v2", because: "DNS loops after a reboot")
    let revocation = try #require(try lab.status(of: "toto").revocations.first)
    #expect(revocation.id == id)
    #expect(revocation.author == "Cid Committer")
    #expect(revocation.text.contains("DNS loops after a reboot"))
    let written = try lab.store.git("log", "-1", "--format=%at %ad", "--date=format:%Y-%m-%d", id).split(
      separator: " ")
    #expect(String(revocation.time) == written[0])
    let text = try lab.weave("status", "-c", "emerald-city")
    for part in ["Cid Committer", "DNS loops after a reboot", String(written[1])] {
      #expect(text.contains(part))
    }
  }

  @Test("the table has what a machine has and what is wanted, and ends with a summary")
  func table() throws {
    try lab.report("toto", "telperion@v4", "laurelin@v1")
    let lines = try lab.weave("status", "-c", "emerald-city").split(separator: "\n")
    let telperion = try #require(lines.first { $0.contains("telperion") })
    #expect(try telperion.contains(lab.short("telperion@v4")))
    #expect(try telperion.contains(lab.short("telperion@v2")))
    #expect(telperion.contains("ahead +2"))
    #expect(lines.last?.hasPrefix("2 machines: 1 mixed") == true)
  }

  @Test("the JSON names its schema, the constellation and the lock in force")
  func json() throws {
    let document = try lab.json(StatusDocument.self, "status", "-c", "emerald-city", "--json")
    #expect(document.schema == "weave.status/1")
    #expect(document.constellation == "emerald-city")
    #expect(try document.lock == lab.store.git("rev-parse", "refs/weave/public/locks/emerald-city"))
    #expect(document.machines.map(\.machine) == ["toto", "barge"])
  }

  @Test("status writes no ref")
  func writesNothing() throws {
    try lab.report("toto", "telperion@v2", "laurelin@v2")
    let before = try lab.store.refs()
    try lab.weave("status", "-c", "emerald-city")
    try lab.weave("status")
    #expect(try lab.store.refs() == before)
  }
}
