import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("What of a change of somebody else's waits, and what does not", .inProcess)
struct WaitingChangeTests: ConsentSuite {
  let consent: ConsentLab

  init() throws { consent = try ConsentLab() }

  private static let both = "[ci@example.org, ann@example.org]"

  @Test(
    "trust that is stronger counts at once, and one that is weaker in anything waits",
    arguments: [
      (both, "[ann@example.org]", true), (both, both + ", at-least: 2", true),
      ("[ci@example.org]", "[ci@example.org], locks: signed", true), (nil, "[ann@example.org]", true),
      ("[ci@example.org]", both, false), (both + ", at-least: 2", both, false),
      (both + ", at-least: 2", "[ci@example.org]", false),
      ("[ci@example.org], locks: signed", "[ci@example.org], locks: linked", false),
      ("[ci@example.org]", "[ann@example.org], locks: signed", false),
    ])
  func trust(former: String?, recorded: String, isStronger: Bool) throws {
    try lab.constellation(Constellations.trusting(former))
    try lab.weave("push")
    try bob.weave("pull")
    let used = try lab.weave("policy")
    try bobStores(Constellations.trusting(recorded))
    let result = try pull()
    #expect(result.stderr.contains("constellation/pair: its trust") != isStronger, "\(result.stderr)")
    #expect(try (lab.weave("policy") != used) == isStronger)
  }

  @Test("--policy says nothing of what machines run, so that this waits on")
  func policy() throws {
    try bobStores(Constellations.trusting(probe: "couplings: []\n"))
    try bob.weave("project", "set", "telperion", "source", lab.source("laurelin").path)
    try bob.weave("push")
    try pull()
    let used = try lab.weave("policy")
    let id = try #require(
      lab.colleague("carol").weave("policy").split(separator: "\n").last?.split(separator: " ").last)
    try pull("--policy", String(id))
    #expect(try lab.weave("policy") != used)
    #expect(try lab.weave("accept").hasPrefix("constellation/pair: what its machines run\n"))
    #expect(try resolved() == "v1")
  }

  @Test("`weave adopt` is a yes to the source that it records, as to one of a project that was there before")
  func adopt() throws {
    let other = try lab.makeSource("other", ["other"], tags: [])
    try bob.weave("project", "remove", "narya", "--force")
    try bob.weave("push")
    try pull()
    try lab.checkout("other", as: "narya")
    try lab.weave("adopt", "--yes")
    #expect(try lab.run("accept").stderr.contains("nothing waits"))
    #expect(try lab.weave("project", "list").contains(other.path))
    // And what somebody else makes of it is held against that.
    try lab.weave("push")
    try bob.weave("pull")
    try bob.weave("project", "set", "narya", "source", lab.source("laurelin").path)
    try bob.weave("push")
    #expect(try pull().stderr.contains("project/narya: its source"))
  }

  @Test(
    "an address waits also where more machines went than are remembered: all are held against the former text"
  )
  func manyMachines() throws {
    func text(_ machines: String) -> String {
      Constellations.pair(named: "many").replacing(/machines:.*/, with: "machines: { \(machines) }")
    }
    // Each takes some 750 bytes.
    let long = String(repeating: "\u{e9}", count: 92)
    try bobStores(
      text("toto: { roles: [dns], address: ody.example }, \"\(long)[10001:15600]\": { roles: [dns] }"))
    try pull()
    try bobStores(text("tata: { roles: [dns] }"))
    try pull()
    try bobStores(text("toto: { roles: [dns], address: evil.example }"))
    #expect(try pull().stderr.contains("constellation/many: the address of toto"))
  }
}
