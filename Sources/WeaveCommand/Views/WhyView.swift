import WeaveKit
import WeaveModel

/// Why a project is not newer, for people: the refused commits under their reasons.
struct WhyView {
  private static let shownOfEach = 10

  let why: WhyNotNewer
  let workspace: Workspace
  let printer: Printer

  func print() throws {
    let ref = why.track ?? "HEAD"
    let behind =
      why.behind.map { $0 == 0 ? ", the newest of \(ref)" : ", \(counted($0, "commit")) behind \(ref)" } ?? ""
    printer.paragraph("\(why.project) is \(why.commit.short) on \(listed(why.machines))\(behind)")
    var order: [Obstacle] = []
    var commits: [Obstacle: [CommitID]] = [:]
    for refused in why.refused {
      if commits[refused.obstacle] == nil { order.append(refused.obstacle) }
      commits[refused.obstacle, default: []].append(refused.commit)
    }
    let cheapestFirst = order.enumerated().sorted {
      ($0.element.cost, $0.offset) < ($1.element.cost, $1.offset)
    }
    for (_, obstacle) in cheapestFirst { try print(obstacle, commits[obstacle] ?? [], ref) }
    guard let remedy = why.remedy else { return }
    if remedy.newLinks.isEmpty {
      printer.line("\(remedy.commit.short) lacks no link to what the others run")
    } else {
      let count = counted(remedy.newLinks.count, "new link")
      printer.paragraph("\(count) would let it be \(remedy.commit.short), all else unchanged. Once tested:")
      for pair in remedy.newLinks { printer.line("  \(pair.linkCommand)") }
    }
  }

  private func print(_ obstacle: Obstacle, _ commits: [CommitID], _ ref: String) throws {
    printer.paragraph("\(obstacle.sentence(of: why, ref: ref)):")
    for commit in commits.prefix(Self.shownOfEach) {
      let subject = try workspace.subject(of: commit) ?? "(not in the store)"
      printer.line(printer.output.cut(printable("  \(commit.short)  \(subject)")))
    }
    let rest = commits.count - Self.shownOfEach
    if rest > 0 { printer.line("  and \(rest) more; --json lists all") }
  }
}

extension Obstacle {
  /// Where it stands among the others: what is cheapest to find out comes first.
  fileprivate var cost: Int {
    switch self {
    case .unreachable: 0
    case .fixed: 1
    case .revoked: 2
    case .unlinked: 3
    case .untrusted: 4
    case .revokedWith: 5
    case .linkedElsewhere: 6
    case .inconsistent: 7
    case .revokedTogether: 8
    case .putsBack: 9
    case .undecided: 10
    case .older: 11
    }
  }

  fileprivate func sentence(of why: WhyNotNewer, ref: String) -> String {
    switch self {
    case .unreachable: "linked, but \(ref) of \(why.project) does not reach it"
    case .fixed(let fixing): fixing.sentence
    case .revoked(let event): event.datedRevocation
    case .unlinked(let other): "no link to any commit of \(other)"
    case .revokedWith(let other, let event): "no link to \(other) that holds: \(event.datedRevocation)"
    case .untrusted(let other, let reason): "linked to \(other) only by links that are left out, \(reason)"
    case .linkedElsewhere(let other): "linked only to commits of \(other) that may not be picked"
    case .inconsistent:
      "linked to every neighbour, but to no commits that are linked to each other and to the rest"
    case .revokedTogether(let event): "linked to commits that are unfit together: \(event.datedRevocation)"
    case .putsBack(let other, let from, let to, let count):
      "would put \(other) back from \(from.short) to \(to.short), by \(counted(count, "commit"))"
    case .undecided: "not known, for the resolver gave up"
    case .older: "no newer than \(why.commit.short): in \(ref) before it, or merged along with it"
    }
  }
}

extension Event {
  /// Of a revocation who revoked what, when, and why.
  fileprivate var datedRevocation: String {
    let date = moment(author.seconds, offsetMinutes: author.offsetMinutes)
    return "\(author.name) revoked \(members?.description ?? "nothing") on \(date): \(reasonLine)"
  }
}

extension Fixing {
  fileprivate var sentence: String {
    var sentence = reason == .hold ? "held at another commit" : "pinned to another commit"
    sentence += machine.map { " on \($0)" } ?? " in the constellation"
    if let until { sentence += " until \(until)" }
    if let author {
      sentence +=
        " (stored by \(author.name) on \(moment(author.seconds, offsetMinutes: author.offsetMinutes)))"
    }
    return sentence + (because.map { ": \($0)" } ?? "")
  }
}
