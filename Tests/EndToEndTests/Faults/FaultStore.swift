import Foundation
import TestSupport

@testable import LabSupport

/// The stores that faults are tried on: all say the same, and lie differently on the disk.
enum FaultStore: String, CaseIterable, Sendable {
  /// Objects and refs in files of their own, no index.
  case loose
  /// After `git gc`, with an index of a ledger of a hundred more events.
  case indexed
  /// As `indexed`, with the index yet to be made.
  case unindexed

  /// A lab with such a store, of the caller's own; all have the same files.
  func lab() throws -> Lab {
    switch self {
    case .loose: return try Self.looseTemplate.exactCopy()
    case .indexed: return try Self.packedTemplate.exactCopy()
    case .unindexed:
      let lab = try Self.packedTemplate.exactCopy()
      try FileManager.default.removeItem(atPath: lab.index)
      return lab
    }
  }

  private static let looseTemplate = LabTemplate { try Lab.outspoken() }

  private static let packedTemplate = LabTemplate {
    let lab = try looseTemplate.copy()
    try lab.growLedger()
    try lab.weave("fsck", "--repair")
    try lab.store.git("gc", "--quiet")
    try lab.weave("links")
    guard FileManager.default.fileExists(atPath: lab.index) else { throw TestFailure("no index was made") }
    return lab
  }
}

extension Lab {
  /// A workspace with something of everything, in which most answers need what several files say.
  ///
  /// Without the revocation by bob, two below the tip of his ledger, all would go on to `v3`. Without the withdrawal
  /// of ours, barge would be told nothing of `v2`.
  static func outspoken() throws -> Lab {
    let lab = try Lab.threeProjects()
    try lab.constellation()
    try lab.constellation(Constellations.pair())
    try lab.link("telperion@v1", "laurelin@v1", "narya@v1")
    try lab.link("telperion@v2", "laurelin@v2", "narya@v2")
    try lab.share()
    var his = lab
    his.environment = lab.environment.with([
      "GIT_COMMITTER_NAME": "Bob", "GIT_COMMITTER_EMAIL": "bob@example.org",
    ])
    let bob = try his.colleague("bob")
    try bob.weave("link", "telperion@v3", "laurelin@v3", "narya@v3", "-m", "works")
    try bob.weave("revoke", "telperion@v3", "laurelin@v3", "-m", "DNS loops")
    try bob.weave("link", "telperion@v1", "narya@v2", "-m", "works")
    try bob.weave("link", "laurelin@v4", "narya@v4", "-m", "works")
    try bob.weave("push")
    try lab.weave("pull")
    let doubt = try lab.revoke("narya@v2", because: "it was the cable")
    try lab.weave("reinstate", doubt, "-m", "it was the cable")
    try lab.revoke("laurelin@v4", because: "loops")
    try lab.weave("lock", "-c", "pair", "-m", "first")
    try lab.weave("lock", "-c", "emerald-city", "-m", "first")
    try lab.weave("hold", "barge", "laurelin@v1", "-m", "the disk is full", "-c", "emerald-city")
    try lab.weave("lock", "-c", "emerald-city", "-m", "with the hold")
    try lab.weave("set", "release-1", "telperion@v1", "laurelin@v1", "-m", "the first")
    try lab.weave("set", "release-2", "telperion@v2", "laurelin@v2")
    try lab.report("toto", "telperion@v1", "laurelin@v1")
    try lab.report("toto", "telperion@v3", "laurelin@v3")
    try lab.report("barge", "laurelin@v1", "narya@v2")
    try lab.weave("status", "-c", "emerald-city", "--ack", "toto", "--for", "2d", "-m", "it moves on Monday")
    let secret = try lab.makeSource("vilya", ["one", "two"], tags: ["v1", "v2"])
    try lab.weave("project", "add", "vilya", secret.path, "--private")
    try lab.weave("fetch")
    try lab.link("vilya@v1", "telperion@v1")
    try lab.link("vilya@v2", "telperion@v2")
    try lab.revoke("vilya@v1", because: "it tells")
    try lab.checkout("telperion")
    return lab
  }
}
