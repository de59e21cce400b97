import ForeignText
import WeaveKit

/// What is broken at a remote, and who mends it, for people: on standard error.
struct BrokenRefView {
  let printer: Printer

  /// More than this are counted.
  private static let mostNamed = 20

  /// - Parameter stopsAll: whether none of the others could be moved.
  func show(_ broken: [PullOutcome.Broken], at remote: Remote, stopsAll: Bool) {
    let ledgers = broken.filter { isLedger($0) }
    let named = (ledgers + broken.filter { !isLedger($0) }).prefix(Self.mostNamed)
    for ref in named {
      let word = stopsAll || isLedger(ref) ? "error" : "warning"
      printer.note("\(word): \(ref.name) is broken at \(remote.name): \(printable(ref.reason))")
      printer.note("hint: \(cure(of: ref, at: remote))")
    }
    guard broken.count > named.count else { return }
    printer.note(
      "\(stopsAll || ledgers.count > named.count ? "error" : "warning"): \(broken.count - named.count) more refs are broken at "
        + "\(remote.name); `git for-each-ref refs/weave` lists all there")
  }

  private func isLedger(_ ref: PullOutcome.Broken) -> Bool {
    RecordRef(name: ref.name)?.isLedger == true
  }

  private func cure(of ref: PullOutcome.Broken, at remote: Remote) -> String {
    let byHand =
      "whoever keeps \(remote.name) removes it there (`git update-ref -d \(Quoted.shellWord(ref.name))`), and `weave push` brings it again"
    guard let writer = RecordRef(name: ref.name)?.writer else { return byHand }
    return "\(writer) gives it whole again by `weave push --whole`; where that is refused, \(byHand)"
  }
}
