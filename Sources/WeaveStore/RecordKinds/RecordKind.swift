import Git
import WeaveModel

/// A kind of record: all that is particular to its records. An operation asks this value, and which kind it has only where
/// it is about that kind alone (CONTRIBUTING.md, "A new kind of record").
///
/// Two of one name are one kind.
public struct RecordKind: Sendable {
  /// Its directory below `refs/weave/<audience>/`, or its one ref there.
  public let name: String
  let component: Component
  let growth: Growth
  let joining: Joining
  let inspecting: Inspecting
  let remainder: Remainder
  let owner: Owner
  /// Whether each push offers it, also to a remote that is known to have it. Else whoever has it gives it to a remote that
  /// lacks it.
  let isAlwaysGiven: Bool
  let content: Content
  let keeping: Keeping
  /// Whether a store remembers where it stood (``KnownTips``). Such a ref goes forward, and is never deleted.
  let isRemembered: Bool
  /// Whether its ref may be removed, so that it begins anew, where a part of it is lost and no copy has it.
  let beginsAnew: Bool
  /// Whether it says what is wanted: what was worked out of that holds until one of these refs moves (``RecordStanding``).
  let isWanted: Bool
  /// The name, not encoded, of the record that a commit with that message is of, as it says; nil where it is of none of the
  /// kind, and for what has no name or is an event.
  let statedName: @Sendable (RecordMessage) -> String?
  /// What a commit of a public one holds that is private, in words; nil where nothing is.
  let leak: @Sendable (Secrets, Commit) throws -> String?
  /// To how much all of the kind may come in a remote; nil where that is not bounded.
  let bound: Bound?
  /// What an object of the record's newest state is, for people, and what works without it, with what to type.
  let told: @Sendable (RecordRef) -> (words: String, consequence: String)
}

extension RecordKind {
  /// All that this version knows. The order is that in which they are written down and warned of.
  public static let all: [RecordKind] = [.manifest, .ledger, .locks, .sets, .observed, .seen]

  /// What comes behind the kind's name in that of a ref.
  enum Component: Sendable {
    /// Nothing: each audience has one.
    case single
    case writer
    /// Any name, encoded (``RefComponent``).
    case encoded
  }

  /// How its records change.
  enum Growth: Sendable {
    /// By commits that go on from its tip.
    case onward
    /// A new state takes the place of the one before: the date of the newest report in the record of that kind and the same
    /// name, with the report's number.
    indirect case dates(RecordKind)
  }

  /// What follows two tips that went apart.
  enum Joining: Sendable {
    /// Nothing: ours stays as it is.
    case never
    /// A function of the remote's and ours. Where one is inspected, the parents are given in their order.
    case join(@Sendable (_ theirs: ObjectID, _ ours: ObjectID, Repository) throws -> Join)
    /// What somebody may have to decide.
    case merge(@Sendable (Divergence) throws -> Merge)
  }

  /// Two tips of a record that went apart.
  struct Divergence {
    let ours: ObjectID
    let theirs: ObjectID
    let repository: Repository
    let store: StoreID
    /// Whose version of an entry is to be taken.
    let choices: [String: ManifestSide]
  }

  /// What a merge comes to. Where it waits for somebody to decide, ours stays as it is.
  enum Merge {
    case joined(Join)
    case conflicting([ManifestConflict])
    case refused(String)
  }

  /// What may be in it. Each gives why something may not, in words, and nil where it may.
  enum Inspecting: Sendable {
    /// Each new commit is looked at.
    case commits(@Sendable (Inspection, Commit, RecordRef) throws -> String?)
    /// As well, and a join has to be the one that is made of its parents, and nobody may have signed the same twice.
    case chain(@Sendable (Inspection, Commit, RecordRef) throws -> String?)
    /// The tip, and what is new below it.
    case whole(@Sendable (Inspection, RecordRef, ObjectID, NewCommits) throws -> String?)
  }

  /// What is taken nevertheless of one of which a commit is refused.
  enum Remainder: Sendable {
    case nothing
    /// The newest state below what is refused, where that is one.
    case newest
    /// All that does not go on from what is refused, under a join without a tree.
    case all
  }

  /// Who may push it to a hub that asks for that, and who gives it.
  enum Owner: Sendable {
    case writer
    /// The machine of that name. Whoever has it gives it.
    case machine
    case nobody
  }

  /// What its commits hold.
  enum Content: Sendable {
    /// What the messages say; there are no files.
    case events
    /// The projects and texts of a manifest.
    case entries
    /// Files, none or many.
    case files(FileReading)
  }

  /// The commits of projects that the bytes of a file name. Throws where it is none of the kind's; unless it `isStrict`, not of
  /// one that can be read though it may not be written.
  typealias FileReading = @Sendable (_ bytes: [UInt8], _ isStrict: Bool) throws -> [ProjectName: CommitID]

  /// Which of the commits of projects that it names are kept for its sake.
  enum Keeping: Hashable, Sendable {
    case nothing
    /// Those that its events name.
    case events
    /// Those of all its versions, once they are here.
    case versions
    /// Those of its last versions, as many as a collection is told. Whoever records one keeps what the projects have of it.
    case lastVersions
  }

  /// Where all of a kind come to more, the smallest are taken.
  struct Bound: Sendable {
    /// What they are called.
    let words: String
    let mostBytes: Int
  }

  /// Whether what is sound of one may be taken where the rest is refused.
  public var isTakenInPart: Bool { if case .nothing = remainder { false } else { true } }

  /// Whether each audience has one, and its ref bears no other name than the kind's.
  var isSingle: Bool { if case .single = component { true } else { false } }

  /// The path of its refs without `refs/weave/`: that of the directory, with a slash, unless there is only one.
  func path(_ audience: Audience) -> String { "\(audience)/\(name)\(isSingle ? "" : "/")" }

  /// Why a commit may not be in it, looked at by itself; nil where it is looked at as a whole.
  var refusalOfCommit: (@Sendable (Inspection, Commit, RecordRef) throws -> String?)? {
    switch inspecting {
    case .commits(let refusal), .chain(let refusal): refusal
    case .whole: nil
    }
  }

  /// The join of two tips, where that is a function of the two; else nil.
  func join(of theirs: ObjectID, before ours: ObjectID, in repository: Repository) throws -> Join? {
    guard case .join(let make) = joining else { return nil }
    return try make(theirs, ours, repository)
  }
}

extension RecordKind: Hashable {
  public static func == (one: Self, other: Self) -> Bool { one.name == other.name }
  public func hash(into hasher: inout Hasher) { hasher.combine(name) }
}

extension RecordKind {
  /// Of `project SHA` lines.
  static let cleanLines: FileReading = { bytes, isStrict in
    try CommitLines(parsing: bytes, canBeDirty: !isStrict).commits
  }

  /// Of `project SHA` lines, of which some may say that a project was changed and not committed.
  static let lines: FileReading = { bytes, _ in try CommitLines(parsing: bytes, canBeDirty: true).commits }
}

extension Repository {
  /// The commits that the files of the tree name; files that are the same are read once.
  func members(inFilesOf tree: ObjectID, by reading: RecordKind.FileReading) throws -> Set<Member> {
    var members: Set<Member> = []
    for blob in Set(try self.tree(tree).map(\.id)) {
      for (project, commit) in try reading(self.blob(blob, atMost: CommitLines.mostBytes), false) {
        members.insert(Member(project: project, commit: commit))
      }
    }
    return members
  }
}
