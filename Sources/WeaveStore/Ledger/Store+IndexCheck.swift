import Git
import WeaveModel

extension Store {
  /// Whether the index says what the ledgers and the histories say, read afresh; true where there is none to be used.
  public func indexAgrees() throws -> Bool {
    guard IndexFile.read(gitDirectory: repository.gitDirectory, store: id) != nil else { return true }
    // Somebody may append between the two readings: then once more.
    for _ in 0..<2 {
      let contents = try ledgerContents()
      let ledgers = try ledgers()
      guard ledgers.events.count == contents.events.count, ledgers.refused == contents.refused,
        contents.events.allSatisfy({ Self.holds($0, index) })
      else { continue }
      return try index.histories.allSatisfy(agrees)
    }
    return false
  }

  /// Makes the index anew from the ledgers, and from the histories that it holds.
  public func rebuildIndex() throws {
    loadIndex()
    let tips = index.histories.compactMap { history in
      history.numbers.first.map { (history.project, index.commits.commit($0)) }
    }
    IndexFile.remove(gitDirectory: repository.gitDirectory)
    (index, savedWeight, unsavedWeight) = (StoreIndex(), 0, 0)
    isIndexSavable = true
    _ = try ledgers()
    // The latest comes last, to be the first again.
    for (project, tip) in tips.reversed() where try repository.kind(of: tip.objectID) == .commit {
      _ = try history(of: project, from: tip)
    }
    saveIndexIfWorthwhile()
  }

  private static func holds(_ event: Event, _ index: StoreIndex) -> Bool {
    let events = index.events
    guard let row = events.row(of: event.id), events.seconds[row] == event.author.seconds else {
      return false
    }
    let members = events.members[row].map { index.commits[$0] }
    return switch event.claim {
    case .link(let set):
      events.kind(row) == (event.isNewer ? .newerLink : .link) && members == set.members
    case .revoke(let set, given: _):
      events.kind(row) == (event.isNewer ? .newerRevocation : .revocation) && members == set.members
    case .withdraw(let target):
      events.kind(row) == (event.isNewer ? .newerWithdrawal : .withdrawal)
        && events.withdrawn(by: row) == target
    }
  }

  /// Of a history whose commits are gone nothing can be said, and nobody can ask for it.
  private func agrees(_ history: StoreIndex.History) throws -> Bool {
    guard let tip = history.numbers.first.map({ index.commits[$0] }),
      try repository.kind(of: tip.commit.objectID) == .commit
    else { return true }
    let afresh = try History.newestFirst(from: tip.commit, in: repository)
    return history.numbers.map { index.commits[$0] }
      == afresh.map { Member(project: history.project, commit: $0) }
  }
}
