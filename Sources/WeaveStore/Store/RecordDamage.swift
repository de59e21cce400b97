import ForeignText
import Git
import WeaveModel

/// An object that a ref of weave's reaches, and that cannot be read.
public struct RecordDamage: Hashable, Sendable {
  /// The ref's name.
  public let reference: String
  public let object: ObjectID
  /// Whether the newest state has it, or only one before.
  public let isOfNewest: Bool
  /// Why not.
  public let reason: String
}

extension Store {
  /// All that cannot be read of what weave's own refs reach: of a ledger down to the first such commit, which hides what
  /// is below. Not of projects' commits. Reads every object of theirs.
  public func recordDamage() throws -> [RecordDamage] {
    var damage: [RecordDamage] = []
    let references =
      try repository.references(matching: RefName.records + "*")
      + repository.references(matching: RefName.keeps + "*") + repository.references(matching: RefName.notes)
    for reference in references {
      guard case .direct(let tip) = reference.target else { continue }
      // Of its own, since records share what says the same.
      var visited: Set<ObjectID> = []
      var pending = [(id: tip, isOfNewest: true)]
      while let (id, isOfNewest) = pending.popLast() {
        guard visited.insert(id).inserted else { continue }
        do {
          pending += try below(id, of: reference.name, isNewest: isOfNewest && id == tip, isOfNewest)
        } catch let error as GitError {
          guard isUnreadable(error) else { continue }
          damage.append(
            RecordDamage(
              reference: reference.name, object: id, isOfNewest: isOfNewest, reason: error.message))
        }
      }
    }
    return damage
  }

  /// What is directly below the object.
  func below(
    _ id: ObjectID, of reference: String, isNewest: Bool, _ isOfNewest: Bool
  ) throws -> [(id: ObjectID, isOfNewest: Bool)] {
    switch try repository.kind(of: id) {
    case .commit:
      let commit = try repository.commit(id)
      // The rest of what a keep chain holds are commits of projects.
      let parents = reference.begins(with: RefName.keeps) ? Array(commit.parents.prefix(1)) : commit.parents
      // The tree is looked at before the parents', which may be the same.
      return parents.map { ($0, false) } + [(commit.tree, isNewest)]
    case .tree:
      return try repository.tree(id).filter { !$0.isGitlink }.map { ($0.id, isOfNewest) }
    case .blob:
      try repository.verify(id, is: .blob)
      return []
    case .tag: return []
    case nil:
      // Says why.
      _ = try repository.commit(id)
      return []
    }
  }
}
