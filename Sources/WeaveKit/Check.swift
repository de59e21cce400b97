import Git
import WeaveModel
import WeaveStore

/// One thing that is not as it should be in a store.
public struct Finding: Sendable {
  public enum Severity: String, Sendable {
    /// Something of the record is damaged or missing.
    case error
    /// The record is whole, and something beside it wants attention.
    case warning
  }

  public let severity: Severity
  public let message: String
}

extension Workspace {
  /// Checks the store: events, members, keep chains, notes, refs. With `repair`, rebuilds what is derived first.
  public func check(repair: Bool) async throws -> [Finding] {
    if repair { try await repairDerived() }
    let contents = try store.ledgerContents()
    let compatibility = Compatibility(contents.events)
    var findings = store.brokenReferences().map {
      Finding(severity: .error, message: "\($0) is empty or broken")
    }
    findings += contents.refused.map {
      Finding(severity: .error, message: "\($0.description); it counts for nothing")
    }
    findings += compatibility.misdirectedWithdrawals.map {
      Finding(severity: .warning, message: "\($0.id.short) withdraws a withdrawal; it counts for nothing")
    }
    for (project, members) in try namedMembers(contents.events) {
      findings += try check(members, of: project)
    }
    if try !store.notesAgree(with: compatibility) {
      findings.append(
        Finding(
          severity: .warning, message: "refs/notes/weave is out of date; `weave fsck --repair` rebuilds it"))
    }
    return findings
  }

  /// Every commit that an event, a lock in force or an observation names, by project.
  private func namedMembers(_ events: [Event]) throws -> [(project: ProjectName, members: [Member])] {
    var members = Set(events.flatMap { $0.members?.members ?? [] })
    var recorded = try store.observations().map(\.commits)
    for constellation in try storedConstellations() {
      guard let lock = try store.lock(for: constellation.constellation.name) else { continue }
      recorded += try store.commitsByComponent(in: lock.resolution).values
    }
    for commits in recorded {
      members.formUnion(
        try commits.map { Member(project: $0.key, commit: $0.value) }.filter {
          try store.has($0.commit, in: $0.project)
        })
    }
    return Dictionary(grouping: members, by: \.project).sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  private func check(_ members: [Member], of project: ProjectName) throws -> [Finding] {
    let kept = try store.keptCommits(of: project)
    return members.sorted().compactMap { member in
      guard store.repository.kind(of: member.commit.objectID) == .commit else {
        return Finding(
          severity: .warning, message: "\(project) \(member.commit) is named by a record and not fetched")
      }
      guard kept.contains(member.commit) else {
        return Finding(
          severity: .error,
          message: "\(project) \(member.commit) is in no keep chain; `weave fsck --repair` keeps it")
      }
      return nil
    }
  }

  private func repairDerived() async throws {
    let author = try await author()
    try store.restoreEmptyReferences()
    let contents = try store.ledgerContents()
    for (project, members) in try namedMembers(contents.events) {
      let kept = try store.keptCommits(of: project)
      try store.keep(members.filter { !kept.contains($0.commit) }.sorted(), author: author)
    }
    let compatibility = Compatibility(contents.events)
    try store.refreshNotes(compatibility, author: author)
    try copyNotes(compatibility, author: author)
  }
}
