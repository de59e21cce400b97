import TestSupport

/// Commands that read, and commands that write, for tests that hold for each of them.
///
/// LINK, REVOCATION, LOCK, COMMIT, PROBED, SOURCE and HUB stand for what `Lab.filled()` made, see `arguments(_:)`.
enum EveryCommand {
  static let reading: [[String]] = [
    ["status"], ["status", "--json"], ["status", "-c", "emerald-city"], ["resolve"], ["resolve", "--json"],
    ["resolve", "--keep"], ["resolve", "--update", "narya"], ["resolve", "--only-revoked"],
    ["why", "narya"], ["why", "narya", "--json"], ["propose"], ["propose", "--format", "matrix"],
    ["check", "telperion@v1", "laurelin@v1"],
    ["what-if", "resolve", "--link", "telperion@v2", "laurelin@v2", "narya@v2"],
    ["what-if", "status", "-c", "emerald-city", "--link", "telperion@v2", "laurelin@v2"],
    ["links"], ["links", "--live"], ["log"], ["log", "--show-signature"], ["verify"], ["show", "LINK"],
    ["relink"], ["relink", "--dry-run", "--json"],
    ["show", "REVOCATION", "--json"], ["graph"],
    ["graph", "--format", "svg", "-p", "telperion", "-p", "laurelin"],
    ["sha", "narya", "--machine", "barge"], ["manifest", "--machine", "barge"], ["lock", "--list"],
    ["lock", "--show"], ["lock", "--show", "LOCK"], ["resolve", "--format", "tfvars"],
    ["lock", "--show", "--format", "nix-flake"], ["lock", "--show", "LOCK", "--format", "ansible"],
    ["constellation", "list"], ["constellation", "show", "emerald-city"], ["project", "list"],
    ["remote", "list"], ["set", "list"], ["set", "show", "release-1"],
    ["export", "release-1", "--format", "west"], ["diff", "LINK", "release-1"], ["exec", "--", "true"],
    ["reverse", "telperion@v1"], ["affected"], ["affected", "REVOCATION", "--json"],
    ["links", "--machine", "toto"], ["status", "-c", "emerald-city", "--format", "markdown"],
    ["status", "-c", "emerald-city", "--format", "junit"],
    ["fsck"],
  ]

  static let writing: [[String]] = [
    ["link", "telperion@v2", "laurelin@v2"], ["revoke", "telperion@v4", "-m", "loops"],
    ["revoke", "LINK", "-m", "loops"], ["withdraw", "LINK", "-m", "mistaken"],
    ["reinstate", "REVOCATION", "-m", "it was the switch"], ["lock", "--restore", "LOCK"],
    ["report", "--machine", "toto", "telperion=COMMIT"], ["report", "--machine", "new", "telperion=COMMIT"],
    ["probe", "toto", "-c", "PROBED"], ["constellation", "add", "-"],
    ["hold", "toto", "laurelin@v1", "-m", "it works"],
    ["release", "toto", "laurelin"], ["status", "--ack", "toto", "--for", "2d", "-m", "known"],
    ["status", "--unack", "toto"], ["constellation", "remove", "emerald-city"],
    ["project", "add", "nenya", "SOURCE"], ["project", "set", "narya", "track", "main"],
    ["project", "checkout", "narya"], ["checkout", "release-1", "there"],
    ["project", "remove", "narya", "--force"], ["fetch"], ["fsck", "--repair"],
    ["set", "release-2", "telperion@v2", "laurelin@v1"], ["set", "release-3", "LOCK", "--machine", "toto"],
    ["set", "remove", "release-1"], ["try", "telperion@v2", "laurelin@v2", "--", "true"],
    ["remote", "add", "other", "HUB"], ["remote", "remove", "hub"], ["push"], ["pull"], ["upgrade"],
  ]
}

extension Lab {
  /// A workspace with something of everything: a constellation, links, a revocation, a lock and a report.
  static func filled() throws -> Lab {
    let lab = try Lab.threeProjects()
    try lab.constellation()
    try lab.share()
    try lab.link("telperion@v1", "laurelin@v1", "narya@v1")
    try lab.revoke("telperion@v3", "laurelin@v3")
    try lab.weave("lock")
    try lab.weave("set", "release-1", "telperion@v1", "laurelin@v1")
    try lab.report("toto", "telperion@v1", "laurelin@v1")
    return lab
  }

  /// `template` with the ids and paths of this workspace in the place of the words in capitals.
  func arguments(_ template: [String]) throws -> [String] {
    try template.map { argument in
      switch argument {
      case "LINK": try event("link")
      case "REVOCATION": try event("revoke")
      case "LOCK": try store.git("rev-parse", "refs/weave/public/locks/emerald-city")
      case "SOURCE": source("narya").path
      case "HUB": try bare().path
      case "PROBED":
        try directory.write(
          Constellations.emeraldCity + "\nprobe: { command: [echo, telperion \(id("telperion@v2"))] }",
          to: "probed.yaml")
      default: argument.replacing("COMMIT", with: try id("telperion@v2"))
      }
    }
  }

  /// Runs what `template` stands for, with the constellation on standard input.
  func runTemplate(_ template: [String]) throws -> ProcessResult {
    try run(arguments(template), input: Constellations.emeraldCity)
  }

  /// What stock Git and weave say of the store, where it is not that all is well.
  func complaints() throws -> String {
    let git = try runProcess(
      "git", ["fsck", "--strict"], in: store.path, environment: store.environment.variables)
    let weave = try run(["fsck"])
    return (git.status == 0 ? "" : git.stdout + git.stderr)
      + (weave.status == 0 ? "" : weave.stdout + weave.stderr)
  }

  func event(_ kind: String) throws -> String {
    try store.git(
      "log", "-1", "--format=%H", "--glob=refs/weave/public/ledger/*", "--grep=^Weave-Event: \(kind)$")
  }
}
