import TestSupport
import Testing

@testable import LabSupport

@Suite("weave reverse and affected", .inProcess)
struct WhereaboutsTests {
  let lab: Lab

  init() throws { lab = try Self.template.copy() }

  /// Two locks of emerald-city: v1 everywhere, then v2. toto runs v1, barge and a stranger v2.
  private static let template = LabTemplate {
    let lab = try Lab.threeProjects()
    try lab.constellation()
    try lab.link("telperion@v1", "laurelin@v1", "narya@v1")
    try lab.weave("lock")
    try lab.link("telperion@v2", "laurelin@v2", "narya@v2")
    try lab.weave("lock")
    try lab.report("toto", "telperion@v1", "laurelin@v1")
    try lab.report("barge", "laurelin@v2", "narya@v2")
    try lab.report("stranger", "laurelin@v2", "narya@v2")
    return lab
  }

  @Test("reverse names the machines that run a commit, those that should, and every lock that held it")
  func reverse() throws {
    let locks = try lab.locks(of: "emerald-city")
    let date = "[0-9: -]{16}"
    let now = try lab.weave("reverse", "laurelin@v2")
    let expected = try Regex(
      """
      laurelin@\(lab.short("laurelin@v2"))
      runs on: barge \\(0s ago\\), stranger \\(0s ago\\)
      wanted on: toto, barge \\(emerald-city\\)
      in the lock in force: emerald-city \(locks[0].prefix(7)), \(date): barge, toto
      """)
    #expect(now.wholeMatch(of: expected) != nil, "\(now)")
    let before = try lab.weave("reverse", "telperion@v1")
    #expect(before.contains("runs on: toto"), "\(before)")
    #expect(before.contains("wanted on: no machine"), "\(before)")
    #expect(before.contains("in the lock: emerald-city \(locks[1].prefix(7))"), "\(before)")
  }

  @Test("reverse takes the full id of a commit that nobody here has, since a machine may run it")
  func unknown() throws {
    let id = String(repeating: "5", count: 40)
    try lab.weave("report", "--machine", "toto", "laurelin=\(id)")
    #expect(try lab.weave("reverse", "laurelin@\(id)").contains("runs on: toto"))
    #expect(try lab.run("reverse", "laurelin@5555555").status == 1)
  }

  @Test("affected names who runs what was revoked, in a constellation or not, and of whom it is wanted")
  func affected() throws {
    try lab.revoke("laurelin@v2", "narya@v2", because: "loops")
    let shown = try lab.weave("affected")
    #expect(shown.contains("runs on: barge ("), "\(shown)")
    #expect(shown.contains(", stranger ("), "\(shown)")
    #expect(shown.contains("wanted on: barge (emerald-city)"), "\(shown)")
    #expect(try lab.weave("affected", lab.event("revoke")) == shown)
  }

  @Test("affected tells nothing of a revocation that touches nobody, and of one taken back what it would")
  func takenBack() throws {
    try lab.revoke("telperion@v3", "laurelin@v3")
    #expect(
      try lab.weave("affected") == "no machine runs anything that was revoked, and of none is it wanted")
    #expect(try lab.weave("affected", lab.event("revoke")).contains("runs on: no machine"))
    try lab.revoke("laurelin@v2", "narya@v2")
    let revocation = try lab.event("revoke")
    try lab.weave("reinstate", revocation, "-m", "it was the switch")
    #expect(try lab.weave("affected").hasPrefix("no machine"))
    let shown = try lab.weave("affected", revocation)
    #expect(shown.contains("taken back since; it would affect:"), "\(shown)")
    #expect(shown.contains("runs on: barge ("), "\(shown)")
  }

  @Test("affected refuses what is no revocation")
  func link() throws {
    let link = try lab.event("link")
    #expect(
      try lab.refusal(["affected", link]) == """
        error: \(link.prefix(7)) is no revocation
        hint: `weave log` lists the events, `weave show` tells of one

        """)
  }
}
