/// A resolution problem in small integers: variables for projects, and one numbering of the values of all of them.
///
/// Of each domain only the commits that a link or an unfit set ties to another candidate are kept, and the first of the
/// others: those are bound by nothing and so interchangeable. A history of 100,000 commits with ten links becomes
/// eleven values.
final class Network: Sendable {
  /// A required pair of projects, as variables.
  struct Edge: Sendable {
    let first: Int
    let second: Int
  }

  /// Values that must not all be picked.
  struct Nogood: Sendable {
    let values: [Int]
    /// The unfit set that it came from, as an index into the problem's.
    let source: Int
  }

  let names: [ProjectName]
  /// The first value of each variable, and one past the last.
  let start: [Int]
  /// The variable of each value.
  let owner: [Int32]
  /// The commit of each value.
  let commits: [CommitNumber]
  let edges: [Edge]
  /// For each variable the edges that it is in; the place of one in this list is its slot.
  let edgesOfVariable: [[Int]]
  let nogoods: [Nogood]

  /// Where the entries of each value begin, and where the last ones end.
  let entryStart: [Int32]
  /// What a value is linked to: another value, or the complement of a row of `rows` that it is in.
  let entries: [Int32]
  /// The links of three values or more, by value.
  private let rows: LinkTable
  /// The slot that an edge has at its first variable, by both variables; -1 where there is no edge.
  private let slots: [Int16]

  init(_ problem: ResolutionProblem) {
    let names = problem.domains.map(\.project)
    let count = names.count
    let variable = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
    let edges = problem.required.sorted().map {
      Edge(first: variable[$0.first]!, second: variable[$0.second]!)
    }
    var edgesOfVariable: [[Int]] = Array(repeating: [], count: count)
    var slots = Array(repeating: Int16(-1), count: count * count)
    for (index, edge) in edges.enumerated() {
      slots[edge.first * count + edge.second] = Int16(edgesOfVariable[edge.first].count)
      slots[edge.second * count + edge.first] = Int16(edgesOfVariable[edge.second].count)
      edgesOfVariable[edge.first].append(index)
      edgesOfVariable[edge.second].append(index)
    }

    var candidates = Candidates(problem)
    let links = candidates.binding(problem.links) { slots[$0 * count + $1] >= 0 }
    let nogoods = problem.unfit.indices.filter { source in
      candidates.variables(problem.unfit[source]).map { Self.allMeet($0.map { names[$0] }, problem) } ?? false
    }
    for source in nogoods { candidates.name(problem.unfit[source]) }
    let (start, commits, value) = candidates.values(of: problem.domains)

    var owner = Array(repeating: Int32(0), count: commits.count)
    for variable in 0..<count {
      for value in start[variable]..<start[variable + 1] { owner[value] = Int32(variable) }
    }
    (entryStart, entries, rows) = Self.entries(links, value, count: commits.count)
    self.nogoods = nogoods.map { source in
      Nogood(values: problem.unfit[source].map { Int(value[Int($0)]) }, source: source)
    }
    (self.names, self.edges, self.edgesOfVariable, self.slots) = (names, edges, edgesOfVariable, slots)
    (self.start, self.owner, self.commits) = (start, owner, commits)
  }

  /// The place of `other` among the variables that `variable` has an edge with; negative where there is none.
  @inline(__always)
  func slot(of other: Int32, at variable: Int32) -> Int {
    Int(slots[Int(variable) * names.count + Int(other)])
  }

  /// The pair of projects that an edge joins.
  func pair(_ edge: Int) -> ProjectPair { ProjectPair(names[edges[edge].first], names[edges[edge].second]) }

  /// The commits that a choice of one value for each variable picks.
  func picks(_ choice: [Int]) -> Picks {
    Dictionary(uniqueKeysWithValues: names.indices.map { (names[$0], commits[choice[$0]]) })
  }

  /// Calls `body` with each value of another variable that a link ties to `value`; with one as often as links do.
  @inline(__always)
  func forEachLinked(to value: Int, _ body: (Int32) -> Void) {
    for index in Int(entryStart[value])..<Int(entryStart[value + 1]) {
      let entry = entries[index]
      if entry >= 0 { body(entry) } else { forEachMember(ofRow: Int(~entry), but: value, body) }
    }
  }

  /// Calls `body` with the other values of a link of three or more.
  @inline(__always)
  func forEachMember(ofRow row: Int, but value: Int, _ body: (Int32) -> Void) {
    for place in Int(rows.starts[row])..<Int(rows.starts[row + 1]) {
      let other = rows.members[place]
      if Int(other) != value { body(other) }
    }
  }

  /// Whether a link ties the two values. Linear in the links of the first.
  func isLinked(_ value: Int, _ other: Int) -> Bool {
    var isLinked = false
    forEachLinked(to: value) { if Int($0) == other { isLinked = true } }
    return isLinked
  }

  private static func allMeet(_ projects: [ProjectName], _ problem: ResolutionProblem) -> Bool {
    projects.indices.allSatisfy { left in
      projects[(left + 1)...].allSatisfy { problem.meeting.contains(ProjectPair(projects[left], $0)) }
    }
  }

  private static func entries(
    _ links: LinkTable, _ value: [Int32], count: Int
  ) -> (start: [Int32], entries: [Int32], rows: LinkTable) {
    let members = links.members.map { value[Int($0)] }
    var start = Array(repeating: Int32(0), count: count + 1)
    for member in members { start[Int(member) + 1] += 1 }
    for value in 0..<count { start[value + 1] += start[value] }
    var entries = Array(repeating: Int32(0), count: members.count)
    var next = start
    func add(_ entry: Int32, to value: Int32) {
      entries[Int(next[Int(value)])] = entry
      next[Int(value)] += 1
    }
    var rows = LinkTable()
    for row in 0..<links.count {
      let (first, end) = (Int(links.starts[row]), Int(links.starts[row + 1]))
      if end - first == 2 {
        add(members[first + 1], to: members[first])
        add(members[first], to: members[first + 1])
      } else {
        for place in first..<end { add(~Int32(rows.count), to: members[place]) }
        rows.append(members[first..<end])
      }
    }
    return (start, entries, rows)
  }
}

/// Which commits are candidates, and which of them something binds.
private struct Candidates {
  /// The variable of each commit number; -1 of one that is in no domain.
  private var variable: [Int32]
  private var isNamed: [Bool]

  init(_ problem: ResolutionProblem) {
    let highest = problem.domains.lazy.flatMap(\.commits).max() ?? -1
    variable = Array(repeating: -1, count: Int(highest) + 1)
    isNamed = Array(repeating: false, count: Int(highest) + 1)
    for (index, domain) in problem.domains.enumerated() {
      for commit in domain.commits { variable[Int(commit)] = Int32(index) }
    }
  }

  /// The variables of commits that are all candidates; nil where one is none, or where there is none.
  func variables(_ commits: [CommitNumber]) -> [Int]? {
    var variables: [Int] = []
    for commit in commits {
      guard variable(of: commit) >= 0 else { return nil }
      variables.append(variable(of: commit))
    }
    return variables.isEmpty ? nil : variables
  }

  mutating func name(_ commits: [CommitNumber]) { for commit in commits { isNamed[Int(commit)] = true } }

  /// What is left of the links when members that are no candidates are left out, and then rows that tie no two variables
  /// which `isEdge` joins. Names the members that stay.
  mutating func binding(_ links: LinkTable, isEdge: (Int, Int) -> Bool) -> LinkTable {
    var starts: [Int32] = [0]
    var members: [CommitNumber] = []
    starts.reserveCapacity(links.starts.count)
    members.reserveCapacity(links.members.count)
    for row in 0..<links.count {
      let first = members.count
      for place in Int(links.starts[row])..<Int(links.starts[row + 1])
      where variable(of: links.members[place]) >= 0 {
        members.append(links.members[place])
      }
      if Self.isAnyPair(
        first..<members.count, { isEdge(variable(of: members[$0]), variable(of: members[$1])) })
      {
        for place in first..<members.count { isNamed[Int(members[place])] = true }
        starts.append(Int32(members.count))
      } else {
        members.removeLast(members.count - first)
      }
    }
    return LinkTable(starts: starts, members: members)
  }

  private static func isAnyPair(_ range: Range<Int>, _ isSuch: (Int, Int) -> Bool) -> Bool {
    for left in range {
      for right in left + 1..<max(left + 1, range.upperBound) where isSuch(left, right) { return true }
    }
    return false
  }

  /// The values of each variable, one after the other, and the value of each commit number.
  func values(of domains: [Domain]) -> (start: [Int], commits: [CommitNumber], value: [Int32]) {
    var (start, commits) = ([0], [CommitNumber]())
    var value = Array(repeating: Int32(-1), count: variable.count)
    for domain in domains {
      var hasUnnamed = false
      for commit in domain.commits where value[Int(commit)] < 0 {
        if !isNamed[Int(commit)] {
          if hasUnnamed { continue }
          hasUnnamed = true
        }
        value[Int(commit)] = Int32(commits.count)
        commits.append(commit)
      }
      start.append(commits.count)
    }
    return (start, commits, value)
  }

  /// The variable of a commit; -1 of one that is in no domain.
  private func variable(of commit: CommitNumber) -> Int {
    Int(commit) < variable.count ? Int(variable[Int(commit)]) : -1
  }
}

/// The edges and nogoods of a network that are asked to hold: the rest are left out.
struct Demand {
  var edges: [Bool]
  var nogoods: [Bool]

  /// Everything in `network`.
  init(all network: Network) {
    edges = Array(repeating: true, count: network.edges.count)
    nogoods = Array(repeating: true, count: network.nogoods.count)
  }

  /// This demand without the given edges.
  func without(edges dropped: some Sequence<Int>) -> Demand {
    var rest = self
    for edge in dropped { rest.edges[edge] = false }
    return rest
  }
}
