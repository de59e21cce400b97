import Foundation
import TestSupport
import Testing

@testable import LabSupport

/// What a file of another tool may name as a project's source.
@Suite("A source that another tool's file names", .inProcess)
struct ForeignSourceTests {
  private let lab: Lab

  init() throws {
    lab = try Lab()
    for name in ["telperion", "laurelin"] { _ = try lab.makeSource(name) }
  }

  private func projects() throws -> [String] {
    try lab.weave("project", "list").split(separator: "\n").dropFirst()
      .map { String($0.prefix { $0 != " " }) }
  }

  /// Writes a `west.yml` that names `url` as `x`, and `telperion` at a host.
  private func name(_ url: String) throws {
    try lab.directory.write(
      """
      manifest:
        projects:
          - {name: x, url: "\(url)"}
          - {name: telperion, url: "https://git.example.org/telperion"}
      """, to: "workspace/west.yml")
  }

  /// The environment of a user whose Git has `place` for what is at the host `other`, and the sources for
  /// `git.example.org`.
  private func redirecting(to place: String) throws -> TestEnvironment {
    let settings = "[url \"\(place)\"]\n\tinsteadOf = https://other.example.org/\n"
    let sources = "[url \"\(lab.directory.path)/sources/\"]\n\tinsteadOf = https://git.example.org/\n"
    return lab.environment.with([
      "GIT_CONFIG_GLOBAL": try lab.directory.write(settings + sources, to: "home/other.gitconfig")
    ])
  }

  /// Expects that `adopt` and `import` take `telperion` alone, and say `why` of `x`.
  private func expectRefused(_ why: String, in environment: TestEnvironment) throws {
    for command in [["adopt", "--yes"], ["import", "west.yml", "--yes"]] {
      let result = try lab.run(command, environment: environment)
      #expect(result.status == 1)
      #expect(result.stderr.contains(why) && result.stderr.contains("x"), "\(result.stderr)")
      #expect(!result.stderr.contains("has no URL"), "\(result.stderr)")
      #expect(try !projects().contains("x"))
    }
    #expect(try projects().contains("telperion"))
    #expect(lab.fetched("telperion", "refs/heads/main") != nil)
    #expect(try lab.store.git("for-each-ref", "refs/namespaces/x") == "")
  }

  @Test func `that is a path to Git, though it looks like a URL, is refused by its name`() throws {
    try lab.weave("init", "--no-adopt")
    try name("x/y://../lib")
    try expectRefused("which only you can mean", in: lab.withSourcesAtHost())
  }

  @Test(arguments: [
    "https://git.example.org/team/../laurelin", "git@git.example.org:../laurelin",
    "git.example.org:../laurelin", "https://git.example.org/%2e%2e/laurelin",
    "https://git.example.org/../\u{301}x",
  ])
  func `that climbs is refused by its name, and the others are taken`(url: String)
    throws
  {
    try lab.weave("init", "--no-adopt")
    try name(url)
    try expectRefused("leads by `..`", in: lab.withSourcesAtHost())
  }

  @Test func `that climbs is not taken for the one that it comes to`() throws {
    try lab.weave("init", "--no-adopt")
    try name("https://git.example.org/team/../telperion")
    try expectRefused("leads by `..`", in: lab.withSourcesAtHost())
  }

  enum Place: String, CaseIterable {
    case privateSource, privateCheckout, store, otherStore, checkoutFile, climbing
  }

  @Test(arguments: Place.allCases)
  func `that the user's insteadOf makes a place of this machine is refused where that is somebody's`(
    place: Place
  ) throws {
    try lab.weave("init", "--no-adopt")
    _ = try lab.makeSource("vault")
    let (url, base, owner): (String, String, String)
    switch place {
    case .privateSource:
      try lab.weave("project", "add", "vault", lab.source("vault").path, "--private")
      (url, base, owner) = ("vault", lab.directory.appending("sources/"), "the private project vault")
    case .privateCheckout:
      try lab.weave("project", "add", "vault", "https://vault.example.org/vault", "--private")
      let checkout = lab.directory.appending("elsewhere")
      try TestRepository(at: lab.directory.path).git("clone", "--quiet", lab.source("vault").path, checkout)
      try lab.store.git("config", "weave.vault.checkout", checkout)
      (url, base, owner) = ("elsewhere", lab.directory.appending(""), "the private project vault")
    case .store: (url, base, owner) = (".git", "\(lab.workspace)/.weave/", "this store")
    case .otherStore:
      let other = try lab.scratch("other")
      try lab.weave("init", "--no-adopt", in: other)
      (url, base, owner) = ("other/.weave/.git", lab.directory.appending(""), "a store of weave's")
    case .checkoutFile:
      let checkout = try lab.checkout("laurelin")
      try checkout.git("init", "--quiet", "--bare", checkout.path + "/b.git")
      (url, base, owner) = ("laurelin/b", lab.workspace + "/", "the checkout")
    case .climbing: (url, base, owner) = ("./laurelin", lab.directory.appending("sources/."), "leads by `..`")
    }
    try name("https://other.example.org/" + url)
    try expectRefused(owner, in: redirecting(to: base))
  }

  @Test func `that the user's insteadOf makes a mirror of theirs is taken, also beside a private project`()
    throws
  {
    try lab.weave("init", "--no-adopt")
    _ = try lab.makeSource("vault")
    try lab.weave("project", "add", "vault", lab.source("vault").path, "--private")
    try name("https://other.example.org/laurelin")
    let environment = try redirecting(to: lab.directory.appending("sources/"))
    #expect(try lab.run("adopt", "--yes", environment: environment).status == 0)
    #expect(lab.fetched("x", "refs/heads/main") != nil)
  }

  @Test(arguments: ["adopt", "import"])
  func `relative to repo's own manifest is taken from where that was cloned`(command: String) throws {
    let manifests = try TestRepository.create(at: "\(lab.workspace)/.repo/manifests")
    try manifests.git("remote", "add", "origin", "https://git.example.org/team/manifest")
    try manifests.write(
      "<manifest><remote name='o' fetch='..' revision='main'/><project remote='o' name='telperion'/></manifest>",
      to: "default.xml")
    try FileManager.default.createSymbolicLink(
      atPath: "\(lab.workspace)/.repo/manifest.xml", withDestinationPath: "manifests/default.xml")
    try lab.weave("init", "--no-adopt")
    let arguments =
      command == "adopt"
      ? ["adopt", "--yes"] : ["import", ".repo/manifest.xml", "--format", "repo", "--yes"]
    _ = try lab.run(arguments, environment: lab.withSourcesAtHost())
    #expect(try lab.weave("project", "list").contains("https://git.example.org/telperion"))
  }

  @Test(arguments: ["FILE", "File", "HTTPS", "sSh"])
  func `that a user gives with a scheme that Git does not know in that case is refused`(scheme: String) throws
  {
    try lab.weave("init", "--no-adopt")
    let said = try lab.refusal(["project", "add", "x", "\(scheme)://\(lab.source("telperion").path)"])
    #expect(said.contains("knows none called '\(scheme)'"), "\(said)")
    #expect(said.contains("write it as '\(scheme.lowercased())'"), "\(said)")
  }
}
