import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("Git's hooks")
struct HookTests {
  /// The variables with which Git runs a hook of `checkout`, and some that it may have been given.
  private func hookVariables(_ checkout: TestRepository) -> [String: String?] {
    [
      "GIT_DIR": "\(checkout.path)/.git", "GIT_WORK_TREE": checkout.path, "GIT_NAMESPACE": "telperion",
      "GIT_INDEX_FILE": "\(checkout.path)/.git/no-index", "GIT_COMMON_DIR": "\(checkout.path)/.git",
      "GIT_OBJECT_DIRECTORY": "\(checkout.path)/.git/objects", "GIT_PREFIX": "below/",
      "GIT_ALTERNATE_OBJECT_DIRECTORIES": "\(checkout.path)/.git/objects", "GIT_REFLOG_ACTION": "commit",
      "GIT_QUARANTINE_PATH": checkout.path, "GIT_CEILING_DIRECTORIES": "/", "GIT_LITERAL_PATHSPECS": "1",
      "GIT_CONFIG_PARAMETERS": "'core.bare=false'", "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "gc.auto",
      "GIT_CONFIG_VALUE_0": "1", "GIT_DEFAULT_HASH": "sha256", "GIT_SHALLOW_FILE": "/nonexistent",
      "GIT_GRAFT_FILE": "/nonexistent", "GIT_REPLACE_REF_BASE": "refs/heads/",
    ]
  }

  @Test("each writing command, in the environment of a hook, writes to its store alone")
  func environment() throws {
    let lab = try Lab.filled()
    let elsewhere = try TestRepository.create(at: lab.directory.appending("elsewhere"))
    let commit = try elsewhere.commit("elsewhere")
    let objects = try elsewhere.git("count-objects", "-v")
    let environment = lab.environment.with(hookVariables(elsewhere))
    for template in EveryCommand.writing {
      let result = try lab.run(
        lab.arguments(template), environment: environment, input: Constellations.emeraldCity)
      #expect(result.status == 0, "\(template): \(result.stderr)")
      #expect(try lab.complaints() == "", "\(template)")
    }
    #expect(try elsewhere.refs() == ["refs/heads/main": commit])
    #expect(try elsewhere.git("count-objects", "-v") == objects)
    #expect(!FileManager.default.fileExists(atPath: elsewhere.path + "/.git/no-index"))
  }

  @Test("init, in the environment of a hook, makes the store where it stands")
  func initialize() throws {
    try Lab.withDirectory { lab throws in
      let elsewhere = try TestRepository.create(at: lab.directory.appending("elsewhere"))
      let commit = try elsewhere.commit("elsewhere")
      let result = try lab.run("init", environment: lab.environment.with(hookVariables(elsewhere)))
      #expect(result.status == 0, "\(result.stderr)")
      #expect(try lab.store.refs().keys.sorted() == ["refs/weave/public/manifest"])
      #expect(try elsewhere.refs() == ["refs/heads/main": commit])
      try lab.check()
    }
  }

  @Test("a hook of a linked worktree can link what was just committed there")
  func realHook() throws {
    try Lab.withTwoProjects { lab, telperion, _ throws in
      let main = lab.directory.appending("elsewhere")
      try TestRepository(at: lab.directory.path).git("clone", "--quiet", telperion.repository.path, main)
      try TestRepository(at: main).git("worktree", "add", "--quiet", "\(lab.workspace)/telperion")
      let hook = """
        #!/bin/sh
        test -n "$GIT_INDEX_FILE" || exit
        exec '\(weaveExecutable)' link "telperion@$(git rev-parse HEAD)" laurelin@main -m hook >'\(main)/out' 2>&1
        """
      _ = try lab.directory.write(hook, to: "elsewhere/.git/hooks/post-commit", executable: true)
      let local = try TestRepository(at: "\(lab.workspace)/telperion").commit("committed")
      let said = try String(contentsOfFile: "\(main)/out", encoding: .utf8)
      let event = try #require(lab.events().first, "\(said)")
      #expect(said.contains(event))
      #expect(try lab.store.git("show", "--no-patch", event).contains("Weave-Member: telperion \(local)"))
      #expect(TestRepository(at: main).resolve("refs/weave") == nil)
    }
  }

  @Test("neither the store's hooks nor the user's run, and the user's template leaves nothing in a new store")
  func notRun() throws {
    try Lab.withDirectory { lab throws in
      let mark = lab.directory.appending("ran")
      for hook in [
        "reference-transaction", "post-update", "update", "pre-receive", "post-checkout", "pre-auto-gc",
      ] {
        let script = "#!/bin/sh\necho \(hook) >>'\(mark)'\nexit 1\n"
        _ = try lab.directory.write(script, to: "hooks/\(hook)", executable: true)
        _ = try lab.directory.write(script, to: "template/hooks/\(hook)", executable: true)
      }
      let text = """
        [core]
        \thooksPath = \(lab.directory.path)/hooks
        [init]
        \ttemplateDir = \(lab.directory.path)/template
        \tdefaultBranch = trunk
        [safe]
        \tbareRepository = explicit
        """
      let config = try lab.directory.write(text, to: "home/.gitconfig")
      let environment = ["GIT_CONFIG_GLOBAL": config]
      let sources = try ["telperion", "laurelin"].map { try lab.makeSource($0) }
      var commands = [["init"]]
      for (name, source) in zip(["telperion", "laurelin"], sources) {
        commands.append(["project", "add", name, source.repository.path])
      }
      commands += [
        ["fetch"], ["link", "telperion@v1", "laurelin@v1"], ["links"], ["fetch"], ["fsck", "--repair"],
      ]
      for arguments in commands {
        let result = try runProcess(
          weaveExecutable, arguments, in: lab.workspace,
          environment: lab.environment.with(environment).variables)
        #expect(result.status == 0, "\(arguments): \(result.stderr)")
      }
      let copied = (try? FileManager.default.contentsOfDirectory(atPath: "\(lab.store.path)/hooks")) ?? []
      #expect(!copied.contains("update"))
      #expect(!FileManager.default.fileExists(atPath: mark))
      try lab.check()
    }
  }
}
