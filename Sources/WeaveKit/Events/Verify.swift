import WeaveModel
import WeaveStore

/// An event, and what its signature is worth.
public struct VerifiedEvent: Sendable {
  public let event: Event
  public let verdict: SignatureVerdict
}

extension Workspace {
  /// The events whose ids begin with `texts`, in their order, or all, newest first; each verified by itself.
  public func verify(_ texts: [String]) async throws -> [VerifiedEvent] {
    let events = try texts.isEmpty ? log() : texts.map(event(named:))
    let verdicts = try await verdicts(on: events)
    return events.map { VerifiedEvent(event: $0, verdict: verdicts[$0.id] ?? .unsigned) }
  }

  /// What the signatures of the events are worth, by id: there is one for each.
  public func verdicts(on events: [Event]) async throws -> [EventID: SignatureVerdict] {
    let signatures = try await signatures(of: events.map(\.id))
    return Dictionary(
      events.map { ($0.id, signatures[$0.id]?.verdict ?? .unsigned) }, uniquingKeysWith: { first, _ in first }
    )
  }

  /// Whether Git is told whose the ssh keys are.
  public func knowsAllowedSigners() async throws -> Bool {
    try await signatureSettings().hasAllowedSigners
  }
}
