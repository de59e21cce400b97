import WeaveModel

/// An event as every JSON document has it (Docs/reference/json.md).
struct EventJSON: Encodable {
  let id, kind, ledger, author: String
  let time: Int64
  let text: String
  let evidence: [String]
  let members: [MemberJSON]
  /// Of an event that many machines have: how many there are besides those that are listed.
  let moreEvidence, moreMembers: Int?
  let withdraws: String?
  /// True where a newer weave recorded it, and said what this one does not know.
  let newer: Bool?
  /// Where it was asked for.
  let signature: SignatureJSON?

  init(_ event: Event) { self.init(event, isListed: false) }

  init(_ event: Event, verdict: SignatureVerdict?) { self.init(event, verdict: verdict, isListed: false) }

  /// - Parameter isListed: whether the document has it for each of many machines, so that of what is long it has the
  ///   beginning.
  init(_ event: Event, verdict: SignatureVerdict? = nil, isListed: Bool) {
    signature = verdict.map(SignatureJSON.init)
    (id, kind, ledger, author) = (
      event.id.hex, event.message.newer?.kind ?? event.claim.verb, event.ledger.description, event.author.name
    )
    time = event.author.seconds
    newer = event.isNewer ? true : nil
    let all = event.members?.members ?? []
    let most = isListed ? CommitSet.mostShown : .max
    (text, evidence) =
      isListed
      ? (FreeText.listed(event.message.text), event.message.evidence.prefix(most).map(FreeText.listed))
      : (event.text, event.evidence)
    members = all.prefix(most).map(MemberJSON.init)
    moreMembers = all.count > most ? all.count - most : nil
    let pieces = event.message.evidence.count
    moreEvidence = pieces > most ? pieces - most : nil
    if case .withdraw(let target) = event.claim { withdraws = target.hex } else { withdraws = nil }
  }
}

/// A commit of a project as every JSON document has it.
struct MemberJSON: Encodable {
  let project, commit: String

  init(_ member: Member) { (project, commit) = (member.project.text, member.commit.hex) }
}
