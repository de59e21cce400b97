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
    try checkRoundTrip(message)
    return true
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
