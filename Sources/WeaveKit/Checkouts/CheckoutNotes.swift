import Git
import WeaveModel
import WeaveStore

extension Workspace {
  /// Makes the notes say what the events say now: the checkouts', and then the store's, which tell that this is done.
  ///
  /// What they are derived from stands, as `fact` says; that they fail must not make it look as if it didn't.
  func bringNotesUpToDate(author: Signature, after fact: String) {
    do {
      try copyNotes(author: author)
      try store.refreshNotes(author: author, of: wholeState)
    } catch {
      caller.warn("\(fact), and the notes could not be brought up to date (\(error)); `weave fsck --repair`")
    }
  }

  /// The state with no event ignored: notes are derived from all.
  private func wholeState() throws -> Compatibility {
    store.isIgnoring ? Compatibility(try store.allLedgers().events, store.commits) : try compatibility()
  }

  /// The projects into whose checkouts this store puts notes. Its own configuration says so: what the manifest says of it
  /// somebody else may have written, and nobody else writes into a checkout.
  private func projectsWithNotes() throws -> [ProjectRecord] {
    let names = try projectSettings("notes").filter { $0.value == "true" }.map(\.project)
    return try projects().filter { names.contains($0.name.text) }
  }

  /// Makes this store put notes into the project's checkout, or stop to.
  func setWantsNotes(_ isWanted: Bool, of project: ProjectName) throws {
    try store.changeConfiguration {
      let key = "weave.\(project).notes"
      if isWanted {
        try store.repository.setConfigValue(key, to: "true")
      } else {
        try store.repository.removeConfigValue(key)
      }
    }
  }

  /// Copies `refs/notes/weave` into each checkout that is to have it, holding that project's commits only.
  func copyNotes(anew isAnew: Bool = false, author: Signature) throws {
    let wanting = try projectsWithNotes()
    guard !wanting.isEmpty else { return }
    let checkouts = try checkouts()
    for record in wanting {
      guard let checkout = checkouts[record.name] else { continue }
      let repository = try Repository.open(at: checkout.path)
      try store.refreshNotes(
        in: .checkout(repository, of: record.name), anew: isAnew, author: author, of: wholeState)
    }
  }

  /// Takes `refs/notes/weave` out of the project's checkout, if there is one.
  func removeNotes(of project: ProjectName) throws {
    guard let checkout = try checkouts()[project] else { return }
    let repository = try Repository.open(at: checkout.path)
    guard let tip = try repository.resolve(RefName.notes) else { return }
    try repository.deleteReference(RefName.notes, expecting: tip)
  }
}
