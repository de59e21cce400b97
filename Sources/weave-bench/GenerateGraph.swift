import ArgumentParser

/// A shape that the required pairs of projects can have.
enum GraphShape: String, CaseIterable, ExpressibleByArgument {
  case star, chain, clique, random, tree, ring, roles
}

/// Which projects must be linked, as places in the order of priority.
struct ProjectGraph {
  let projects: Int
  /// The required pairs, each with the project of higher priority first; sorted.
  private(set) var pairs: [ProjectPairIndex]
  /// The projects of each role. Empty but in a graph of roles.
  private(set) var roles: [[Int]] = []

  init(projects: Int, pairs: some Sequence<ProjectPairIndex>) {
    self.projects = projects
    self.pairs = Set(pairs.filter { $0.first != $0.second }).sorted()
  }

  /// The same graph with these pairs too.
  func adding(_ more: [ProjectPairIndex]) -> ProjectGraph {
    var graph = ProjectGraph(projects: projects, pairs: pairs + more)
    graph.roles = roles
    return graph
  }

  /// Of each project, those with which it must be linked.
  var neighbours: [[Int]] {
    var neighbours = [[Int]](repeating: [], count: projects)
    for pair in pairs {
      neighbours[pair.first].append(pair.second)
      neighbours[pair.second].append(pair.first)
    }
    return neighbours
  }
}

/// Two projects, as places in the order of priority; the higher priority is `first`.
struct ProjectPairIndex: Hashable, Comparable {
  let first: Int
  let second: Int

  init(_ one: Int, _ other: Int) { (first, second) = (min(one, other), max(one, other)) }

  static func < (left: Self, right: Self) -> Bool {
    (left.first, left.second) < (right.first, right.second)
  }
}

extension ProjectGraph {
  static func chain(_ projects: Int) -> ProjectGraph {
    ProjectGraph(projects: projects, pairs: (0..<max(0, projects - 1)).map { ProjectPairIndex($0, $0 + 1) })
  }

  static func ring(_ projects: Int) -> ProjectGraph {
    chain(projects).adding(projects > 2 ? [ProjectPairIndex(0, projects - 1)] : [])
  }

  /// The first project is the hub.
  static func star(_ projects: Int) -> ProjectGraph {
    ProjectGraph(projects: projects, pairs: (0..<projects).dropFirst().map { ProjectPairIndex(0, $0) })
  }

  static func clique(_ projects: Int) -> ProjectGraph {
    ProjectGraph(projects: projects, pairs: everyPair(of: Array(0..<projects)))
  }

  /// Each project but the first hangs on one of higher priority.
  static func tree(_ projects: Int, using random: inout SplitMix64) -> ProjectGraph {
    ProjectGraph(
      projects: projects,
      pairs: (0..<projects).dropFirst().map { ProjectPairIndex(random.index(below: $0), $0) })
  }

  /// A tree, and of all other pairs as many as make it `density` of the clique.
  static func random(_ projects: Int, density: Double, using random: inout SplitMix64) -> ProjectGraph {
    let tree = tree(projects, using: &random)
    let others = Set(clique(projects).pairs).subtracting(tree.pairs).sorted()
    let wanted = Int(density * Double(projects * (projects - 1) / 2)) - tree.pairs.count
    let chosen = random.order(of: others.count).prefix(max(0, wanted)).map { others[$0] }
    return tree.adding(chosen)
  }

  /// A clique for each role. Each role but the first has one project of an earlier role, and then those that no role
  /// has yet. A project that no role has room for hangs on one other project.
  static func roles(
    _ projects: Int, count: Int, size: Int, using random: inout SplitMix64
  ) -> ProjectGraph {
    let order = random.order(of: projects)
    var taken = 0
    var roles: [[Int]] = []
    for number in 0..<count {
      var role: Set<Int> = number == 0 ? [] : [order[random.index(below: taken)]]
      while role.count < min(size, projects) {
        if taken < projects {
          role.insert(order[taken])
          taken += 1
        } else {
          role.insert(random.index(below: projects))
        }
      }
      roles.append(role.sorted())
    }
    let lone = (taken..<max(taken, projects)).map { place in
      ProjectPairIndex(order[random.index(below: place)], order[place])
    }
    var graph = ProjectGraph(projects: projects, pairs: roles.flatMap { everyPair(of: $0) } + lone)
    graph.roles = roles
    return graph
  }

  static func everyPair(of projects: [Int]) -> [ProjectPairIndex] {
    projects.indices.flatMap { left in
      projects[(left + 1)...].map { ProjectPairIndex(projects[left], $0) }
    }
  }
}
