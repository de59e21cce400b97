import TestSupport
import Testing

@testable import LabSupport

@Suite(
  "Nix takes a resolution", .inProcess,
  .enabled(if: Peer.nix.isInstalled, "nix is not installed (apt-get install nix-bin)"))
struct NixFormatTests {
  private let lab: Lab

  /// Two flakes, of which telperion has laurelin among its inputs and is locked to its first commit, and narya, which
  /// is no flake. All are linked at their newest.
  init() throws {
    lab = try Lab()
    try lab.weave("init")
    let laurelin = try TestRepository.create(at: lab.source("laurelin").path)
    func commit(_ repository: TestRepository, _ flake: String, tag: String) throws {
      try repository.write(flake, to: "flake.nix")
      try repository.git("add", "--all")
      try repository.git("commit", "--quiet", "--message=\(tag)")
      try repository.tag(tag)
    }
    try commit(laurelin, "{ outputs = inputs: { light = 1; }; }\n", tag: "v1")
    let telperion = try TestRepository.create(at: lab.source("telperion").path)
    try telperion.write(
      """
      {
        inputs.golden.url = "git+file://\(laurelin.path)";
        outputs = { self, golden }: { light = golden.light; golden = golden.rev; own = self.rev; };
      }
      """, to: "flake.nix")
    try telperion.git("add", "--all")
    try Self.nix(lab, "flake", "lock", telperion.path)
    try commit(telperion, try telperion.git("show", ":flake.nix"), tag: "v1")
    try commit(laurelin, "{ outputs = inputs: { light = 2; }; }\n", tag: "v2")
    try lab.addProject("narya")
    for project in ["laurelin", "telperion"] {
      try lab.weave("project", "add", project, lab.source(project).path)
    }
    try lab.weave("fetch")
    try lab.constellation(Constellations.emeraldCity)
    try lab.link("telperion@v1", "laurelin@v2", "narya@main")
  }

  @discardableResult
  private static func nix(_ lab: Lab, _ arguments: String...) throws -> String {
    let options = [
      "--extra-experimental-features", "nix-command flakes", "--offline", "--option", "sandbox", "false",
    ]
    return try lab.runPeer("nix", options + arguments, in: lab.directory.path)
      .succeeded(["nix"] + arguments).trimmed
  }

  /// What `attribute` of the flake that weave makes evaluates to, as JSON.
  private func evaluate(_ attribute: String, _ arguments: String...) throws -> String {
    let flake = try lab.weave(["resolve", "--format", "nix-flake"] + arguments)
    let directory = try lab.scratch("wrapper")
    try flake.write(toFile: directory + "/flake.nix", atomically: true, encoding: .utf8)
    return try Self.nix(lab, "eval", "--json", "path:\(directory)#\(attribute)")
  }

  private func revs() throws -> String {
    try "{\"laurelin\":\"\(lab.id("laurelin@v2"))\",\"narya\":\"\(lab.id("narya@main"))\","
      + "\"telperion\":\"\(lab.id("telperion@v1"))\"}"
  }

  @Test("as a flake, which says the commits that it evaluates", arguments: [[], ["--from-source"]])
  func flake(options: [String]) throws {
    let directory = try lab.scratch("wrapper")
    let flake = try lab.weave(["resolve", "--format", "nix-flake"] + options)
    try flake.write(toFile: directory + "/flake.nix", atomically: true, encoding: .utf8)
    #expect(try Self.nix(lab, "eval", "--json", "path:\(directory)#weave.revs") == revs())
    #expect(
      try Self.nix(lab, "eval", "--raw", "path:\(directory)#weave.id") == lab.resolution().resolution)
  }

  @Test("and an input that is a project has the wanted commit too, whatever the project's lock file says")
  func follows() throws {
    #expect(try evaluate("projects.telperion.golden") == "\"\(lab.id("laurelin@v2"))\"")
    #expect(try evaluate("projects.telperion.light") == "2")
  }

  @Test("with --root the outputs are that project's, which still knows its own commit")
  func root() throws {
    #expect(try evaluate("own", "--root", "telperion") == "\"\(lab.id("telperion@v1"))\"")
    #expect(try evaluate("golden", "--root", "telperion") == "\"\(lab.id("laurelin@v2"))\"")
    #expect(try evaluate("weave.revs", "--root", "telperion") == revs())
  }

  @Test("--root of what is no flake, or runs nowhere, is an error")
  func noRoot() throws {
    #expect(
      try lab.refusal(["resolve", "--format", "nix-flake", "--root", "narya"]).contains("has no flake.nix"))
    #expect(
      try lab.refusal(["resolve", "--format", "nix-flake", "--root", "narya", "--machine", "toto"])
        .contains("no machine that is asked about runs it"))
  }

  @Test("as arguments that override the inputs of the flake that is built")
  func overrides() throws {
    let arguments = try lab.weave("resolve", "--format", "nix-args", "--root", "telperion")
      .split(separator: "\n").map(String.init)
    #expect(arguments.prefix(2) == ["--override-input", "golden"])
    #expect(arguments.count == 3)
    let url = "git+file://\(lab.source("telperion").path)#golden"
    #expect(try Self.nix(lab, "eval", "--raw", url) == lab.id("laurelin@v1"))
    #expect(
      try Self.nix(lab, "eval", "--raw", "--override-input", "golden", arguments[2], url)
        == lab.id("laurelin@v2"))
  }

  @Test("a commit that the tracked branch does not reach, and none that upstream still has")
  func kept() throws {
    let aside = try lab.branchOff("narya", "aside", from: "v1")
    let city = Constellations.emeraldCity.replacing("narya: {}", with: "narya: { pin: \"\(aside)\" }")
    try lab.link("laurelin@v2", "narya@\(aside)")
    try lab.constellation(city)
    #expect(try evaluate("weave.revs.narya") == "\"\(aside)\"")
    try lab.source("narya").git("branch", "--quiet", "-D", "aside")
    try lab.weave("fetch")
    #expect(try lab.weave("resolve", "--format", "nix-flake").contains("refs/weave-local/keep/narya"))
    #expect(try evaluate("weave.revs.narya") == "\"\(aside)\"")
  }

  @Test("a project with a dot in its name, in a workspace with a space in its path")
  func names() throws {
    try lab.addProject("n.arya")
    try lab.weave("fetch")
    try lab.constellation(
      "constellation: dotted\nprojects: { n.arya: {} }\nroles: { r: { projects: [n.arya] } }\n"
        + "machines: { toto: { roles: [r] } }\n")
    let moved = lab.directory.appending("a workspace")
    try runProcess(
      "cp", ["-r", lab.workspace, moved], in: lab.directory.path, environment: lab.environment.variables
    ).succeeded(["cp"])
    let directory = try lab.scratch("wrapper")
    try lab.weave("resolve", "-c", "dotted", "--format", "nix-flake", in: moved)
      .write(toFile: directory + "/flake.nix", atomically: true, encoding: .utf8)
    #expect(
      try Self.nix(lab, "eval", "--json", "path:\(directory)#weave.revs")
        == "{\"n.arya\":\"\(lab.id("n.arya@main"))\"}")
  }

  @Test("a free project that is none of the store's is left out, and said")
  func free() throws {
    let pin = String(repeating: "ab", count: 20)
    try lab.constellation(
      Constellations.emeraldCity.replacing(
        "  narya: {}", with: "  narya: {}\n  nixpkgs: { pin: \"\(pin)\", free: true }"
      ).replacing("[telperion, laurelin] }", with: "[telperion, laurelin, nixpkgs] }"))
    let result = try lab.run("resolve", "--format", "nix-flake").succeeded(["weave"])
    #expect(!result.stdout.contains("nixpkgs"))
    #expect(result.stderr.contains("note: nixpkgs is no project here"))
  }

  @Test("as files, nothing of the projects' flakes is read, and the revs are the same")
  func asFiles() throws {
    let telperion = lab.source("telperion")
    try telperion.write(
      "{ inputs.far.url = \"github:nobody/nothing\"; outputs = throw \"no\"; }", to: "flake.nix")
    try telperion.write("{ \"version\": 99 }", to: "flake.lock")
    try telperion.git("commit", "--quiet", "--all", "--message=from afar")
    try lab.weave("fetch")
    try lab.link("telperion@main", "laurelin@v2", "narya@main")
    let revs = try evaluate("weave.revs", "--machine", "toto", "--as-files")
    #expect(
      try revs == "{\"laurelin\":\"\(lab.id("laurelin@v2"))\",\"telperion\":\"\(lab.id("telperion@main"))\"}")
    #expect(try lab.run("resolve", "--format", "nix-flake", "--as-files", "--root", "telperion").status == 1)
  }

  @Test(
    "an input that is a path beside the project follows, however the path is written",
    arguments: ["git+file:../laurelin", "path:../laurelin", "git+file:SOURCE", "SOURCE"])
  func besides(url: String) throws {
    let telperion = lab.source("telperion")
    let url = url.replacing("SOURCE", with: lab.source("laurelin").path)
    try telperion.write("{ inputs.laurelin.url = \"\(url)\"; outputs = inputs: { }; }", to: "flake.nix")
    try telperion.git("rm", "--quiet", "flake.lock")
    try telperion.git("commit", "--quiet", "--all", "--message=beside")
    try lab.weave("fetch")
    try lab.link("telperion@main", "laurelin@v2", "narya@main")
    let flake = try lab.weave("resolve", "--format", "nix-flake", "--machine", "toto")
    #expect(flake.contains("inputs.laurelin.follows = \"laurelin\";"), "\(flake)")
    #expect(
      try evaluate("projects.telperion.inputs.laurelin.rev", "--machine", "toto")
        == "\"\(lab.id("laurelin@v2"))\"")
  }

  @Test("an input with a project's name that is another repository does not follow, which a note says")
  func stranger() throws {
    let telperion = lab.source("telperion")
    try telperion.write(
      "{ inputs.laurelin.url = \"github:nobody/laurelin\"; outputs = inputs: { }; }", to: "flake.nix")
    try telperion.git("rm", "--quiet", "flake.lock")
    try telperion.git("commit", "--quiet", "--all", "--message=stranger")
    try lab.weave("fetch")
    try lab.link("telperion@main", "laurelin@v2", "narya@main")
    let result = try lab.run("resolve", "--format", "nix-flake", "--machine", "toto")
    #expect(
      result.stderr.contains(
        "note: telperion's input 'laurelin' is github:nobody/laurelin, which is not where laurelin comes from"
      ),
      "\(result.stderr)")
    #expect(!result.stdout.contains("follows"))
  }
}
