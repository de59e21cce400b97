import WeaveModel

/// What must hold of the messages of events.
enum EventReading {
  static func check(_ bytes: [UInt8]) throws(Violation) -> Bool {
    guard let message = try? EventMessage(parsing: bytes, hasEncodingHeader: false) else { return false }
    try Violation.unless(
      (try? EventMessage(parsing: bytes, hasEncodingHeader: true)) == nil,
      "an 'encoding' header was passed over")
    for expected in [message.ledger, elsewhere] {
      try Violation.unless(
        (try? EventMessage(parsing: bytes, hasEncodingHeader: false, expected: expected)) == message,
        "what it says depends on the ledger that was expected")
    }
    if let newer = message.newer { try check(newer, of: message, bytes) } else { try checkRoundTrip(message) }
    return true
  }

  /// What a newer weave wrote restricts the commits that its lines name, or takes back one event, or says nothing: no
  /// more than an event of this weave. It is never written again.
  private static func check(
    _ newer: NewerWords, of message: EventMessage, _ bytes: [UInt8]
  ) throws(Violation) {
    try Violation.unless((try? message.encoded()) == nil, "what is not understood can be written")
    try Violation.unless(
      !newer.keys.isEmpty || !["link", "revoke", "withdraw"].contains(newer.kind), "nothing of it is unknown")
    let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast()
    let block = lines.suffix(from: (lines.lastIndex(where: \.isEmpty) ?? 0) + 1)
    func values(_ key: String) -> [String] {
      block.filter { $0.starts(with: "\(key): ".utf8) }.map {
        String(decoding: $0.dropFirst(key.utf8.count + 2), as: UTF8.self)
      }
    }
    try Violation.unless(
      values("Weave-Event").map { Array($0.utf8) } == [Array(newer.kind.utf8)], "its kind is another")
    switch message.claim {
    case .link(let members), .revoke(let members, given: _):
      try Violation.unless(
        members.members.map { "\($0.project) \($0.commit)" } == values("Weave-Member"),
        "it names other commits than its lines")
    case .withdraw(let event):
      try Violation.unless(
        newer.kind == "withdraw" && values("Weave-Withdraws") == [event.hex]
          && values("Weave-Member").isEmpty,
        "it takes back what its lines do not")
    }
    if case .link = message.claim {
      try Violation.unless(newer.kind == "link", "it is read as a link, and calls itself otherwise")
    }
  }

  /// Free text is written as stock Git would read it, and so may change once: blanks and empty lines go, lines that look
  /// like trailers are indented. All else stays as it was, and the second time nothing changes.
  private static func checkRoundTrip(_ message: EventMessage) throws(Violation) {
    let written: [UInt8]
    do { written = try message.encoded() } catch {
      throw Violation("what was read cannot be written: \(error)")
    }
    let again: EventMessage
    do { again = try EventMessage(parsing: written, hasEncodingHeader: false) } catch {
      throw Violation("what was written cannot be read: \(error)")
    }
    try Violation.unless(
      again.claim == message.claim && again.ledger == message.ledger
        && again.evidence.map { Array($0.utf8) } == message.evidence.map { Array($0.utf8) },
      "written and read again it claims something else")
    try Violation.unless((try? again.encoded()) == written, "its second writing differs from the first")
  }

  private static let elsewhere: LedgerID? = LedgerID(parsing: String(repeating: "0", count: 32) + "/nobody")
}
