extension EventMessage {
  /// Reads the message of an event's commit: `bytes` is all that follows the commit's headers.
  ///
  /// There is one reading only. Nothing is guessed, folded, trimmed or skipped, so that no message means one
  /// thing to weave and another to Git. What is well laid out but has a key or a kind that this version does not know is
  /// of a newer weave: see ``NewerWords``.
  /// `expected` is a ledger that the event is probably of: naming it saves time, and changes nothing.
  public init(
    parsing bytes: [UInt8], hasEncodingHeader: Bool, expected: LedgerID? = nil
  ) throws(MalformedEvent) {
    guard !hasEncodingHeader else { throw MalformedEvent(reason: "its commit has an 'encoding' header") }
    let layout = try MessageLayout(bytes)
    if let line = layout.firstLineBeforeBlock(where: MessageLine.endsMessage) {
      throw MalformedEvent(
        reason: "Git may take its line '\(MessageLayout.text(line))' for the message's end")
    }
    let block = try TrailerBlock(layout.block)
    let (claim, newer) = try block.claim()
    self.init(
      claim: claim, ledger: try block.ledger(expected: expected), text: layout.text,
      evidence: block.texts(.evidence))
    self.newer = newer
  }
}

/// The last paragraph of an event's message, by key.
private struct TrailerBlock {
  private var trailers: [(key: TrailerKey, value: ArraySlice<UInt8>)] = []
  /// The keys that are none of the table's, in their order, each once.
  private var unknownKeys: [String] = []

  init(_ lines: [ArraySlice<UInt8>]) throws(MalformedEvent) {
    var seen: Set<ArraySlice<UInt8>> = []
    for line in lines {
      let name = line.prefix { $0 != UInt8(ascii: ":") }
      let key = Self.keys.first { name.elementsEqual($0.bytes) }?.key
      guard key != nil || Self.mayBeNewer(name) else {
        throw MalformedEvent(reason: "its line '\(MessageLayout.text(line))' is none of weave's trailers")
      }
      let rest = line[name.endIndex...]
      let value = rest.dropFirst(2)
      guard rest.starts(with: ": ".utf8), let first = value.first, let last = value.last,
        !MessageLine.isBlank(first), !MessageLine.isBlank(last)
      else {
        throw MalformedEvent(
          reason: "its line '\(MessageLayout.text(line))' is not '\(MessageLayout.text(name)): ' and a value")
      }
      if let key {
        trailers.append((key, value))
      } else if seen.insert(name).inserted {
        unknownKeys.append(MessageLayout.text(name))
      }
    }
  }

  /// Whether a newer weave may have a key of that name: one of ours in other letters, which Git takes for ours, is none.
  private static func mayBeNewer(_ name: ArraySlice<UInt8>) -> Bool {
    !name.isEmpty && name.allSatisfy { MessageLine.isAlphanumeric($0) || $0 == UInt8(ascii: "-") }
      && !keys.contains { name.map(lowercased).elementsEqual($0.bytes.map(lowercased)) }
  }

  private static func lowercased(_ byte: UInt8) -> UInt8 {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
  }

  func texts(_ key: TrailerKey) -> [String] { self[key].map(MessageLayout.text) }

  private subscript(key: TrailerKey) -> [ArraySlice<UInt8>] {
    trailers.compactMap { $0.key == key ? $0.value : nil }
  }

  private static let keys = TrailerKey.allCases.map { (key: $0, bytes: Array($0.rawValue.utf8)) }

  /// What it asserts, and what of it is not known here.
  func claim() throws(MalformedEvent) -> (Claim, NewerWords?) {
    let name = try only(.event)
    let kind = EventKind(rawValue: name)
    guard let kind, unknownKeys.isEmpty else {
      return (try newerClaim(kind), NewerWords(kind: name, keys: unknownKeys))
    }
    return (try claim(of: kind), nil)
  }

  /// The safe side: what restricts names its members, and what else it may say cannot set anything free.
  private func newerClaim(_ kind: EventKind?) throws(MalformedEvent) -> Claim {
    let members = try members()
    if kind == .link { return .link(members) }
    if kind == .withdraw, members.count == 0, let target = onlyID(.withdraws) { return .withdraw(target) }
    return .revoke(members, given: onlyID(.revokes))
  }

  private func onlyID(_ key: TrailerKey) -> EventID? {
    let values = self[key]
    return values.count == 1 ? values.first.flatMap { EventID(canonical: $0) } : nil
  }

  private func claim(of kind: EventKind) throws(MalformedEvent) -> Claim {
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
    let members = try members()
    guard members.count >= least else {
      throw MalformedEvent(reason: "a \(kind.rawValue) of \(members.count) commits, where \(least) belong")
    }
    return members
  }

  private func members() throws(MalformedEvent) -> CommitSet {
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
