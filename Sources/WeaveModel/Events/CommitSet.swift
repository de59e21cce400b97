/// One commit of one project: what people type as `project@revision`.
public struct Member: Hashable, Comparable, Sendable, CustomStringConvertible {
  public let project: ProjectName
  public let commit: CommitID

  public init(project: ProjectName, commit: CommitID) {
    (self.project, self.commit) = (project, commit)
  }

  public var description: String { "\(project)@\(commit.short)" }
  public static func < (left: Self, right: Self) -> Bool {
    (left.project, left.commit) < (right.project, right.commit)
  }
}

/// A set of commits, at most one of each project, in the order of the projects' names.
public struct CommitSet: Hashable, Comparable, Sendable, CustomStringConvertible {
  public let members: [Member]

  /// The set of the given members; the project named twice, if one is.
  public init(_ members: some Sequence<Member>) throws(RepeatedProject) {
    let sorted = members.sorted()
    for (left, right) in zip(sorted, sorted.dropFirst()) where left.project == right.project {
      throw RepeatedProject(project: left.project)
    }
    self.members = sorted
  }

  /// A set named two commits of one project, or one commit twice.
  public struct RepeatedProject: Error, Equatable {
    public let project: ProjectName
  }

  public var count: Int { members.count }

  /// The commit of `project` in this set, or nil. Linear in the set's size.
  public subscript(project: ProjectName) -> CommitID? { members.first { $0.project == project }?.commit }

  /// Every pair of members, in order.
  public var pairs: [CommitPair] {
    members.indices.flatMap { left in
      members[(left + 1)...].map { CommitPair(members[left], $0) }
    }
  }

  public var description: String { members.map(\.description).joined(separator: " ") }
  /// How many members are shown of a set that stands in one of many places.
  public static let mostShown = 20
  /// The first ``mostShown`` members, and how many more there are.
  public var shown: String {
    members.prefix(Self.mostShown).map(\.description).joined(separator: " ")
      + (count > Self.mostShown ? " and \(count - Self.mostShown) more" : "")
  }

  public static func < (left: Self, right: Self) -> Bool {
    left.members.lexicographicallyPrecedes(right.members)
  }
}

/// Two commits of two projects, in the order of the projects' names.
public struct CommitPair: Hashable, Comparable, Sendable, CustomStringConvertible {
  public let first: Member
  public let second: Member

  public init(_ one: Member, _ other: Member) {
    (first, second) = one < other ? (one, other) : (other, one)
  }

  /// The projects of the two.
  public var projects: ProjectPair { ProjectPair(first.project, second.project) }

  public var description: String { "\(first) \(second)" }
  public static func < (left: Self, right: Self) -> Bool {
    (left.first, left.second) < (right.first, right.second)
  }
}
