import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("An imported file")
struct ImportTests {
  private let lab: Lab

  init() throws { lab = try Lab.threeProjects() }

  private func write(_ text: String, to name: String) throws -> String {
    let path = lab.directory.appending(name)
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }

  private func west(_ projects: [(name: String, revision: String)]) throws -> String {
    try write(
      "manifest:\n  projects:\n"
        + projects.map {
          "    - {name: \($0.name), url: '\(lab.source($0.name).path)', revision: '\($0.revision)'}\n"
        }.joined(), to: "west.yml")
  }

  @Test("becomes a set with the file's name, of the commits it pins")
  func set() throws {
    let file = try west([("telperion", lab.id("telperion@v2")), ("narya", lab.id("narya@v1"))])
    try lab.weave("import", file)
    #expect(
      try lab.weave("set", "show", "west")
        == "narya \(lab.id("narya@v1"))\ntelperion \(lab.id("telperion@v2"))")
    try lab.check()
  }

  @Test("is refused where its checkout cannot be opened: its includes would be taken from another place")
  func unreadableCheckout() throws {
    let checkout = try TestRepository.create(at: lab.directory.appending("manifest"))
    try checkout.git("remote", "add", "origin", "https://git.example.com/org/manifest")
    try checkout.write(
      "<manifest><remote name='o' fetch='..'/><default remote='o' revision='main'/><project name='lib'/></manifest>",
      to: "default.xml")
    let file = checkout.path + "/default.xml"
    #expect(try lab.run("import", file).stderr.contains("lib  https://git.example.com/lib"))
    try checkout.git("config", "core.repositoryFormatVersion", "1")
    try checkout.git("config", "extensions.unheardOf", "true")
    let result = try lab.run("import", file)
    #expect(result.status == 1)
    #expect(result.stderr.contains("error: ") && result.stderr.contains(checkout.path), "\(result.stderr)")
    #expect(!result.stderr.contains("lib  "))
  }

  @Test("becomes a link where that is asked for")
  func link() throws {
    let file = try west([("telperion", lab.id("telperion@v2")), ("narya", lab.id("narya@v1"))])
    let id = try lab.weave("import", file, "--link", "-m", "as released")
    #expect(try lab.weave("show", id).contains("as released"))
    #expect(try lab.run("import", file, "--link").stderr.contains("--link needs -m TEXT"))
  }

  @Test("brings projects that the store does not know, once somebody says yes")
  func unknown() throws {
    let nenya = try lab.makeSource("nenya")
    let file = try write(
      """
      manifest:
        projects:
          - {name: telperion, url: '\(lab.source("telperion").path)', revision: '\(lab.id("telperion@v2"))'}
          - {name: nenya, url: 'https://git.example.org/nenya', revision: '\(nenya.one)'}
      """, to: "west.yml")
    let environment = try lab.withSourcesAtHost()
    let asked = try lab.run("import", file, environment: environment)
    #expect(asked.status == 1)
    #expect(asked.stderr.contains("names 1 project that the store does not know"))
    #expect(asked.stderr.contains("weave import --yes \(file)"))
    #expect(try lab.weave("set", "list") == "SET  COMMITS  MADE  WHY", "nothing is half done")
    #expect(try lab.run("import", file, "--yes", environment: environment).status == 0)
    #expect(try lab.weave("set", "show", "west").contains("nenya \(nenya.one)"))
    try lab.check()
  }

  @Test("is told what it pins to no commit, and the rest is recorded: exit 1")
  func problems() throws {
    let file = try west([
      ("telperion", lab.id("telperion@v2")), ("laurelin", "main"),
      ("narya", String(repeating: "0123abcd", count: 5)),
    ])
    let result = try lab.run("import", file)
    #expect(result.status == 1)
    #expect(
      result.stderr.contains("warning: laurelin is not pinned: 'main' is a branch, a tag or a shortened id"))
    #expect(result.stderr.contains("warning: narya has no commit 0123abc at its source: passed over"))
    #expect(try lab.weave("set", "show", "west") == "telperion \(lab.id("telperion@v2"))")
  }

  @Test("fetches what a known project has not here yet")
  func fetched() throws {
    let new = try lab.source("narya").commit("five")
    let file = try west([("telperion", lab.id("telperion@v2")), ("narya", new)])
    try lab.weave("import", file)
    #expect(try lab.weave("set", "show", "west").contains("narya \(new)"))
  }

  @Test("of hundreds of submodules beside thousands of files reads the tree once")
  func manyGitlinks() throws {
    let checkout = try TestRepository.create(at: lab.directory.appending("super"))
    let head = try lab.id("telperion@v1")
    let blob = try checkout.git(["hash-object", "-w", "--stdin"], input: [])
    var stream = (0..<5_000).map { "M 100644 \(blob) f\($0)\n" }.joined()
    stream += (0..<300).map { "M 160000 \(head) m\($0)\n" }.joined()
    try checkout.git(
      ["fast-import", "--quiet"],
      input: Array("commit refs/heads/main\ncommitter a <a@b> 1 +0000\ndata 1\nx\n\(stream)".utf8))
    let modules = (0..<300).map {
      "[submodule \"m\($0)\"]\n\tpath = m\($0)\n\turl = \(lab.source("telperion").path)\n"
    }
    try checkout.write(modules.joined(), to: ".gitmodules")
    let result = try lab.run(["import", checkout.path + "/.gitmodules"], cpuSeconds: 20)
    #expect(result.status == 0, "\(result)")
  }

  @Test("of submodules pins what the gitlinks of its repository say")
  func gitmodules() throws {
    let top = try TestRepository.create(at: lab.directory.appending("sources/top"))
    try top.write(
      "[submodule \"n\"]\n\tpath = deps/narya\n\turl = ../narya\n[submodule \"t\"]\n\tpath = t\n\turl = ../telperion\n",
      to: ".gitmodules")
    try top.git("add", ".gitmodules")
    try top.git("update-index", "--add", "--cacheinfo", "160000,\(lab.id("narya@v2")),deps/narya")
    try top.git("commit", "--quiet", "--message=deps")
    let result = try lab.run("import", "\(top.path)/.gitmodules")
    #expect(result.status == 1)
    #expect(result.stderr.contains("telperion is not pinned: the file gives no commit"))
    #expect(try lab.weave("set", "show", "gitmodules") == "narya \(lab.id("narya@v2"))")
  }

  @Test("of a later version, of no known name, or with nothing in it is refused")
  func refused() throws {
    let lock = try write("{\"version\": 8, \"root\": \"r\", \"nodes\": {}}", to: "flake.lock")
    #expect(try lab.refusal(["import", lock]).contains("it is of version 8, of which weave knows nothing"))
    let odd = try write("manifest: {}", to: "odd.yml")
    #expect(try lab.refusal(["import", odd]).contains("--format gitmodules|west|"))
    #expect(try lab.refusal(["import", odd, "--format", "west"]).contains("pins no commit of a project"))
    #expect(try lab.refusal(["import", lab.directory.appending("none")]).contains("there is no file"))
  }
}
