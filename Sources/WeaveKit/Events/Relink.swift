import Git
import GitProcess
import WeaveModel
import WeaveStore

/// What an event says of rewritten commits, beside the event.
public struct Relink: Sendable {
  public let event: Event
  public let offer: RelinkOffer
  /// The revocations that are against it: such a one cannot be taken.
  public let revocations: [Event]
}

/// What became of the events that name rewritten commits.
public struct RelinkReport: Sendable {
  /// The revocations first.
  public let offers: [Relink]
  public let refused: [Relink]
  /// The events that name a rewritten commit whose successor is not known.
  public let withoutSuccessor: [Event]
}

extension Workspace {
  /// What links and revocations of rewritten commits would say of their successors: of the named projects, or all.
  ///
  /// Writes nothing. Warns of a project that cannot be told of, and passes over it.
  public func relinks(of names: [String]) async throws -> RelinkReport {
    let records = try names.isEmpty ? projects() : names.map { try project($0) }
    let (compatibility, checkouts) = (try compatibility(), try checkouts())
    let named = Dictionary(grouping: compatibility.commitsNamed, by: \.project)
    var rewritten: Set<Member> = []
    var successors: [Member: Successor] = [:]
    for project in Set(records.map(\.name)).sorted() {
      guard let members = named[project] else { continue }
      do {
        let found = try await RewrittenCommits(
          of: project, named: Set(members.map(\.commit)), checkout: checkouts[project], in: self)
        rewritten.formUnion(found.commits.map { Member(project: project, commit: $0) })
        for (commit, successor) in found.successors {
          successors[Member(project: project, commit: commit)] = successor
        }
      } catch {
        caller.warn("\(project) is left out: \(Explanation(error)?.message ?? "\(error)")")
      }
    }
    let trees = Trees(of: self, checkouts: checkouts)
    let relinks = try compatibility.relinks(of: rewritten, successors: successors) { try trees.tree(of: $0) }
    return RelinkReport(
      offers: try relinks.offers.map { try relink($0, against: []) },
      refused: try relinks.refused.map { try relink($0.offer, against: $0.revocations) },
      withoutSuccessor: try relinks.withoutSuccessor.map(event))
  }

  private func relink(_ offer: RelinkOffer, against revocations: [EventID]) throws -> Relink {
    Relink(event: try event(offer.event), offer: offer, revocations: try revocations.map(event))
  }

  /// Records what the offer says: a new event with the words of the old one, which it names in its evidence.
  ///
  /// Refuses a link of what has become unfit meanwhile (exit 5).
  public func take(_ relink: Relink) async throws -> EventID {
    let offer = relink.offer
    let checkouts = try checkouts()
    for replacement in offer.replacements {
      let (project, commit) = (replacement.rewritten.project, replacement.successor.commit)
      guard let checkout = checkouts[project], try !store.has(commit, in: project) else { continue }
      _ = try store.repository.copyObjects(reachableFrom: [commit.objectID], from: checkout.open())
    }
    if !offer.isRevocation { try refuseUnfit(offer.successors, in: compatibility()) }
    // What the words hold is in the old event already, which is for the same audience.
    return try await record(
      offer.isRevocation ? .revoke(offer.successors, given: nil) : .link(offer.successors),
      text: relink.event.text, evidence: offer.replacements.map { evidence($0, of: offer.event) },
      force: true,
      author: await author())
  }

  private func evidence(_ replacement: RelinkOffer.Replacement, of event: EventID) -> String {
    let (rewritten, successor) = (replacement.rewritten, replacement.successor)
    return "successor of \(event): \(rewritten.project) \(rewritten.commit) is now \(successor.commit), same "
      + "\(successor.proof.kind) \(successor.proof.value)"
  }
}
