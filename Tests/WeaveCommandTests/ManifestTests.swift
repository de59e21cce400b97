import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("manifest prints what a machine should run and carry", .inProcess)
struct ManifestTests {
  let lab: Lab

  init() throws {
    lab = try Lab.threeProjects()
    try lab.link("telperion@v2", "laurelin@v2", "narya@v2")
    try lab.constellation(Constellations.hosts())
  }

  private struct Document: Decodable {
    struct Revision: Decodable, Equatable { let rev: String }
    struct Guest: Decodable { let projects: [String: Revision] }
    let schema, machine, constellation, resolution: String
    let lock: String?
    let projects: [String: Revision]
    let guests: [String: Guest]
  }

  private func manifest(_ arguments: String...) throws -> Document {
    try lab.json(Document.self, ["manifest"] + arguments)
  }

  @Test("with the guests that are built with it, and theirs")
  func guests() throws {
    let manifest = try manifest("--machine", "toto.canon")
    #expect(manifest.schema == "weave.manifest/1")
    #expect(manifest.projects["telperion"]?.rev == (try lab.id("telperion@v2")))
    #expect(Set(manifest.guests.keys) == ["dashy@toto.canon", "inner@dashy@toto.canon"])
    #expect(manifest.guests["dashy@toto.canon"]?.projects["narya"]?.rev == (try lab.id("narya@v2")))
  }

  @Test("an alias is as good as the name, and `weave.machine` as either")
  func names() throws {
    #expect(try manifest("--machine", "toto").machine == "toto.canon")
    try lab.store.git("config", "weave.machine", "toto")
    #expect(try manifest().machine == "toto.canon")
    #expect(try lab.weave("sha", "telperion") == lab.id("telperion@v2"))
    #expect(try lab.weave("sha", "narya", "--machine", "barge") == lab.id("narya@v2"))
  }

  @Test("an alias names the machine wherever one is named")
  func aliases() throws {
    let lock = try lab.weave("lock")
    let id = try lab.id("telperion@v2")
    #expect(try lab.weave("sha", "telperion", "--machine", "toto") == id)
    #expect(try lab.weave("resolve", "--machine", "toto", "--project", "telperion") == id)
    try lab.weave("set", "of-lock", lock, "--machine", "toto")
    try lab.weave("set", "wanted", "-c", "hosts", "--machine", "toto")
    for set in ["of-lock", "wanted"] { #expect(try lab.weave("set", "show", set, "--json").contains(id)) }
    #expect(try lab.run("fetch", "-c", "hosts", "--machine", "toto").status == 0)
  }

  @Test("what is wanted: the lock's, with today's holds, and the id of that")
  func wanted() throws {
    let free = try manifest("--machine", "toto")
    #expect(free.lock == nil)
    #expect(free.resolution == (try lab.resolution().resolution))
    try lab.weave("lock")
    try lab.link("telperion@v4", "laurelin@v4")
    let locked = try manifest("--machine", "toto")
    #expect(locked.lock == (try lab.store.git("rev-parse", "refs/weave/public/locks/hosts")))
    #expect(locked.resolution == free.resolution)
    #expect(locked.projects == free.projects)
    try lab.constellation(
      Constellations.hosts(toto: "\n    holds: [{ project: laurelin, at: v1, because: kernel }]"))
    let held = try manifest("--machine", "toto")
    #expect(held.projects["laurelin"]?.rev == (try lab.id("laurelin@v1")))
    #expect(held.resolution != locked.resolution)
  }

  @Test("one that is unfit is refused with the revocation's words, a guest's set too, unless --even-revoked")
  func unfit() throws {
    try lab.weave("lock")
    try lab.revoke("narya@v2", because: "loops at night")
    let error = try lab.refusal(["manifest", "--machine", "toto"], status: 5)
    #expect(error.contains("loops at night"))
    #expect(error.contains("dashy@toto.canon"))
    #expect(try manifest("--machine", "toto", "--even-revoked").guests.count == 2)
  }

  @Test("weave report reads it back, and its machine is in sync")
  func readBack() throws {
    let text = try lab.weave("manifest", "--machine", "toto")
    let result = try lab.run("report", "--from", "-", input: text)
    #expect(result.stderr.contains("toto.canon: report 1, changed"))
    #expect(result.stderr.contains("inner@dashy@toto.canon: report 1, changed"))
    for machine in ["toto.canon", "dashy@toto.canon"] {
      #expect(try lab.status(of: machine, constellation: "hosts").compliance == "in-sync")
    }
  }

  @Test("a machine that the constellation does not name is an error")
  func unknown() throws {
    #expect(try lab.refusal(["manifest", "--machine", "totto"]).contains("did you mean 'toto'?"))
  }
}
