import ForeignText
import Git
import WeaveModel

extension Store {
  /// A public record that names the project, in words; nil where there is none. Of the public manifests only those
  /// count that `publishedManifests` reach. Reads all that is public.
  public func publicRecord(naming project: ProjectName, publishedManifests: [ObjectID]) throws -> String? {
    var others: [RecordKind: Set<ObjectID>] = [:]
    for reference in try repository.references(matching: "\(RefName.records)\(Audience.public)/*") {
      guard case .direct(let tip) = reference.target,
        let kind = RecordRef(name: reference.name, among: kinds)?.kind
      else { continue }
      switch kind.content {
      case .events:
        if let event = try event(naming: project, in: reference) { return "the event \(event.short)" }
      case .files(let reading):
        let isNamed = try repository.ancestry(of: tip).contains {
          try names(project, $0, by: reading, besides: &others[kind, default: []])
        }
        if isNamed { return reference.name }
      case .entries: continue
      }
    }
    for (kind, texts) in try manifest().part(.public).texts {
      for (name, text) in texts
      where try project.isWord(of: name) || (text.isFile && isNamed(project, in: text.id)) {
        return "the \(kind.word) \(name)"
      }
    }
    for commit in try publishedManifests.flatMap({ try repository.ancestry(of: $0) }) {
      if try repository.projectEntries(inManifest: repository.commit(commit).tree).contains(project.text) {
        return "the manifest that a remote has"
      }
    }
    return nil
  }

  /// Moves the project to the private manifest, and out of the part of the public manifest's history that no remote has:
  /// the one time that history is written anew.
  public func makePrivate(
    _ project: ProjectName, publishedManifests: [ObjectID], author: Signature
  ) throws {
    try locked {
      var manifest = try recordedManifest()
      guard manifest.projects[project]?.audience == .public,
        let tip = try repository.resolve(RefName.manifest(.public))
      else { return }
      manifest.projects[project]?.audience = .private
      let published = Set(try publishedManifests.flatMap { try repository.ancestry(of: $0) })
      var base: ObjectID? = tip
      while let id = base, !published.contains(id) { base = try repository.commit(id).parents.first }
      let commit = try nextLocked(
        manifest.part(.public), after: base, subject: "project set", author: author)
      let subject = "project set \(project) private"
      if signsRecords {
        _ = try nextLocked(
          manifest.part(.private), after: repository.resolve(RefName.manifest(.private)), subject: subject,
          author: author)
      }
      try writeLocked(manifest.part(.private), for: .private, subject: subject, author: author)
      try repository.updateReference(
        RefName.manifest(.public), to: commit, expecting: tip, log: "weave: project set")
      noteLocked(RefName.manifest(.public), at: commit)
    }
  }

  /// One of `commits`, or of what they descend from and `known` does not, that a private project other than `project` has, and
  /// in words whose it is; nil where there is none. So is one that a private record has. Walks what is not known, and where there is
  /// any the histories of these projects and records.
  public func privateCommit(
    among commits: [CommitID], besides known: [ObjectID], of project: ProjectName
  ) throws -> (commit: CommitID, owner: String)? {
    let known = try known.filter { try repository.kind(of: $0) == .commit }
    var cursor = try repository.commits(from: commits.map(\.objectID), hiding: known)
    var others: Set<ObjectID> = []
    while let id = try cursor.next() { others.insert(id) }
    guard !others.isEmpty else { return nil }
    var owned: [(tips: [ObjectID], owner: String)] = []
    for secret in try privateProjects().sorted() where secret != project {
      owned.append((try allTips(of: secret), "is one of the private project \(secret)"))
    }
    let records = try repository.references(matching: "\(RefName.records)\(Audience.private)/*")
    let tips = records.compactMap { if case .direct(let id) = $0.target { id } else { nil } }
    owned.append((tips, "is of a private record"))
    for (tips, owner) in owned {
      let found = try repository.reachable(among: others, from: tips)
      if let id = commits.first(where: { found.contains($0.objectID) })?.objectID ?? found.min() {
        return (CommitID(id), owner)
      }
    }
    return nil
  }

  private func event(naming project: ProjectName, in reference: Reference) throws -> EventID? {
    guard let (ledger, tip) = ledger(of: reference) else { return nil }
    var found: EventID?
    _ = try LedgerReader(ledger, in: repository).read(from: tip) { event in
      let isMember = event.members?.members.contains { $0.project == project } ?? false
      if isMember || ([event.message.text] + event.message.evidence).contains(where: project.isWord) {
        found = event.id
      }
    }
    return found
  }

  /// Whether a record with files, at that commit, names the project in one, or has words or a file's name that hold its name.
  ///
  /// - Parameter others: the trees and blobs that are known not to have one.
  private func names(
    _ project: ProjectName, _ id: ObjectID, by reading: RecordKind.FileReading,
    besides others: inout Set<ObjectID>
  ) throws -> Bool {
    let commit = try repository.commit(id)
    if project.isWord(of: String(foreign: commit.message)) { return true }
    guard others.insert(commit.tree).inserted else { return false }
    for entry in try repository.tree(commit.tree) {
      if project.isWord(of: entry.name) { return true }
      guard entry.mode == FileMode.file, others.insert(entry.id).inserted else { continue }
      let bytes = try repository.blob(entry.id, atMost: CommitLines.mostBytes)
      if try reading(bytes, false)[project] != nil { return true }
    }
    return false
  }

  private func isNamed(_ project: ProjectName, in text: ObjectID) throws -> Bool {
    let text = String(foreign: try repository.blob(text, atMost: ConstellationRecord.mostBytes))
    if project.isWord(of: text) { return true }
    // Of what is no YAML, or no constellation, nobody makes any other text.
    var (values, work) = (0, 0)
    guard let draft = try? ConstellationDraft(parsing: text, file: "", values: &values) else { return false }
    if draft.texts.contains(where: project.isWord) { return true }
    let constellation = try? draft.constellation(work: &work) { _ in true }
    return constellation?.machines.contains { project.isWord(of: $0.name) } ?? false
  }
}
