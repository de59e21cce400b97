import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("Adopting a folder of checkouts", .inProcess)
struct AdoptTests {
  private let lab: Lab

  init() throws {
    lab = try Lab()
    for name in ["telperion", "laurelin"] { _ = try lab.makeSource(name) }
  }

  private func projects() throws -> [String] {
    try lab.weave("project", "list").split(separator: "\n").dropFirst().map {
      String($0.prefix { $0 != " " })
    }
  }

  /// Every file of the checkout and its repository, with when it was written and how long it is.
  private func files(of checkout: TestRepository) throws -> [String] {
    try runProcess(
      "find", [".", "-printf", "%p %T@ %s\n"], in: checkout.path, environment: lab.environment.variables
    ).succeeded(["find"]).stdout.split(separator: "\n").map(String.init).sorted()
  }

  @Test(
    "`weave init --yes` in it gives a store that has each checkout's project, with its URL and its history")
  func checkouts() throws {
    try lab.checkout("telperion")
    try lab.checkout("laurelin", as: "Laurelin_2")
    let result = try lab.run("init", "--yes")
    #expect(result.status == 0, "\(result.stderr)")
    #expect(try projects() == ["laurelin-2", "telperion"])
    #expect(try lab.fetched("telperion", "HEAD") == lab.id("telperion@main"))
    #expect(try lab.fetched("telperion", "refs/tags/v1") == lab.id("telperion@v1"))
    #expect(try lab.weave("project", "list").contains(lab.source("telperion").path))
    try lab.check()
  }

  @Test("changes nothing in any checkout")
  func untouched() throws {
    let checkout = try lab.checkout("telperion")
    try checkout.write("changed\n", to: "file")
    let before = try files(of: checkout)
    try lab.weave("init", "--yes")
    #expect(try files(of: checkout) == before)
  }

  @Test("needs no source: the checkout has what was fetched from there")
  func offline() throws {
    try lab.checkout("telperion")
    try FileManager.default.moveItem(
      atPath: lab.source("telperion").path, toPath: lab.directory.appending("gone"))
    // The path must be one of a repository for `project add`; an address on a host need not answer.
    try TestRepository(at: "\(lab.workspace)/telperion").git(
      "remote", "set-url", "origin", "https://git.invalid/telperion.git")
    let result = try lab.run("init", "--yes")
    #expect(result.status == 0, "\(result.stderr)")
    #expect(lab.fetched("telperion", "refs/heads/main") != nil)
  }

  @Test("without a terminal and without --yes only lists what it found")
  func listed() throws {
    try lab.checkout("telperion")
    let result = try lab.run("init")
    #expect(result.status == 0)
    #expect(result.stderr.contains("telperion") && result.stderr.contains("`weave adopt --yes`"))
    #expect(try projects() == [])
    try lab.weave("adopt", "--yes")
    #expect(try projects() == ["telperion"])
  }

  @Test("--no-adopt looks at nothing")
  func notAdopted() throws {
    try lab.checkout("telperion")
    #expect(try !lab.run("init", "--no-adopt").stderr.contains("telperion"))
  }

  @Test("adopting again finds only what is new")
  func again() throws {
    try lab.checkout("telperion")
    try lab.weave("init", "--yes")
    #expect(try lab.run("adopt", "--yes").stderr.contains("Nothing is found"))
    try lab.checkout("laurelin")
    try lab.weave("adopt", "--yes")
    #expect(try projects() == ["laurelin", "telperion"])
  }

  @Test("a superproject in whose directory it is done is a project, and so are its submodules")
  func superproject() throws {
    let top = try TestRepository.create(at: lab.directory.appending("sources/lab"))
    for name in ["telperion", "laurelin"] {
      try top.git(
        "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", lab.source(name).path,
        "modules/\(name)")
    }
    try top.git("commit", "--quiet", "-m", "submodules")
    try FileManager.default.removeItem(atPath: lab.workspace)
    try TestRepository(at: lab.directory.path).git(
      "-c", "protocol.file.allow=always", "clone", "--quiet", "--recurse-submodules", top.path, lab.workspace)
    let result = try lab.run("init", "--yes")
    #expect(result.status == 0, "\(result.stderr)")
    #expect(try projects() == ["laurelin", "telperion", "workspace"])
    #expect(try lab.weave("links").contains("laurelin@"))
    #expect(try lab.weave("status", "--json").contains("modules/telperion"))
    #expect(try TestRepository(at: lab.workspace).git("status", "--porcelain") == "")
  }

  @Test("a project that only a manifest names is adopted by its URL")
  func manifest() throws {
    let west = """
      manifest:
        projects:
          - name: telperion
            url: https://git.example.org/telperion
            revision: main
      """
    try lab.directory.write(west, to: "workspace/west.yml")
    let result = try lab.run("init", "--yes", environment: lab.withSourcesAtHost())
    #expect(result.status == 0, "\(result.stderr)")
    #expect(try projects() == ["telperion"])
    #expect(lab.fetched("telperion", "refs/heads/main") != nil)
  }

  /// A repository among the files of telperion's checkout.
  private func makeRepositoryWithin(_ checkout: TestRepository) throws {
    try checkout.git("init", "--quiet", "--bare", checkout.path + "/b")
  }

  @Test(
    "a path of this machine that a manifest names is no project's source, however it is spelled",
    arguments: [
      "telperion/b", "{workspace}/telperion/b", "file://{workspace}/telperion/b",
      "file://localhost{workspace}/telperion/b",
      ".weave/.git", "{sources}/laurelin", "telperion/out", "git+file://{sources}/laurelin",
    ], ["https://git.example.org/telperion", nil])
  func path(spelling: String, origin: String?) throws {
    let checkout = try lab.checkout("telperion")
    if let origin { try checkout.git("remote", "set-url", "origin", origin) }
    try makeRepositoryWithin(checkout)
    try FileManager.default.createSymbolicLink(
      atPath: checkout.path + "/out", withDestinationPath: lab.source("laurelin").path)
    let url = spelling.replacing("{workspace}", with: lab.workspace)
      .replacing("{sources}", with: lab.directory.appending("sources"))
    try lab.directory.write(
      "manifest: {projects: [{name: x, url: '\(url)'}]}\n", to: "workspace/telperion/west.yml")
    let result = try lab.run("init", "--yes", environment: lab.withSourcesAtHost())
    #expect(result.status == 1 && result.stderr.contains("is a path of this machine"), "\(result.stderr)")
    #expect(try projects() == ["telperion"])
    let imported = try lab.run("import", lab.workspace + "/telperion/west.yml", "--yes")
    #expect(
      imported.status == 1 && imported.stderr.contains("is a path of this machine"), "\(imported.stderr)")
    #expect(try projects() == ["telperion"])
  }

  @Test(
    "what Git takes for an address of a host is none of this machine's, whatever is here of that name",
    arguments: ["x:y/../telperion/b", ".:y/../telperion/b", "git@git.example.org:telperion/b"])
  func address(url: String) throws {
    let checkout = try lab.checkout("telperion")
    try makeRepositoryWithin(checkout)
    for folder in ["x:y", ".:y", "git@git.example.org:telperion"] {
      try checkout.git("init", "--quiet", "--bare", lab.workspace + "/" + folder + "/b")
    }
    try lab.directory.write(
      "manifest: {projects: [{name: x, url: '\(url)'}]}\n", to: "workspace/telperion/west.yml")
    _ = try lab.run("init", "--yes", environment: lab.environment.with(["GIT_SSH_COMMAND": "false"]))
    #expect(lab.fetched("x", "HEAD") == nil)
    try lab.weave("remote", "add", "hub", url)
    #expect(try lab.store.git("config", "remote.hub.url") == url)
  }

  @Test("a repository that a manifest names behind a link out of the workspace is not adopted")
  func linked() throws {
    try FileManager.default.createDirectory(atPath: lab.workspace, withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(
      atPath: "\(lab.workspace)/out", withDestinationPath: lab.source("telperion").path + "/..")
    let west = """
      manifest:
        projects:
          - name: harmless
            path: out/telperion
            url: https://git.example.org/laurelin
      """
    try lab.directory.write(west, to: "workspace/west.yml")
    let said = try lab.run("init", "--yes", environment: lab.withSourcesAtHost())
    #expect((said.stdout + said.stderr).contains("out/telperion, which is elsewhere, behind a link"))
    #expect(try projects() == ["harmless"])
  }

  /// The project's files `.repo/manifests/default.xml`, and `more.xml` that it includes, in the directory.
  private func makeRepo(in directory: String, naming project: String) throws {
    try FileManager.default.createDirectory(
      atPath: "\(directory)/.repo/manifests", withIntermediateDirectories: true)
    let files = [
      "default.xml": "<manifest><include name='more.xml'/></manifest>",
      "more.xml": """
      <manifest><remote name='o' fetch='https://git.example.org'/>
      <project remote='o' name='\(project)'/></manifest>
      """,
    ]
    for (name, text) in files {
      try Data(text.utf8).write(to: URL(fileURLWithPath: "\(directory)/.repo/manifests/\(name)"))
    }
    try FileManager.default.createSymbolicLink(
      atPath: "\(directory)/.repo/manifest.xml", withDestinationPath: "manifests/default.xml")
  }

  @Test("the manifest of `repo`, which is a link to what stands beside it, is read with what it includes")
  func repo() throws {
    try makeRepo(in: lab.workspace, naming: "telperion")
    let result = try lab.run("init", "--yes", environment: lab.withSourcesAtHost())
    #expect(result.status == 0, "\(result.stderr)")
    #expect(try projects() == ["telperion"])
  }

  @Test(
    "no manifest of `repo`, and nothing that it includes, is read behind a link out of the workspace",
    arguments: [".repo", ".repo/manifest.xml", ".repo/manifests", ".repo/manifests/more.xml"])
  func linkedRepo(place: String) throws {
    let other = lab.directory.appending("other")
    try makeRepo(in: other, naming: "telperion")
    try makeRepo(in: lab.workspace, naming: "laurelin")
    try FileManager.default.removeItem(atPath: "\(lab.workspace)/\(place)")
    try FileManager.default.createSymbolicLink(
      atPath: "\(lab.workspace)/\(place)", withDestinationPath: "\(other)/\(place)")
    let said = try lab.run("init", "--yes")
    #expect(try projects() == [], "\(said.stdout)")
    #expect(
      (said.stdout + said.stderr).contains(
        place.hasSuffix("more.xml") || place.hasSuffix("manifests")
          ? "manifest.xml" : "a link to a file elsewhere: it is not read"),
      "\(said)")
  }

  @Test("two checkouts of one name get two names")
  func sameName() throws {
    for place in ["a/lib", "b/lib"] {
      let source = place.hasPrefix("a") ? "telperion" : "laurelin"
      try FileManager.default.createDirectory(
        atPath: "\(lab.workspace)/\(place.prefix(1))", withIntermediateDirectories: true)
      try lab.checkout(source, as: place)
    }
    try lab.weave("init", "--yes")
    #expect(try projects() == ["b-lib", "lib"])
    #expect(try lab.weave("status", "--json").contains("b/lib"))
  }

  @Test("what cannot be read is told in a line, the rest goes on, and the exit code is 1")
  func damaged() throws {
    try lab.checkout("telperion")
    try lab.directory.write("gitdir: /nowhere\n", to: "workspace/broken/.git")
    try lab.directory.write("projects: [\n", to: "workspace/mani.yaml")
    let result = try lab.run("init", "--yes")
    #expect(result.status == 1)
    #expect(result.stderr.contains("broken cannot be read") && result.stderr.contains("mani.yaml"))
    #expect(try projects() == ["telperion"])
  }

  @Test("a directory whose name is not UTF-8 is told and not looked into, and the rest goes on")
  func unnamable() throws {
    try lab.checkout("telperion")
    try lab.checkout("laurelin", as: "moved")
    try runProcess(
      "sh", ["-c", #"mkdir s && mv moved "s/$(printf 'a\377')" && mkdir "$(printf '\376')""#],
      in: lab.workspace, environment: lab.environment.variables
    ).succeeded(["sh"])
    let result = try lab.run("init", "--yes")
    #expect(result.status == 1)
    #expect(
      result.stderr.contains("s/a\u{fffd} is not looked into: its name is not UTF-8"), "\(result.stderr)")
    #expect(try projects() == ["telperion"])
    let again = try lab.run("adopt", "--yes")
    #expect(again.status == 1 && again.stderr.contains("s/a\u{fffd} is not looked into"), "\(again.stderr)")
  }

  @Test(
    "a checkout whose path Git's configuration cannot hold is told, and no other takes its place",
    arguments: ["\r", "\u{B}"])
  func lostPath(end: String) throws {
    try FileManager.default.createDirectory(
      atPath: "\(lab.workspace)/s", withIntermediateDirectories: true)
    try lab.checkout("telperion", as: "s/a" + end)
    let result = try lab.run("init", "--yes")
    #expect(result.stderr.contains("the checkout of a, is not recorded"), "\(result.stderr)")
    #expect(try projects() == ["a"])
    #expect(try !lab.store.git("config", "--list").contains("weave.a.checkout"))
  }

  @Test("a shallow checkout is adopted from its source")
  func shallow() throws {
    try TestRepository(at: lab.directory.path).git(
      "clone", "--quiet", "--depth=1", "file://" + lab.source("telperion").path, lab.workspace + "/telperion")
    try lab.weave("init", "--yes")
    #expect(try lab.holds(lab.id("telperion@v1")))
  }
}
