import CLibgit2

/// What an object is, as its header says.
public enum ObjectKind: Sendable {
  case commit, tree, blob, tag

  init?(_ raw: git_object_t) {
    switch raw {
    case GIT_OBJECT_COMMIT: self = .commit
    case GIT_OBJECT_TREE: self = .tree
    case GIT_OBJECT_BLOB: self = .blob
    case GIT_OBJECT_TAG: self = .tag
    default: return nil
    }
  }

  init?(name: some Sequence<UInt8>) {
    guard
      let kind = [ObjectKind.commit, .tree, .blob, .tag].first(where: { name.elementsEqual("\($0)".utf8) })
    else {
      return nil
    }
    self = kind
  }

  var raw: git_object_t {
    switch self {
    case .commit: GIT_OBJECT_COMMIT
    case .tree: GIT_OBJECT_TREE
    case .blob: GIT_OBJECT_BLOB
    case .tag: GIT_OBJECT_TAG
    }
  }
}
