import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("What surrounds an exchange with a remote", .inProcess)
struct SurroundingsTests {
  /// Settings that make stock Git fetch, push and clone in another way.
  private static func settings(hooks: String) -> String {
    """
    [fetch]
    \tprune = true
    \tpruneTags = true
    \trecurseSubmodules = true
    \toutput = compact
    \tall = true
    \tunpackLimit = 1
    [push]
    \tdefault = matching
    \tfollowTags = true
    \tgpgSign = if-asked
    \tpushOption = ci.skip
    \tnegotiate = true
    \tuseForceIfIncludes = true
    \trecurseSubmodules = check
    [remote]
    \tpushDefault = nowhere
    [core]
    \thooksPath = \(hooks)
    \tlogAllRefUpdates = always
    \tfsmonitor = \(hooks)/fsmonitor
    [init]
    \ttemplateDir = \(hooks)/template
    \tdefaultBranch = trunk
    [safe]
    \tbareRepository = explicit
    [submodule]
    \trecurse = true
    [clone]
    \tdefaultRemoteName = upstream
    [transfer]
    \tfsckObjects = true
    [protocol]
    \tversion = 0
    [color]
    \tui = always
    \tpush = always
    \tremote = always
    """
  }

  /// What the commands say and leave, each from where the one before it was run in ordinary surroundings.
  private func outcomes(of commands: [[String]], _ environment: TestEnvironment?, in lab: Lab) throws
    -> [[String]]
  {
    let snapshot = try LabSnapshot(of: ["workspace", "hub.git"], in: lab)
    return try commands.map { arguments in
      defer { #expect(throws: Never.self) { try snapshot.restore() } }
      let result = try lab.run(arguments, environment: environment)
      let clone = TestRepository(at: "\(lab.workspace)/clone/.weave/.git")
      let isClone = FileManager.default.fileExists(atPath: clone.path)
      let refs = try [lab.store, lab.bare()].map { try $0.git("for-each-ref") }
      try lab.check()
      return try ["\(arguments): \(result.status)", result.stdout, result.stderr] + refs
        + (isClone
          ? [clone.git("for-each-ref"), clone.git("remote", "--verbose")]
            + ["telperion", "narya"].flatMap { name in
              let checkout = TestRepository(at: "\(lab.workspace)/clone/\(name)")
              return try [checkout.head(), checkout.git("remote", "--verbose"), checkout.git("for-each-ref")]
            } : [])
    }
  }

  private func expectSame(_ outcomes: [[String]], _ plain: [[String]]) {
    for (outcome, plain) in zip(outcomes, plain) {
      #expect(plain[0].hasSuffix(": 0"), "\(plain[2])")
      for (line, plain) in zip(outcome, plain) { #expect(line == plain, "\(outcome[0])") }
      #expect(outcome.count == plain.count)
    }
  }

  private func commands(_ lab: Lab, _ hub: TestRepository) throws -> [[String]] {
    try lab.source("telperion").commit("five")
    return [["push"], ["pull"], ["fetch"], ["clone", hub.path, "clone", "--checkout-all"]]
  }

  @Test("the user's settings of Git change nothing of a push, a pull, a fetch and a clone, and no hook runs")
  func settings() throws {
    let (lab, hub, _) = try Lab.apart()
    // On another machine, these would not be the user's.
    try hub.git("config", "core.hooksPath", "/dev/null")
    let mark = lab.directory.appending("ran")
    for hook in [
      "reference-transaction", "pre-push", "update", "pre-receive", "post-receive", "post-update",
      "post-checkout", "pre-auto-gc", "fsmonitor", "proc-receive", "push-to-checkout",
    ] {
      let script = "#!/bin/sh\necho \(hook) >>'\(mark)'\nexit 1\n"
      try lab.directory.write(script, to: "hooks/\(hook)", executable: true)
      try lab.directory.write(script, to: "hooks/template/hooks/\(hook)", executable: true)
    }
    let text = Self.settings(hooks: lab.directory.appending("hooks"))
    let config = try lab.directory.write(text, to: "home/.gitconfig")
    let commands = try commands(lab, hub)
    let plain = try outcomes(of: commands, nil, in: lab)
    let set = try outcomes(of: commands, lab.environment.with(["GIT_CONFIG_GLOBAL": config]), in: lab)
    expectSame(set, plain)
    #expect((try? String(contentsOfFile: mark, encoding: .utf8)) ?? "" == "")
  }

  @Test("in the environment of a hook a push, a pull, a fetch and a clone do the same")
  func hook() throws {
    let (lab, hub, _) = try Lab.apart()
    let elsewhere = try TestRepository.create(at: lab.directory.appending("elsewhere"))
    let commit = try elsewhere.commit("elsewhere")
    let git = "\(elsewhere.path)/.git"
    let environment = lab.environment.with([
      "GIT_DIR": git, "GIT_WORK_TREE": elsewhere.path, "GIT_INDEX_FILE": "\(git)/no-index",
      "GIT_NAMESPACE": "telperion", "GIT_OBJECT_DIRECTORY": "\(git)/objects", "GIT_QUARANTINE_PATH": git,
      "GIT_PREFIX": "below/", "GIT_PUSH_OPTION_COUNT": "1", "GIT_PUSH_OPTION_0": "x",
      "GIT_REFLOG_ACTION": "push", "GIT_PROTOCOL": "version=1", "GIT_INTERNAL_SUPER_PREFIX": "x/",
      "GIT_CONFIG_PARAMETERS": "'push.default=matching'",
    ])
    let commands = try commands(lab, hub)
    let plain = try outcomes(of: commands, nil, in: lab)
    try expectSame(outcomes(of: commands, environment, in: lab), plain)
    #expect(try elsewhere.refs() == ["refs/heads/main": commit])
  }

  @Test("url.insteadOf is honoured, of a remote as of a source")
  func insteadOf() throws {
    try Lab.withTwoProjects { lab, _, _ throws in
      let hub = try lab.bare()
      let text = "[url \"\(lab.directory.path)/\"]\n\tinsteadOf = forge:\n"
      let config = try lab.directory.write(text, to: "home/.gitconfig")
      func run(_ arguments: String...) throws {
        let result = try lab.run(arguments, environment: lab.environment.with(["GIT_CONFIG_GLOBAL": config]))
        #expect(result.status == 0, "\(arguments): \(result.stderr)")
      }
      try lab.link("telperion@main", "laurelin@main")
      try run("remote", "add", "hub", "forge:hub.git")
      try run("push")
      #expect(try hub.resolve(lab.ledger()) == lab.events().first)
      try run("pull")
      try run("clone", "forge:hub.git", "clone")
      let clone = Colleague(lab: lab, workspace: "\(lab.workspace)/clone")
      #expect(try clone.events() == lab.me.events())
      #expect(try clone.store.git("config", "remote.origin.url") == "forge:hub.git")
      try run("project", "add", "narya", "forge:sources/telperion")
      try run("fetch", "narya")
    }
  }
}
