import Git
import WeaveModel

extension Store {
  /// Who may know of an event that asserts `claim`: those who may know of every project and event that it names.
  public func audience(of claim: Claim) throws -> Audience {
    switch claim {
    case .link(let members), .revoke(let members, given: nil): return try audience(of: members.members)
    case .revoke(let members, let given?):
      return try isPrivate(given) ? .private : audience(of: members.members)
    case .withdraw(let event): return try isPrivate(event) ? .private : .public
    }
  }

  /// Who may know of a record that names those commits.
  public func audience(of members: some Sequence<Member>) throws -> Audience {
    let secret = try manifest().privateProjects
    return members.contains { secret.contains($0.project) } ? .private : .public
  }

  /// Who may know of what a machine said: a private project's name in the machine's own makes it private, too.
  func audience(ofReportBy machine: String, naming projects: some Sequence<ProjectName>) throws -> Audience {
    let secret = try manifest().privateProjects
    return projects.contains(where: secret.contains) || secret.contains { $0.isWord(of: machine) }
      ? .private : .public
  }

  /// Whether a private ledger holds the event. Walks the private ledgers, where there are any.
  private func isPrivate(_ event: EventID) throws -> Bool {
    let tips = try repository.references(matching: "\(RefName.records)\(Audience.private)/ledger/*")
      .compactMap {
        reference in ledger(of: reference).map(\.tip)
      }
    guard !tips.isEmpty, repository.kind(of: event.objectID) == .commit else { return false }
    return try repository.isReachable(event.objectID, from: tips)
  }
}
