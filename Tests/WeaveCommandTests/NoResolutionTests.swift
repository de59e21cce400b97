import TestSupport
import Testing

@testable import LabSupport

@Suite("where nothing fits, what would help comes first, then what cannot hold together", .inProcess)
struct NoResolutionTests {
  let lab: Lab

  init() throws { lab = try Lab.threeProjects() }

  @Test("no link at all: the way to the first, the fewest links, the pairs")
  func noLinks() throws {
    try lab.constellation()
    #expect(
      try lab.words("resolve", status: 5) == """
        error: no set of commits fits on toto, barge
          nothing is linked; where a machine runs well:
            weave link --running MACHINE -m TEXT
          2 new links would do, once tested (the fewest there are):
            weave link laurelin@v4 narya@v4 -m TEXT
            weave link laurelin@v4 telperion@v4 -m TEXT
          no commits of laurelin and narya that can be picked are linked
          no commits of laurelin and telperion that can be picked are linked
        """)
    try lab.runOffered(try lab.refusal(["resolve"], status: 5), count: 2)
    #expect(try lab.words("resolve").hasSuffix("all 3 projects at the newest they may run"))
  }

  @Test("the secret of a URL in a revocation's reason is not shown")
  func secretOfReason() throws {
    try lab.constellation()
    try lab.link("telperion@v4", "laurelin@v4", "narya@v4")
    try lab.revoke(
      "telperion@v4", "laurelin@v4", because: "see https://oauth2:s3cr3tT0ken@h.example/issues/1")
    let said = try lab.words("resolve", status: 5)
    #expect(said.contains("see https://h.example/issues/1"), "\(said)")
    #expect(!said.contains("s3cr3tT0ken"), "\(said)")
  }

  @Test("links that lead nowhere together: the pairs, how many there are of each, and the newest")
  func conflict() throws {
    try lab.constellation(Constellations.trio)
    try lab.link("telperion@v4", "laurelin@v4")
    try lab.link("telperion@v3", "laurelin@v3")
    try lab.link("laurelin@v4", "narya@v3")
    try lab.link("telperion@v4", "narya@v4")
    #expect(
      try lab.words("resolve", status: 5) == """
        error: no set of commits fits on toto
          one new link would do, once tested:
            weave link laurelin@v4 narya@v4 -m TEXT
          these cannot all hold together:
            laurelin with narya: 1 linked, the newest laurelin@v4 narya@v3
            narya with telperion: 1 linked, the newest narya@v4 telperion@v4
        """)
    try lab.runOffered(try lab.refusal(["resolve"], status: 5), count: 1)
    #expect(try lab.words("resolve").hasSuffix("all 3 projects at the newest they may run"))
  }

  @Test("a revocation whose withdrawal would do, beside links")
  func revocation() throws {
    try lab.constellation(Constellations.pair())
    try lab.link("telperion@v3", "laurelin@v3")
    let revocation = try lab.revoke("telperion@v3", "laurelin@v3", because: "DNS loops")
    #expect(
      try lab.words("resolve", status: 5, events: ["REVOKED": revocation]) == """
        error: no set of commits fits on toto
          nothing is linked; where a machine runs well:
            weave link --running MACHINE -m TEXT
          one new link would do, once tested:
            weave link laurelin@v4 telperion@v4 -m TEXT
          or taking back this revocation, if it no longer holds:
            Cid Committer revoked laurelin@v3 telperion@v3: DNS loops
            weave reinstate REVOKED -m REASON
          no commits of laurelin and telperion that can be picked are linked
        """)
    let error = try lab.refusal(["resolve"], status: 5)
    let reinstate = try #require(error.split(separator: "\n").first { $0.contains("weave reinstate") })
    try lab.weave(reinstate.split(separator: " ").dropFirst().map(String.init))
    #expect(try lab.picks(on: "toto")["laurelin"] == lab.id("laurelin@v3"))
  }

  @Test("several revocations, of which one would have to go")
  func oneOfSeveral() throws {
    try lab.constellation(Constellations.pair())
    try lab.link("telperion@v3", "laurelin@v3")
    try lab.link("telperion@v2", "laurelin@v2")
    let first = try lab.revoke("telperion@v3", because: "DNS loops", minutesLater: -1)
    let second = try lab.revoke("laurelin@v2", because: "no route")
    let words = try lab.words("resolve", status: 5, events: ["FIRST": first, "SECOND": second])
    #expect(
      words.contains(
        """
          or taking back one of these revocations, if it no longer holds:
            Cid Committer revoked telperion@v3: DNS loops
            weave reinstate FIRST -m REASON
            Cid Committer revoked laurelin@v2: no route
            weave reinstate SECOND -m REASON
        """), "\(words)")
  }

  @Test("several revocations, which would all have to go")
  func allOfSeveral() throws {
    try lab.constellation(Constellations.pair(", pins: { telperion: v3, laurelin: v3 }"))
    try lab.link("telperion@v3", "laurelin@v3")
    let first = try lab.revoke("telperion@v3", because: "DNS loops", minutesLater: -1)
    let second = try lab.revoke("laurelin@v3", because: "no route")
    #expect(
      try lab.words("resolve", status: 5, events: ["FIRST": first, "SECOND": second]) == """
        error: no set of commits fits on toto
          what would do: taking back all of these revocations, if they no longer hold:
            Cid Committer revoked telperion@v3: DNS loops
            weave reinstate FIRST -m REASON
            Cid Committer revoked laurelin@v3: no route
            weave reinstate SECOND -m REASON
          every commit of telperion that can be picked is revoked (telperion@v3 is fixed)
          every commit of laurelin that can be picked is revoked (laurelin@v3 is fixed)
        """)
  }

  @Test("pins whose pair is not linked: what is fixed is said")
  func pins() throws {
    try lab.link("telperion@v3", "laurelin@v3")
    let text = Constellations.pair(", pins: { telperion: v1, laurelin: v2 }")
    #expect(
      try lab.words("resolve", "-c", "-", status: 5, input: text) == """
        error: no set of commits fits on toto
          one new link would do, once tested:
            weave link laurelin@v2 telperion@v1 -m TEXT
          no commits of laurelin and telperion that can be picked are linked (telperion@v1 is fixed, laurelin@v2 is fixed)
        """)
  }

  @Test("nothing but revoked commits: no link is offered")
  func allRevoked() throws {
    for number in 1...4 { try lab.revoke("telperion@v\(number)") }
    #expect(
      try lab.words("resolve", "-c", "-", status: 5, input: Constellations.pair()) == """
        error: no set of commits fits on toto
          every commit of telperion that can be picked is revoked
        """)
  }

  @Test(
    "why, propose and lock end as resolve does", arguments: [["why", "laurelin"], ["propose"], ["lock"]])
  func otherCommands(arguments: [String]) throws {
    try lab.constellation()
    #expect(try lab.refusal(arguments, status: 5) == lab.refusal(["resolve"], status: 5))
  }
}
