/// Links as a lab makes them: at some moments what is newest is tested together, and what passes is linked.
struct LabMoments {
  let graph: ProjectGraph
  let commits: Int
  /// In which share of the cases one link is made of a whole group of projects, in place of one for each pair.
  let groupShare: Double
  /// The most projects of a group, where there are no roles to group them.
  let groupSize: Int
  private let neighbours: [[Int]]
  private let pairsOutsideRoles: [ProjectPairIndex]
  /// Of each project, how much of its history is recent: 0 for a steady one.
  private let haste: [Double]

  init(
    graph: ProjectGraph, commits: Int, groupShare: Double, groupSize: Int, random: inout SplitMix64
  ) {
    (self.graph, self.commits) = (graph, commits)
    (self.groupShare, self.groupSize) = (groupShare, groupSize)
    neighbours = graph.neighbours
    pairsOutsideRoles = Set(graph.pairs).subtracting(graph.roles.flatMap { ProjectGraph.everyPair(of: $0) })
      .sorted()
    haste = (0..<graph.projects).map { _ in 2 * random.fraction() - 0.5 }
  }

  /// The commit of each project that was the newest at an age between 0, now, and 1, the beginning of all histories.
  func heads(at age: Double) -> [Int] {
    haste.map { haste in
      min(commits - 1, Int(age * (1 + haste) / (1 + haste * age) * Double(commits)))
    }
  }

  /// Adds links of random moments, more of them recent than old, until the stream has `limit` or nothing new comes.
  ///
  /// Of the projects in `apart` a link has one at most.
  func add(
    to stream: inout LinkStream, limit: Int, apart: Range<Int> = 0..<0, random: inout SplitMix64
  ) throws {
    var fruitless = 0
    while stream.count < limit, fruitless < 200 {
      let before = stream.count
      for link in moment(&random) where stream.count < limit {
        let one = link.first { apart.contains($0.project) }
        let members = link.filter { !apart.contains($0.project) || $0 == one }
        if members.count > 1 { try stream.add(members) }
      }
      fruitless = stream.count == before ? fruitless + 1 : 0
    }
  }

  /// What is linked at one moment. In three of four moments everything passes.
  private func moment(_ random: inout SplitMix64) -> [[Place]] {
    let root = random.fraction()
    var heads = heads(at: root * root)
    for project in heads.indices where random.chance(0.125) {
      heads[project] = older(heads[project], &random)
    }
    var links: [[Place]] = []
    let failing = random.chance(0.25) ? 0.25 : 0
    func test(_ members: [Place]) { if !random.chance(failing) { links.append(members) } }
    func test(_ pair: ProjectPairIndex) {
      test([Place(pair.first, heads[pair.first]), Place(pair.second, heads[pair.second])])
      // Somebody who had not fetched for a while.
      if random.chance(0.2) {
        test([Place(pair.first, heads[pair.first]), Place(pair.second, older(heads[pair.second], &random))])
      }
    }
    if graph.roles.isEmpty, groupShare > 0, random.chance(groupShare) {
      let group = groups(&random)
      for members in Dictionary(grouping: group.indices, by: { group[$0] }).sorted(by: { $0.key < $1.key }) {
        if members.value.count > 1 { test(members.value.map { Place($0, heads[$0]) }) }
      }
      for pair in graph.pairs where group[pair.first] != group[pair.second] { test(pair) }
    } else if graph.roles.isEmpty {
      for pair in graph.pairs { test(pair) }
    } else {
      for role in graph.roles {
        if random.chance(groupShare) {
          test(role.map { Place($0, heads[$0]) })
        } else {
          for pair in ProjectGraph.everyPair(of: role) { test(pair) }
        }
      }
      for pair in pairsOutsideRoles { test(pair) }
    }
    return links
  }

  private func older(_ commit: Int, _ random: inout SplitMix64) -> Int {
    min(commits - 1, commit + 1 + random.headsInARow())
  }

  /// The number of the group of each project: every group is connected in the graph, and none too large.
  private func groups(_ random: inout SplitMix64) -> [Int] {
    var group = [Int](repeating: -1, count: graph.projects)
    for seed in random.order(of: graph.projects) where group[seed] < 0 {
      let size = 3 + random.index(below: max(1, groupSize - 2))
      var members = [seed]
      group[seed] = seed
      var border = neighbours[seed].filter { group[$0] < 0 }
      while members.count < size, !border.isEmpty {
        let project = border.remove(at: random.index(below: border.count))
        guard group[project] < 0 else { continue }
        group[project] = seed
        members.append(project)
        border += neighbours[project].filter { group[$0] < 0 }
      }
    }
    return group
  }
}
