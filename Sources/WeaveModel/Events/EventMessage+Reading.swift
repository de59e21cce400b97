extension EventMessage {
  /// Reads the message of an event's commit: `bytes` is all that follows the commit's headers.
  ///
  /// There is one reading only. Nothing is guessed, folded, trimmed or skipped, so that no message means one
  /// thing to weave and another to Git, or to a later weave.
  /// `expected` is a ledger that the event is probably of: naming it saves time, and changes nothing.
  public init(
    parsing bytes: [UInt8], hasEncodingHeader: Bool, expected: LedgerID? = nil
  ) throws(MalformedEvent) {
    guard !hasEncodingHeader else { throw MalformedEvent(reason: "its commit has an 'encoding' header") }
    let layout = try MessageLayout(bytes)
    if let line = layout.linesBeforeBlock.first(where: MessageLine.endsMessage) {
      throw MalformedEvent(
        reason: "Git may take its line '\(MessageLayout.text(line))' for the message's end")
    }
    let block = try TrailerBlock(layout.block)
    self.init(
      claim: try block.claim(), ledger: try block.ledger(expected: expected), text: layout.text,
      evidence: block.texts(.evidence))
  }
}

/// The last paragraph of an event's message, by key.
private struct TrailerBlock {
  private var trailers: [(key: TrailerKey, value: ArraySlice<UInt8>)] = []

  init(_ lines: ArraySlice<ArraySlice<UInt8>>) throws(MalformedEvent) {
    for line in lines {
      guard let (key, rest) = Self.key(of: line) else {
        throw MalformedEvent(reason: "its line '\(MessageLayout.text(line))' is none of weave's trailers")
      }
      let value = rest.dropFirst(2)
      guard rest.starts(with: ": ".utf8), let first = value.first, let last = value.last,
        !MessageLine.isBlank(first), !MessageLine.isBlank(last)
      else {
        throw MalformedEvent(
          reason: "its line '\(MessageLayout.text(line))' is not '\(key.rawValue): ' and a value")
      }
      trailers.append((key, value))
    }
  }

  func texts(_ key: TrailerKey) -> [String] { self[key].map(MessageLayout.text) }

  private subscript(key: TrailerKey) -> [ArraySlice<UInt8>] {
    trailers.compactMap { $0.key == key ? $0.value : nil }
  }

  private static let keys = TrailerKey.allCases.map { (key: $0, bytes: Array($0.rawValue.utf8)) }

  /// The key that the line begins with, up to its colon, and what follows the key.
  private static func key(of line: ArraySlice<UInt8>) -> (key: TrailerKey, rest: ArraySlice<UInt8>)? {
    let name = line.prefix { $0 != UInt8(ascii: ":") }
    guard let key = keys.first(where: { name.elementsEqual($0.bytes) })?.key else {
      return nil
    }
    return (key, line[name.endIndex...])
  }

  func claim() throws(MalformedEvent) -> Claim {
    let name = try only(.event)
    guard let kind = EventKind(rawValue: name) else {
      throw MalformedEvent(reason: "'\(name)' is no kind of event")
    }
    switch kind {
    case .link:
      try refuse([.revokes, .withdraws], of: kind)
      return .link(try members(atLeast: 2, of: kind))
    case .revoke:
      try refuse([.withdraws], of: kind)
      let given = self[.revokes].isEmpty ? nil : try id(.revokes)
      return .revoke(try members(atLeast: 1, of: kind), given: given)
    case .withdraw:
      try refuse([.member, .revokes], of: kind)
      return .withdraw(try id(.withdraws))
    }
  }

  func ledger(expected: LedgerID?) throws(MalformedEvent) -> LedgerID {
    let text = try only(.ledger)
    if let expected, text == expected.description { return expected }
    guard let ledger = LedgerID(parsing: text) else { throw MalformedEvent(reason: "'\(text)' is no ledger") }
    return ledger
  }

  private func only(_ key: TrailerKey) throws(MalformedEvent) -> String {
    let values = self[key]
    guard let value = values.first, values.count == 1 else {
      throw MalformedEvent(reason: "it has \(values.count) lines '\(key.rawValue)', where one belongs")
    }
    return MessageLayout.text(value)
  }

  private func refuse(_ keys: [TrailerKey], of kind: EventKind) throws(MalformedEvent) {
    for key in keys where trailers.contains(where: { $0.key == key }) {
      throw MalformedEvent(reason: "a \(kind.rawValue) has no '\(key.rawValue)'")
    }
  }

  private func id(_ key: TrailerKey) throws(MalformedEvent) -> EventID {
    let text = try only(key)
    guard let id = EventID(canonical: text.utf8) else {
      throw MalformedEvent(reason: "'\(text)' is no event's id")
    }
    return id
  }

  private func members(atLeast least: Int, of kind: EventKind) throws(MalformedEvent) -> CommitSet {
    var members: [Member] = []
    let values = self[.member]
    // Every pair of them is looked at: without a bound one event could stop every command.
    guard values.count <= EventMessage.mostMembers else {
      throw MalformedEvent(reason: "it names \(values.count) commits, of at most \(EventMessage.mostMembers)")
    }
    for value in values {
      let name = value.prefix { $0 != MessageLine.space }
      guard let project = try? ProjectName(MessageLayout.text(name)),
        let commit = CommitID(canonical: value[name.endIndex...].dropFirst())
      else { throw MalformedEvent(reason: "'\(MessageLayout.text(value))' is no project and commit") }
      if let last = members.last, last.project >= project {
        throw MalformedEvent(reason: "its members are not sorted by project, or name '\(project)' twice")
      }
      members.append(Member(project: project, commit: commit))
    }
    guard members.count >= least else {
      throw MalformedEvent(reason: "a \(kind.rawValue) of \(members.count) commits, where \(least) belong")
    }
    do { return try CommitSet(members) } catch {
      throw MalformedEvent(reason: "it names '\(error.project)' twice")
    }
  }
}

extension Identifier {
  /// The identifier that `digits` spell as it would print itself, in lower case: so that an id has one spelling.
  fileprivate init?(canonical digits: some Collection<UInt8>) {
    guard !digits.contains(where: { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }) else {
      return nil
    }
    self.init(digits: digits)
  }
}
