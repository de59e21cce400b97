import TestSupport
import Testing

@testable import LabSupport

@Suite("why, of several projects, reasons and branches", .inProcess)
struct WhyHistoryTests {
  let lab: Lab

  init() throws { lab = try Lab.threeProjects() }

  @Test("linked to every neighbour, and to no commits that are linked to each other and to the rest")
  func inconsistent() throws {
    try lab.constellation(Constellations.trio)
    try lab.link("telperion@v1", "laurelin@v1", "narya@v1")
    try lab.link("telperion@v4", "laurelin@v4")
    try lab.link("telperion@v4", "narya@v4")
    #expect(
      try lab.words("why", "telperion") == """
        telperion is v1 on toto, 3 commits behind HEAD
        no link to any commit of laurelin:
          v3  telperion 3
          v2  telperion 2
        linked to every neighbour, but to no commits that are linked to each other and to the rest:
          v4  telperion 4
        2 new links would let it be v4, all else unchanged. Once tested:
          weave link laurelin@v1 telperion@v4 -m TEXT
          weave link narya@v1 telperion@v4 -m TEXT
        """)
    #expect(try lab.reasons("telperion") == ["v4": "inconsistent", "v3": "unlinked", "v2": "unlinked"])
  }

  @Test("linked to commits that are linked to each other, and revoked together: by whom, when and why")
  func revokedTogether() throws {
    try lab.constellation(Constellations.trio)
    try lab.link("telperion@v3", "laurelin@v3", "narya@v3")
    try lab.link("telperion@v4", "laurelin@v4")
    try lab.link("telperion@v4", "narya@v4")
    try lab.link("laurelin@v4", "narya@v4")
    try lab.revoke("telperion@v4", "laurelin@v4", "narya@v4", because: "films stop")
    #expect(
      try lab.words("why", "telperion") == """
        telperion is v3 on toto, 1 commit behind HEAD
        linked to commits that are unfit together: Cid Committer revoked laurelin@v4 narya@v4 telperion@v4 on \
        2023-11-14 22:13: films stop:
          v4  telperion 4
        2 new links would let it be v4, all else unchanged. Once tested:
          weave link laurelin@v3 telperion@v4 -m TEXT
          weave link narya@v3 telperion@v4 -m TEXT
        """)
    #expect(try lab.reasons("telperion") == ["v4": "revoked-together"])
  }

  @Test("the cheapest reason comes first, and the newest commit of each")
  func cheapestFirst() throws {
    try lab.constellation(Constellations.pair())
    try lab.link("telperion@v4", "laurelin@v1")
    try lab.link("telperion@v1", "laurelin@v4")
    try lab.branchOff("laurelin", "side", from: "v1")
    try lab.link("telperion@v4", "laurelin@side")
    try lab.revoke("laurelin@v2")
    #expect(
      try lab.words("why", "laurelin") == """
        laurelin is v1 on toto, 3 commits behind HEAD
        linked, but HEAD of laurelin does not reach it:
          side  to side
        Cid Committer revoked laurelin@v2 on 2023-11-14 22:13: DNS loops:
          v2  laurelin 2
        no link to any commit of telperion:
          v3  laurelin 3
        would put telperion back from v4 to v1, by 3 commits:
          v4  laurelin 4
        1 new link would let it be v4, all else unchanged. Once tested:
          weave link laurelin@v4 telperion@v4 -m TEXT
        """)
    #expect(
      try lab.reasons("laurelin") == [
        "side": "unreachable", "v2": "revoked", "v3": "unlinked", "v4": "puts-back",
      ])
  }

  @Test("what the ref had before a branch was merged is no newer than the branch")
  func merged() throws {
    let laurelin = lab.source("laurelin")
    try laurelin.checkout("v2")
    try laurelin.checkout("topic", create: true)
    try laurelin.commit("on the topic", file: "other")
    try laurelin.checkout("main")
    try laurelin.merge("topic")
    try lab.weave("fetch")
    try lab.constellation(Constellations.pair())
    try lab.link("telperion@v4", "laurelin@topic")
    #expect(
      try lab.words("why", "laurelin") == """
        laurelin is topic on toto, 3 commits behind HEAD
        no link to any commit of telperion:
          main  merge topic
        no newer than topic: in HEAD before it, or merged along with it:
          v4  laurelin 4
          v3  laurelin 3
        1 new link would let it be main, all else unchanged. Once tested:
          weave link laurelin@main telperion@v4 -m TEXT
        """)
    #expect(try lab.reasons("laurelin") == ["main": "unlinked", "v4": "older", "v3": "older"])
  }

  @Test("more than ten commits of one reason are counted, and --json has them all")
  func many() throws {
    try lab.constellation(Constellations.pair())
    try lab.link("telperion@v4", "laurelin@v4")
    for number in 5...16 { try lab.source("laurelin").commit("laurelin \(number)") }
    try lab.weave("fetch")
    let lines = try lab.words("why", "laurelin").split(separator: "\n")
    #expect(lines[0] == "laurelin is v4 on toto, 12 commits behind HEAD")
    #expect(lines[12] == "  and 2 more; --json lists all")
    #expect(try lab.reasons("laurelin").count == 12)
  }

  @Test("machines that are resolved apart are told of apart, and --machine tells of one alone")
  func groups() throws {
    try lab.constellation(
      """
      constellation: groups
      projects: { telperion: {}, laurelin: {} }
      roles: { dns: { projects: [telperion, laurelin] } }
      machines:
        fleet: { roles: [dns] }
        odd: { roles: [dns], pins: { telperion: v1 } }
      """)
    try lab.link("telperion@v4", "laurelin@v4")
    try lab.link("telperion@v1", "laurelin@v3")
    let odd = """
      laurelin is v3 on odd, 1 commit behind HEAD
      linked only to commits of telperion that may not be picked:
        v4  laurelin 4
      1 new link would let it be v4, all else unchanged. Once tested:
        weave link laurelin@v4 telperion@v1 -m TEXT
      """
    #expect(try lab.words("why", "laurelin") == "laurelin is v4 on fleet, the newest of HEAD\n\n" + odd)
    #expect(try lab.words("why", "laurelin", "--machine", "odd") == odd)
    #expect(try lab.reasons("laurelin", "--machine", "odd") == ["v4": "linked-elsewhere"])
  }

  @Test("a project that no machine runs, and one that the machine does not, are errors that say so")
  func elsewhere() throws {
    try lab.constellation()
    try lab.link("telperion@v1", "laurelin@v1", "narya@v1")
    #expect(try lab.refusal(["why", "narya", "--machine", "toto"]).contains("narya does not run on toto"))
    #expect(try lab.refusal(["why", "naria"]).contains("did you mean 'narya'?"))
  }
}
