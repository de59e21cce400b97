import TestSupport
import Testing

@testable import LabSupport

@Suite("A record that no pull takes is refused by the hub's hooks, when it is pushed")
struct HookedRecordTests {
  private let lab: Lab
  private static let lock = "refs/weave/public/locks/emerald-city"
  private static let observed = "refs/weave/public/observed/toto"

  /// Two locks and two reports in a store.
  init() throws {
    lab = try Lab.threeProjects()
    try lab.constellation()
    for version in ["v1", "v2"] {
      try lab.link("telperion@\(version)", "laurelin@\(version)", "narya@\(version)")
      try lab.weave("lock", "-c", "emerald-city")
      try lab.weave("report", "--machine", "toto", "telperion=\(lab.id("telperion@\(version)"))")
    }
  }

  /// A commit with the files on the parents, in the store.
  private func commit(_ tree: String, _ message: String, on parents: String...) throws -> String {
    try lab.store.git(["commit-tree", tree] + parents.flatMap { ["-p", $0] }, input: Array(message.utf8))
  }

  private func tree(_ listing: String) throws -> String {
    try lab.store.git(["mktree"], input: Array(listing.utf8))
  }

  private func blob(_ text: String) throws -> String {
    try lab.store.git(["hash-object", "-w", "--stdin"], input: Array(text.utf8))
  }

  /// The bad records, and what is said of them.
  private func badRecords() throws -> [(name: String, tip: String, reason: String)] {
    let git = lab.store
    let lockTree = try git.git("rev-parse", "\(Self.lock)^{tree}")
    let fork = try commit(
      lockTree, git.git("log", "-1", "--format=%B", Self.lock) + "\n", on: "\(Self.lock)^")
    let link = try tree("120000 blob \(blob("/etc/passwd"))\ttoto\n")
    let text = try tree("100644 blob \(blob("x\n"))\ttoto\n")
    let manifest = "refs/weave/public/manifest"
    let foreign = try tree("100644 blob \(blob(String(repeating: "cd", count: 16) + "\n"))\tstore\n")
    let report = try git.git("rev-parse", "\(Self.observed)^{tree}")
    return [
      // A join of any content; one that puts the older lock back in force, in either order.
      (Self.lock, try commit(link, "join\n", on: Self.lock, fork), "is no file"),
      (Self.lock, try commit(text, "join\n", on: Self.lock, fork), "no pull would take it"),
      (
        Self.lock, try commit("\(Self.lock)^^{tree}", "join\n", on: "\(Self.lock)^", Self.lock),
        "it joins what did not go apart"
      ),
      (
        Self.lock, try commit("\(fork)^{tree}", "join!\n", on: fork, Self.lock),
        "it is not the join of its parents that weave makes"
      ),
      (
        Self.lock,
        try commit(
          lockTree, "lock emerald-city\n\nWeave-Lock: emerald-city\nWeave-Local: x y z\n", on: Self.lock),
        "'x y z' is not `project SHA`"
      ),
      (manifest, try commit(foreign, "manifest\n", on: manifest), "it is of another store"),
      (
        Self.observed,
        try commit(
          report, "observed toto\n\nWeave-Machine: toto\nWeave-Sequence: 9223372036854775807\n",
          on: Self.observed),
        "its number is too great"
      ),
      (
        Self.observed,
        try commit(report, "observed toto\n\nWeave-Machine: ozma\nWeave-Sequence: 3\n", on: Self.observed),
        "it is nothing that toto said"
      ),
      (
        Self.observed,
        try commit(
          "\(Self.observed)^^{tree}", git.git("log", "-1", "--format=%B", "\(Self.observed)^") + "\n",
          on: Self.observed, "\(Self.observed)^"), "it joins what did not go apart"
      ),
    ]
  }

  @Test(
    "each, with its reason, and stays out of what others pull", arguments: HookedHub.hooks, [true, false])
  func refused(hook: String, checksObjects: Bool) throws {
    let hub = try HookedHub([hook], of: lab, checksObjects: checksObjects)
    try hub.expectAccepted("refs/weave/public/*:refs/weave/public/*")
    for (name, tip, reason) in try badRecords() {
      try hub.expectRefused("\(tip):\(name)", because: reason)
    }
    let revocation = try lab.weave("revoke", "telperion@v1", "-m", "loops")
    try hub.expectAccepted(lab.ledger())
    try lab.weave(["clone", hub.hub.path, lab.directory.appending("bob")], in: lab.directory.path)
    #expect(try lab.eventIDs(in: lab.directory.appending("bob")).contains(revocation))
  }

  @Test("also where part of it is in the hub already, and the rest comes now", arguments: HookedHub.hooks)
  func split(hook: String) throws {
    let hub = try HookedHub([hook], of: lab)
    try hub.expectAccepted("refs/weave/public/*:refs/weave/public/*")
    let bad = try badRecords()
    for (number, record) in bad.enumerated() {
      try hub.expectAccepted("\(record.tip)^{tree}:refs/tags/tree-\(number)")
      try hub.hub.git("gc", "--quiet")
      try hub.expectRefused("\(record.tip):\(record.name)", because: record.reason)
    }
  }

  @Test("and a first push, whole, where its ledgers are not of its manifest's store")
  func first() throws {
    let other = try Lab()
    try other.weave("init")
    let hub = try HookedHub(["pre-receive"], of: lab)
    try lab.store.git("fetch", "--quiet", other.store.path, "refs/weave/public/manifest:refs/heads/other")
    try hub.expectRefused(
      "refs/heads/other:refs/weave/public/manifest", lab.ledger(), because: "of another store, ")
    try hub.expectAccepted("refs/weave/public/*:refs/weave/public/*")
    try hub.expectRefused(
      "refs/heads/other:refs/weave/private/manifest", because: "it is private")
  }
}
