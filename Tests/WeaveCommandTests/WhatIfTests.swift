import TestSupport
import Testing

@testable import LabSupport

@Suite("what-if answers as if, and records nothing", .inProcess)
struct WhatIfTests {
  let lab: Lab

  init() throws { lab = try Self.template.copy() }

  private static let template = LabTemplate {
    let lab = try Lab.threeProjects()
    try lab.constellation(Constellations.pair())
    try lab.link("telperion@v2", "laurelin@v2")
    try lab.link("telperion@v1", "laurelin@v1")
    return lab
  }

  @Test("resolve --revoke: what it falls back to")
  func revoke() throws {
    let before = try lab.contents()
    #expect(
      try lab.words("what-if", "resolve", "--revoke", "telperion@v2") == """
        MACHINE  PROJECT    COMMIT   BEHIND  SUBJECT
        toto     telperion  v1  3       telperion 1
        toto     laurelin   v1  3       laurelin 1
        0 of 2 projects at the newest they may run; 1 new link would let all be
        """)
    #expect(try lab.contents() == before)
    #expect(try lab.picks(on: "toto")["telperion"] == lab.id("telperion@v2"))
  }

  @Test("resolve --revoke LINK: as revoke LINK would have it")
  func revokeLink() throws {
    let link = try lab.link("telperion@v3", "laurelin@v3")
    let supposed = try lab.weave("what-if", "resolve", "--json", "--revoke", link)
    try lab.weave("revoke", link, "-m", "loops")
    #expect(try lab.weave("resolve", "--json") == supposed)
  }

  @Test("resolve --link: what could run, as link would have it")
  func link() throws {
    let before = try lab.contents()
    let supposed = try lab.weave("what-if", "resolve", "--json", "--link", "telperion@v4", "laurelin@v4")
    #expect(try lab.contents() == before)
    try lab.link("telperion@v4", "laurelin@v4")
    #expect(try lab.weave("resolve", "--json") == supposed)
  }

  @Test("both at once, and with other options of resolve")
  func both() throws {
    let result = try lab.run([
      "what-if", "resolve", "--revoke", "telperion@v2", "laurelin@v2", "--link", "telperion@v2",
      "laurelin@v3", "--machine", "toto", "--project", "laurelin",
    ])
    #expect(try result.stdout == lab.id("laurelin@v3") + "\n")
  }

  @Test("where nothing would fit, it ends with 5, and what is only supposed is not to be reinstated")
  func nothingFits() throws {
    let before = try lab.contents()
    #expect(
      try lab.words(
        "what-if", "resolve", "--revoke", "laurelin@v2", "telperion@v2", "--link", "laurelin@v4",
        "telperion@v1"
      ).contains("toto     telperion  v1"))
    let pinned = Constellations.pair(", pins: { telperion: v2, laurelin: v2 }")
    #expect(
      try lab.words("what-if", "resolve", "-c", "-", "--revoke", "telperion@v2", status: 5, input: pinned)
        == """
        error: no set of commits fits on toto
          every commit of telperion that can be picked is revoked (telperion@v2 is fixed)
        """)
    #expect(try lab.contents() == before)
  }

  @Test("a link of what is revoked would change nothing, and is refused with the reason")
  func linkOfRevoked() throws {
    try lab.revoke("telperion@v4", because: "DNS loops")
    let error = try lab.refusal(
      ["what-if", "resolve", "--link", "telperion@v4", "laurelin@v4"], status: 5)
    #expect(error.contains("DNS loops"))
  }

  @Test("status --revoke: which machines would be incompatible")
  func status() throws {
    try lab.weave("lock")
    try lab.report("toto", "telperion@v2", "laurelin@v2")
    #expect(try lab.run(["status", "-c", "pair", "--exit-code"]).status == 0)
    let before = try lab.contents()
    let result = try lab.run([
      "what-if", "status", "-c", "pair", "--exit-code", "--revoke", "telperion@v2", "laurelin@v2",
    ])
    #expect(result.status == 5)
    #expect(result.stdout.contains("incompatible"))
    #expect(result.stderr.contains("`weave what-if resolve` shows what fits\n"))
    #expect(try lab.contents() == before)
    #expect(try lab.run(["status", "-c", "pair", "--exit-code"]).status == 0)
  }

  @Test("status --link: what would no longer be untested")
  func statusLink() throws {
    try lab.report("toto", "telperion@v4", "laurelin@v4")
    let status = ["status", "-c", "pair", "--exit-code", "--fail-on", "untested"]
    #expect(try lab.run(status).status == 2)
    #expect(try lab.run(["what-if"] + status + ["--link", "telperion@v4", "laurelin@v4"]).status == 0)
  }

  @Test("nothing supposed is a wrong usage", arguments: [["resolve"], ["status", "-c", "pair"]])
  func nothing(arguments: [String]) throws {
    #expect(try lab.refusal(["what-if"] + arguments).contains("--link or --revoke"))
  }

  @Test("two revocations are not taken for one of both", arguments: ["--link", "--revoke"])
  func twice(option: String) throws {
    let error = try lab.refusal([
      "what-if", "resolve", option, "telperion@v2", option, "laurelin@v1",
    ])
    #expect(error.contains("\(option) is given twice"))
  }

  @Test("it offers no lock of what is only supposed")
  func lock() throws {
    try lab.weave("lock")
    let result = try lab.run(["what-if", "resolve", "--revoke", "telperion@v2"])
    #expect(try lab.named(result.stderr).hasPrefix("note: the lock LOCK wants other commits on toto\n"))
  }
}

extension Lab {
  /// Every ref of the store, and every object.
  func contents() throws -> [String] {
    let objects = try store.git("cat-file", "--batch-all-objects", "--batch-check", "--unordered")
    return try store.refs().map { "\($0.key) \($0.value)" }.sorted()
      + objects.split(separator: "\n").map(String.init).sorted()
  }
}
