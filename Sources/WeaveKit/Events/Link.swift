import ForeignText
import Git
import GitProcess
import WeaveModel
import WeaveStore

/// Where the members of a link or revocation come from.
public enum MemberSource: Sendable {
  /// `project@revision` arguments.
  case named([String])
  /// These.
  case commits(CommitSet)
  /// What is checked out in the workspace now.
  case checkedOut
  /// What is in the working trees of the workspace now.
  case workingTrees
  /// What the machine was observed to run.
  case running(String)
}

/// A link that was recorded.
public struct LinkOutcome: Sendable {
  public let id: EventID
  public let members: CommitSet
  /// The members that no resolution can pick yet, as their tracked ref does not reach them.
  public let unreached: [UnreachedMember]
}

/// A member that its project's tracked ref does not reach.
public struct UnreachedMember: Sendable {
  public let member: Member
  /// The tracked ref, as a user names it; nil for the source's HEAD.
  public let track: String?
  /// Whether the project was ever fetched.
  public let isFetched: Bool
  /// Whether it is a snapshot of a working tree, which no branch will ever reach.
  public let isSnapshot: Bool
}

extension Workspace {
  /// Records that the members are compatible: every pair of them.
  ///
  /// Refuses fewer than two members, and a set that a revocation makes unfit, or one with the same trees (exit 5).
  public func link(
    _ source: MemberSource, text: String, evidence: [String], force: Bool = false
  ) async throws -> LinkOutcome {
    // Git is asked who commits while the rest is found out.
    let (caller, git, gitDirectory) = (caller, git, store.repository.gitDirectory)
    async let author = Workspace.identity(of: caller, git: git, at: .repository(gitDirectory))
    let members = try await members(of: source)
    guard members.count >= 2 else {
      throw WeaveError("a link ties two commits or more together, and this names \(members.count)")
    }
    try refuseUnfit(members, in: compatibility())
    let unreached = try unreached(members)
    let id = try await record(
      .link(members), text: text, evidence: evidence, force: force, author: await author)
    return LinkOutcome(id: id, members: members, unreached: unreached)
  }

  func members(of source: MemberSource) async throws -> CommitSet {
    switch source {
    case .named(let arguments): return try await commitSet(arguments, copying: true)
    case .commits(let commits): return commits
    case .checkedOut: return try await checkedOutMembers()
    case .workingTrees: return try await snapshots()
    case .running(let name):
      let machine = try fullMachineName(name)
      guard let observation = try store.observation(of: machine) else {
        throw WeaveError(
          "\(machine) has not said what it runs",
          hint: "`weave report \(Quoted.shellOption("--machine", machine)) PROJECT=SHA…` says so")
      }
      if let dirty = observation.dirty.min() {
        throw WeaveError(
          "\(machine) runs \(dirty) with changes that no commit holds",
          hint: "name the commits: PROJECT@REVISION…")
      }
      let known = try store.manifest().projects
      return try commitSet(
        of: observation.commits.filter { known[$0.key] != nil }.map {
          guard try store.has($0.value, in: $0.key) else {
            throw WeaveError(
              "\(machine) runs \($0.key) \($0.value), which is not here", hint: "`weave fetch \($0.key)`")
          }
          return Member(project: $0.key, commit: $0.value)
        })
    }
  }

  private func checkedOutMembers() async throws -> CommitSet {
    let checkouts = try checkouts().values.sorted { $0.project < $1.project }
    guard !checkouts.isEmpty else {
      throw WeaveError(
        "no project is checked out in \(directory)", hint: "name the commits: PROJECT@REVISION")
    }
    var members: [Member] = []
    for checkout in checkouts {
      let repository = try checkout.open()
      let status = try await git.status(of: checkout.path)
      guard status.changedPaths.isEmpty else {
        throw WeaveError(
          "\(checkout.project) has changes that no commit holds: "
            + status.changedPaths.prefix(5).joined(separator: ", ")
            + (status.changedPaths.count > 5 ? " and \(status.changedPaths.count - 5) more" : ""),
          hint:
            "`weave link --snapshot -m TEXT` links them as they are; or name the commits: PROJECT@REVISION")
      }
      guard let hex = status.head, let commit = CommitID(hex: hex) else {
        throw WeaveError("the checkout of \(checkout.project) has no commit yet")
      }
      _ = try store.repository.copyObjects(reachableFrom: [commit.objectID], from: repository)
      members.append(Member(project: checkout.project, commit: commit))
    }
    return try commitSet(of: members)
  }

  private func unreached(_ members: CommitSet) throws -> [UnreachedMember] {
    let projects = try store.manifest().projects
    return try members.members.compactMap { member in
      let track = projects[member.project]?.track
      let tip: CommitID?
      do { tip = try store.tip(of: member.project, track: track) } catch let error as AmbiguousTrack {
        caller.warn("\(error); \(error.hint)")
        return nil
      }
      if let tip, try store.repository.isAncestor(member.commit.objectID, of: tip.objectID) { return nil }
      return UnreachedMember(
        member: member, track: track, isFetched: tip != nil, isSnapshot: try store.isSnapshot(member.commit))
    }
  }
}
