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

  /// Whether a private ledger holds the event. Walks the private ledgers, where there are any.
  private func isPrivate(_ event: EventID) throws -> Bool {
    let tips = try recordReferences(of: .ledger, .private)
      .compactMap {
        reference in ledger(of: reference).map(\.tip)
      }
    guard !tips.isEmpty, try repository.kind(of: event.objectID) == .commit else { return false }
    return try repository.isReachable(event.objectID, from: tips)
  }
}
