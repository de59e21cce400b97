import Foundation
import TestSupport

/// A hub into which somebody who may push to it has put records by hand, many at a time: a few kilobytes in a pack, as blobs
/// and trees are shared and messages are alike.
struct PushedRecords {
  let hub: TestRepository
  let storeID: String

  init(_ hub: TestRepository, of lab: Lab) throws { (self.hub, storeID) = (hub, try lab.storeID()) }

  private struct Stream {
    var bytes: [UInt8] = []
    mutating func line(_ text: String) { bytes += Array("\(text)\n".utf8) }
    mutating func data(_ text: String) {
      line("data \(text.utf8.count)")
      line(text)
    }
  }

  private func importing(_ build: (inout Stream) -> Void) throws {
    var stream = Stream()
    build(&stream)
    try hub.git(["-c", "core.fsync=none", "fast-import", "--quiet"], input: stream.bytes)
  }

  private func commits(
    _ commits: [(ref: String, message: String)], tree: String? = nil, blob: (String, name: String)? = nil
  ) throws {
    var known: [String: String] = [:]
    for ref in Set(commits.map(\.ref)) {
      known[ref] = try? hub.git("rev-parse", "--quiet", "--verify", ref)
    }
    try importing { stream in
      if let blob {
        stream.line("blob\nmark :1")
        stream.data(blob.0)
      }
      for (number, commit) in commits.enumerated() {
        stream.line("commit \(commit.ref)")
        stream.line("committer Eve <eve@example.org> \(TestEnvironment.epoch + number) +0000")
        stream.data(commit.message)
        if let parent = known.removeValue(forKey: commit.ref) { stream.line("from \(parent)") }
        stream.line("deleteall")
        if let tree { stream.line("M 040000 \(tree) ") }
        if let blob { stream.line("M 644 :1 \(blob.name)") }
        stream.line("")
      }
    }
  }

  /// Revocations of the same members, one after the other on a ledger.
  func revoke(_ memberLines: [String], because reasons: [String]) throws {
    try commits(
      reasons.map { reason in
        (
          "refs/weave/public/ledger/eve-00000001",
          "revoke x\n\n\(reason)\n\nWeave-Event: revoke\nWeave-Ledger: \(storeID)/eve-00000001\n"
            + memberLines.map { "\($0)\n" }.joined()
        )
      })
  }

  /// What each of `machines` runs, which is the same.
  func observe(_ machines: [String], _ lines: String) throws {
    for kind in ["observed", "seen"] {
      try commits(
        machines.map { machine in
          (
            "refs/weave/public/\(kind)/\(machine)",
            "\(kind) \(machine)\n\nWeave-Machine: \(machine)\nWeave-Sequence: 1\n"
          )
        }, blob: kind == "observed" ? (lines, "observed") : nil)
    }
  }

  /// Locks that want of each of `machines` what one of `lines` says, in turn.
  func lock(_ constellation: String, _ machines: [String], _ lines: [String], trailers: String = "") throws {
    for (number, lines) in lines.enumerated() {
      let blob = try hub.git(["hash-object", "-w", "--stdin"], input: Array(lines.utf8))
      let tree = try hub.git(
        ["mktree"], input: Array(machines.map { "100644 blob \(blob)\t\($0)\n" }.joined().utf8))
      try commits(
        [
          (
            "refs/weave/public/locks/\(constellation)",
            "lock \(constellation)\n\n\(number)\n\nWeave-Lock: \(constellation)\n\(trailers)"
          )
        ], tree: tree)
    }
  }

  /// Sets that all hold the same.
  func name(_ names: [String], _ lines: String) throws {
    try commits(
      names.map { ("refs/weave/public/sets/\($0)", "set \($0)\n\nx\n\nWeave-Set: \($0)\n") },
      blob: (lines, "set"))
  }
}
