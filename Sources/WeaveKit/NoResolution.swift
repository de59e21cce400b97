import WeaveModel
import WeaveStore

/// Nothing fits: which pairs cannot hold together, what stands in the way, and what would change it.
public struct NoResolution: Error, Sendable, CustomStringConvertible {
  public let machines: [String]
  public let conflict: Conflict
  /// The revocations behind the unfit sets that stand in the way.
  public let revocations: [Event]
  /// Whether no link counts at all, so that what a machine runs may be the first.
  public let hasNoLinks: Bool

  init(
    group: Group, conflict: Conflict, compatibility: Compatibility, event: (EventID) throws -> Event
  ) rethrows {
    (machines, self.conflict) = (group.machines, conflict)
    revocations = try compatibility.countingRevocations.filter { id in
      compatibility.members(of: id).map(conflict.blockingUnfitSets.contains) ?? false
    }.map(event)
    hasNoLinks = compatibility.countingLinkCount == 0
  }

  public var description: String {
    let place =
      machines.count == 1
      ? machines[0]
      : "\(machines.count) machines (\(machines.prefix(3).joined(separator: ", "))"
        + "\(machines.count > 3 ? ", …" : ""))"
    return "no set of commits fits on \(place)"
  }

  /// Why, a sentence a line.
  public var reasons: [String] {
    var lines = conflict.emptyPairs.map {
      "no commits of \($0.first) and \($0.second) that can be picked are linked"
    }
    if lines.isEmpty, !conflict.irreducible.isEmpty {
      lines.append(
        "these cannot all hold together: "
          + conflict.irreducible.map { "\($0.first) with \($0.second)" }.joined(separator: ", "))
    }
    for event in revocations {
      lines.append(event.revocationSentence)
    }
    return lines
  }

  /// The commands that would make it fit, after testing.
  public var remedies: [String] {
    var commands: [String] = []
    if hasNoLinks { commands.append("weave link --running MACHINE -m TEXT") }
    commands += conflict.missingLinks.map {
      "weave link \($0.first.project)@\($0.first.commit.short) \($0.second.project)@\($0.second.commit.short) -m TEXT"
    }
    commands += revocations.map { "weave reinstate \($0.id.short) -m REASON" }
    return commands
  }
}
