import ForeignText
import WeaveModel
import WeaveStore

/// A revocation that was recorded, and what it changes.
public struct RevokeOutcome: Sendable {
  public let id: EventID
  public let members: CommitSet
  /// The pairs of the set that links still hold after all.
  public let stillLive: [CommitPair]
  /// The stored constellations whose resolution changes.
  public let changedConstellations: [String]
  /// The revocations that held of the set before.
  public let alreadyRevokedBy: [Event]
}

extension Workspace {
  /// Records that the members are not fit to run together.
  ///
  /// An argument without `@` is the id of a link, and stands for its members.
  public func revoke(
    _ source: MemberSource, reason: String, evidence: [String] = [], force: Bool = false
  ) async throws -> RevokeOutcome {
    var given: EventID?
    let members: CommitSet
    if case .named(let arguments) = source, let first = arguments.first, !first.holds("@") {
      guard arguments.count == 1 else { throw WeaveError("name one event, or commits: PROJECT@REVISION…") }
      let event = try event(named: first)
      guard case .link(let linked) = event.claim else {
        throw WeaveError("\(event.id.short) is \(event.claim.article), not a link", hint: hint(for: event))
      }
      (given, members) = (event.id, linked)
    } else {
      members = try await self.members(of: source)
    }
    guard members.count >= 1 else { throw WeaveError("a revocation names one commit or more") }
    let compatibility = try compatibility()
    let earlier = try compatibility.revocations(against: members).map(event)
    let before = try await states()
    let id = try await record(
      .revoke(members, given: given), text: reason, evidence: evidence, force: force, author: await author())
    // The event stands; what it changes must not make it look as if it didn't.
    guard let after = try? self.compatibility() else {
      caller.warn("the revocation is recorded, and what it changes cannot be told; `weave fsck`")
      return RevokeOutcome(
        id: id, members: members, stillLive: [], changedConstellations: [], alreadyRevokedBy: [])
    }
    return RevokeOutcome(
      id: id, members: members, stillLive: members.pairs.filter(after.isLive),
      changedConstellations: await changedResolutions(since: before), alreadyRevokedBy: earlier)
  }

  private typealias Standing = (loaded: LoadedConstellation, state: State)

  /// What each stored constellation is resolved under. Any of them may want what is revoked; one whose text cannot be parsed must
  /// not keep anybody from revoking.
  private func states() async throws -> [Standing] {
    var states: [Standing] = []
    for loaded in try readableConstellations() {
      let state = try await state(of: loaded)
      let records = try? await trustedRecords(of: loaded, state)
      states.append((records?.loaded ?? loaded, state))
    }
    return states
  }

  /// The constellations whose resolution is another now, sorted; those alone of which that can be told. Searched for when the
  /// event stands: somebody may have made that a long search.
  private func changedResolutions(since before: [Standing]) async -> [String] {
    let budget = SearchBudget()
    var changed: [String] = []
    for (loaded, former) in before {
      let budget = budget.share()
      guard let old = tree(of: loaded, former, budget), let state = try? await state(of: loaded),
        let new = tree(of: loaded, state, budget)
      else { continue }
      if old != new { changed.append(loaded.constellation.name) }
    }
    return changed.sorted()
  }

  /// What it resolves to, which is nil where nothing fits; nil where that is not known.
  private func tree(
    of loaded: LoadedConstellation, _ state: State, _ budget: SearchBudget
  ) -> ResolutionTree?? {
    do { return .some(try resolve(loaded, state, budget: budget).tree) } catch is NoResolution {
      return .some(nil)
    } catch { return nil }
  }

  private func hint(for event: Event) -> String? {
    switch event.claim {
    case .revoke: "`weave reinstate \(event.id.short) -m REASON` takes a revocation back"
    case .link, .withdraw: nil
    }
  }
}
