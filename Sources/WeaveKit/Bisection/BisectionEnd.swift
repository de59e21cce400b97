import WeaveModel

extension BisectionFinding {
  /// What is not fit to be run: the changes where they are bad by themselves, else the whole bad set; nil where it is
  /// not known which of several changes it is.
  public var culprit: CommitSet? {
    guard suspects.isEmpty else { return nil }
    return failsAlone == true ? try? CommitSet(changes.map(\.member)) : bad
  }
}

extension BisectionEndError {
  func explained(
    _ state: BisectionState, isKnown: (CommitSet) -> Bool, reason known: (CommitSet) throws -> String
  ) rethrows -> WeaveError {
    let (name, selected) =
      switch self {
      case .goodEnd: ("good", state.request.good)
      case .badEnd: ("bad", state.request.bad)
      }
    let reason =
      if let run = state.runs.last(where: { $0.commits == selected.commits }) {
        "the command exited with \(run.exitCode) on it"
      } else {
        try known(selected.commits)
      }
    return WeaveError(
      "\(selected.label) is not \(name): \(reason)",
      hint: isKnown(selected.commits) && state.runs.isEmpty
        ? "--ignore-events asks the command instead" : "name another set with --\(name)")
  }
}

extension Workspace {
  /// Why a set of a bisection needed no run, in a few words.
  public func reason(for set: CommitSet, _ request: BisectionRequest) throws -> String {
    if request.trustsEnds, set == request.good.commits || set == request.bad.commits {
      return "it was named so"
    }
    if let revocation = try compatibility().revocations(against: set).first {
      return try event(revocation).revocationSentence
    }
    let compatibility = try compatibility()
    let links = set.members.first.map { compatibility.links(naming: $0.project, commit: $0.commit) } ?? []
    let link = links.first { id in
      compatibility.counts(id)
        && Set(compatibility.members(of: id)?.members ?? []).isSuperset(of: set.members)
    }
    return link.map { "the link \($0.short) holds it" } ?? "a link holds it"
  }
}
