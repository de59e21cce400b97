import Foundation
import TestSupport
import Testing

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
}
