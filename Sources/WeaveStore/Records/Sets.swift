import ForeignText
import Git
import WeaveModel

/// A set of commits that has a name: a tag across projects.
public struct NamedSet: Sendable {
  public let name: String
  public let commits: CommitSet
  let storedText: String
  /// Why it was made, as ``FreeText/shown(_:)`` has it; may be empty.
  public var text: String { FreeText.shown(storedText) }
  /// As ``FreeText/listed(_:)`` has it.
  public var listedText: String { FreeText.listed(storedText) }
  /// As ``FreeText/line(_:)`` has it.
  public var line: String { FreeText.line(storedText) }
  public let author: Author
  public let audience: Audience
  /// The commit that holds it.
  public let version: ObjectID
}

extension Store {
  /// Gives `commits` the name, which they take from the set that had it before. They are kept first.
  ///
  /// Who may know of the name is decided by what it names; a set that was private stays so. The versions before stay in
  /// the chain. Where the set is the same already, nothing is written.
  ///
  /// - Returns: whether it is a change.
  @discardableResult
  public func putSet(_ name: String, _ commits: CommitSet, text: String, author: Signature) throws -> Bool {
    // Before anything is written.
    _ = try FreeText.normalized(text)
    try keep(commits.members, author: author)
    let lines = CommitLines(
      Dictionary(uniqueKeysWithValues: commits.members.map { ($0.project, $0.commit) }))
    let blob = try repository.writeBlob(lines.bytes)
    let tree = try repository.writeTree([TreeEntry(name: Self.setEntry, mode: FileMode.file, id: blob)])
    return try advanceSet(
      name, to: tree, naming: commits.members, subject: "set \(name)", text: text, author: author)
  }

  /// Takes the name away: the chain goes on in a version that holds no commit, so that it is taken away also where
  /// others have it.
  ///
  /// - Returns: whether there was one.
  public func removeSet(_ name: String, author: Signature) throws -> Bool {
    do { guard try set(name) != nil else { return false } } catch  where isUnusable(error) {}
    return try advanceSet(
      name, to: repository.writeTree([]), naming: [], subject: "remove set \(name)", text: "", author: author)
  }

  /// The set of that name; nil where there is none, or none can have it.
  public func set(_ name: String) throws -> NamedSet? {
    guard SetName.reason(against: name) == nil else { return nil }
    for audience in [Audience.private, .public] {
      guard let tip = try recordTip(RefName.set(name, audience)) else { continue }
      return try readingSet("the set \(name)", wayOut: Self.wayOut(ofSet: name)) {
        var known: [ObjectID: CommitSet?] = [:]
        return try namedSet(at: tip, under: RefName.set(name, audience), audience, &known)
      }
    }
    return nil
  }

  /// All sets, by name. Warns of what is damaged, and passes over it.
  public func sets() throws -> [NamedSet] {
    try sets { warn("\($0.record) is passed over: \($0.reason); \($0.hint)") }
  }

  /// All sets, by name. `isPassedOver` is told of each that is damaged.
  public func sets(_ isPassedOver: (MalformedRecord) -> Void) throws -> [NamedSet] {
    var sets: [String: NamedSet] = [:]
    var known: [ObjectID: CommitSet?] = [:]
    for audience in Audience.allCases {
      for reference in try recordReferences(of: .sets, audience) {
        guard case .direct(let now) = reference.target, let tip = try past(now) else { continue }
        do {
          sets[reference.name.component] = try readingSet(
            reference.name, wayOut: wayOut(ofSetAt: reference.name, audience)
          ) { try namedSet(at: tip, under: reference.name, audience, &known) }
        } catch let error as MalformedRecord { isPassedOver(error) }
      }
    }
    return sets.values.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
  }

  /// Runs `read`, and says of a set that is lost or malformed how to go past it.
  private func readingSet<Value>(_ words: String, wayOut: String, _ read: () throws -> Value) throws -> Value
  {
    do { return try reading(words, wayOut: wayOut, read) } catch {
      guard !isUnreadable(error) else { throw error }
      throw MalformedRecord(record: words, reason: "\(error)", wayOut: wayOut)
    }
  }

  private static let setEntry = "set"

  private static func wayOut(ofSet name: String) -> String {
    let word = Quoted.shellOperand(name)
    return "`weave set \(word) PROJECT@REV…` gives the name anew, `weave set remove \(word)` takes it away"
  }

  /// Of a ref that is under no set's name nothing of weave's goes past it.
  private func wayOut(ofSetAt reference: String, _ audience: Audience) -> String {
    let name = RefComponent.decode(reference.component) ?? reference.component
    guard SetName.reason(against: name) == nil, RefName.set(name, audience) == reference else {
      return "\(removal(of: reference)) takes it away"
    }
    return Self.wayOut(ofSet: name)
  }

  private func advanceSet(
    _ name: String, to tree: ObjectID, naming members: [Member], subject: String, text: String,
    author: Signature
  ) throws -> Bool {
    let wasPrivate = try repository.resolve(RefName.set(name, .private)) != nil
    let audience = wasPrivate ? Audience.private : try audience(of: members)
    let message = try RecordMessage(subject: subject, text: text, trailers: [("Weave-Set", name)]).encoded()
    let reference = RefName.set(name, audience)
    let before = try repository.resolve(reference)
    let after = try advance(reference, log: "weave: set") { tip in
      // A private chain begins on top of the public one, as that of locks does.
      let base = RefName.set(name, audience == .private && tip == nil ? .public : audience)
      var known: [ObjectID: CommitSet?] = [:]
      let parent = try parent(
        after: tip ?? repository.resolve(base), of: base, "the set \(name)",
        parsing: { _ = try namedSet(at: $0, under: base, audience, &known) })
      if let tip, parent == tip, try repository.commit(tip).tree == tree { return nil }
      return try writeRecord(tree: tree, parent: parent, author: author, message: message)
    }
    return before != after
  }

  /// What the chain holds at `tip`; nil where the set is removed. At a join that is what its first parent holds.
  ///
  /// - Parameter known: what trees hold: sets that hold the same share one, which is read once.
  private func namedSet(
    at tip: ObjectID, under reference: String, _ audience: Audience, _ known: inout [ObjectID: CommitSet?]
  ) throws -> NamedSet? {
    var commit = try repository.commit(tip)
    while commit.parents.count > 1 { commit = try repository.commit(commit.parents[0]) }
    guard let message = RecordMessage(parsing: commit.message), let name = message["Weave-Set"] else {
      throw StoreError("the message of \(tip) has no Weave-Set")
    }
    guard RefComponent.encode(name).utf8.elementsEqual(reference.component.utf8) else {
      throw StoreError("it is the set \(name)")
    }
    if let reason = SetName.reason(against: name) { throw StoreError("it is no set's name: \(reason)") }
    let read = try known[commit.tree] ?? commits(inSet: commit.tree)
    known[commit.tree] = .some(read)
    guard let commits = read else { return nil }
    return NamedSet(
      name: name, commits: commits,
      storedText: message.storedText, author: Author(commit.author), audience: audience, version: commit.id)
  }

  private func commits(inSet tree: ObjectID) throws -> CommitSet? {
    let entries = try repository.tree(tree)
    guard !entries.isEmpty else { return nil }
    guard let entry = entries.first(where: { $0.name == Self.setEntry }),
      entries.allSatisfy({ $0.mode == FileMode.file })
    else { throw StoreError("its tree is no set's") }
    let lines = try CommitLines(parsing: repository.blob(entry.id, atMost: CommitLines.mostBytes))
    return try CommitSet(lines.commits.map { Member(project: $0.key, commit: $0.value) })
  }
}

extension String {
  /// The last component of a ref's name.
  fileprivate var component: String {
    String(self[(lastIndex(ofScalar: "/").map(unicodeScalars.index(after:)) ?? startIndex)...])
  }
}
