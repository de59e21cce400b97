import WeaveModel

/// Events in the shorthand of the tests: `"a1 b2"` is the first commit of `a` with the second of `b`.
enum EventFixtures {
  static let ledger = LedgerID(parsing: "\(String(repeating: "5b", count: 16))/joe-3f9a12c4")!
  static let author = Author(name: "Joe", email: "joe@example.org", seconds: 1_700_000_000, offsetMinutes: 60)

  static func commit(_ number: Int) -> CommitID {
    CommitID(bytes: Array(repeating: UInt8(number), count: 20))!
  }

  static func event(_ number: Int) -> EventID {
    EventID(bytes: [UInt8(number)] + Array(repeating: 0xEE, count: 19))!
  }

  static func member(_ text: some StringProtocol) -> Member {
    Member(
      project: valid(try ProjectName(String(text.dropLast()))), commit: commit(text.last!.wholeNumberValue!))
  }

  static func set(_ text: String) -> CommitSet {
    valid(try CommitSet(text.split(separator: " ").map(member)))
  }

  static func pair(_ text: String) -> CommitPair { set(text).pairs[0] }

  static func event(_ number: Int, _ claim: Claim, seconds: Int64 = 0) -> Event {
    Event(
      id: event(number), message: EventMessage(claim: claim, ledger: ledger),
      author: Author(name: "Joe", email: "joe@example.org", seconds: seconds, offsetMinutes: 0))
  }

  static func link(_ number: Int, _ text: String) -> Event { event(number, .link(set(text))) }

  static func revoke(_ number: Int, _ text: String, given: Int? = nil) -> Event {
    event(number, .revoke(set(text), given: given.map(event)))
  }

  static func withdraw(_ number: Int, _ target: Int) -> Event { event(number, .withdraw(event(target))) }

  static func message(
    _ text: String = "", evidence: [String] = [], claim: Claim = .link(set("laurelin1 telperion2"))
  ) -> EventMessage {
    EventMessage(claim: claim, ledger: ledger, text: text, evidence: evidence)
  }

  /// The lines that stock Git must read from the message, from what the message says and not from its bytes.
  static func trailers(of message: EventMessage) -> [String] {
    var lines: [String] = []
    switch message.claim {
    case .link(let set):
      lines += ["Weave-Event: link", "Weave-Ledger: \(message.ledger)"]
      lines += set.members.map { "Weave-Member: \($0.project) \($0.commit)" }
    case .revoke(let set, let given):
      lines += ["Weave-Event: revoke", "Weave-Ledger: \(message.ledger)"]
      lines += set.members.map { "Weave-Member: \($0.project) \($0.commit)" }
      if let given { lines.append("Weave-Revokes: \(given)") }
    case .withdraw(let id):
      lines += ["Weave-Event: withdraw", "Weave-Ledger: \(message.ledger)", "Weave-Withdraws: \(id)"]
    }
    return lines + message.evidence.map { "Weave-Evidence: \($0)" }
  }
}
