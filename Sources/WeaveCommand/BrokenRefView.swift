import ForeignText
import WeaveKit

/// What is broken at a remote, and who mends it, for people: on standard error.
enum BrokenRefView {
  /// - Parameter stopsAll: whether none of the others could be moved.
  static func show(_ broken: [PullOutcome.Broken], at remote: Remote, stopsAll: Bool) {
    for ref in broken {
      let word = stopsAll || RecordRef(name: ref.name)?.isLedger == true ? "error" : "warning"
      Printer.note("\(word): \(ref.name) is broken at \(remote.name): \(printable(ref.reason))")
      Printer.note("hint: \(cure(of: ref, at: remote))")
    }
  }

  private static func cure(of ref: PullOutcome.Broken, at remote: Remote) -> String {
    let byHand =
      "whoever keeps \(remote.name) removes it there (`git update-ref -d \(Quoted.shellWord(ref.name))`), and `weave push` brings it again"
    guard case .ledger(let writer)? = RecordRef(name: ref.name)?.kind else { return byHand }
    return "\(writer) gives it whole again by `weave push --whole`; where that is refused, \(byHand)"
  }
}
