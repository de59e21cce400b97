import Git
import WeaveModel
import WeaveStore

/// What harvesting one project came to.
public struct HarvestResult: Sendable {
  public let project: ProjectName
  /// How many commits were looked at.
  public internal(set) var commits = 0
  /// How many links were recorded.
  public internal(set) var links = 0
  /// What was passed over, one line each, in the order in which it was met.
  public internal(set) var passedOver = ToldLines()
  /// What in the files names no commit, such as a branch or a path: one line each.
  public internal(set) var remarks = ToldLines()
  /// Why the project could not be harvested; nil where it was.
  public internal(set) var failure: Explanation?
}

/// How far a harvest has come.
public struct HarvestProgress: Sendable {
  public let project: ProjectName
  /// How many commits were looked at so far.
  public let commits: Int
}

extension Workspace {
  /// Links every commit of the named projects' histories, or of all, that pins commits of other known projects, with
  /// these: of commits in a row that pin the same only the last, unless `every`. Goes on where it was; what is linked is
  /// not linked again (Docs/adopting.md, "Harvest").
  ///
  /// Reads each new commit of the history and its tree.
  public func harvest(
    _ names: [String], every: Bool, report: @escaping (HarvestProgress) -> Void
  ) async throws -> [HarvestResult] {
    let records = try projects()
    let chosen = try names.isEmpty ? records : Set(names).map { try project($0) }.sorted { $0.name < $1.name }
    let author = try await author()
    var results: [HarvestResult] = []
    for record in chosen {
      var result = HarvestResult(project: record.name)
      let tip: CommitID?
      do { tip = try self.tip(of: record) } catch {
        result.failure = Explanation(error)
        results.append(result)
        continue
      }
      guard let tip else {
        result.passedOver.append(
          "\(record.name) has no \(record.track ?? "HEAD") here; `weave fetch \(record.name)`")
        results.append(result)
        continue
      }
      results.append(
        try await harvest(record, at: tip, among: records, every: every, author: author, report: report))
    }
    // One that was cut off may have recorded the links already.
    if settingUp != nil || results.contains(where: { $0.links > 0 }) {
      bringNotesUpToDate(author: author, after: "the links are recorded")
    }
    return results
  }

  private func harvest(
    _ record: ProjectRecord, at tip: CommitID, among records: [ProjectRecord], every: Bool, author: Signature,
    report: (HarvestProgress) -> Void
  ) async throws -> HarvestResult {
    let known = KnownProjects(records, in: store)
    let rule = "\(every ? "every" : "last") \(known.digest)"
    let former = try store.harvestMark(of: record.name)
    // From the beginning, too, where that cannot be told: then the walk says why.
    let isContinued =
      former?.rule == rule && former.map { (try? isReached($0.tip, from: tip)) == true } == true
    var result = HarvestResult(project: record.name)
    var harvest: PinHarvest
    do {
      harvest = try PinHarvest(of: record, at: tip, known: known, in: store.repository)
      try harvest.walk(since: isContinued ? former?.tip : nil, report: report)
    } catch {
      let words = Explanation(error)?.message ?? "\(error)"
      result.failure = Explanation(sentence: "cannot read the history of \(record.name): \(words)")
      return result
    }
    result.commits = harvest.commitCount
    let isWhole = try await recordLinks(
      harvest.statements(every: every), of: record, author: author, into: &result)
    result.passedOver += harvest.problems
    result.remarks = harvest.remarks
    // What was missing may be here the next time.
    if isWhole, harvest.problems.isEmpty {
      store.setHarvestMark(HarvestMark(tip: tip, rule: rule), of: record.name)
    }
    return result
  }

  private func isReached(_ commit: CommitID, from tip: CommitID) throws -> Bool {
    try store.repository.isAncestor(commit.objectID, of: tip.objectID)
  }

  /// Records the statements that nobody made yet, as links. Says whether none had to be passed over.
  private func recordLinks(
    _ statements: [PinStatement], of record: ProjectRecord, author: Signature,
    into result: inout HarvestResult
  ) async throws -> Bool {
    let compatibility = try compatibility()
    let ledger = LedgerID(store: store.id, writer: try store.writer())
    var (messages, seconds): ([EventMessage], [Int64]) = ([], [])
    var isWhole = true
    for statement in statements {
      let commits = statement.commits
      let isKnown = compatibility.links(naming: record.name, commit: statement.commit).contains {
        compatibility.members(of: $0) == commits
      }
      if isKnown { continue }
      if let revocation = try compatibility.revocations(against: commits).first.map(event) {
        result.passedOver.append("\(commits) is not linked: \(revocation.revocationSentence)")
        isWhole = false
        continue
      }
      let message = EventMessage(
        claim: .link(commits), ledger: ledger, text: "", evidence: statement.evidence)
      do {
        _ = try message.encoded()
        if try store.audience(of: message.claim) == .public {
          for evidence in statement.evidence { try refusePrivateNames(in: evidence, of: "the link") }
        }
        messages.append(message)
        seconds.append(statement.seconds)
      } catch {
        result.passedOver.append("\(record.name)@\(statement.commit.short) is not linked: \(error)")
        isWhole = false
      }
    }
    result.links = messages.count
    try await append(messages, at: seconds, author: author)
    return isWhole
  }
}
