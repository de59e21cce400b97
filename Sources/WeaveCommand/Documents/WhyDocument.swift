import WeaveKit
import WeaveModel

/// Why a project is not newer, as JSON (Docs/reference/json.md).
struct WhyDocument: Encodable {
  struct GroupJSON: Encodable {
    let machines: [String]
    let commit: String
    let tip: String?
    let behind: Int?
    let refused: [RefusedJSON]
    let remedy: RemedyJSON?

    init(_ why: WhyNotNewer) {
      (machines, commit, tip, behind) = (why.machines, why.commit.hex, why.tip?.hex, why.behind)
      refused = why.refused.map(RefusedJSON.init)
      remedy = why.remedy.map { RemedyJSON(commit: $0.commit.hex, newLinks: $0.newLinks.map(\.json)) }
    }
  }

  struct RefusedJSON: Encodable {
    let commit, reason: String
    /// The project that it has to do with.
    var project: String?
    /// What that project would go back from and to, and by how many commits.
    var from, to: String?
    var by: Int?
    var revocation: EventJSON?
    var machine, because, until, author: String?

    init(_ refused: WhyNotNewer.Refused) {
      (commit, reason) = (refused.commit.hex, refused.obstacle.word)
      switch refused.obstacle {
      case .unreachable, .inconsistent, .undecided, .older: break
      case .fixed(let fixing):
        (machine, because, until, author) = (
          fixing.machine, fixing.because, fixing.until, fixing.author?.name
        )
      case .revoked(let event), .revokedTogether(let event): revocation = EventJSON(event)
      case .unlinked(let other), .linkedElsewhere(let other), .untrusted(let other, _): project = other.text
      case .revokedWith(let other, let event): (project, revocation) = (other.text, EventJSON(event))
      case .putsBack(let other, let from, let to, let by):
        (project, self.from, self.to, self.by) = (other.text, from.hex, to.hex, by)
      }
    }
  }

  struct RemedyJSON: Encodable {
    let commit: String
    let newLinks: [[MemberJSON]]
  }

  let schema, constellation, project: String
  let groups: [GroupJSON]
  let trust: TrustJSON?
}

extension Obstacle {
  /// The one word for it.
  var word: String {
    switch self {
    case .unreachable: "unreachable"
    case .fixed(let fixing): fixing.reason == .hold ? "held" : "pinned"
    case .revoked: "revoked"
    case .unlinked: "unlinked"
    case .revokedWith: "link-revoked"
    case .untrusted: "untrusted"
    case .linkedElsewhere: "linked-elsewhere"
    case .inconsistent: "inconsistent"
    case .revokedTogether: "revoked-together"
    case .putsBack: "puts-back"
    case .undecided: "undecided"
    case .older: "older"
    }
  }
}
