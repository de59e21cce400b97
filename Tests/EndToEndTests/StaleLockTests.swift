import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("Lock files of killed processes")
struct StaleLockTests {
  /// Leaves a lock file beside `reference`, as a process killed an hour ago does.
  private func leaveLock(_ reference: String, in store: String) throws {
    let path = "\(store)/\(reference).lock"
    try FileManager.default.createDirectory(
      atPath: URL(fileURLWithPath: path).deletingLastPathComponent().path, withIntermediateDirectories: true)
    try Data().write(to: URL(fileURLWithPath: path))
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSinceNow: -3600)], ofItemAtPath: path)
  }

  @Test("with a stale lock beside every ref, HEAD and packed-refs, each writing command works")
  func everyRef() throws {
    let lab = try Lab.filled()
    for (number, template) in EveryCommand.writing.enumerated() {
      try lab.source("narya").commit("more \(number)")
      let arguments = try lab.arguments(template)
      let namespaces = Lab.threeProjectNames.map { "refs/namespaces/\($0)/HEAD" }
      let new = ["refs/weave/public/observed/new", "refs/weave/public/seen/new"]
      for reference in try lab.store.refs().keys + namespaces + new + ["HEAD", "packed-refs"] {
        try leaveLock(reference, in: lab.store.path)
      }
      let result = try lab.run(arguments, input: Constellations.emeraldCity)
      #expect(result.status == 0, "\(template): \(result.stderr)")
      #expect(try lab.complaints() == "", "\(template)")
    }
  }

  @Test(
    "a stale lock on a ref that weave moves is removed, and stderr names it",
    arguments: ["ledger", "keep", "notes"])
  func named(kind: String) throws {
    try Lab.withTwoProjects { lab, _, _ throws in
      try lab.weave("link", "telperion@v1", "laurelin@v1")
      let reference =
        switch kind {
        case "ledger": try lab.ledger()
        case "keep": "refs/weave-local/keep/telperion"
        default: "refs/notes/weave"
        }
      try leaveLock(reference, in: lab.store.path)
      let result = try lab.run("link", "telperion@main", "laurelin@main")
      #expect(result.status == 0, "\(result.stderr)")
      #expect(isIDAlone(result.stdout))
      #expect(result.stderr.hasPrefix("warning: ") && result.stderr.contains("\(reference).lock"))
      #expect(!FileManager.default.fileExists(atPath: "\(lab.store.path)/\(reference).lock"))
      #expect(try lab.events().count == 2)
    }
  }

  @Test("a collection goes on where one was killed, also when its process id is another's by now")
  func collection() throws {
    try Lab.withTwoProjects { lab, _, _ throws in
      try lab.share()
      try lab.weave("gc")
      let host = try runProcess(
        "uname", ["-n"], in: "/", environment: lab.environment.variables
      ).trimmed
      for repository in [lab.store.path, "\(lab.store.path)/weave/exchange/public.git"] {
        for reference in ["packed-refs", "gc.pid", "config", "objects/info/commit-graph"] {
          try leaveLock(reference, in: repository)
        }
        try Data("\(getpid()) \(host)".utf8).write(to: URL(fileURLWithPath: "\(repository)/gc.pid"))
      }
      let result = try lab.run("gc", "--prune", "now")
      #expect(result.status == 0, "\(result.stderr)")
      #expect(KillSweep.locks(in: lab.store.path) == [])
    }
  }

  @Test("a fetch that deletes packed refs removes a stale lock on packed-refs and on HEAD")
  func packedRefs() throws {
    try Lab.withTwoProjects { lab, telperion, _ throws in
      try telperion.repository.branch("gone")
      try lab.weave("fetch")
      try lab.store.git("pack-refs", "--all")
      try telperion.repository.git("branch", "--quiet", "-D", "gone")
      for reference in ["packed-refs", "HEAD", "refs/namespaces/telperion/HEAD"] {
        try leaveLock(reference, in: lab.store.path)
      }
      let result = try lab.run("fetch")
      #expect(result.status == 0, "\(result.stderr)")
      #expect(lab.store.resolve("refs/namespaces/telperion/refs/heads/gone") == nil)
      #expect(!FileManager.default.fileExists(atPath: "\(lab.store.path)/packed-refs.lock"))
    }
  }

  // MARK: a moment after the kill

  private static let knowsProcesses = FileManager.default.fileExists(atPath: "/proc/self/fd")

  /// Leaves a lock file that a process made so many seconds ago, and returns its path.
  private func leaveLock(at path: String, secondsAgo: TimeInterval) throws -> String {
    try FileManager.default.createDirectory(
      atPath: URL(fileURLWithPath: path).deletingLastPathComponent().path, withIntermediateDirectories: true)
    try Data().write(to: URL(fileURLWithPath: path))
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSinceNow: -secondsAgo)], ofItemAtPath: path)
    return path
  }

  @Test(
    "a lock on the configuration that no process has open is removed within a second, and named",
    .enabled(if: knowsProcesses),
    arguments: [["remote", "add", "other", "../other.git"], ["probe", "--allow"]])
  func configuration(command: [String]) throws {
    let lab = try Lab.threeProjects()
    _ = try lab.bare("other")
    try lab.constellation(
      "\(Constellations.emeraldCity)\nprobe: { command: [echo, laurelin, \(lab.id("laurelin@v1"))] }")
    let before = try LabSnapshot(of: ["workspace"], in: lab)
    let seconds = try fastest(within: 2) {
      try before.restore()
      let path = try leaveLock(at: "\(lab.store.path)/config.lock", secondsAgo: 0)
      return try wallSeconds {
        let result = try lab.run(command)
        #expect(result.status == 0, "\(result.stderr)")
        #expect(result.stderr.contains("warning: removed the stale lock config.lock"), "\(result.stderr)")
        #expect(!FileManager.default.fileExists(atPath: path))
      }
    }
    #expect(seconds < 2)
  }

  @Test("one that a process has open stays, and is named with what to do", .enabled(if: knowsProcesses))
  func openConfiguration() throws {
    try Lab.withTwoProjects { lab, _, _ throws in
      _ = try lab.bare("other")
      let path = "\(lab.store.path)/config.lock"
      let holder = try spawnProcess(
        "sh",
        ["-c", "exec 3>'\(path)'; touch -d '20 seconds ago' '\(path)'; touch '\(path)-made'; exec sleep 60"],
        in: "/", environment: lab.environment.variables)
      defer { holder.kill(SIGKILL) }
      while !FileManager.default.fileExists(atPath: "\(path)-made") { usleep(10_000) }
      let result = try lab.run("remote", "add", "other", "../other.git")
      #expect(result.status == 1)
      #expect(
        result.stderr
          == "error: \(path) is in the way: a Git is at work there, or one was killed\n"
          + "hint: `rm \(path)` when no Git is\n")
      #expect(FileManager.default.fileExists(atPath: path))
    }
  }

  @Test(
    "one on a project's ref does not stop the fetch that comes after the kill", .enabled(if: knowsProcesses))
  func projectRef() throws {
    try Lab.withTwoProjects { lab, telperion, _ throws in
      let three = try telperion.repository.commit("three")
      let main = "refs/namespaces/telperion/refs/heads/main"
      _ = try leaveLock(at: "\(lab.store.path)/\(main).lock", secondsAgo: 0)
      let result = try lab.run("fetch", "telperion")
      #expect(result.status == 0, "\(result.stderr)")
      #expect(lab.store.resolve(main) == three)
    }
  }

  @Test(
    "one in the exchange repository of a push that was killed while it made it does not stop the next",
    .enabled(if: knowsProcesses), arguments: ["config", "HEAD"])
  func exchange(file: String) throws {
    try Lab.withTwoProjects { lab, _, _ throws in
      let hub = try lab.bare()
      try lab.weave("remote", "add", "hub", hub.path)
      let exchange = "\(lab.store.path)/weave/exchange/public.git"
      _ = try leaveLock(at: "\(exchange)/\(file).lock", secondsAgo: 0)
      let result = try lab.run("push")
      #expect(result.status == 0, "\(result.stderr)")
    }
  }

  @Test("one in a remote that is a directory ends a push within two seconds, and is named with what to do")
  func remote() throws {
    try Lab.withHub { lab, hub, _ throws in
      try lab.weave("link", "telperion@v1", "laurelin@v1")
      let path = try leaveLock(at: "\(hub.path)/\(lab.ledger()).lock", secondsAgo: 0)
      let seconds = try fastest(within: 2.5) {
        try wallSeconds {
          let result = try lab.run("push")
          #expect(result.status == 1)
          #expect(
            result.stderr
              == "error: cannot push to hub: \(path) is in the way: another push is at work there, or one was killed\n"
              + "hint: `rm \(path)` when no Git is at work there, then push again\n")
        }
      }
      #expect(seconds < 2.5)
      #expect(unlink(path) == 0)
      try lab.weave("push")
    }
  }

  @Test("one in the source of a project that commits are pushed to is named in the same way")
  func source() throws {
    try Lab.withTwoProjects { lab, _, _ throws in
      try lab.share()
      let local = try lab.checkout("telperion").commit("only here")
      try lab.link("telperion@\(local)", "laurelin@main")
      let source = lab.source("telperion").path
      let path = try leaveLock(at: "\(source)/.git/refs/tags/weave/\(local).lock", secondsAgo: 0)
      let result = try lab.run("push", "--with-commits")
      #expect(result.status == 1)
      #expect(
        result.stderr.hasPrefix("error: cannot push to the source of telperion: \(path) is in the way"),
        "\(result.stderr)")
      #expect(unlink(path) == 0)
      try lab.weave("push", "--with-commits")
    }
  }

  @Test("a worktree whose .git had not its name yet is made by the next checkout")
  func worktree() throws {
    try Lab.withTwoProjects { lab, telperion, _ throws in
      try lab.weave("set", "release", "telperion@v1", "laurelin@main")
      try lab.directory.write("gitdir: ", to: "workspace/release/telperion/.git.new")
      try lab.directory.write("store \(lab.store.path)\n", to: "workspace/release/.weave-checkout")
      let result = try lab.run("checkout", "release")
      #expect(result.status == 0, "\(result.stderr)")
      #expect(try TestRepository(at: "\(lab.workspace)/release/telperion").head() == telperion.one)
    }
  }
}

@Suite("What a user may not read", .enabled(if: Privileges.canBeNobody, "needs root and setpriv"))
struct DeniedTests {
  private func run(_ lab: Lab, _ program: String, _ arguments: String...) throws -> ProcessResult {
    try runProcess(program, arguments, in: lab.workspace, environment: lab.environment.variables)
  }

  @Test(
    "is not called locked, and is named", arguments: ["ledger", "manifest", "directory", "configuration"])
  func words(kind: String) throws {
    try Lab.withTwoProjects { lab, _, _ throws in
      try lab.weave("link", "telperion@v1", "laurelin@v1")
      let ledger = "\(lab.store.path)/\(try lab.ledger())"
      let path =
        switch kind {
        case "ledger": ledger
        case "manifest": "\(lab.store.path)/refs/weave/public/manifest"
        case "directory": "\(lab.store.path)/refs/weave"
        default: "\(lab.store.path)/config"
        }
      _ = try run(lab, "chown", "-R", "65534:65534", lab.directory.path)
      #expect(chmod(path, 0) == 0)
      defer {
        chmod(path, kind == "directory" ? 0o755 : 0o644)
        _ = try? run(lab, "chown", "-R", "\(getuid()):\(getgid())", lab.directory.path)
      }
      let result = try run(
        lab, "/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", weaveExecutable, "link",
        "telperion@main", "laurelin@main")
      #expect(result.status == 1)
      #expect(result.stderr.contains(path), "\(result.stderr)")
      #expect(result.stderr.lowercased().contains("permission denied"), "\(result.stderr)")
      #expect(!result.stderr.contains("is locked"), "\(result.stderr)")
    }
  }
}
