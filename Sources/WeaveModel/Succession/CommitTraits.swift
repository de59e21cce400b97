import ForeignText

/// What of a commit tells whether it was made anew from another one.
public struct CommitTraits: Hashable, Sendable {
  public let commit: CommitID
  public let tree: TreeID
  /// The trees of its parents, in their order.
  public let parentTrees: [TreeID]
  /// The value of its `Change-Id` trailer, as Gerrit writes it.
  public let changeID: String?
  /// What git-patch-id(1) says of its change; nil where that is not known, as of a merge.
  public var patchID: String?

  public init(
    commit: CommitID, tree: TreeID, parentTrees: [TreeID], changeID: String? = nil, patchID: String? = nil
  ) {
    (self.commit, self.tree, self.parentTrees) = (commit, tree, parentTrees)
    (self.changeID, self.patchID) = (changeID, patchID)
  }

  /// The last `Change-Id: I` and 40 hexadecimal digits in the last paragraph of a commit's message; nil where there is
  /// none.
  public static func changeID(in message: String) -> String? {
    let lines = message.split(atScalar: "\n", keepsEmpty: true)
    guard let end = lines.lastIndex(where: { !$0.isEmpty }) else { return nil }
    let start = lines[...end].lastIndex(where: \.isEmpty).map { $0 + 1 } ?? 0
    let key = "Change-Id: I"
    return lines[start...end].last { line in
      line.begins(with: key) && line.utf8.count == key.utf8.count + 40
        && line.utf8.dropFirst(key.utf8.count).allSatisfy { "0123456789abcdef".utf8.contains($0) }
    }.map { String($0.dropFirst(bytes: key.utf8.count - 1)) }
  }
}

/// Why one commit is taken for the successor of another.
public enum SuccessionProof: Hashable, Sendable {
  /// Both hold exactly the same.
  case tree(TreeID)
  /// Both make the same change, wherever they stand.
  case patchID(String)
  /// Both say that they are one change.
  case changeID(String)

  /// Whether what was said of the one can be no different of the other.
  public var isCertain: Bool { if case .tree = self { true } else { false } }

  /// What both have, in full.
  public var value: String {
    switch self {
    case .tree(let tree): tree.hex
    case .patchID(let id), .changeID(let id): id
    }
  }

  /// `tree`, `patch-id` or `Change-Id`.
  public var kind: String {
    switch self {
    case .tree: "tree"
    case .patchID: "patch-id"
    case .changeID: "Change-Id"
    }
  }
}

/// The commit that has taken another's place, and why it is taken for that.
public struct Successor: Hashable, Sendable {
  public let commit: CommitID
  public let proof: SuccessionProof

  public init(commit: CommitID, proof: SuccessionProof) { (self.commit, self.proof) = (commit, proof) }
}
