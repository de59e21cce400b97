import TestSupport
import Testing

@testable import LabSupport

@Suite("why has one reason for each newer commit", .inProcess)
struct WhyTests {
  let lab: Lab

  init() throws { lab = try Self.template.copy() }

  /// toto runs telperion and laurelin, telperion first.
  private static let template = LabTemplate {
    let lab = try Lab.threeProjects()
    try lab.constellation(Constellations.pair())
    return lab
  }

  @Test("at the newest there is nothing to say")
  func newest() throws {
    try lab.link("telperion@v4", "laurelin@v4")
    #expect(try lab.words("why", "laurelin") == "laurelin is v4 on toto, the newest of HEAD")
    #expect(try lab.reasons("laurelin") == [:])
  }

  @Test("no link to the other project at all")
  func unlinked() throws {
    try lab.link("telperion@v4", "laurelin@v2")
    #expect(
      try lab.words("why", "laurelin") == """
        laurelin is v2 on toto, 2 commits behind HEAD
        no link to any commit of telperion:
          v4  laurelin 4
          v3  laurelin 3
        1 new link would let it be v4, all else unchanged. Once tested:
          weave link laurelin@v4 telperion@v4 -m TEXT
        """)
    #expect(try lab.reasons("laurelin") == ["v4": "unlinked", "v3": "unlinked"])
  }

  @Test("the tracked ref is called by its name, and does not reach what is linked")
  func unreachable() throws {
    try lab.branchOff("laurelin", "side", from: "v2")
    try lab.link("telperion@v4", "laurelin@side")
    try lab.link("telperion@v4", "laurelin@v4")
    try lab.constellation(Constellations.pair(projects: "{ telperion: {}, laurelin: { track: main } }"))
    #expect(
      try lab.words("why", "laurelin") == """
        laurelin is v4 on toto, the newest of main
        linked, but main of laurelin does not reach it:
          side  to side
        """)
    #expect(try lab.reasons("laurelin") == ["side": "unreachable"])
  }

  @Test("revoked by itself: by whom, when and why")
  func revoked() throws {
    try lab.link("telperion@v4", "laurelin@v4")
    try lab.link("telperion@v4", "laurelin@v3")
    try lab.revoke("laurelin@v4", because: "DNS loops\n\nafter a reboot")
    #expect(
      try lab.words("why", "laurelin") == """
        laurelin is v3 on toto, 1 commit behind HEAD
        Cid Committer revoked laurelin@v4 on 2023-11-14 22:13: DNS loops:
          v4  laurelin 4
        """)
    #expect(try lab.reasons("laurelin") == ["v4": "revoked"])
  }

  @Test("linked, and that link is revoked: by whom, when and why")
  func linkRevoked() throws {
    try lab.link("telperion@v4", "laurelin@v3")
    try lab.link("telperion@v4", "laurelin@v4")
    try lab.revoke("telperion@v4", "laurelin@v4", because: "DNS loops")
    #expect(
      try lab.words("why", "laurelin") == """
        laurelin is v3 on toto, 1 commit behind HEAD
        no link to telperion that holds: Cid Committer revoked laurelin@v4 telperion@v4 on 2023-11-14 22:13: DNS loops:
          v4  laurelin 4
        """)
    #expect(try lab.reasons("laurelin") == ["v4": "link-revoked"])
  }

  @Test("of several revocations within a link, it is that of the pair")
  func revocationOfPair() throws {
    try lab.constellation(Constellations.trio.replacing("trio", with: "pair"))
    try lab.link("telperion@v1", "laurelin@v1", "narya@v1")
    try lab.link("telperion@v4", "laurelin@v4", "narya@v4")
    try lab.revoke("telperion@v4", "laurelin@v4", because: "DNS loops")
    try lab.revoke("laurelin@v4", "narya@v4", because: "films stop")
    let telperion = try lab.words("why", "telperion")
    #expect(telperion.contains("DNS loops"))
    #expect(!telperion.contains("films stop"))
    let narya = try lab.words("why", "narya")
    #expect(narya.contains("films stop"))
    #expect(!narya.contains("DNS loops"))
    #expect(try lab.reasons("narya")["v4"] == "link-revoked")
  }

  @Test("linked only to commits that may not be picked")
  func linkedElsewhere() throws {
    let text = Constellations.pair(projects: "{ telperion: {}, laurelin: { pin: v2 } }")
    try lab.constellation(text)
    try lab.link("telperion@v3", "laurelin@v2")
    try lab.link("telperion@v4", "laurelin@v4")
    #expect(
      try lab.words("why", "telperion") == """
        telperion is v3 on toto, 1 commit behind HEAD
        linked only to commits of laurelin that may not be picked:
          v4  telperion 4
        1 new link would let it be v4, all else unchanged. Once tested:
          weave link laurelin@v2 telperion@v4 -m TEXT
        """)
    #expect(try lab.reasons("telperion") == ["v4": "linked-elsewhere"])
  }

  @Test("would put an earlier project back: from what, to what, by how many commits")
  func putsBack() throws {
    try lab.link("telperion@v4", "laurelin@v3")
    try lab.link("telperion@v1", "laurelin@v4")
    #expect(
      try lab.words("why", "laurelin") == """
        laurelin is v3 on toto, 1 commit behind HEAD
        would put telperion back from v4 to v1, by 3 commits:
          v4  laurelin 4
        1 new link would let it be v4, all else unchanged. Once tested:
          weave link laurelin@v4 telperion@v4 -m TEXT
        """)
    #expect(try lab.reasons("laurelin") == ["v4": "puts-back"])
  }
}
