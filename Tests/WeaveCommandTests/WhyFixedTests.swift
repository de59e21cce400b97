import TestSupport
import Testing

@testable import LabSupport

@Suite("why, of what is pinned or held", .inProcess)
struct WhyFixedTests {
  let lab: Lab

  init() throws { lab = try Self.template.copy() }

  private static let template = LabTemplate {
    let lab = try Lab.threeProjects()
    try lab.link("telperion@v4", "laurelin@v3")
    return lab
  }

  @Test("a hold: where, until when, stored by whom and when, and why")
  func hold() throws {
    try lab.constellation(
      Constellations.pair(
        ", holds: [{ project: laurelin, at: v3, because: kernel panics, until: 2999-01-01 }]"))
    #expect(
      try lab.words("why", "laurelin") == """
        laurelin is v3 on toto, 1 commit behind HEAD
        held at another commit on toto until 2999-01-01 (stored by Cid Committer on 2023-11-14 22:13): kernel panics:
          v4  laurelin 4
        """)
    #expect(try lab.reasons("laurelin") == ["v4": "held"])
  }

  @Test("a hold in a file that nobody stored has no author")
  func holdInFile() throws {
    let text = Constellations.pair(", holds: [{ project: laurelin, at: v3, because: kernel panics }]")
    #expect(
      try lab.words("why", "laurelin", "-c", "-", input: text) == """
        laurelin is v3 on toto, 1 commit behind HEAD
        held at another commit on toto: kernel panics:
          v4  laurelin 4
        """)
  }

  @Test("a machine's pin: where, and stored by whom and when")
  func machinePin() throws {
    try lab.constellation(Constellations.pair(", pins: { laurelin: v3 }"))
    #expect(
      try lab.words("why", "laurelin") == """
        laurelin is v3 on toto, 1 commit behind HEAD
        pinned to another commit on toto (stored by Cid Committer on 2023-11-14 22:13):
          v4  laurelin 4
        """)
    #expect(try lab.reasons("laurelin") == ["v4": "pinned"])
  }

  @Test("the constellation's pin")
  func pin() throws {
    try lab.constellation(Constellations.pair(projects: "{ telperion: {}, laurelin: { pin: v3 } }"))
    #expect(
      try lab.words("why", "laurelin") == """
        laurelin is v3 on toto, 1 commit behind HEAD
        pinned to another commit in the constellation (stored by Cid Committer on 2023-11-14 22:13):
          v4  laurelin 4
        """)
    #expect(try lab.reasons("laurelin") == ["v4": "pinned"])
  }

  @Test("a pin that the tracked ref does not reach: what the two have in common is not newer")
  func pinElsewhere() throws {
    let side = try lab.branchOff("laurelin", "side", from: "v2")
    try lab.link("telperion@v4", "laurelin@side")
    try lab.constellation(Constellations.pair(", pins: { laurelin: \(side) }"))
    #expect(
      try lab.words("why", "laurelin") == """
        laurelin is side on toto, 2 commits behind HEAD
        pinned to another commit on toto (stored by Cid Committer on 2023-11-14 22:13):
          v4  laurelin 4
          v3  laurelin 3
        """)
    #expect(try lab.reasons("laurelin") == ["v4": "pinned", "v3": "pinned"])
  }

  @Test("a guest's hold is the reason on the host that it is built with, and is said to be the guest's")
  func guestHold() throws {
    try lab.constellation(
      """
      constellation: pair
      projects: { telperion: {}, laurelin: {} }
      roles: { dns: { projects: [telperion, laurelin] } }
      machines:
        toto:
          roles: [dns]
          containers:
            dashy: { roles: [dns], with-host: true, holds: [{ project: laurelin, at: v3, because: kernel }] }
      """)
    #expect(
      try lab.words("why", "laurelin", "--machine", "toto") == """
        laurelin is v3 on toto, dashy@toto, 1 commit behind HEAD
        held at another commit on dashy@toto (stored by Cid Committer on 2023-11-14 22:13): kernel:
          v4  laurelin 4
        """)
    #expect(try lab.reasons("laurelin") == ["v4": "held"])
  }

  @Test("a free project's pin is all there is to say")
  func free() throws {
    let text = Constellations.pair(projects: "{ telperion: {}, laurelin: { pin: v2, free: true } }")
    #expect(try lab.words("why", "laurelin", "-c", "-", input: text) == "laurelin is v2 on toto")
  }
}
