import Git
import WeaveModel
import WeaveStore

/// The trees of commits, each read once: in the store, else in the project's checkout.
final class Trees {
  private let workspace: Workspace
  private let checkouts: [ProjectName: Checkout]
  private var known: [Member: TreeID?] = [:]
  private var repositories: [ProjectName: Repository?] = [:]

  init(of workspace: Workspace, checkouts: [ProjectName: Checkout] = [:]) {
    (self.workspace, self.checkouts) = (workspace, checkouts)
  }

  /// Nil where the commit is in neither.
  func tree(of member: Member) throws -> TreeID? {
    if let tree = known[member] { return tree }
    let tree = try read(member)
    known[member] = .some(tree)
    return tree
  }

  private func read(_ member: Member) throws -> TreeID? {
    if let tree = try tree(of: member, in: workspace.store.repository) { return tree }
    let repository =
      try repositories[member.project]
      ?? checkouts[member.project].map { try Repository.open(at: $0.path) }
    repositories[member.project] = .some(repository)
    return try repository.flatMap { try tree(of: member, in: $0) }
  }

  private func tree(of member: Member, in repository: Repository) throws -> TreeID? {
    let id = member.commit.objectID
    guard try repository.kind(of: id) == .commit else { return nil }
    return try reading("\(member)") { TreeID(try repository.treeOfCommit(id)) }
  }
}

extension Workspace {
  /// Throws ``WeaveError`` where a revocation makes the set unfit, or another set with the same trees: a commit does not
  /// become good by another message.
  func refuseUnfit(_ members: CommitSet, in compatibility: Compatibility) throws {
    if let revocation = try compatibility.revocations(against: members).first.map(event) {
      throw WeaveError(
        "cannot link \(members): \(revocation.revocationSentence)", kind: .incompatible,
        hint: "`weave reinstate \(revocation.id.short) -m REASON` takes the revocation back")
    }
    let trees = Trees(of: self)
    let sharing = try compatibility.revocations(sharingTreesWith: members) { try trees.tree(of: $0) }
    guard let revocation = try sharing.first.map(event) else { return }
    throw WeaveError(
      "cannot link \(members), which has the same trees as a revoked set: \(revocation.revocationSentence)",
      kind: .incompatible,
      hint: "`weave reinstate \(revocation.id.short) -m REASON` takes the revocation back")
  }

  /// The revocations that hold of other commits with the same trees as what the constellation's machines run, by machine.
  func revocationsSharingTrees(
    with running: [String: [ProjectName: CommitID]], of constellation: Constellation,
    _ compatibility: Compatibility
  ) throws -> [String: [Event]] {
    let trees = Trees(of: self)
    return try eventsByMachine(
      revocationsSharingTreesByMachine(
        compatibility, running: running, units: joinedMachines(of: constellation.placements()),
        couplings: constellation.couplings
      ) { try trees.tree(of: $0) })
  }
}
