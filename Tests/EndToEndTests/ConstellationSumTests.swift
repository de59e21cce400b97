import TestSupport
import Testing

@testable import LabSupport

@Suite("Stored constellations that are too much together")
struct ConstellationSumTests {
  let lab: Lab

  /// A small one, and three that anybody can push.
  init() throws {
    lab = try Lab.threeProjects()
    try lab.constellation()
    try lab.link("telperion@v1", "laurelin@v1", "narya@v1")
    for name in ["one", "two", "three"] { try lab.constellationByHand(Self.large(name), as: name) }
  }

  private static func large(_ name: String) -> String {
    "constellation: \(name)\nprojects: {telperion: {}}\nroles: {r: {projects: [telperion]}}\n"
      + "machines: {\"\(name)-[1:\(name == "two" ? 99_999 : 90_000)]\": {roles: [r]}}\n"
  }

  @Test(
    "stop who adds up over all at once, by an error that names the largest and what to do",
    arguments: [["status"], ["reverse", "telperion@v1"]])
  func addingUp(arguments: [String]) throws {
    let result = try lab.run(arguments, cpuSeconds: 5)
    #expect(result.status == 1)
    let error = result.stderr
    #expect(error.contains("come to more than 200,000 machines; the largest: 'two'"), "\(error)")
    #expect(error.contains("`-c NAME` asks about one alone; `weave constellation remove two`"), "\(error)")
  }

  @Test("stop nobody who asks about one")
  func one() throws {
    for arguments in [["resolve"], ["status"], ["sha", "telperion", "--machine", "toto"], ["lock"]] {
      let result = try lab.run(arguments + ["-c", "emerald-city"])
      #expect(result.status == 0 && !result.stderr.contains("not read"), "\(arguments): \(result)")
    }
  }

  @Test("are listed at once, and checked, and the largest are named, not read")
  func listed() throws {
    let list = try lab.run(["constellation", "list"], cpuSeconds: 5)
    #expect(list.stdout == "emerald-city\none (not read)\nthree (not read)\ntwo (not read)\n")
    #expect(list.stderr.contains("the stored constellation 'two' is not read: "), "\(list.stderr)")
    #expect(list.stderr.contains("`weave constellation remove two`"), "\(list.stderr)")
    let fsck = try lab.run("fsck")
    #expect(fsck.status == 1)
    #expect((fsck.stdout + fsck.stderr).contains("'two' is not read"), "\(fsck)")
  }

  @Test("keep nobody from revoking and reporting; what is left out is said")
  func recording() throws {
    let report = try lab.run("report", "--machine", "toto", "telperion=\(try lab.id("telperion@v1"))")
    #expect(report.status == 0 && report.stderr.contains("'two' is not read"), "\(report)")
    let revocation = try lab.run("revoke", "telperion@v2", "-m", "broken")
    #expect(revocation.status == 0 && revocation.stderr.contains("'two' is not read"), "\(revocation)")
  }

  @Test("are no more too much when one is removed")
  func removed() throws {
    try lab.weave("constellation", "remove", "two")
    #expect(try lab.weave("constellation", "list") == "emerald-city\none\nthree")
  }
}
