import Git
import GitProcess
import WeaveModel
import WeaveStore

/// What a collection would do, or did.
public struct CollectionOutcome: Sendable {
  /// How many objects nothing needs: those that are old enough go.
  public let unreachable: Int
  /// The commits that are no longer kept, since only older observations name them.
  public let released: [Member]
  public let before: GitProcess.ObjectCount
  /// Nil where nothing was done.
  public let after: GitProcess.ObjectCount?
  /// Whether nothing was done for the reason alone that it is the first time.
  public let isFirst: Bool
}

extension Workspace {
  /// Packs the store, and drops what no project's ref, linked worktree, keep chain, lock, set, snapshot or observation
  /// needs and is older than `expiry` (as Git reads dates); writes a commit-graph that libgit2 can read.
  ///
  /// The first time in a store nothing is done but told. Holds the store's lock to the end: other commands that write
  /// wait.
  ///
  /// - Parameter observations: how many of each machine's observations count, the newest; nil for all.
  public func collect(
    expiry: String, observations: Int?, isDryRun: Bool
  ) async throws -> CollectionOutcome {
    let gitDirectory = store.repository.gitDirectory
    let author = try await author()
    // Before the store's lock, which whoever has one of these may be waiting for.
    let exchanges = try Audience.allCases.compactMap { try store.existingExchange(for: $0) }
    return try await store.holdingLock {
      store.removeStaleLocks()
      let released = try observations.map { try store.releasable(observations: $0) } ?? []
      let before = try await git.countObjects(in: gitDirectory)
      let unreachable = try await git.countUnreachable(in: gitDirectory)
      let isFirst = try !isDryRun && store.repository.configValue(Self.toldKey) == nil
      guard !isDryRun, !isFirst else {
        if isFirst {
          try store.changeConfigurationLocked {
            try store.repository.setConfigValue(Self.toldKey, to: "true")
          }
        }
        return CollectionOutcome(
          unreachable: unreachable, released: released, before: before, after: nil, isFirst: isFirst)
      }
      try store.releaseLocked(released, author: author)
      try await collectProjectExchanges(expiry: expiry)
      try await git.collectGarbage(in: gitDirectory, expiry: expiry)
      for exchange in exchanges {
        try await git.collectGarbage(in: exchange.repository.gitDirectory, expiry: expiry)
      }
      return CollectionOutcome(
        unreachable: unreachable, released: released, before: before,
        after: try await git.countObjects(in: gitDirectory), isFirst: false)
    }
  }

  /// Packs what is not packed of each, before the store leaves alone what they hold; removes those of no project, and all where
  /// no project is private.
  private func collectProjectExchanges(expiry: String) async throws {
    let known = try store.keepsProjectsApart() ? Set(store.recordedManifest().projects.keys) : []
    var kept: [ProjectExchange] = []
    for exchange in store.projectExchanges() {
      guard known.contains(exchange.project) else {
        FileSystem.removeAll(exchange.gitDirectory)
        continue
      }
      kept.append(exchange)
      if try !Repository.open(at: exchange.gitDirectory).isPacked {
        try await git.collectGarbage(in: exchange.gitDirectory, expiry: expiry)
      }
    }
    try store.takePacks(of: kept)
  }

  private static let toldKey = "weave.gcTold"
}
