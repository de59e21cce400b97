import ForeignText
import WeaveModel
import WeaveStore

extension Workspace {
  /// Gives the selected commits a name, which is taken from the set that had it before only with `replacing`.
  ///
  /// Refuses a name that could be taken for a revision or an id, and, unless `force`, public words that hold the name of
  /// a private project.
  ///
  /// - Returns: the set as it now stands, and whether it is a change.
  public func makeSet(
    _ name: String, _ selection: Selection, text: String, replacing: Bool, force: Bool = false
  ) async throws -> (set: NamedSet, isChange: Bool) {
    if let reason = SetName.reason(against: name) {
      throw WeaveError("a set cannot be called '\(name)': \(reason)", hint: "for example `release-1`")
    }
    let commits = try await commits(of: selection, copying: true).commits
    guard commits.count > 0 else { throw WeaveError("the set \(name) would hold no commit") }
    if let existing = try setUnlessLost(name), existing.commits != commits, !replacing {
      throw WeaveError(
        "there is a set \(name) already: \(existing.commits)",
        hint: "--replace gives the name to these commits; `weave diff \(Quoted.shellWord(name)) …` compares")
    }
    if !force, try store.audience(naming: commits.members.map(\.project)) == .public {
      for words in [name, text] { try refusePrivateNames(in: words, of: "the set") }
    }
    let author = try await author()
    let isChange = try await recording("the set \(name)") {
      try store.putSet(name, commits, text: text, author: author)
    }
    return (try set(name), isChange)
  }

  /// All sets, by name.
  public func sets() throws -> [NamedSet] { try store.sets() }

  /// The set of that name; an error with the nearest name where there is none.
  public func set(_ name: String) throws -> NamedSet {
    if let reason = SetName.reason(against: name) {
      throw WeaveError(
        "no set can be called '\(name)': \(reason)", hint: "`weave set list` lists those that there are")
    }
    if let set = try store.set(name) { return set }
    throw WeaveError(
      "no set is called '\(name)'",
      hint: Nearest.match(name, among: try store.sets().map(\.name)).map { "did you mean '\($0)'?" }
        ?? "`weave set list` lists them")
  }

  /// Takes the name away, here and, once it is pushed, elsewhere; its commits stay.
  public func removeSet(_ name: String) async throws {
    do { _ = try set(name) } catch  where isUnusable(error) {}
    let author = try await author()
    _ = try await recording("that \(name) is no set any more") { try store.removeSet(name, author: author) }
  }

  private func setUnlessLost(_ name: String) throws -> NamedSet? {
    do { return try store.set(name) } catch  where isUnusable(error) { return nil }
  }
}
