import WeaveModel

/// An event as every JSON document has it (Docs/reference/json.md).
struct EventJSON: Encodable {
  let id, kind, ledger, author: String
  let time: Int64
  let text: String
  let evidence: [String]
  let members: [MemberJSON]
  let withdraws: String?
  /// True where a newer weave recorded it, and said what this one does not know.
  let newer: Bool?
  /// Where it was asked for.
  let signature: SignatureJSON?

  init(_ event: Event) { self.init(event, verdict: nil) }

  init(_ event: Event, verdict: SignatureVerdict?) {
    signature = verdict.map(SignatureJSON.init)
    (id, kind, ledger, author) = (
      event.id.hex, event.message.newer?.kind ?? event.claim.verb, event.ledger.description, event.author.name
    )
    (time, text, evidence) = (event.author.seconds, event.text, event.evidence)
    newer = event.isNewer ? true : nil
    members = (event.members?.members ?? []).map(MemberJSON.init)
    if case .withdraw(let target) = event.claim { withdraws = target.hex } else { withdraws = nil }
  }
}

/// A commit of a project as every JSON document has it.
struct MemberJSON: Encodable {
  let project, commit: String

  init(_ member: Member) { (project, commit) = (member.project.text, member.commit.hex) }
}
