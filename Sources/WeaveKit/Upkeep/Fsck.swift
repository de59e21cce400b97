import ForeignText
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
  /// Checks the store: objects, events, members, keep chains, notes, index, refs. With `repair`, first rebuilds what is derived, and
  /// puts refs whose files are empty back to where they stood.
  public func check(repair isRepairing: Bool) async throws -> [Finding] {
    try await store.readingAnyFormat { try await checkAll(repair: isRepairing) }
  }

  private func checkAll(repair isRepairing: Bool) async throws -> [Finding] {
    var findings = isRepairing ? try await repair() : []
    findings += store.brokenReferences().map {
      Finding(severity: .error, message: "\($0) is empty; `weave fsck --repair` restores it where it can")
    }
    // What is damaged in one place keeps nothing else from being checked.
    func inspect(_ body: () throws -> [Finding]) {
      do { findings += try body() } catch {
        // Those are all named.
        guard !(error is LostTip) else { return }
        let message = Explanation(error)?.message ?? "\(error)"
        // What several things need is named once.
        guard !findings.contains(where: { $0.message == message }) else { return }
        findings.append(Finding(severity: .error, message: message))
      }
    }
    findings += store.lostTips().map { Finding(severity: .error, message: "\($0); \($0.hint)") }
    do { findings += try await objectFindings() } catch {
      findings.append(Finding(severity: .error, message: Explanation(error)?.message ?? "\(error)"))
    }
    do { findings += try await projectExchangeFindings(repair: isRepairing) } catch {
      findings.append(Finding(severity: .error, message: Explanation(error)?.message ?? "\(error)"))
    }
    inspect {
      try unfinished().map { [Finding(severity: .warning, message: $0.words)] } ?? []
    }
    inspect {
      try store.unreadableSourceReferences().map { Finding(severity: .error, message: $0) }
    }
    var events: [Event] = []
    inspect {
      let contents = try store.ledgerContents()
      events = contents.events
      return contents.unreadable.map {
        Finding(
          severity: .error, message: "\($0); no command that asks what is fit answers before it is here")
      }
        + contents.refused.map {
          Finding(severity: .error, message: "\($0.description); it counts for nothing")
        }
    }
    let compatibility = Compatibility(events)
    inspect {
      try store.newerFormat().map { [Finding(severity: .warning, message: "\($0): upgrade weave")] } ?? []
    }
    findings += events.filter(\.isNewer).map { Self.finding($0, compatibility) }
    findings += compatibility.misdirectedWithdrawals.map {
      Finding(severity: .warning, message: "\($0.short) withdraws a withdrawal; it counts for nothing")
    }
    var named = Set(events.flatMap { $0.members?.members ?? [] })
    var ours: Set<Member> = []
    inspect {
      let writer = try store.writer()
      ours = Set(events.filter { $0.ledger.writer == writer }.flatMap { $0.members?.members ?? [] })
      return []
    }
    inspect {
      for (project, commits) in try store.observedCommits() {
        for commit in try store.had(among: commits, by: project) {
          named.insert(Member(project: project, commit: commit))
        }
      }
      return []
    }
    inspect {
      var damaged: [Finding] = []
      let sets = try store.sets { damaged.append(Finding(severity: .error, message: "\($0); \($0.hint)")) }
      named.formUnion(sets.flatMap(\.commits.members))
      return damaged
    }
    inspect { try store.damagedTexts().map { Finding(severity: .error, message: $0) } }
    inspect { try store.damagedLocks().map { Finding(severity: .error, message: $0) } }
    inspect {
      try store.recordedManifest().misplacedFiles.map {
        Finding(
          severity: .warning, message: "\($0) is a file, and gives way to the directory that belongs there")
      }
    }
    inspect { try malformedProjects().map { Finding(severity: .error, message: "\($0)") } }
    inspect { try projects().compactMap(\.trackProblem).map { Finding(severity: .error, message: $0) } }
    inspect {
      for (_, hold) in try store.holds() {
        if case .commit(let commit) = hold.at { named.insert(Member(project: hold.project, commit: commit)) }
      }
      return []
    }
    inspect {
      try unreadableConstellations().map {
        Finding(severity: .error, message: "\($0); \($0.wayOut)")
      }
    }
    inspect { try store.recordedSecrets().map(Self.finding) }
    findings += events.filter(\.recordsSecret).map {
      Finding(
        severity: .warning,
        message:
          "\($0.id.short) of \($0.author.name) records a URL with a secret, which weave does not show: "
          + Self.rotation)
    }
    var names: [String] = []
    inspect {
      names = try constellationNames(); return []
    }
    for constellation in names {
      inspect {
        named.formUnion(try lockedMembers(of: constellation)); return []
      }
    }
    for (project, members) in Dictionary(grouping: named, by: \.project).sorted(by: { $0.key < $1.key }) {
      inspect { try check(members, of: project, ours: ours) }
    }
    inspect {
      try store.notesAgree(with: compatibility)
        ? []
        : [
          Finding(
            severity: .warning, message: "refs/notes/weave is out of date; `weave fsck --repair` rebuilds it")
        ]
    }
    inspect {
      try store.indexAgrees()
        ? []
        : [
          Finding(
            severity: .error,
            message: "weave/index is not true of the ledgers; `weave fsck --repair` makes it anew")
        ]
    }
    return findings
  }

  private static func finding(_ newer: Event, _ compatibility: Compatibility) -> Finding {
    let kind = newer.message.newer?.kind ?? ""
    let keys = newer.message.newer?.keys ?? []
    let unknown = keys.isEmpty ? "" : " with \(keys.joined(separator: ", "))"
    let worth =
      switch newer.claim {
      case _ where !compatibility.counts(newer.id): "it counts for nothing"
      case .revoke(let members, given: _): "it counts as a revocation of \(members)"
      case .link, .withdraw: "it counts"
      }
    return Finding(
      severity: .warning,
      message: "\(newer.id) is an event of a newer weave, '\(kind)'\(unknown): \(worth); upgrade weave")
  }

  private static func finding(_ secret: RecordedSecret) -> Finding {
    let (name, source) = (secret.project, secret.source)
    let place = secret.isPresent ? "is recorded with a secret" : "was recorded with a secret once"
    let remedy =
      secret.isPresent
      ? "; `weave project set \(name) source \(Quoted.shellWord(source.text))` records it without" : ""
    return Finding(
      severity: .warning,
      message:
        "the source of \(name), \(source), \(place), which the \(secret.audience) manifest's history keeps: "
        + "\(rotation)\(remedy)")
  }

  private static let rotation =
    "revoke that secret where it lets in, for what was pushed cannot be taken back"

  private func lockedMembers(of constellation: String) throws -> [Member] {
    do {
      guard let lock = try store.lock(for: constellation) else { return [] }
      return try store.commitsByComponent(in: lock).values.flatMap { commits in
        commits.map { Member(project: $0.key, commit: $0.value) }
      }
    } catch is MalformedRecord { return [] }
  }

  private func check(_ members: [Member], of project: ProjectName, ours: Set<Member>) throws -> [Finding] {
    let kept = try store.keptCommits(of: project)
    let tips = try store.sourceTips(of: project)
    return try members.sorted().compactMap { member in
      guard try store.repository.kind(of: member.commit.objectID) == .commit else {
        return Finding(
          severity: .warning, message: "\(project) \(member.commit) is named by a record and not fetched")
      }
      guard kept.contains(member.commit) else {
        // Where others push into this store, their events come without weave's doing.
        let isSafe =
          try !ours.contains(member) && store.isReachable(member.commit.objectID, from: tips)
        return Finding(
          severity: isSafe ? .warning : .error,
          message: "\(project) \(member.commit) is in no keep chain; `weave fsck --repair` keeps it")
      }
      return nil
    }
  }

  /// What cannot be repaired keeps nothing else from it.
  private func repair() async throws -> [Finding] {
    let author = try await author()
    var findings: [Finding] = []
    func attempt(_ body: () throws -> Void) {
      do { try body() } catch {
        let words = Explanation(error)?.message ?? "\(error)"
        findings.append(Finding(severity: .error, message: "cannot repair all: \(words)"))
      }
    }
    attempt { try store.restoreEmptyReferences() }
    attempt { try store.repairAccepted(author: author) }
    attempt { try store.dropUnreadableKeeps() }
    attempt { try store.rebuildIndex() }
    attempt { try store.keepNamed(author: author) }
    attempt { try store.refreshNotes(anew: true, author: author, of: compatibility) }
    attempt { try copyNotes(anew: true, author: author) }
    return findings
  }
}
