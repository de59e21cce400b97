import ForeignText

extension EventMessage {
  /// Of the message that records an event, where it is read: an older weave wrote any text.
  public static let mostBytes = 8 << 20
  /// Where it is written: a thousand members and a text of 64 KiB have a fifth of it.
  private static let mostWrittenBytes = 1 << 20

  /// The message of the commit that records this event: subject, free text, one block of trailers. It ends in
  /// exactly one line feed, reads back as `normalized()`, and reads the same to stock Git.
  public func encoded() throws(UnwritableEvent) -> [UInt8] {
    let message = try normalized()
    var paragraphs = [message.subject]
    if !message.text.isEmpty { paragraphs.append(message.text) }
    let block = message.trailers.map { key, value in "\(key.rawValue): \(value)" }
    paragraphs.append(block.joined(separator: "\n"))
    let bytes = Array(paragraphs.joined(separator: "\n\n").utf8) + [MessageLine.lineFeed]
    guard bytes.count <= Self.mostWrittenBytes else {
      throw UnwritableEvent(
        reason:
          "it has \(bytes.count) bytes, and may have 1,048,576: give less evidence, and name a place that has it"
      )
    }
    // A ledger only grows: what cannot be read back must never get into one.
    let read: EventMessage
    do throws(MalformedEvent) {
      read = try EventMessage(parsing: bytes, hasEncodingHeader: false)
    } catch {
      throw UnwritableEvent(reason: "it would not read back: \(error.reason)")
    }
    guard read.isSpelled(as: message) else {
      throw UnwritableEvent(reason: "it would read back as something else")
    }
    return bytes
  }

  /// This message as it will read once written: line ends are line feeds, lines have no trailing blanks,
  /// paragraphs are one empty line apart, and lines that Git could take for the message's end or for trailers are
  /// indented by a space.
  public func normalized() throws(UnwritableEvent) -> EventMessage {
    guard newer == nil else {
      throw UnwritableEvent(reason: "a newer weave wrote it, and only that can again")
    }
    switch claim {
    case .link(let set) where set.count < 2:
      throw UnwritableEvent(reason: "a link ties two commits or more, and this has \(set.count)")
    case .revoke(let set, given: _) where set.count < 1:
      throw UnwritableEvent(reason: "a revocation names one commit or more, and this has none")
    default: break
    }
    var evidence: [String] = []
    for text in self.evidence { evidence.append(try Self.normalized(evidence: text)) }
    return EventMessage(claim: claim, ledger: ledger, text: try FreeText.normalized(text), evidence: evidence)
  }

  private static func normalized(evidence text: String) throws(UnwritableEvent) -> String {
    let value = text.utf8.drop(while: MessageLine.isBlank)
    guard let last = value.lastIndex(where: { !MessageLine.isBlank($0) }) else {
      throw UnwritableEvent(reason: "a piece of evidence is empty")
    }
    if value.contains(MessageLine.lineFeed) {
      throw UnwritableEvent(reason: "a piece of evidence is more than one line")
    }
    if let control = value.first(where: MessageLine.isControl) {
      throw UnwritableEvent(
        reason: "a piece of evidence holds the control byte 0x\(String(control, radix: 16))")
    }
    guard value[...last].count <= FreeText.mostBytes else {
      throw UnwritableEvent(
        reason: "a piece of evidence has more than 65,536 bytes: name a place that has it")
    }
    return String(foreign: value[...last])
  }

  private var trailers: [(TrailerKey, String)] {
    var trailers: [(TrailerKey, String)]
    switch claim {
    case .link(let set):
      trailers = [(.event, EventKind.link.rawValue), (.ledger, ledger.description)] + Self.trailers(of: set)
    case .revoke(let set, let given):
      trailers =
        [(.event, EventKind.revoke.rawValue), (.ledger, ledger.description)] + Self.trailers(of: set)
      if let given { trailers.append((.revokes, given.hex)) }
    case .withdraw(let id):
      trailers = [
        (.event, EventKind.withdraw.rawValue), (.ledger, ledger.description), (.withdraws, id.hex),
      ]
    }
    return trailers + evidence.map { (.evidence, $0) }
  }

  private static func trailers(of set: CommitSet) -> [(TrailerKey, String)] {
    set.members.map { (.member, "\($0.project) \($0.commit.hex)") }
  }

  private var subject: String {
    switch claim {
    case .link(let set): Self.subject(EventKind.link.rawValue, set)
    case .revoke(let set, given: _): Self.subject(EventKind.revoke.rawValue, set)
    case .withdraw(let id): "\(EventKind.withdraw.rawValue) \(id.short)"
    }
  }

  /// The verb and as many members as fit 72 columns, one at least.
  private static func subject(_ verb: String, _ set: CommitSet) -> String {
    let whole = "\(verb) \(set)"
    guard whole.utf8.count > widest else { return whole }
    var subject = verb
    for (index, member) in set.members.enumerated() {
      let rest = set.count - index
      if index > 0,
        subject.utf8.count + 1 + member.description.utf8.count + " ... (+\(rest))".utf8.count > widest
      {
        return "\(subject) ... (+\(rest))"
      }
      subject += " \(member)"
    }
    return subject
  }

  private static var widest: Int { 72 }

  /// Equal to the byte: `==` takes two spellings of one character for the same text.
  private func isSpelled(as other: EventMessage) -> Bool {
    claim == other.claim && ledger == other.ledger && text.utf8.elementsEqual(other.text.utf8)
      && evidence.count == other.evidence.count
      && zip(evidence, other.evidence).allSatisfy { $0.utf8.elementsEqual($1.utf8) }
  }
}
