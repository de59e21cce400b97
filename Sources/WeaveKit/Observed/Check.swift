import WeaveModel

/// Whether commits are fit to run together, and if not, why.
public struct Fitness: Sendable {
  public let members: CommitSet
  /// The pairs that must be linked and are not, without those that a revocation forbids.
  public let unlinked: [CommitPair]
  /// The revocations that forbid it.
  public let revocations: [Event]
  /// Whose word counted; nil where everybody's did.
  public let trust: AppliedTrust?

  public var isFit: Bool { unlinked.isEmpty && revocations.isEmpty }
}

extension Workspace {
  /// Whether the machines of the constellation may run just these commits; without a constellation every pair of them
  /// must be linked.
  public func fitness(of arguments: [String], _ loaded: LoadedConstellation?) async throws -> Fitness {
    let members = try await commitSet(arguments, copying: false)
    let state = try await state(of: loaded)
    let compatibility = state.compatibility
    var required = Set(members.pairs.map(\.projects))
    var meeting = required
    if let constellation = loaded?.constellation {
      for member in members.members { _ = try projectName(member.project.text, in: constellation) }
      let groups = WeaveModel.groups(
        of: constellation.placements(), couplings: constellation.couplings, free: constellation.freeProjects
      ).groups
      required = groups.reduce(into: []) { $0.formUnion($1.required) }
      meeting = groups.reduce(into: []) { $0.formUnion($1.meeting) }
    }
    let revocations = compatibility.revocations(against: members, meeting: meeting)
    let unlinked = members.pairs.filter { required.contains($0.projects) && compatibility.isUnlinked($0) }
    return Fitness(
      members: members, unlinked: unlinked, revocations: try revocations.map(event), trust: state.trust)
  }
}
