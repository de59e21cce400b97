import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("Commands about all projects, one of which is damaged", .inProcess)
struct DamagedProjectTests {
  private let lab: Lab

  init() throws {
    lab = try Lab.threeProjects()
    try lab.link("telperion@v1", "laurelin@v1", "narya@v1")
  }

  private func damageHead() throws {
    try Data("ref: refs/namespaces/narya/refs/heads/maix\n".utf8)
      .write(to: URL(fileURLWithPath: "\(lab.store.path)/refs/namespaces/narya/HEAD"))
  }

  private func loseTip() throws {
    let id = try lab.store.git("rev-parse", "refs/namespaces/narya/refs/heads/main")
    try FileManager.default.removeItem(atPath: "\(lab.store.path)/objects/\(id.prefix(2))/\(id.dropFirst(2))")
  }

  @Test("`project list` names one whose commit is lost, too")
  func lost() throws {
    try loseTip()
    let list = try lab.run("project", "list")
    #expect(list.status == 1)
    #expect(list.stderr.contains("error: cannot read the HEAD of narya"), "\(list.stderr)")
    #expect(list.stdout.contains(try lab.short("telperion@main")))
  }

  @Test("`project list` lists the others, names the one, and exits with 1", arguments: ["table", "json"])
  func list(form: String) throws {
    try damageHead()
    let list = try lab.run(["project", "list"] + (form == "json" ? ["--json"] : []))
    #expect(list.status == 1)
    #expect(list.stderr.contains("error: the HEAD of narya is damaged"), "\(list.stderr)")
    #expect(list.stderr.contains("`weave fetch narya`"), "\(list.stderr)")
    for project in ["laurelin", "telperion"] {
      #expect(
        list.stdout.contains(
          form == "json" ? try lab.id("\(project)@main") : try lab.short("\(project)@main")))
    }
    #expect(list.stdout.contains("narya"))
    #expect(!list.stdout.contains("not fetched") && !list.stdout.contains("no such ref"))
  }

  @Test("`graph` draws the links, names the one, and exits with 1")
  func graph() throws {
    try damageHead()
    let graph = try lab.run("graph")
    #expect(graph.status == 1)
    #expect(graph.stderr.contains("error: the HEAD of narya is damaged"), "\(graph.stderr)")
    #expect(graph.stdout.contains(try lab.short("telperion@v1")), "\(graph.stdout)")
  }

  @Test("`harvest` reads the others, names the one, and exits with 1", arguments: [true, false])
  func harvest(isHead: Bool) throws {
    if isHead { try damageHead() } else { try loseTip() }
    let harvest = try lab.run("harvest")
    #expect(harvest.status == 1)
    #expect(harvest.stderr.contains("error: "), "\(harvest.stderr)")
    #expect(harvest.stderr.contains("narya"))
    #expect(harvest.stderr.contains("laurelin: 4 commits"), "\(harvest.stderr)")
    #expect(harvest.stderr.contains("telperion: 4 commits"), "\(harvest.stderr)")
  }

  @Test("`status` of the workspace shows the others, as it asks for no history")
  func status() throws {
    try lab.checkout("telperion")
    try damageHead()
    #expect(try lab.weave("status").contains("telperion"))
  }

  @Test("`fetch` names the one, and says of another what Git refuses for it, and what to type")
  func fetch() throws {
    try loseTip()
    try lab.source("telperion").commit("three")
    let fetch = try lab.run("fetch")
    #expect(fetch.status == 1)
    #expect(fetch.stderr.contains("error: cannot read the HEAD of narya"), "\(fetch.stderr)")
    #expect(fetch.stderr.contains("laurelin ") && fetch.stderr.contains("(nothing new)"), "\(fetch.stderr)")
    #expect(fetch.stderr.contains("error: cannot fetch telperion"), "\(fetch.stderr)")
    #expect(fetch.stderr.contains("`weave fsck --repair` gets it"), "\(fetch.stderr)")
    try lab.weave("fsck", "--repair")
    try lab.weave("fetch")
    #expect(
      lab.fetched("telperion", "refs/heads/main")
        == lab.source("telperion").resolve("refs/heads/main"))
  }
}
