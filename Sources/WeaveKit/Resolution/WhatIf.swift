import ForeignText
import WeaveModel
import WeaveStore

extension Workspace {
  /// Whether answers are as if something were so that nobody recorded.
  public var isSupposing: Bool { !supposed.isEmpty }

  /// The workspace in which every question is answered as if these were linked, or not fit to run together. Nothing is
  /// recorded.
  ///
  /// `revoked` may be the id of a link, and stands for its members, as of ``revoke(_:reason:)``. Throws where
  /// ``link(_:text:evidence:)`` would refuse.
  public func supposing(linked: [String], revoked: [String]) async throws -> Workspace {
    var view = self
    if let first = revoked.first {
      let isEvent = !first.holds("@") && revoked.count == 1
      var members = isEvent ? try event(named: first).members : nil
      if members == nil { members = try await commitSet(revoked, copying: false) }
      if let members { view = try view.supposing(.revoke(members, given: nil)) }
    }
    guard !linked.isEmpty else { return view }
    let members = try await commitSet(linked, copying: false)
    guard members.count >= 2 else {
      throw WeaveError("a link ties two commits or more together, and this names \(members.count)")
    }
    if let revocation = try view.compatibility().revocations(against: members).first.map(view.event) {
      throw WeaveError(
        "a link of \(members) would change nothing: \(revocation.revocationSentence)", kind: .incompatible)
    }
    return try view.supposing(.link(members))
  }

  private func supposing(_ claim: Claim) throws -> Workspace {
    for member in claim.members?.members ?? [] {
      _ = store.numbers(of: [member.commit], in: member.project)
    }
    let message = EventMessage(
      claim: claim, ledger: LedgerID(store: store.id, writer: try store.writer()), text: "supposed")
    let author = Author(name: "what-if", email: "", seconds: caller.now, offsetMinutes: 0)
    return viewing(
      supposing: supposed + [Event(id: .supposed(supposed.count), message: message, author: author)])
  }
}
