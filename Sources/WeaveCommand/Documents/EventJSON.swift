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

  init(_ event: Event, verdict: SignatureVerdict? = nil, extent: Extent = .whole) {
    signature = verdict.map(SignatureJSON.init)
    (id, kind, ledger, author) = (
      event.id.hex, event.message.newer?.kind ?? event.claim.verb, event.ledger.description, event.author.name
    )
    time = event.author.seconds
    newer = event.isNewer ? true : nil
    let (all, pieces) = (event.members?.members ?? [], event.message.evidence)
    text = extent.text(event.message.text)
    evidence = pieces.prefix(extent.evidence).map(extent.text)
    members = all.prefix(extent.members).map(MemberJSON.init)
    moreMembers = all.count > members.count ? all.count - members.count : nil
    moreEvidence = pieces.count > evidence.count ? pieces.count - evidence.count : nil
    if case .withdraw(let target) = event.claim { withdraws = target.hex } else { withdraws = nil }
  }
}

extension EventJSON {
  /// How much of an event a document has.
  struct Extent {
    let members, evidence: Int
    let text: @Sendable (String) -> String

    static let whole = Extent(members: .max, evidence: .max, text: FreeText.shown)
    /// Of what is long the beginning.
    static let listed = Extent(
      members: CommitSet.mostShown, evidence: CommitSet.mostShown, text: FreeText.listed)
    static let line = Extent(members: 2, evidence: 0, text: FreeText.line)
  }

  private static let mostMembers = 250_000
  private static let mostBytes = 16 << 20

  /// The events of a list of all. Where they come to more than 250,000 members, those with the most have the first of theirs; to
  /// more than 16 MiB of text and evidence, those with the most have the beginnings.
  static func list(_ events: [Event], verdicts: [EventID: SignatureVerdict] = [:]) -> [EventJSON] {
    let members = mostMembers.share(among: events.map { $0.members?.count ?? 0 })
    let bytes = events.map { event in
      event.message.evidence.reduce(event.message.text.utf8.count) { $0 + $1.utf8.count }
    }
    let share = mostBytes.share(among: bytes)
    return zip(events, bytes).map { event, count in
      let extent = count > share ? Extent.listed : .whole
      return EventJSON(
        event, verdict: verdicts[event.id],
        extent: Extent(members: members, evidence: extent.evidence, text: extent.text))
    }
  }
}

/// A commit of a project as every JSON document has it.
struct MemberJSON: Encodable {
  let project, commit: String

  init(_ member: Member) { (project, commit) = (member.project.text, member.commit.hex) }
}

/// The events of each of many machines, as a JSON document has them: the first few of each, and, once it has had
/// ``mostWhole``, a line of those that come again. Machines times revocations times what each says would be gigabytes.
struct ListedEvents {
  private static let most = 5
  private static let mostWhole = 500
  private var wholeCount = 0
  private var known: [EventID: EventJSON] = [:]
  private var lines: [EventID: EventJSON] = [:]

  mutating func json(_ events: [Event]) -> [EventJSON] {
    events.prefix(Self.most).map { event in
      wholeCount += 1
      let json: EventJSON
      if wholeCount > Self.mostWhole {
        json = lines[event.id] ?? EventJSON(event, extent: .line)
        lines[event.id] = json
      } else {
        json = known[event.id] ?? EventJSON(event, extent: .listed)
        known[event.id] = json
      }
      return json
    }
  }

  /// How many there are besides; nil where there are none.
  static func excess(of events: [Event]) -> Int? { events.count > most ? events.count - most : nil }
}
