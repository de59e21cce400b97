import ForeignText
import Git
import WeaveModel

extension Store {
  /// The full name of the ref whose tip ``tip(of:track:)`` gives: of the branch that HEAD points to where `track` is nil;
  /// nil where the project has no such ref. Throws ``AmbiguousTrack`` where that does.
  public func trackedReference(of project: ProjectName, track: String?) throws -> String? {
    let namespace = RefName.namespace(project)
    guard let track else {
      if let branch = try defaultBranch(of: project) { return namespace + "refs/heads/" + branch }
      return try repository.resolve(namespace + "HEAD") == nil ? nil : namespace + "HEAD"
    }
    return try reference(trackedAs: track, in: project).map { namespace + $0 }
  }

  /// The full name of a ref that reaches the commit: `preferred` where that one does, else a branch, else a tag of the
  /// project, else its keep chain; nil where none does. Walks histories until one does.
  public func reference(reaching member: Member, preferring preferred: String?) throws -> String? {
    let namespace = RefName.namespace(member.project)
    var names = preferred.map { [$0] } ?? []
    for kind in ["refs/heads/*", "refs/tags/*"] {
      names += try repository.references(matching: namespace + kind).map(\.name)
    }
    names.append(RefName.keep(member.project))
    var failure: UnreadableRecord?
    for name in names {
      do {
        if let id = try repository.resolve(name), let tip = try commit(at: id, of: name),
          try repository.isReachable(member.commit.objectID, from: [tip])
        {
          return name
        }
      } catch let error as UnreadableRecord { failure = failure ?? error }
    }
    if let failure { throw failure }
    return nil
  }

  /// The full name, at the project's source, of a ref that reached the commit when it was fetched: that of ``reference(reaching:preferring:)``;
  /// nil where that is none of the source's, and for a commit that is not here.
  public func sourceReference(reaching member: Member, preferring preferred: String?) throws -> String? {
    guard try repository.kind(of: member.commit.objectID) == .commit else { return nil }
    return try reference(reaching: member, preferring: preferred)?
      .dropping(prefix: RefName.namespace(member.project)).map(String.init)
  }
}
