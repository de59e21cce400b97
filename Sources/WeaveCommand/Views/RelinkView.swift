import WeaveKit
import WeaveModel

/// What would be said of rewritten commits' successors, for people and for machines.
struct RelinkView {
  let report: RelinkReport
  let printer: Printer

  func show(_ relink: Relink) {
    let offer = relink.offer
    printer.paragraph("\(verb(relink)) \(offer.successors)")
    for replacement in offer.replacements { printer.line("  " + words(replacement)) }
    let reason = relink.event.reasonLine
    printer.paragraph(
      "  as \(relink.event.id.short) of \(relink.event.author.name)" + (reason.isEmpty ? "" : ": \(reason)"))
  }

  /// What cannot be taken, and what is left.
  func showRest(left: Int, wasTold: Bool) {
    for relink in report.refused {
      printer.paragraph("refused: link \(relink.offer.successors)")
      for replacement in relink.offer.replacements { printer.line("  " + words(replacement)) }
      for revocation in relink.revocations {
        printer.paragraph("  \(revocation.revocationSentence) (\(revocation.id.short))")
      }
    }
    let lost = report.withoutSuccessor.count
    if lost > 0 {
      printer.note(
        "note: \(counted(lost, "event")) \(lost == 1 ? "names" : "name") commits that no branch has, and whose "
          + "successors are not known")
    }
    if report.offers.isEmpty { printer.note("nothing to take") }
    guard left > 0 else { return }
    let certain = report.offers.count(where: \.offer.isCertain)
    printer.note(
      wasTold || certain == 0
        ? "hint: `weave relink` on a terminal asks about each; `weave relink --yes-all` takes all"
        : "hint: `weave relink --yes` takes what has the same tree")
  }

  private func verb(_ relink: Relink) -> String { relink.offer.isRevocation ? "revoke" : "link" }

  private func words(_ replacement: RelinkOffer.Replacement) -> String {
    let (rewritten, successor) = (replacement.rewritten, replacement.successor)
    let digits = successor.proof.kind == "Change-Id" ? 8 : 7
    return "\(rewritten) is now \(successor.commit.short): same \(successor.proof.kind) "
      + successor.proof.value.prefix(digits)
  }

  func printJSON(taken: [EventID: EventID]) throws {
    try printer.json(
      Document(
        schema: "weave.relink/1",
        offers: report.offers.map { RelinkJSON($0, taken: taken[$0.event.id]) },
        refused: report.refused.map { RelinkJSON($0, taken: nil) },
        withoutSuccessor: EventJSON.list(report.withoutSuccessor)))
  }

  struct Document: Encodable {
    let schema: String
    let offers, refused: [RelinkJSON]
    let withoutSuccessor: [EventJSON]
  }
  struct RelinkJSON: Encodable {
    let event: EventJSON
    let members: [MemberJSON]
    let replaced: [ReplacementJSON]
    let revocations: [EventJSON]
    let taken: String?

    init(_ relink: Relink, taken: EventID?) {
      event = EventJSON(relink.event)
      members = relink.offer.successors.members.map(MemberJSON.init)
      replaced = relink.offer.replacements.map(ReplacementJSON.init)
      revocations = EventJSON.list(relink.revocations)
      self.taken = taken?.hex
    }
  }
  struct ReplacementJSON: Encodable {
    let project, commit, successor, same, value: String

    init(_ replacement: RelinkOffer.Replacement) {
      (project, commit) = (replacement.rewritten.project.text, replacement.rewritten.commit.hex)
      successor = replacement.successor.commit.hex
      (same, value) = (replacement.successor.proof.kind.lowercased(), replacement.successor.proof.value)
    }
  }
}
