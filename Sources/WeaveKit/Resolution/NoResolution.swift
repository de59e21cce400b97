import ForeignText
import WeaveModel
import WeaveStore

/// Nothing fits: what would make it fit, what stands in the way, and which pairs cannot hold together.
public struct NoResolution: Error, Sendable, CustomStringConvertible {
  /// A required pair of projects that cannot hold together with others.
  public struct Requirement: Sendable, Equatable {
    public let pair: ProjectPair
    /// How many pairs of commits that may be picked are live.
    public let count: Int
    /// The newest of these.
    public let newest: CommitPair?
  }

  /// How many pairs of projects are told of: more help nobody.
  private static let mostPairs = 6

  public let machines: [String]
  /// The fewest links that would make it fit, once tested; empty when no links would do. None is of an unfit pair.
  public let newLinks: [CommitPair]
  /// Whether no fewer links of those commits would do, or these are only the fewest found.
  public let isProvedFewest: Bool
  /// The revocations of which withdrawing one would do, or, with `mustReinstateAll`, only withdrawing all.
  public let revocations: [Event]
  public let mustReinstateAll: Bool
  /// The required pairs of projects of which no live pair of commits may be picked.
  public let emptyPairs: [ProjectPair]
  /// The projects of which every commit that may be picked is revoked by itself.
  public let revokedProjects: [ProjectName]
  /// Pairs of projects that cannot all hold together, and of which each is needed for that.
  public let core: [Requirement]
  /// What of those is fixed, by the constellation or on the machines.
  public let fixed: [Member]
  /// Whether no link counts at all, so that what a machine runs may be the first.
  public let hasNoLinks: Bool
  /// Whose word counted; nil where everybody's did.
  public let trust: AppliedTrust?
  /// The links and withdrawals with which something would fit, and which are left out as too few who are trusted have
  /// signed them; links first.
  public let untrusted: [Event]

  public var description: String { "no set of commits fits on \(listed(machines))" }

  /// What would make it fit, after testing: a sentence, and the commands it speaks of.
  public var remedies: [(sentence: String, commands: [String])] {
    var remedies: [(String, [String])] = []
    if let trust, !untrusted.isEmpty {
      let events = untrusted.count == 1 ? "one event" : "\(untrusted.count) events"
      remedies.append(
        (
          "with \(events) it would fit, left out for being \(trust.reason):",
          untrusted.map(\.untrustedSentence)
        ))
    }
    if hasNoLinks, revokedProjects.isEmpty {
      remedies.append(
        ("nothing is linked; where a machine runs well:", ["weave link --running MACHINE -m TEXT"]))
    }
    if !newLinks.isEmpty {
      let number = isProvedFewest ? "the fewest there are" : "the fewest found"
      let sentence =
        newLinks.count == 1
        ? "one new link would do, once tested:"
        : "\(newLinks.count) new links would do, once tested (\(number)):"
      remedies.append((sentence, newLinks.map(\.linkCommand)))
    }
    // What is only supposed cannot be taken back.
    let revocations = mustReinstateAll ? revocations : revocations.filter { !$0.id.isSupposed }
    if !revocations.isEmpty {
      let sentence =
        revocations.count == 1
        ? "taking back this revocation, if it no longer holds:"
        : mustReinstateAll
          ? "taking back all of these revocations, if they no longer hold:"
          : "taking back one of these revocations, if it no longer holds:"
      let commands = revocations.flatMap { revocation in
        [revocation.revocationSentence]
          + (revocation.id.isSupposed ? [] : ["weave reinstate \(revocation.id.short) -m REASON"])
      }
      remedies.append((newLinks.isEmpty ? "what would do: \(sentence)" : "or \(sentence)", commands))
    }
    return remedies
  }

  /// Why nothing fits, a sentence a line; nothing where the pairs are too many to help.
  public var reasons: [String] {
    func said(_ fixed: [Member]) -> String {
      fixed.isEmpty ? "" : " (\(fixed.map { "\($0) is fixed" }.joined(separator: ", ")))"
    }
    let pins = said(fixed)
    let open = emptyPairs.filter { pair in !revokedProjects.contains { pair.first == $0 || pair.second == $0 }
    }
    var lines = trust.map { [$0.sentence] } ?? []
    lines += revokedProjects.map { project in
      "every commit of \(project) that can be picked is revoked"
        + said(fixed.filter { $0.project == project })
    }
    lines += open.prefix(Self.mostPairs).map {
      "no commits of \($0.first) and \($0.second) that can be picked are linked\(pins)"
    }
    if open.count > Self.mostPairs { lines.append("nor of \(open.count - Self.mostPairs) more pairs") }
    guard lines.count == (trust == nil ? 0 : 1), !core.isEmpty, core.count <= Self.mostPairs else {
      return lines
    }
    lines.append("these cannot all hold together\(pins):")
    for requirement in core {
      lines.append(
        "  \(requirement.pair.first) with \(requirement.pair.second): \(requirement.count) linked"
          + (requirement.newest.map { ", the newest \($0)" } ?? ""))
    }
    return lines
  }
}

extension CommitPair {
  /// The command that links them.
  public var linkCommand: String { "weave link \(first) \(second) -m TEXT" }
}

extension Workspace {
  /// Why the group's problem is impossible. Links are sought among commits no older than the lock, or the newest 50.
  func noResolution(
    of resolver: Resolver, on group: Group, _ problems: GroupProblems, _ loaded: LoadedConstellation,
    budget: SearchBudget
  ) throws -> NoResolution {
    let table = problems.candidates.commits
    let conflict = resolver.conflict(
      recent: try recent(of: group, problems, loaded), budget: budget.aside)
    func pair(_ pair: NumberPair) -> CommitPair { CommitPair(table[pair.first], table[pair.second]) }
    let involved = Set((conflict.emptyPairs + conflict.core.map(\.pair)).flatMap { [$0.first, $0.second] })
    return NoResolution(
      machines: group.machines, newLinks: conflict.newLinks.pairs.map(pair),
      isProvedFewest: conflict.newLinks.isProvedFewest,
      revocations: try conflict.blockingSets.map { try event(problems.revocations[$0]) },
      mustReinstateAll: conflict.mustUnblockTogether, emptyPairs: conflict.emptyPairs,
      revokedProjects: resolver.problem.domains.filter { domain in
        domain.commits.allSatisfy { problems.compatibility.isUnfit(table[$0]) }
      }.map(\.project),
      core: conflict.core.map {
        NoResolution.Requirement(pair: $0.pair, count: $0.count, newest: $0.newest.map(pair))
      },
      fixed: resolver.problem.domains.filter { involved.contains($0.project) }.compactMap { domain in
        guard problems.isFixed(domain.project, in: group) else { return nil }
        return domain.commits.first.map { table[$0] }
      },
      hasNoLinks: problems.compatibility.countingLinkCount == 0,
      trust: problems.trust, untrusted: try untrusted(on: group, problems, budget: budget.aside))
  }

  /// How many of each project's candidates are no older than what the lock has; 50 where it has nothing.
  private func recent(
    of group: Group, _ problems: GroupProblems, _ loaded: LoadedConstellation
  ) throws -> [ProjectName: Int] {
    let locked =
      try store.lockUnlessLost(for: loaded.constellation.name).map { try lockedCommits($0, loaded) } ?? [:]
    var recent: [ProjectName: Int] = [:]
    for project in group.projects {
      let kept = Set(group.machines.compactMap { locked[$0]?[project] })
      let commits = problems.newestFirst(project, in: group)
      let place = commits.lastIndex { kept.contains(problems.candidates.commits.commit($0)) }
      recent[project] = place.map { $0 + 1 } ?? 50
    }
    return recent
  }
}

extension NoResolution: ExplainedError {
  var explanation: Explanation {
    // What would help comes first: why it does not fit is read by whom that does not help.
    let remedies = remedies.flatMap { [$0.sentence] + $0.commands.map { "  " + $0 } }
    return Explanation(
      description, details: (remedies + reasons).map { Redaction.line($0) }, hints: [], kind: .incompatible)
  }
}
