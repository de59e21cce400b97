import ForeignText
import Git
import GitProcess
import WeaveModel
import WeaveStore

extension Workspace {
  /// How often an event is signed anew because the ledger has moved meanwhile.
  private static let mostSignings = 32

  /// Appends one event to the caller's ledger and brings the notes up to date. Signs it where the user's configuration
  /// says so; where that fails nothing is recorded.
  ///
  /// Refuses an event for everybody whose words hold the name of a private project, unless `force` says otherwise.
  func record(
    _ claim: Claim, text: String, evidence: [String] = [], force: Bool, author: Signature
  ) async throws -> EventID {
    if !force, try store.audience(of: claim) == .public {
      for text in [text] + evidence { try refusePrivateNames(in: text, of: "the event") }
    }
    let ledger = LedgerID(store: store.id, writer: try store.writer())
    // Both may hold URLs, and everybody reads them.
    let message = EventMessage(
      claim: claim, ledger: ledger, text: Redaction.text(text), evidence: evidence.map { Redaction.text($0) })
    let ids = try await append([message], author: author)
    bringNotesUpToDate(author: author, after: "the event is recorded")
    return ids[0]
  }

  /// Appends events to the caller's ledger, signed where the user's configuration says so; the notes stay as they are.
  /// `seconds` are the author dates of those that are not signed, where they are others than now.
  ///
  /// - Returns: their ids, in their order. Where one cannot be signed, those before it are recorded.
  @discardableResult
  func append(
    _ messages: [EventMessage], at seconds: [Int64]? = nil, author: Signature
  ) async throws -> [EventID] {
    guard try signsEvents() else { return try store.append(messages, at: seconds, author: author) }
    var ids: [EventID] = []
    for message in messages { ids.append(try await appendSigned(message, author: author)) }
    return ids
  }

  /// Whether events, locks, sets and changes of the manifest are signed: as `weave.sign` says, else as `commit.gpgSign` does.
  func signsEvents() throws -> Bool {
    let repository = store.repository
    let hasOwn = try repository.configValue("weave.sign") != nil
    return try repository.configFlag(hasOwn ? "weave.sign" : "commit.gpgSign")
  }

  /// Runs `body`, which records `what`, signed where the user's configuration says so; where that fails nothing is recorded. It
  /// may be run several times, each with the same author.
  func recording<Value>(_ what: String, _ body: () throws -> Value) async throws -> Value {
    guard try signsEvents() else { return try body() }
    return try await store.signing(
      by: { draft in
        try await signed(
          SignedCommitRequest(
            tree: draft.tree.description, parent: draft.parent?.description, name: draft.author.name,
            email: draft.author.email, seconds: draft.author.seconds, zone: draft.author.zone,
            message: draft.message), what)
      }, body)
  }

  /// The commit, signed as the user's configuration says.
  private func signed(_ request: SignedCommitRequest, _ what: String) async throws -> ObjectID {
    let gitDirectory = store.repository.gitDirectory
    let hex: String
    do {
      hex = try await git.writeSigned(request, gitDirectory: gitDirectory)
    } catch {
      throw WeaveError(
        "cannot record \(what): signing it failed: \(error.reason)",
        hint:
          "`git config --global user.signingKey KEY` and `gpg.format` say with what (git-config(1)); "
          + "`git --git-dir=\(Quoted.shellWord(gitDirectory)) config weave.sign false` records without signing"
      )
    }
    guard let commit = ObjectID(hex: hex) else {
      throw WeaveError("cannot record \(what): git commit-tree printed no id")
    }
    return commit
  }

  private func appendSigned(_ message: EventMessage, author: Signature) async throws -> EventID {
    for _ in 0..<Self.mostSignings {
      let draft = try store.draft(message, author: author)
      let request = SignedCommitRequest(
        tree: ObjectID.emptyTree.description, parent: draft.tip?.description, name: author.name,
        email: author.email, seconds: author.seconds, zone: author.zone, message: draft.message)
      let commit = try await signed(request, message.claim.article)
      if let id = try store.append(signed: commit, as: draft) { return id }
    }
    throw WeaveError(
      "cannot record \(message.claim.article): the ledger moved whenever it had been signed",
      hint: "try again")
  }
}
