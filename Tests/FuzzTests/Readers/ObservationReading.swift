import WeaveModel

@testable import WeaveStore

/// What must hold of observations, of the messages that they share with locks and notes, and of resolutions.
///
/// An input is a message and a blob, with a zero byte between.
enum ObservationReading {
  static func check(_ bytes: [UInt8]) throws(Violation) -> Bool {
    let parts = bytes.split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false).map { Array($0) }
    let (message, blob) = (parts[0], parts.count > 1 ? parts[1] : [])
    if let record = RecordMessage(parsing: message) { try checkRoundTrip(record) }
    if let lines = try? CommitLines(parsing: blob) {
      try Violation.unless(
        lines.dirty.isEmpty && CommitLines(lines.commits).bytes == blob, "a resolution has two spellings")
    }
    guard let lines = try? CommitLines(parsing: blob, canBeDirty: true),
      let observation = try? Observation(message: message, lines: lines, seen: -1)
    else { return false }
    try Violation.unless(
      observation.number.sequence > 0 && observation.number.epoch >= 0 && observation.seen == 0,
      "it counts from less than 1")
    try Violation.unless(
      observation.dirty.allSatisfy { observation.commits[$0] != nil }, "what is not there is dirty")
    try Violation.unless(
      CommitLines(observation.commits, dirty: observation.dirty).bytes == blob,
      "an observation has two spellings")
    try checkRoundTrip(observation)
    return true
  }

  private static func checkRoundTrip(_ observation: Observation) throws(Violation) {
    let again: Observation
    do {
      again = try Observation(
        message: Observation.message(
          "observed", machine: observation.machine, number: observation.number),
        lines: CommitLines(
          parsing: CommitLines(observation.commits, dirty: observation.dirty).bytes, canBeDirty: true),
        seen: observation.seen)
    } catch { throw Violation("what was read cannot be written and read: \(error)") }
    try Violation.unless(
      again == observation && again.machine.utf8.elementsEqual(observation.machine.utf8),
      "written and read again it says something else")
  }

  /// Free text may change once, as that of events.
  private static func checkRoundTrip(_ record: RecordMessage) throws(Violation) {
    let written: [UInt8]
    do { written = try record.encoded() } catch {
      throw Violation("what was read cannot be written: \(error)")
    }
    guard let again = RecordMessage(parsing: written) else {
      throw Violation("what was written cannot be read")
    }
    try Violation.unless(
      again.subject.utf8.elementsEqual(record.subject.utf8)
        && again.trailers.map { [$0.key, $0.value].map { Array($0.utf8) } }
          == record.trailers.map { [$0.key, $0.value].map { Array($0.utf8) } },
      "a message, written and read again, says something else")
    try Violation.unless((try? again.encoded()) == written, "its second writing differs from the first")
  }
}
