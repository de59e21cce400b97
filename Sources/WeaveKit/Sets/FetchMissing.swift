import Git
import WeaveModel
import WeaveStore

extension Workspace {
  /// Fetches those projects of which a commit that is selected is not here; asks no other source.
  ///
  /// - Returns: a result for each project that is selected, in the order of their names. One whose source does not have
  ///   the commit either is a failure.
  public func fetchMissing(
    of selection: Selection, report: @escaping @Sendable (FetchProgress) -> Void
  ) async throws -> [FetchResult] {
    let wanted = try await commits(of: selection, copying: false).commits
    func isHere(_ member: Member) throws -> Bool {
      try store.repository.kind(of: member.commit.objectID) == .commit
    }
    let missing = try wanted.members.filter { try !isHere($0) }
    let fetched = try await fetch(records: missing.map { try project($0.project.text) }, report: report)
    let results = Dictionary(uniqueKeysWithValues: fetched.map { ($0.project, $0) })
    return try wanted.members.map { member in
      let record = try store.manifest().projects[member.project]
      guard let result = results[member.project] else {
        var (tip, failure, unknownTip): (CommitID?, Explanation?, Explanation?)
        do { tip = try store.tip(of: member.project, track: record?.track) } catch {
          let explanation = Explanation(error) ?? Explanation(WeaveError("\(error)"))
          if error is AmbiguousTrack { unknownTip = explanation } else { failure = explanation }
        }
        return FetchResult(
          project: member.project, failure: failure, unknownTip: unknownTip, track: record?.track,
          before: tip,
          after: tip, isForced: false, isSkipped: true)
      }
      guard result.failure == nil, try !isHere(member) else { return result }
      return FetchResult(
        project: member.project,
        failure: Explanation(sentence: "the source of \(member.project) has no \(member)"),
        unknownTip: nil, track: result.track, before: result.before, after: result.after,
        isForced: result.isForced,
        isSkipped: false)
    }
  }
}
