import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("Exported commits", .inProcess)
struct ExportTests {
  private let lab: Lab
  private let wanted: [String]

  init() throws {
    lab = try Lab.threeProjects()
    try lab.weave("set", "release-1", "telperion@v1", "laurelin@v3", "narya@v2")
    wanted = [try lab.id("telperion@v1"), try lab.id("laurelin@v3"), try lab.id("narya@v2")]
  }

  @Test(
    "are checked out by west", .enabled(if: Peer.west.isInstalled, "west is not installed (pip install west)")
  )
  func west() throws {
    let manifest = try lab.scratch("work/manifest")
    try lab.export("release-1", format: "west", to: manifest + "/west.yml")
    let top = lab.directory.appending("work")
    try lab.peer("west", "init", "--local", "manifest", in: top)
    try lab.peer("west", "update", in: top)
    #expect(try lab.heads(in: top) == wanted)
  }

  @Test(
    "are checked out by vcstool",
    .enabled(if: Peer.vcs.isInstalled, "vcs is not installed (pip install vcstool)"))
  func vcs() throws {
    let top = try lab.scratch("work")
    let file = try lab.export("release-1", format: "vcs", to: top + "/release.repos")
    try lab.peer("vcs", "import", "--input", file, in: top)
    #expect(try lab.heads(in: top) == wanted)
  }

  @Test("are checked out by git submodule: `gitmodules` says from where, `gitlinks` which")
  func submodules() throws {
    let top = try TestRepository.create(at: lab.directory.appending("work"))
    try lab.export("release-1", format: "gitmodules", to: top.path + "/.gitmodules")
    let gitlinks = try lab.export("release-1", format: "gitlinks", to: lab.directory.appending("gitlinks"))
    try top.git("add", ".gitmodules")
    try top.git(["update-index", "--index-info"], input: Array(Data(contentsOf: URL(filePath: gitlinks))))
    try top.git("commit", "--quiet", "--message=release-1")
    let clone = lab.directory.appending("clone")
    try lab.peer("git", "clone", "--quiet", "--recurse-submodules", top.path, clone, in: top.path)
    #expect(try lab.heads(in: clone) == wanted)
    #expect(try TestRepository(at: clone).git("status", "--porcelain") == "")
  }

  @Test(
    "are the inputs of a flake that Nix evaluates",
    .enabled(if: Peer.nix.isInstalled, "nix is not installed (apt-get install nix-bin)"))
  func flake() throws {
    // One of a branch that is not the source's HEAD.
    let aside = try lab.branchOff("narya", "aside", from: "v2")
    try lab.weave("set", "release-2", "telperion@v1", "narya@aside")
    let top = try lab.scratch("work")
    try lab.export("release-2", format: "flake", to: top + "/flake.nix")
    let commits = try lab.peer(
      "nix", "--extra-experimental-features", "nix-command flakes", "eval", "--json", "path:\(top)#commits",
      in: top)
    #expect(commits == "{\"narya\":\"\(aside)\",\"telperion\":\"\(wanted[0])\"}")
  }

  private func evaluate(_ attribute: String, in flake: String, of lab: Lab) throws -> ProcessResult {
    try lab.runPeer(
      "nix",
      [
        "--extra-experimental-features", "nix-command flakes", "eval", "--json", "path:\(flake)#\(attribute)",
      ],
      in: flake)
  }

  @Test(
    .enabled(if: Peer.nix.isInstalled && HTTPServer.isInstalled, "nix, nginx or fcgiwrap is not installed"))
  func `are found by Nix at a host, also on a branch or a tag that is not the default one`() throws {
    let branch = try lab.branchOff("narya", "aside", from: "v2")
    let tagged = try lab.branchOff("telperion", "gone", from: "v1")
    try lab.source("telperion").git("tag", "kept", tagged)
    try lab.source("telperion").git("branch", "-D", "gone")
    try HTTPServer.run(of: lab.directory.appending("sources")) { server in
      var lab = lab
      lab.environment = lab.environment.with(server.environment)
      for name in ["narya", "telperion"] {
        try lab.weave("project", "set", name, "source", server.url("\(name)/.git"))
      }
      try lab.weave("fetch")
      try lab.weave("set", "release-2", "telperion@kept", "narya@aside")
      let top = try lab.scratch("work")
      try lab.export("release-2", format: "flake", to: top + "/flake.nix")
      let result = try evaluate("commits", in: top, of: lab)
      #expect(result.trimmed == "{\"narya\":\"\(branch)\",\"telperion\":\"\(tagged)\"}", "\(result.stderr)")
    }
  }

  @Test(
    .enabled(if: Peer.nix.isInstalled, "nix is not installed (apt-get install nix-bin)"),
    arguments: [
      "git://127.0.0.1:1/x", "git+ssh://git@127.0.0.1:1/x", "ssh+git://127.0.0.1:1/x", "http://127.0.0.1:1/x",
      "https://127.0.0.1:1/a[1]{b}|c^`%zz%", "ssh://git@[::1]:1/x", "git@[::1]:x[y]%",
    ])
  func `have a source that Nix reads, of whatever scheme that it fetches by`(source: String) throws {
    try lab.weave("project", "set", "narya", "source", source)
    let top = try lab.scratch("work")
    let file = try lab.export("release-1", format: "flake", to: top + "/flake.nix")
    // The others are not fetched: their inputs are nobody's.
    let text = try String(contentsOfFile: file, encoding: .utf8)
    let url = try #require(text.firstMatch(of: #/narya" = \{\s+url = ("[^"]*")/#)?.1)
    try "{ inputs.narya = { url = \(url); flake = false; }; outputs = inputs: { rev = inputs.narya.rev; }; }"
      .write(toFile: file, atomically: true, encoding: .utf8)
    let result = try lab.runPeer(
      "nix", ["--extra-experimental-features", "nix-command flakes", "flake", "metadata", "path:\(top)"],
      in: top)
    #expect(
      !result.stderr.contains("unsupported") && !result.stderr.contains("valid URL"), "\(result.stderr)")
  }

  @Test(arguments: ["ftp://ftp.example.org/narya", "ftps://ftp.example.org/narya"])
  func `are in no flake where Nix has no fetcher for a source, which is named`(source: String) throws {
    try lab.weave("project", "set", "narya", "source", source)
    let said = try lab.refusal(["export", "release-1", "--format", "flake"])
    #expect(said.contains("narya") && said.contains(source), "\(said)")
  }

  @Test("are checked out by the command that mani's file gives to clone")
  func mani() throws {
    let top = try lab.scratch("work")
    let file = try lab.export("release-1", format: "mani", to: top + "/mani.yaml")
    for line in try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n") {
      guard let command = line.wholeMatch(of: #/ +clone: "(.*)"/#)?.1 else { continue }
      try lab.peer("bash", "-c", String(command), in: top)
    }
    #expect(try lab.heads(in: top) == wanted)
  }

  @Test("are the same set when weave reads them back", arguments: ["west", "repo", "vcs"])
  func readBack(format: String) throws {
    let file = try lab.export("release-1", format: format, to: lab.directory.appending("file"))
    try lab.weave("import", file, "--format", format, "--set", "again")
    #expect(try lab.weave("set", "show", "again") == lab.weave("set", "show", "release-1"))
  }

  @Test("can be those of an event, a constellation or a machine")
  func selections() throws {
    try lab.constellation()
    let link = try lab.link("telperion@v1", "laurelin@v1", "narya@v1")
    func gitlinks(_ arguments: String...) throws -> String {
      try lab.weave(["export"] + arguments + ["--format", "gitlinks"])
    }
    let all = try gitlinks(String(link.prefix(9)))
    #expect(all.split(separator: "\n").count == 3)
    #expect(try gitlinks("-c", "emerald-city") == all)
    #expect(try gitlinks("--machine", "barge").split(separator: "\n").count == 2)
  }

  @Test("are refused in a format that there is none of, and what no set is called")
  func refused() throws {
    #expect(try lab.run("export", "release-1", "--format", "svn").stderr.contains("west"))
    #expect(
      try lab.refusal(["export", "relase-1", "--format", "west"]).contains("did you mean 'release-1'?"))
  }
}
