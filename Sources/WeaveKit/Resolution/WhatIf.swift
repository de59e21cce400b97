import ForeignText
import WeaveModel
import WeaveStore

extension Workspace {
  /// Whether answers are as if something were so that nobody recorded.
  public var isSupposing: Bool { !supposed.isEmpty }

  /// Lets every later question be answered as if these were linked, or not fit to run together. Nothing is recorded.
  ///
  /// `revoked` may be the id of a link, and stands for its members, as of ``revoke(_:reason:)``. Throws where
  /// ``link(_:text:evidence:)`` would refuse.
  public func suppose(linked: [String], revoked: [String]) async throws {
    let author = Author(name: "what-if", email: "", seconds: caller.now, offsetMinutes: 0)
    func add(_ claim: Claim) throws {
      for member in claim.members?.members ?? [] {
        _ = store.numbers(of: [member.commit], in: member.project)
      }
      let message = EventMessage(
        claim: claim, ledger: LedgerID(store: store.id, writer: try store.writer()), text: "supposed")
      supposed.append(Event(id: .supposed(supposed.count), message: message, author: author))
    }
    if let first = revoked.first {
      if !first.holds("@"), revoked.count == 1, let members = try event(named: first).members {
        try add(.revoke(members, given: nil))
      } else {
        try add(.revoke(try await commitSet(revoked, copying: false), given: nil))
      }
    }
    guard !linked.isEmpty else { return }
    let members = try await commitSet(linked, copying: false)
    guard members.count >= 2 else {
      throw WeaveError("a link ties two commits or more together, and this names \(members.count)")
    }
    if let revocation = try compatibility().revocations(against: members).first.map(event) {
      throw WeaveError(
        "a link of \(members) would change nothing: \(revocation.revocationSentence)", kind: .incompatible)
    }
    try add(.link(members))
  }
}
