import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("What the settings of a checkout can run", .inProcess)
struct CheckoutConfigurationTests {
  private static let asItIs = ["clean", "fsmonitor"]

  /// As the table of Docs/security.md has it.
  private static let documented: [(command: [String], runs: [String])] = [
    (["link", "-m", "x"], asItIs), (["link", "--snapshot", "-m", "x"], asItIs),
    (["set", "here", "-m", "x"], asItIs), (["try", "--", "true"], asItIs),
    (["export", "--format", "west"], asItIs),
    (
      ["checkout", "--in-place", "release-2"],
      asItIs + ["post-checkout", "post-index-change", "reference-transaction", "smudge"]
    ),
  ]

  private static let more: [[String]] = [
    ["adopt", "--yes"], ["push", "--with-commits"], ["lock"], ["harvest"], ["gc"], ["gc", "--prune", "now"],
    ["link", "telperion@HEAD", "laurelin@HEAD", "-m", "x"], ["check", "telperion@HEAD", "laurelin@HEAD"],
    ["resolve", "--local"], ["checkout", "release-1"], ["clone", "HUB", "clone", "--checkout-all"],
    ["import", "west.yml"],
  ]

  @Test("is what the page on security says, command by command")
  func documented() throws {
    let (lab, checkouts, trap) = try trapped()
    let others = (EveryCommand.reading + Self.more + EveryCommand.writing).map { template in
      let isOfTheWorkspace = template == ["status"] || template == ["status", "--json"]
      return (command: template, runs: isOfTheWorkspace ? Self.asItIs : [])
    }
    for (template, runs) in others + Self.documented {
      try expect(runs, of: template, in: lab, checkouts, trap)
    }
  }

  @Test(
    "and of a filter that is a process, that one in the place of both, where it would be cleaned or smudged by"
  )
  func filterProcess() throws {
    let (lab, checkouts, trap) = try trapped()
    let (key, value) = try trap.filterProcess()
    for checkout in checkouts { try checkout.git("config", key, value) }
    for template in [
      ["adopt", "--yes"], ["lock"], ["fetch"], ["status", "-c", "emerald-city"],
      ["set", "release-2", "telperion@v2", "laurelin@v1"],
    ] {
      try expect([], of: template, in: lab, checkouts, trap)
    }
    for (template, runs) in Self.documented + [(["status"], Self.asItIs)] {
      let allowed = Set(runs.map { ["clean", "smudge"].contains($0) ? "process" : $0 })
      let result = try run(template, in: lab, checkouts, trap)
      // It talks no protocol, so that Git may end before the rest.
      #expect(
        trap.sprung.contains("process") && allowed.isSuperset(of: trap.sprung),
        "\(template): \(trap.sprung): \(result.stderr)")
    }
  }

  /// A lab with two checkouts whose settings name programs.
  private func trapped() throws -> (Lab, [TestRepository], TrappedConfiguration) {
    let lab = try Lab.filled()
    let checkouts = try ["telperion", "laurelin"].map { try lab.checkout($0) }
    try lab.directory.write("manifest: {}\n", to: "workspace/west.yml")
    let trap = try TrappedConfiguration(in: lab.directory)
    for checkout in checkouts {
      for (key, value) in try trap.settings(remotes: [lab.bare().path]) {
        try checkout.git("config", "--add", key, value)
      }
      try checkout.write("* filter=trap diff=trap merge=trap\n", to: ".git/info/attributes")
    }
    return (lab, checkouts, trap)
  }

  private func expect(
    _ runs: [String], of template: [String], in lab: Lab, _ checkouts: [TestRepository],
    _ trap: TrappedConfiguration, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let result = try run(template, in: lab, checkouts, trap)
    #expect(
      trap.sprung == runs.sorted(), "\(template): \(result.status) \(result.stderr)",
      sourceLocation: sourceLocation)
  }

  private func run(
    _ template: [String], in lab: Lab, _ checkouts: [TestRepository], _ trap: TrappedConfiguration
  ) throws -> ProcessResult {
    // Else Git knows by its times that the file is unchanged, and does not read it.
    for checkout in checkouts {
      _ = try runProcess(
        "touch", ["-d", "2001-01-01", "\(checkout.path)/file"], in: "/",
        environment: lab.environment.variables)
    }
    trap.reset()
    return try lab.runTemplate(template)
  }

  @Test(
    "and of a repository that is pushed to by its path, what receive-pack runs", arguments: [true, false])
  func pushed(isSource: Bool) throws {
    let lab = try Lab.filled()
    let trap = try TrappedConfiguration(in: lab.directory)
    let target = isSource ? lab.source("telperion") : try lab.bare()
    for (key, value) in try trap.settings(remotes: []) { try target.git("config", "--add", key, value) }
    let objects = try target.git("rev-parse", "--absolute-git-dir") + "/objects"
    try TestRepository(at: objects).write(lab.source("narya").path + "/.git/objects\n", to: "info/alternates")
    if isSource {
      // A commit that the source does not have.
      let checkout = try lab.checkout("telperion")
      try lab.checkout("laurelin")
      try checkout.commit("new", file: "new")
      try lab.weave("link", "--snapshot", "-m", "x")
    } else {
      try lab.link("telperion@v2", "laurelin@v2")
    }
    trap.reset()
    try lab.weave(isSource ? ["push", "--with-commits"] : ["push"])
    #expect(
      Set(trap.sprung).isSubset(of: [
        "alternate-refs", "post-receive", "post-update", "pre-receive", "reference-transaction", "update",
      ]),
      "\(trap.sprung)")
    #expect(Set(trap.sprung).isSuperset(of: ["alternate-refs", "pre-receive"]), "\(trap.sprung)")
  }
}
