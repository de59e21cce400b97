import ForeignText
import Git
import WeaveModel
import WeaveStore

extension Workspace {
  /// The links and revocations as a graph, with what the constellation picks marked.
  ///
  /// Only the projects in `projects`, in that order, where any is given; else those that anything ties, the constellation's
  /// first. Of the ties at most `limit`: those whose commits are nearest the tips. Withdrawn events are left out.
  ///
  /// - Returns: also why the histories of projects could not be read: their commits stand as if beside them.
  public func graph(
    of projects: [String], picksOf loaded: LoadedConstellation?, limit: Int
  ) async throws -> (graph: LinkGraph, failures: [Explanation]) {
    let picks = try await picks(of: loaded)
    let compatibility = try compatibility()
    let wanted = try projects.map { try project($0).name }
    var drawing = GraphDrawing(
      workspace: self, compatibility: compatibility, picks: picks, only: wanted.isEmpty ? nil : Set(wanted))
    let (ties, omitted) = try drawing.newestTies(limit)
    let named = Set(ties.flatMap { $0.members.map(\.project) }).union(picks.map(\.project))
    var order = wanted
    if wanted.isEmpty {
      let known = loaded?.constellation.projects.map(\.name).filter(named.contains) ?? []
      order = known + named.subtracting(known).sorted()
    }
    let lanes = try order.map { try drawing.lane(of: $0, ties) }
    let graph = try LinkGraph(
      lanes: lanes, ties: ties.map { try drawing.tie($0, in: lanes) }, omittedTieCount: omitted)
    return (graph, drawing.failures)
  }

  /// What the machines of the constellation run by its resolution. Warns where there is none.
  private func picks(of loaded: LoadedConstellation?) async throws -> Set<Member> {
    guard let loaded else { return [] }
    do {
      let machines = try await resolve(loaded).tree.machines.values
      let known = try store.manifest().projects
      return Set(
        machines.flatMap {
          $0.filter { known[$0.key] != nil }.map { Member(project: $0.key, commit: $0.value) }
        })
    } catch  where !isUnreadable(error) {
      caller.warn("no picks are marked: \(Explanation(error)?.message ?? "\(error)")")
      return []
    }
  }
}

/// Gathers what a ``LinkGraph`` is made of.
private struct GraphDrawing {
  /// A link or revocation, with the members that are shown.
  struct NamedTie {
    let event: EventID
    let members: [Member]
    let isRevoked: Bool
  }

  let workspace: Workspace
  let compatibility: Compatibility
  let picks: Set<Member>
  /// The projects that are shown; nil for all.
  let only: Set<ProjectName>?
  private var ages: [ProjectName: [CommitID: Int]] = [:]
  private(set) var failures: [Explanation] = []

  init(workspace: Workspace, compatibility: Compatibility, picks: Set<Member>, only: Set<ProjectName>?) {
    (self.workspace, self.compatibility, self.picks, self.only) = (workspace, compatibility, picks, only)
  }

  /// The links of two shown commits or more, and the revocations of as many that are shown whole and are of no link's
  /// very set; and how many more there are.
  mutating func newestTies(_ limit: Int) throws -> ([NamedTie], omitted: Int) {
    let events = compatibility.events
    var ties: [NamedTie] = []
    var sets: Set<[Member]> = []
    for row in 0..<events.count where events.kind(row) == .link {
      let id = events.id(row)
      guard let set = compatibility.members(of: id), compatibility.withdrawals(of: id).isEmpty else {
        continue
      }
      let members = set.members.filter { only?.contains($0.project) ?? true }
      guard members.count > 1, sets.insert(set.members).inserted else { continue }
      ties.append(NamedTie(event: id, members: members, isRevoked: !compatibility.counts(id)))
    }
    for id in compatibility.countingRevocations {
      guard let members = compatibility.members(of: id)?.members, members.count > 1,
        members.allSatisfy({ only?.contains($0.project) ?? true }), sets.insert(members).inserted
      else { continue }
      ties.append(NamedTie(event: id, members: members, isRevoked: true))
    }
    var keys: [EventID: Int] = [:]
    for tie in ties {
      keys[tie.event] = try tie.members.reduce(0) { sum, member in
        try sum + (ages(of: member.project)[member.commit] ?? 1_000_000)
      }
    }
    let newest = ties.sorted { (keys[$0.event] ?? 0, $0.event) < (keys[$1.event] ?? 0, $1.event) }
    return (Array(newest.prefix(limit)), max(0, ties.count - limit))
  }

  /// The commits that are revoked alone.
  private var lone: [Member] {
    compatibility.countingRevocations.compactMap { id in
      guard let members = compatibility.members(of: id)?.members, members.count == 1 else { return nil }
      return members[0]
    }
  }

  mutating func lane(of project: ProjectName, _ ties: [NamedTie]) throws -> LinkGraph.Lane {
    let ages = try ages(of: project)
    let members = ties.flatMap(\.members) + picks + lone
    let named = Set(members.filter { $0.project == project }.map(\.commit))
    let (workspace, repository) = (workspace, workspace.store.repository)
    var failures = failures
    // What cannot be read of one commit keeps none from being drawn.
    func reading<Value>(of member: Member, else other: Value, _ body: () throws -> Value) -> Value {
      do { return try body() } catch {
        let explanation =
          Explanation(error) ?? Explanation(sentence: "cannot read \(member): \(error)")
        if failures.last?.message.isExactly(explanation.message) != true { failures.append(explanation) }
        return other
      }
    }
    // A commit beside the tracked history stands above the first of its own first parents that is in there.
    // Of several the one with more first parents up to there, which so stands above its own ancestors.
    func place(_ commit: CommitID) throws -> (Int, Int, CommitID) {
      if let age = ages[commit] { return (age, 1, commit) }
      guard try repository.kind(of: commit.objectID) == .commit else { return (.max, 1, commit) }
      var cursor = try repository.commits(from: [commit.objectID], order: .firstParent)
      var distance = 0
      while let next = try cursor.next() {
        if let age = ages[CommitID(next)] { return (age, -distance, commit) }
        distance += 1
      }
      return (.max, -distance, commit)
    }
    var placed: [((Int, Int, CommitID), LinkGraph.Commit)] = []
    for commit in named {
      let member = Member(project: project, commit: commit)
      let subject = reading(of: member, else: nil) { try workspace.subject(of: commit) }
      placed.append(
        (
          reading(of: member, else: (.max, 1, commit)) { try place(commit) },
          LinkGraph.Commit(
            id: commit, subject: subject, age: ages[commit], isPicked: picks.contains(member),
            isRevoked: compatibility.isUnfit(member))
        ))
    }
    self.failures = failures
    placed.sort { $0.0 < $1.0 }
    return LinkGraph.Lane(project: project, commits: placed.map(\.1), historyCount: ages.count)
  }

  func tie(_ tie: NamedTie, in lanes: [LinkGraph.Lane]) throws -> LinkGraph.Tie {
    var places: [LinkGraph.Place] = []
    for member in tie.members {
      guard let lane = lanes.firstIndex(where: { $0.project == member.project }),
        let index = lanes[lane].commits.firstIndex(where: { $0.id == member.commit })
      else { continue }
      places.append(LinkGraph.Place(lane: lane, index: index))
    }
    places.sort()
    func member(_ place: LinkGraph.Place) -> Member {
      Member(project: lanes[place.lane].project, commit: lanes[place.lane].commits[place.index].id)
    }
    let isLive = zip(places, places.dropFirst()).map { one, other in
      !tie.isRevoked && compatibility.isLive(CommitPair(member(one), member(other)))
    }
    return LinkGraph.Tie(
      event: tie.event, places: places, isLive: isLive, reason: try workspace.event(tie.event).reasonLine)
  }

  /// Of each commit of the tracked history how many come before it, newest first.
  private mutating func ages(of project: ProjectName) throws -> [CommitID: Int] {
    if let known = ages[project] { return known }
    var own: [CommitID: Int] = [:]
    do {
      // Whoever recorded an event may know projects that are not known here.
      if let record = try workspace.store.manifest().projects[project],
        let tip = try workspace.tip(of: record)
      {
        let history = try workspace.history(of: project, from: tip)
        let table = workspace.commits
        own = Dictionary(uniqueKeysWithValues: zip(history.map { table.commit($0) }, history.indices))
      }
    } catch {
      failures.append(
        Explanation(error)
          ?? Explanation(sentence: "cannot read the history of \(project): \(error)"))
    }
    ages[project] = own
    return own
  }
}
