import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("lock adopts a resolution, and sha prints what is wanted", .inProcess)
struct LockTests {
  let lab: Lab

  init() throws { lab = try Self.template.copy() }

  private static let template = LabTemplate {
    let lab = try Lab.threeProjects()
    try lab.constellation()
    try lab.link("telperion@v2", "laurelin@v2", "narya@v2")
    return lab
  }

  private func sha(_ project: String, on machine: String = "toto") throws -> String {
    try lab.weave("sha", project, "--machine", machine)
  }

  @Test("without a lock, sha is the resolution's")
  func withoutLock() throws {
    #expect(try sha("laurelin") == lab.id("laurelin@v2"))
    try lab.link("telperion@v3", "laurelin@v3", "narya@v3")
    #expect(try sha("laurelin") == lab.id("laurelin@v3"))
  }

  @Test("with a lock, sha stays however the resolution moves")
  func withLock() throws {
    try lab.weave("lock")
    try lab.link("telperion@v3", "laurelin@v3", "narya@v3")
    #expect(try sha("laurelin") == lab.id("laurelin@v2"))
    let result = try lab.run(["resolve", "--machine", "toto"])
    #expect(try result.stdout.contains(lab.short("laurelin@v3")))
    #expect(result.stderr.contains("lock"))
  }

  @Test("a hold overrides the lock, for its machine and project alone")
  func holdOverrides() throws {
    try lab.weave("lock")
    try lab.constellation(
      Constellations.emeraldCity(toto: ", holds: [{ project: laurelin, at: v1, because: kernel }]"))
    #expect(try sha("laurelin") == lab.id("laurelin@v1"))
    #expect(try sha("telperion") == lab.id("telperion@v2"))
    #expect(try sha("laurelin", on: "barge") == lab.id("laurelin@v2"))
  }

  @Test("sha prints 40 hexadecimal digits and a line feed, and nothing else")
  func shaAlone() throws {
    let result = try lab.run(["sha", "laurelin", "--machine", "toto"])
    #expect(try result.stdout == lab.id("laurelin@v2") + "\n")
    #expect(result.stderr == "")
  }

  @Test("sha without a machine is that of the machine it runs on")
  func thisMachine() throws {
    let host = ProcessInfo.processInfo.hostName
    try lab.constellation(Constellations.emeraldCity.replacingOccurrences(of: "toto:", with: "\"\(host)\":"))
    #expect(try lab.weave("sha", "laurelin") == lab.id("laurelin@v2"))
  }

  @Test("sha of a set that was revoked ends with 5 and the reason, unless told --even-revoked")
  func unfitSha() throws {
    try lab.weave("lock")
    try lab.revoke("telperion@v2", "laurelin@v2", because: "DNS loops")
    let error = try lab.refusal(["sha", "laurelin", "--machine", "toto"], status: 5)
    #expect(error.contains("DNS loops"))
    #expect(try lab.weave("sha", "laurelin", "--machine", "toto", "--even-revoked") == lab.id("laurelin@v2"))
    #expect(try sha("laurelin", on: "barge") == lab.id("laurelin@v2"))
  }

  @Test("sha of an unknown machine or project names the nearest")
  func unknown() throws {
    #expect(try lab.refusal(["sha", "laurelin", "--machine", "totto"]).contains("'toto'"))
    #expect(try lab.refusal(["sha", "laurelinn", "--machine", "toto"]).contains("'laurelin'"))
    #expect(try lab.refusal(["sha", "narya", "--machine", "toto"]).contains("narya"))
  }

  @Test("lock prints the lock's id, a commit of the resolution's tree on a ref of its own")
  func onDisk() throws {
    let id = try lab.weave("lock", "-m", "before the holidays")
    #expect(try lab.store.git("rev-parse", "refs/weave/public/locks/emerald-city") == id)
    #expect(try lab.store.git("log", "-1", "--format=%B", id).contains("before the holidays"))
    #expect(
      try lab.store.git("show", id + ":barge")
        == "laurelin \(lab.id("laurelin@v2"))\nnarya \(lab.id("narya@v2"))")
  }

  @Test("--list has the newest first, and says which is in force")
  func list() throws {
    let first = try lab.weave("lock", "-m", "one")
    try lab.link("telperion@v3", "laurelin@v3", "narya@v3")
    let second = try lab.weave("lock", "-m", "two")
    let lines = try lab.weave("lock", "--list").split(separator: "\n")
    #expect(lines.count == 2)
    #expect(lines[0].hasPrefix(second.prefix(7)))
    #expect(lines[0].contains("in force"))
    #expect(lines[0].hasSuffix("two"))
    #expect(lines[1].hasPrefix(first.prefix(7)))
    #expect(!lines[1].contains("in force"))
  }

  @Test("--list of a constellation without locks is empty")
  func emptyList() throws {
    #expect(try lab.weave("lock", "--list") == "")
  }

  @Test("--show has every commit, of the lock in force or of the one named")
  func show() throws {
    let first = try lab.weave("lock")
    try lab.link("telperion@v3", "laurelin@v3", "narya@v3")
    try lab.weave("lock")
    #expect(try lab.weave("lock", "--show").contains("toto laurelin \(lab.id("laurelin@v3"))"))
    #expect(
      try lab.weave("lock", "--show", String(first.prefix(8))).contains(
        "toto laurelin \(lab.id("laurelin@v2"))"))
  }

  @Test("--show without a lock is an error")
  func showNothing() throws {
    #expect(try lab.refusal(["lock", "--show"]).contains("emerald-city has no lock"))
  }

  @Test("--restore adopts an earlier resolution again, as a new lock", arguments: [true, false])
  func restore(byResolution: Bool) throws {
    let first = try lab.weave("lock")
    let resolution = try lab.store.git("rev-parse", first + "^{tree}")
    try lab.link("telperion@v3", "laurelin@v3", "narya@v3")
    let second = try lab.weave("lock")
    let third = try lab.weave("lock", "--restore", byResolution ? resolution : first, "-m", "back")
    #expect(try lab.store.git("rev-parse", third + "^{tree}") == resolution)
    #expect(try lab.store.git("rev-list", "--first-parent", third).contains(second))
    #expect(try sha("laurelin") == lab.id("laurelin@v2"))
  }

  @Test("a lock that is unfit today is not restored, but with --even-revoked")
  func restoreUnfit() throws {
    let first = try lab.weave("lock")
    try lab.link("telperion@v3", "laurelin@v3", "narya@v3")
    try lab.weave("lock")
    try lab.revoke("telperion@v2", "laurelin@v2", because: "DNS loops")
    let error = try lab.refusal(["lock", "--restore", first], status: 5)
    #expect(error.contains("DNS loops"))
    #expect(error.contains("--even-revoked"))
    try lab.weave("lock", "--restore", first, "--even-revoked")
    #expect(
      try lab.weave("sha", "laurelin", "--machine", "toto", "--even-revoked") == lab.id("laurelin@v2"))
  }

  @Test("an id that names no lock is an error", arguments: ["ffffffff", "zz"])
  func unknownLock(id: String) throws {
    try lab.weave("lock")
    #expect(try lab.refusal(["lock", "--restore=\(id)"]).contains("has no lock '\(id)'"))
  }

  @Test("two constellations that want different commits on one machine: the second lock names both")
  func contradiction() throws {
    try lab.weave("lock", "-c", "emerald-city")
    try lab.constellation(
      """
      constellation: kansas
      projects: { laurelin: {} }
      roles: { dns: { projects: [laurelin] } }
      machines: { toto: { roles: [dns] } }
      """)
    let error = try lab.refusal(["lock", "-c", "kansas"])
    for part in ["kansas", "emerald-city", "toto", "laurelin@"] { #expect(error.contains(part)) }
  }

  @Test("two constellations that want the same of one machine can both be locked")
  func agreement() throws {
    try lab.weave("lock", "-c", "emerald-city")
    try lab.constellation(
      """
      constellation: kansas
      projects: { laurelin: { pin: v2 } }
      roles: { dns: { projects: [laurelin] } }
      machines: { toto: { roles: [dns] } }
      """)
    try lab.weave("lock", "-c", "kansas")
  }

  @Test("with two constellations stored, one must be named")
  func ambiguous() throws {
    try lab.constellation(
      Constellations.emeraldCity.replacingOccurrences(of: "emerald-city", with: "kansas"))
    let error = try lab.refusal(["lock"])
    #expect(error.contains("emerald-city"))
    #expect(error.contains("kansas"))
    #expect(error.contains("-c NAME"))
  }
}
