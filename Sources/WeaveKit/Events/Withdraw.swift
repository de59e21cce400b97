import ForeignText
import WeaveModel
import WeaveStore

extension Workspace {
  /// A withdrawal that was recorded.
  public struct WithdrawOutcome: Sendable {
    public let id: EventID
    /// The withdrawal that took the event back before, which this is; nil for a new one.
    public let earlier: Event?
    /// The revocations that still hold of what a withdrawn revocation named.
    public let stillRevokedBy: [Event]
  }

  /// Takes back the link or revocation that `text` names; final. One that is taken back already stays so, and
  /// nothing is recorded, but a revocation's withdrawal by each who signs.
  public func withdraw(_ text: String, reason: String, force: Bool = false) async throws
    -> WithdrawOutcome
  {
    let event = try event(named: text)
    if case .withdraw = event.claim {
      throw WeaveError(
        "\(event.id.short) is a withdrawal, and a withdrawal is final", hint: "link or revoke again")
    }
    return try await withdraw(event, reason: reason, force: force)
  }

  /// Takes back the revocation that `text` names: ``withdraw(_:reason:)``, for revocations only.
  public func reinstate(_ text: String, reason: String, force: Bool = false) async throws
    -> WithdrawOutcome
  {
    let event = try event(named: text)
    guard case .revoke = event.claim else {
      throw WeaveError(
        "\(event.id.short) is \(event.claim.article), not a revocation",
        hint: "`weave withdraw \(event.id.short) -m REASON` takes back a link")
    }
    return try await withdraw(event, reason: reason, force: force)
  }

  private func withdraw(_ event: Event, reason: String, force: Bool) async throws -> WithdrawOutcome {
    let earlier = try await earlierWithdrawal(of: event)
    let id: EventID
    if let earlier {
      id = earlier.id
    } else {
      id = try await record(.withdraw(event.id), text: reason, force: force, author: await author())
    }
    var revocations: [Event] = []
    if case .revoke(let members, _) = event.claim {
      do { revocations = try compatibility().revocations(against: members).map(self.event) } catch {
        caller.warn("it is taken back; what else revokes the same is not known: \(error)")
      }
    }
    return WithdrawOutcome(id: id, earlier: earlier, stillRevokedBy: revocations)
  }

  /// The withdrawal that leaves nothing to say. Of a revocation it counts by who signed it, for whom a constellation trusts:
  /// so each who signs says it once.
  private func earlierWithdrawal(of event: Event) async throws -> Event? {
    let earlier = try compatibility().withdrawals(of: event.id).map(self.event)
    guard case .revoke = event.claim, try signsEvents() else { return earlier.first }
    let (writer, verdicts) = (try store.writer(), try await verdicts(on: earlier))
    return earlier.first { $0.ledger.writer == writer && verdicts[$0.id]?.finding != .unsigned }
  }

  /// The workspace in which these events count for nothing: each is of a newer weave. Their ids may be shortened.
  public func ignoringNewer(_ texts: [String]) throws -> Workspace {
    let events = try texts.map { try event(id(of: $0, among: store.ledgers().events)) }
    for event in events where !event.isNewer {
      throw WeaveError(
        "\(event.id.short) is no event of a newer weave, which alone can be ignored",
        hint: "`weave withdraw \(event.id.short) -m REASON` takes it back for everybody")
    }
    return viewing(store.ignoring(events.map(\.id)))
  }
}
