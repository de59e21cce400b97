import TestSupport
import Testing

@testable import LabSupport

@Suite("where nothing fits, which links are offered", .inProcess)
struct NoResolutionLimitsTests {
  let lab: Lab

  init() throws { lab = try Lab.threeProjects() }

  @Test("none of a pair that is revoked")
  func neverRevoked() throws {
    try lab.constellation(Constellations.pair())
    try lab.revoke("telperion@v4", "laurelin@v4")
    let error = try lab.refusal(["resolve"], status: 5)
    #expect(try lab.named(error).contains("weave link laurelin@v3 telperion@v4"))
    try lab.runOffered(error, count: 1)
    #expect(try lab.picks(on: "toto")["laurelin"] == lab.id("laurelin@v3"))
  }

  @Test("none older than the lock, though fewer of older commits would do")
  func neverOlderThanLock() throws {
    try lab.constellation(Constellations.trio)
    try lab.link("telperion@v3", "laurelin@v3", "narya@v3")
    try lab.weave("lock")
    try lab.revoke("telperion@v3", "laurelin@v3", "narya@v3")
    try lab.link("telperion@v1", "laurelin@v1")
    try lab.link("telperion@v1", "narya@v1")
    let error = try lab.refusal(["resolve"], status: 5)
    for old in ["v1", "v2"] { #expect(try !lab.named(error).contains("weave link laurelin@\(old)")) }
    try lab.runOffered(error, count: 3)
    #expect(try lab.words("resolve").contains("at the newest"))
  }

  @Test("without a lock, of the newest 50")
  func newestFifty() throws {
    try lab.constellation(Constellations.trio)
    try lab.link("telperion@v4", "laurelin@v4")
    try lab.link("telperion@v4", "narya@v4")
    let laurelin = lab.source("laurelin")
    for number in 5...53 { try laurelin.commit("laurelin \(number)") }
    try lab.weave("fetch")
    let within = try lab.refusal(["resolve"], status: 5)
    #expect(try lab.named(within).contains("weave link laurelin@v4 narya@v4"))
    try laurelin.commit("laurelin 54")
    try lab.weave("fetch")
    let beyond = try lab.refusal(["resolve"], status: 5)
    #expect(try !lab.named(beyond).contains("weave link laurelin@v4"))
    try lab.runOffered(beyond, count: 2)
    #expect(try lab.words("resolve").hasSuffix("all 3 projects at the newest they may run"))
  }

  @Test("of more than six pairs, six are named and the others counted")
  func manyPairs() throws {
    let lab = try Lab()
    try lab.weave("init")
    let names = ["ash", "elm", "fir", "ivy", "oak"]
    for name in names { try lab.addProject(name) }
    try lab.weave("fetch")
    let text = """
      constellation: wood
      projects: { ash: {}, elm: {}, fir: {}, ivy: {}, oak: {} }
      roles: { all: { projects: [\(names.joined(separator: ", "))] } }
      machines: { toto: { roles: [all] } }
      """
    let lines = try lab.words("resolve", "-c", "-", status: 5, input: text).split(separator: "\n")
    #expect(lines.count { $0.contains("that can be picked are linked") } == 6)
    #expect(lines.last == "  nor of 4 more pairs")
  }
}
