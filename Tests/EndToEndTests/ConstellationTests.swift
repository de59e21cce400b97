import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("constellation stores what must run where")
struct ConstellationTests {
  let lab: Lab

  init() throws { lab = try Lab.threeProjects() }

  @Test("what was added is listed, shown as it was given, and used when it is the only one")
  func add() throws {
    let path = try lab.directory.write(Constellations.emeraldCity + "\n# a comment\n", to: "emerald.yaml")
    try lab.weave("constellation", "add", path)
    #expect(try lab.weave("constellation", "list") == "emerald-city")
    #expect(
      try lab.run(["constellation", "show", "emerald-city"]).stdout == Constellations.emeraldCity
        + "\n# a comment\n")
    try lab.link("telperion@v1", "laurelin@v1", "narya@v1")
    try lab.weave("resolve")
  }

  @Test("-c takes a path, a dash for standard input, or a name in the store, and all give one answer")
  func threeWays() throws {
    let path = try lab.directory.write(Constellations.emeraldCity, to: "emerald.yaml")
    try lab.link("telperion@v1", "laurelin@v1", "narya@v1")
    let byPath = try lab.weave("resolve", "-c", path)
    #expect(try lab.weave("resolve", "-c", "-", input: Constellations.emeraldCity) == byPath)
    try lab.constellation()
    #expect(try lab.weave("resolve", "-c", "emerald-city") == byPath)
  }

  @Test("a path is taken from where weave was started")
  func relativePath() throws {
    try lab.directory.write(Constellations.emeraldCity, to: "workspace/below/emerald.yaml")
    let result = try lab.run(["constellation", "add", "emerald.yaml"], in: lab.workspace + "/below")
    #expect(result.status == 0)
  }

  @Test("JSON with a priority is a constellation too")
  func json() throws {
    try lab.constellation(
      """
      {"constellation": "c", "priority": ["narya"], "projects": {"narya": {}},
       "roles": {"r": {"projects": ["narya"]}}, "machines": {"m": {"roles": ["r"]}}}
      """)
    #expect(try lab.picks(on: "m")["narya"] == lab.id("narya@v4"))
  }

  @Test("adding again replaces it, and the manifest keeps both versions")
  func versions() throws {
    try lab.constellation()
    let before = try lab.store.git("rev-list", "--count", "refs/weave/public/manifest")
    try lab.constellation(Constellations.emeraldCity + "\n  spare: {}")
    #expect(try lab.weave("constellation", "list") == "emerald-city")
    #expect(try lab.weave("constellation", "show", "emerald-city").hasSuffix("spare: {}"))
    let after = try lab.store.git("rev-list", "--count", "refs/weave/public/manifest")
    #expect(Int(after) == Int(before).map { $0 + 1 })
  }

  @Test("what was removed is gone, and its locks stay")
  func remove() throws {
    try lab.constellation()
    try lab.link("telperion@v1", "laurelin@v1", "narya@v1")
    let lock = try lab.weave("lock")
    try lab.weave("constellation", "remove", "emerald-city")
    #expect(try lab.weave("constellation", "list") == "")
    #expect(try lab.store.refs()["refs/weave/public/locks/emerald-city"] == lock)
  }

  @Test(
    "a name that is not stored is an error with the nearest one",
    arguments: [["resolve", "-c"], ["constellation", "show"]])
  func unknownName(command: [String]) throws {
    try lab.constellation()
    #expect(try lab.refusal(command + ["emerald-cty"]).contains("'emerald-city'"))
  }

  @Test("removing what is not stored is an error")
  func removeUnknown() throws {
    #expect(try lab.refusal(["constellation", "remove", "kansas"]).contains("'kansas'"))
  }

  @Test("a file that is not there is an error that names it")
  func noFile() throws {
    #expect(try lab.refusal(["constellation", "add", "/nowhere.yaml"]).contains("/nowhere.yaml"))
  }

  @Test("a project that the store does not know is an error with the nearest one")
  func unknownProject() throws {
    let error = try lab.refusal(
      ["constellation", "add", "-"],
      input: Constellations.emeraldCity.replacingOccurrences(of: "narya", with: "naria"))
    #expect(error.contains("'naria'"))
    #expect(error.contains("'narya'"))
  }

  @Test("no constellation at all is an error that says how to store one")
  func none() throws {
    #expect(try lab.refusal(["resolve"]).contains("weave constellation add FILE"))
  }

  @Test(
    "an error gives file, line and column, and what is wrong",
    arguments: [
      ("role: {}", "7:1:", "role"),
      ("machines: { a: { roles: [nds] } }", "7:", "dns"),
      ("machines: { a: { roles: [dns], holds: [{ project: telperion, at: v1 }] } }", "7:", "because"),
      ("machines: { a: { pins: { laurelinn: v1 } } }", "7:", "laurelin"),
      ("machines: { \"w-[1:9]\": {}, \"w-[5:12]\": {} }", "7:", "w-"),
      ("machines: { a: {}, a: {} }", "7:", "twice"),
      ("machines: { a: { roles: [dns] }", "7:", "YAML"),
      ("couplings: [[telperion, laurelinn]]", "7:", "laurelin"),
    ])
  func position(line: String, place: String, word: String) throws {
    let text = """
      constellation: c
      projects:
        telperion: {}
        laurelin: {}
      roles:
        dns: { projects: [telperion, laurelin] }
      \(line)
      """
    let path = try lab.directory.write(text + "\n", to: "bad.yaml")
    let error = try lab.refusal(["constellation", "add", path])
    #expect(error.contains("\(path):\(place)"), "\(error)")
    #expect(error.contains(word), "\(error)")
  }

  @Test("two roles that claim one thing on a machine are an error that names both")
  func claims() throws {
    let text = """
      constellation: c
      projects: { narya: {} }
      roles:
        web: { projects: [narya], claims: [port/tcp/443] }
        mail: { projects: [narya], claims: [port/tcp/443] }
      machines: { toto: { roles: [web, mail] } }
      """
    let error = try lab.refusal(["constellation", "add", "-"], input: text)
    for part in ["web", "mail", "port/tcp/443", "toto"] { #expect(error.contains(part), "\(error)") }
  }

  @Test("roles that need more than their machine has are an error that names them")
  func needs() throws {
    let text = """
      constellation: c
      projects: { narya: {} }
      roles:
        web: { projects: [narya], needs: { memory: 8GiB } }
        mail: { projects: [narya], needs: { memory: 9GiB } }
      machines: { toto: { roles: [web, mail], has: { memory: 16GiB } } }
      """
    let error = try lab.refusal(["constellation", "add", "-"], input: text)
    for part in ["web", "mail", "memory", "toto"] { #expect(error.contains(part), "\(error)") }
  }

  @Test("JSON without a priority is an error: its keys have no order")
  func jsonWithoutPriority() throws {
    let text = #"{"constellation": "c", "projects": {"narya": {}}, "machines": {}}"#
    #expect(try lab.refusal(["resolve", "-c", "-"], input: text).contains("priority"))
  }

  @Test(
    "aliases that form a cycle, or grow without end, are an error",
    arguments: [
      "machines: &m { a: *m }",
      "data: &a [*a]",
      "data: [&a [x,x,x,x,x,x,x,x,x], &b [*a,*a,*a,*a,*a,*a,*a,*a,*a], &c [*b,*b,*b,*b,*b,*b,*b,*b,*b], &d [*c,*c,*c,*c,*c,*c,*c,*c,*c], &e [*d,*d,*d,*d,*d,*d,*d,*d,*d], &f [*e,*e,*e,*e,*e,*e,*e,*e,*e], [*f,*f,*f,*f,*f,*f,*f,*f,*f]]",
    ])
  func cycle(line: String) throws {
    try lab.refusal(["constellation", "add", "-"], input: "constellation: c\nprojects: {}\n\(line)\n")
  }

  @Test(
    "bytes that are no UTF-8, and no bytes at all, are an error",
    arguments: [[0xff, 0xfe, 0x00], []] as [[UInt8]])
  func noText(bytes: [UInt8]) throws {
    let result = try runProcess(
      weaveExecutable, ["constellation", "add", "-"], in: lab.workspace,
      environment: lab.environment.variables,
      input: bytes)
    #expect(result.status == 1)
    #expect(result.stderr.hasPrefix("error: "))
    #expect(try lab.weave("constellation", "list") == "")
  }
}
