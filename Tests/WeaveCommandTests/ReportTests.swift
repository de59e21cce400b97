import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("report records what a machine says that it runs", .inProcess)
struct ReportTests {
  let lab: Lab

  init() throws { lab = try Lab.threeProjects() }

  private func run(_ arguments: String..., input: String = "") throws -> ProcessResult {
    try lab.run(["report", "--machine"] + arguments, input: input)
  }

  private func count(_ ref: String) throws -> String { try lab.store.git("rev-list", "--count", ref) }

  @Test("each change gets the next number, and a commit of its own")
  func numbers() throws {
    for (number, tag) in ["v1", "v2", "v1"].enumerated() {
      let result = try run("toto", "telperion=\(lab.id("telperion@" + tag))")
      #expect(result.status == 0)
      #expect(result.stderr.contains("report \(number + 1), changed"))
    }
    #expect(try count("refs/weave/public/observed/toto") == "3")
  }

  @Test("the same again is no change, and replaces only when it was seen")
  func unchanged() throws {
    try lab.report("toto", "telperion@v1")
    let observed = try lab.store.git("rev-parse", "refs/weave/public/observed/toto")
    let seen = try lab.store.git("rev-parse", "refs/weave/public/seen/toto")
    var later = lab.environment
    later.setDate(TestEnvironment.epoch + 600)
    let result = try lab.run(
      ["report", "--machine", "toto", "telperion=\(lab.id("telperion@v1"))"], environment: later)
    #expect(result.stderr.contains("unchanged"))
    #expect(try lab.store.git("rev-parse", "refs/weave/public/observed/toto") == observed)
    #expect(try lab.store.git("rev-parse", "refs/weave/public/seen/toto") != seen)
    #expect(try count("refs/weave/public/seen/toto") == "1")
  }

  @Test("each machine counts for itself")
  func machines() throws {
    try lab.report("toto", "telperion@v1")
    try lab.report("toto", "telperion@v2")
    #expect(try run("barge", "telperion=\(lab.id("telperion@v1"))").stderr.contains("report 1"))
  }

  @Test("becoming dirty is a change")
  func dirty() throws {
    try lab.report("toto", "telperion@v1")
    let result = try run("toto", "telperion=\(lab.id("telperion@v1"))", "--dirty", "telperion")
    #expect(result.stderr.contains("report 2, changed"))
  }

  @Test("a project that is dirty must be reported")
  func strayDirty() throws {
    let error = try lab.refusal(
      ["report", "--machine", "toto", "telperion=\(lab.id("telperion@v1"))", "--dirty", "narya"])
    #expect(error.contains("narya"))
  }

  @Test("--from reads lines of a project and a commit, from a file or standard input")
  func from() throws {
    let lines = try "telperion \(lab.id("telperion@v1"))\nlaurelin \(lab.id("laurelin@v2"))\n"
    let path = try lab.directory.write(lines, to: "running")
    #expect(try run("toto", "--from", path).stderr.contains("report 1, changed"))
    #expect(try run("toto", "--from", "-", input: lines).stderr.contains("report 1, unchanged"))
    let arguments = try ["laurelin=\(lab.id("laurelin@v2"))", "telperion=\(lab.id("telperion@v1"))"]
    #expect(try lab.run(["report", "--machine", "toto"] + arguments).stderr.contains("report 1, unchanged"))
  }

  @Test("a line that is none is an error that gives its number")
  func badLine() throws {
    let lines = try "telperion \(lab.id("telperion@v1"))\nlaurelin\n"
    #expect(try lab.refusal(["report", "--machine", "toto", "--from", "-"], input: lines).contains(":2:"))
  }

  @Test("a commit that is no full id is an error", arguments: ["abc", "v1", "", "zz"])
  func shortID(id: String) throws {
    try lab.refusal(["report", "--machine", "toto", "telperion=\(id)"])
  }

  @Test("a project reported twice is an error")
  func twice() throws {
    let id = try lab.id("telperion@v1")
    #expect(
      try lab.refusal(["report", "--machine", "toto", "telperion=\(id)", "telperion=\(id)"]).contains(
        "telperion"))
  }

  @Test("nothing reported is an error")
  func nothing() throws {
    try lab.refusal(["report", "--machine", "toto"])
    try lab.refusal(["report", "--machine", "toto", "--from", "-"], input: "")
  }

  @Test(
    "what is no name of a machine is refused, named or in the report",
    arguments: ["a.\u{301}", "-\u{301}", "a\u{3164}", "a b", ".GIT", "a@-x", "a\u{D4E}/b"])
  func noName(machine: String) throws {
    let id = try lab.id("telperion@v1")
    #expect(
      try lab.refusal(["report", "--machine=\(machine)", "telperion=\(id)"]).contains("is no machine's name"))
    let manifest =
      #"{"schema": "weave.manifest/1", "machine": "\#(machine)", "projects": {"telperion": {"rev": "\#(id)"}}}"#
    #expect(
      try lab.refusal(["report", "--from", "-"], input: manifest).contains("is no machine's name"))
  }

  @Test(
    "any printable name of a machine is a ref of its own, and comes back as it was",
    arguments: ["toto.canon", "dashy@toto", "Toto", "x.lock", "ünter", "🌈", "x\u{301}"])
  func names(machine: String) throws {
    try lab.weave("report", "--machine", machine, "telperion=\(lab.id("telperion@v1"))")
    try lab.weave("report", "--machine", "other", "telperion=\(lab.id("telperion@v1"))")
    let refs = try lab.store.refs().keys.filter { $0.hasPrefix("refs/weave/public/observed/") }
    #expect(refs.count == 2)
    #expect(refs.allSatisfy { $0.split(separator: "/").count == 5 })
    let text = """
      constellation: c
      projects: { telperion: {} }
      roles: { r: { projects: [telperion] } }
      machines: { "\(machine)": { roles: [r] } }
      """
    let status = try lab.status(of: machine, constellation: "-", input: text)
    #expect(status.freshness == "fresh")
  }

  @Test("link --running ties what a machine was observed to run")
  func linkRunning() throws {
    try lab.report("toto", "telperion@v3", "laurelin@v2")
    try lab.weave("link", "--running", "toto", "-m", "has run for years")
    try lab.constellation()
    try lab.link("laurelin@v2", "narya@v1")
    #expect(try lab.picks(on: "toto")["telperion"] == lab.id("telperion@v3"))
  }

  @Test("a reported commit outlives its branch and a garbage collection")
  func kept() throws {
    let id = try lab.branchOff("telperion", "side")
    try lab.weave("report", "--machine", "toto", "telperion=\(id)")
    try lab.source("telperion").git("branch", "--quiet", "-D", "side")
    try lab.weave("fetch")
    try lab.collectGarbage()
    #expect(try lab.store.git("cat-file", "-t", id) == "commit")
  }
}
