import WeaveModel

extension Event {
  /// Of what is left out: which event, of what, and whose it says that it is.
  var untrustedSentence: String {
    let what =
      if case .withdraw(let target) = claim { "reinstates \(target.short)" } else {
        "\(members?.description ?? "")"
      }
    return "\(id.short)  \(what): \(reasonLine) (\(author.name))"
  }
}

extension Workspace {
  /// What is left out and would let the group's problem be solved; nothing where it would not, or that is not known.
  func untrusted(on group: Group, _ problems: GroupProblems, budget: Int) throws -> [Event] {
    guard let trust = problems.trust else { return [] }
    let plain = GroupProblems(problems, under: trust.plain)
    guard case .resolved(let numbers) = Resolver(plain.problem(of: group)).lexmin(budget: budget) else {
      return []
    }
    let table = problems.candidates.commits
    let picks = numbers.mapValues { table[$0] }
    let pairs = group.required.compactMap { pair in
      picks[pair.first].flatMap { first in picks[pair.second].map { CommitPair(first, $0) } }
    }
    let links = pairs.filter { !problems.compatibility.isLive($0) }.flatMap(trust.leftOutLinks(holding:))
    let reinstatements = problems.revocations(against: Array(picks.values), in: group)
      .flatMap(trust.leftOutReinstatements(of:))
    return try Set(links).sorted().map(event) + Set(reinstatements).sorted().map(event)
  }
}
