import ForeignText
import Git
import WeaveModel

extension Store {
  /// What of the manifest was accepted here; nil where nobody was asked yet, and of a moment of the past.
  func accepted() throws -> AcceptedEntries? {
    guard asOf == nil else { return nil }
    let tip = try repository.resolve(RefName.accepted)
    try requireKnown(RefName.accepted, at: tip)
    guard let tip else { return nil }
    if let known = acceptedByNow, known.tip == tip { return known.entries }
    let entries = try reading(
      "what was accepted here", wayOut: "`weave accept --all` accepts what is recorded"
    ) {
      try AcceptedEntries(at: tip, in: repository)
    }
    acceptedByNow = (tip, entries)
    return entries
  }

  /// The versions of the constellation's text of which each part was accepted last; none where nobody was asked yet.
  public func acceptedVersions(of record: ConstellationRecord) throws -> [ConsentPart: ObjectID] {
    try accepted()?.versions(of: record.component) ?? [:]
  }

  /// What is accepted, for whoever is to change it.
  public func acceptedEntries() throws -> AcceptedEntries {
    try accepted() ?? AcceptedEntries(accepting: recordedManifest())
  }

  /// Where the manifests stand.
  public func manifestTips() throws -> [Audience: ObjectID] {
    try Audience.allCases.reduce(into: [:]) { $0[$1] = try repository.resolve(RefName.manifest($1)) }
  }

  /// Changes what is accepted, from all that is recorded where nobody was asked yet.
  public func accept(author: Signature, _ change: (inout AcceptedEntries) throws -> Void) throws {
    try locked { try acceptLocked(author: author, change) }
  }

  /// Accepts all that is recorded, also where what was accepted cannot be read any more.
  public func acceptAll(author: Signature) throws {
    try locked { try beginAcceptedLocked(AcceptedEntries(accepting: recordedManifest()), author: author) }
  }

  /// Where what was accepted cannot be read, goes on from what was accepted before that, and else from what is recorded; says
  /// which.
  public func repairAccepted(author: Signature) throws {
    try locked {
      guard let tip = try repository.resolve(RefName.accepted), try entries(acceptedAt: tip) == nil else {
        return
      }
      var (id, earlier) = (try parent(of: tip), AcceptedEntries?.none)
      while let commit = id, earlier == nil {
        earlier = try entries(acceptedAt: commit)
        id = try parent(of: commit)
      }
      if let earlier {
        try beginAcceptedLocked(earlier, author: author)
        warn(
          "what was accepted here last is lost; what was accepted before is in use: `weave accept` lists what waits"
        )
      } else {
        try beginAcceptedLocked(AcceptedEntries(accepting: recordedManifest()), author: author)
        warn("what was accepted here is lost; all that is recorded is in use: `weave policy` shows it")
      }
    }
  }

  /// Nil where that is lost or damaged. What is there and cannot be read now is no reason to go on from anything else.
  private func entries(acceptedAt commit: ObjectID) throws -> AcceptedEntries? {
    do { return try AcceptedEntries(at: commit, in: repository) } catch
      where isLost(error) || !isUnreadable(error)
    { return nil }
  }

  private func parent(of commit: ObjectID) throws -> ObjectID? {
    do { return try repository.commit(commit).parents.first } catch {
      guard isLost(error) else { throw error }
      return nil
    }
  }

  /// Begins the chain anew, so that it reaches nothing that is lost.
  private func beginAcceptedLocked(_ entries: AcceptedEntries, author: Signature) throws {
    try acceptLocked(writeAcceptance(entries, after: nil, author: author))
  }

  private func writeAcceptance(
    _ entries: AcceptedEntries, after tip: ObjectID?, author: Signature
  ) throws -> ObjectID {
    try repository.writeCommit(
      tree: entries.write(to: repository), parents: tip.map { [$0] } ?? [], author: author, committer: author,
      message: Array("accept\n".utf8))
  }

  /// As ``accept(author:_:)``, for a caller that holds the store's lock.
  func acceptLocked(
    author: Signature, from manifest: Manifest? = nil,
    _ change: (inout AcceptedEntries) throws -> Void
  ) throws {
    try acceptanceLocked(author: author, from: manifest, change).map(acceptLocked)
  }

  /// The commit that says what is accepted once it has changed so, for ``acceptLocked(_:)``; nil where that changes nothing.
  func acceptanceLocked(
    author: Signature, from manifest: Manifest? = nil,
    _ change: (inout AcceptedEntries) throws -> Void
  ) throws -> ObjectID? {
    let former = try accepted()
    var entries = try former ?? AcceptedEntries(accepting: manifest ?? recordedManifest())
    try change(&entries)
    guard entries != former else { return nil }
    return try writeAcceptance(entries, after: repository.resolve(RefName.accepted), author: author)
  }

  /// Makes what the commit says accepted, with the store's lock held since it was made.
  func acceptLocked(_ acceptance: ObjectID) throws {
    // A store that an older weave made does not yet.
    if try repository.resolve(RefName.accepted) == nil { try Self.hideLocalReferences(of: repository) }
    try advanceLocked(RefName.accepted, log: "weave: accept") { _ in acceptance }
  }
}
