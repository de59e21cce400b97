/// Projects side by side, and what ties their commits together: what `weave graph` draws.
public struct LinkGraph: Sendable {
  /// A commit that a tie names or a machine is to run.
  public struct Commit: Hashable, Sendable {
    public let id: CommitID
    /// The first line of its message; nil where the commit is not here.
    public let subject: String?
    /// How many commits of the project's tracked history come before it, newest first; nil where that does not reach it.
    public let age: Int?
    /// Whether the constellation picks it.
    public let isPicked: Bool
    /// Whether a revocation that counts is of it alone.
    public let isRevoked: Bool

    public init(id: CommitID, subject: String?, age: Int?, isPicked: Bool, isRevoked: Bool) {
      (self.id, self.subject, self.age) = (id, subject, age)
      (self.isPicked, self.isRevoked) = (isPicked, isRevoked)
    }
  }

  /// A project and those of its commits that are shown, newest first.
  public struct Lane: Sendable {
    public let project: ProjectName
    public let commits: [Commit]
    /// How many commits the tracked history has.
    public let historyCount: Int

    public init(project: ProjectName, commits: [Commit], historyCount: Int) {
      (self.project, self.commits, self.historyCount) = (project, commits, historyCount)
    }

    /// How many commits of the tracked history lie above each shown commit, and below the last one that is shown.
    public var hidden: [Int] {
      var next = 0
      var hidden = commits.map { commit in
        guard let age = commit.age else { return 0 }
        defer { next = age + 1 }
        return max(0, age - next)
      }
      hidden.append(max(0, historyCount - next))
      return hidden
    }
  }

  /// Where a commit is: the number of its lane, and its number from the top in there.
  public struct Place: Hashable, Comparable, Sendable {
    public let lane: Int
    public let index: Int

    public init(lane: Int, index: Int) { (self.lane, self.index) = (lane, index) }

    public static func < (left: Self, right: Self) -> Bool {
      (left.lane, left.index) < (right.lane, right.index)
    }
  }

  /// A link, or a revocation of two commits or more.
  public struct Tie: Sendable {
    public let event: EventID
    /// What it names of the lanes' commits, in the order of the lanes.
    public let places: [Place]
    /// For each place but the first, whether it and the one before are compatible.
    public let isLive: [Bool]
    public let reason: String

    public init(event: EventID, places: [Place], isLive: [Bool], reason: String) {
      (self.event, self.places, self.isLive, self.reason) = (event, places, isLive, reason)
    }
  }

  public let lanes: [Lane]
  public let ties: [Tie]
  /// How many older ties are left out.
  public let omittedTieCount: Int

  public init(lanes: [Lane], ties: [Tie], omittedTieCount: Int) {
    (self.lanes, self.ties, self.omittedTieCount) = (lanes, ties, omittedTieCount)
  }

  public subscript(place: Place) -> Commit { lanes[place.lane].commits[place.index] }
}
