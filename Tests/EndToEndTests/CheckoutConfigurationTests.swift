import Foundation
import TestSupport
import Testing

@Suite("What the settings of a checkout can run")
struct CheckoutConfigurationTests {
  /// As the table of Docs/security.md has it.
  private static let documented: [(command: [String], runs: [String])] = [
    (["status"], ["clean", "fsmonitor"]),
    (
      ["checkout", "--in-place", "release-1"],
      ["clean", "fsmonitor", "post-checkout", "post-index-change", "reference-transaction", "smudge"]
    ),
    (["link", "-m", "x"], ["clean", "fsmonitor"]),
    (["link", "--snapshot", "-m", "x"], ["clean", "fsmonitor"]),
    (["checkout", "release-1"], []),
    (["adopt", "--yes"], []), (["fetch"], []), (["pull"], []), (["push"], []),
    (["push", "--with-commits"], []),
    (["resolve"], []), (["sha", "narya", "--machine", "barge"], []), (["links"], []), (["log"], []),
    (["verify"], []), (["lock"], []), (["link", "telperion@HEAD", "laurelin@v1", "-m", "x"], []),
    (["check", "telperion@HEAD", "laurelin@v1"], []), (["harvest"], []),
    (["export", "release-1", "--format", "west"], []), (["import", "west.yml"], []), (["gc"], []),
    (["fsck"], []),
    (["checkout", "release-1", "there"], []), (["try", "telperion@v2", "laurelin@v2", "--", "true"], []),
    (["exec", "--", "true"], []), (["project", "checkout", "narya"], []),
    (["constellation", "list"], []), (["graph"], []),
    (["what-if", "resolve", "--link", "telperion@v2", "laurelin@v2"], []),
  ]

  @Test("is what the page on security says, command by command")
  func documented() throws {
    let lab = try Lab.filled()
    let checkout = try lab.checkout("telperion")
    try lab.checkout("laurelin")
    let trap = try TrappedConfiguration(in: lab.directory)
    for (key, value) in try trap.settings(remotes: [lab.bare().path]) {
      try checkout.git("config", "--add", key, value)
    }
    try lab.directory.write(
      "* filter=trap diff=trap merge=trap\n", to: "workspace/telperion/.git/info/attributes")
    for (command, runs) in Self.documented {
      // Else Git knows by its times that the file is unchanged, and does not read it.
      _ = try runProcess(
        "touch", ["-d", "2001-01-01", "\(checkout.path)/file"], in: "/",
        environment: lab.environment.variables)
      trap.reset()
      let result = try lab.run(command, input: Constellations.emeraldCity)
      #expect(trap.sprung == runs.sorted(), "\(command): \(result.stderr)")
    }
  }
}
