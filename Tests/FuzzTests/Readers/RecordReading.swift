import Git
import WeaveModel

@testable import WeaveStore

/// What must hold of the other records that a pull brings: entries of manifests, holds, acknowledgements, locks and sets.
///
/// An input is a letter for the kind and a name, a text, and a blob, with zero bytes between.
enum RecordReading {
  static func check(_ bytes: [UInt8]) throws(Violation) -> Bool {
    let parts = bytes.split(separator: 0, maxSplits: 2, omittingEmptySubsequences: false).map { Array($0) }
    let (text, blob) = (parts.count > 1 ? parts[1] : [], parts.count > 2 ? parts[2] : [])
    let name = String(foreign: parts[0].dropFirst())
    switch parts[0].first {
    case UInt8(ascii: "p"): return try checkProject(name, text)
    case UInt8(ascii: "h"): return try checkHold(name, text)
    case UInt8(ascii: "a"): return try checkAcknowledgement(name, text)
    case UInt8(ascii: "l"): return try checkLock(text, blob)
    case UInt8(ascii: "s"): return try checkSet(text, blob)
    default: return false
    }
  }

  private static func checkProject(_ name: String, _ bytes: [UInt8]) throws(Violation) -> Bool {
    guard let record = try? ManifestPart.project(named: name, bytes: bytes) else { return false }
    try Violation.unless(
      max(record.source.textWithSecret.utf8.count, record.track?.utf8.count ?? 0) <= ProjectSource.mostBytes,
      "its source or its track is too long")
    guard let again = try? ManifestPart.project(named: record.name.text, bytes: record.bytes) else {
      throw Violation("what was read cannot be written and read")
    }
    try Violation.unless(
      again.bytes == record.bytes && again.source == record.source && again.wantsNotes == record.wantsNotes,
      "written and read again it says something else")
    try Violation.unless(
      record.source.needsNoConsent(insteadOf: record.source), "a source is not as itself")
    try Violation.unless(
      !record.source.withoutSecret.hasSecret, "of a source without its secret a secret is left")
    _ = record.trackProblem
    return true
  }

  private static func author(of message: RecordMessage) -> Author? {
    message["Weave-Author"].flatMap { Signature(header: Array($0.utf8)) }.map { Author($0) }
  }

  private static func checkHold(_ name: String, _ text: [UInt8]) throws(Violation) -> Bool {
    guard let message = RecordMessage(parsing: text), let author = author(of: message),
      let (machine, hold) = Store.hold(name, message, author)
    else { return false }
    try Violation.unless(
      Store.entry(of: hold.project, on: machine).utf8.elementsEqual(name.utf8),
      "a hold is of another machine or project than its entry")
    if let until = hold.until { try Violation.unless(ISODate.isValid(until), "its end is no date") }
    try Violation.unless(
      hold.because.utf8.count <= 2 * FreeText.mostBytes && hold.reasonLine.utf8.count <= 4_096,
      "more of its reason is shown than may be")
    return true
  }

  private static func checkAcknowledgement(_ name: String, _ text: [UInt8]) throws(Violation) -> Bool {
    guard let message = RecordMessage(parsing: text), let author = author(of: message),
      let found = Store.acknowledgement(name, message, author)
    else { return false }
    try Violation.unless(
      RefComponent.encode(found.machine).utf8.elementsEqual(name.utf8),
      "an acknowledgement is of another machine than its entry")
    try Violation.unless(ISODate.moments.contains(found.until), "its end is no date")
    return true
  }

  private static func checkLock(_ text: [UInt8], _ blob: [UInt8]) throws(Violation) -> Bool {
    guard let message = RecordMessage(parsing: text), let name = message["Weave-Lock"] else { return false }
    let component = RefComponent.encode(name)
    try Violation.unless(
      RecordRef(name: RefName.locks(name, .public)) == RecordRef(.locks, component, .public),
      "its ref's name is read as another")
    if message.lockProblem == nil {
      for local in message.values(of: "Weave-Local") {
        try Violation.unless(Member(local) != nil, "what it says of a checkout is no commit")
      }
    }
    return (try? CommitLines(parsing: blob)) != nil
  }

  private static func checkSet(_ text: [UInt8], _ blob: [UInt8]) throws(Violation) -> Bool {
    guard let message = RecordMessage(parsing: text), let name = message["Weave-Set"],
      SetName.reason(against: name) == nil
    else { return false }
    try Violation.unless(
      RecordRef(name: RefName.set(name, .public)) == RecordRef(.sets, RefComponent.encode(name), .public),
      "its ref's name is read as another")
    return (try? CommitLines(parsing: blob)) != nil
  }
}
