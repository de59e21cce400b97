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
  /// nothing is recorded.
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
    let earlier = try compatibility().withdrawals(of: event.id).first.map(self.event)
    let id: EventID
    if let earlier {
      id = earlier.id
    } else {
      id = try await record(.withdraw(event.id), text: reason, force: force, author: await author())
    }
    var revocations: [Event] = []
    if case .revoke(let members, _) = event.claim {
      revocations = (try? compatibility().revocations(against: members).map(self.event)) ?? []
    }
    return WithdrawOutcome(id: id, earlier: earlier, stillRevokedBy: revocations)
  }

  /// The event whose id begins with `text`; looked up among events only.
  public func event(named text: String) throws -> Event {
    try event(id(of: text, among: store.readingAnyFormat { try compatibility() }.events))
  }

  /// From here on these events count for nothing: each is of a newer weave. Their ids may be shortened.
  public func ignoreNewer(_ texts: [String]) throws {
    let events = try texts.map { try event(id(of: $0, among: store.ledgers().events)) }
    for event in events where !event.isNewer {
      throw WeaveError(
        "\(event.id.short) is no event of a newer weave, which alone can be ignored",
        hint: "`weave withdraw \(event.id.short) -m REASON` takes it back for everybody")
    }
    store.ignore(events.map(\.id))
  }

  private func id(of text: String, among events: EventTable) throws -> EventID {
    let digits = text.lowercased()
    guard digits.count >= 4, digits.count <= 40, digits.unicodeScalars.allSatisfy(\.isASCIIHexDigit) else {
      throw WeaveError("'\(text)' is no event id", hint: "`weave log` lists the events")
    }
    let matches = events.ids(beginningWith: digits)
    guard let id = matches.first else {
      throw WeaveError("no event has the id '\(text)'", hint: "`weave log` lists the events")
    }
    guard matches.count == 1 else {
      throw WeaveError(
        "'\(text)' is ambiguous: "
          + matches.prefix(3).map { String($0.hex.prefix(12)) }.joined(separator: ", "),
        hint: "give more digits")
    }
    return id
  }
}
