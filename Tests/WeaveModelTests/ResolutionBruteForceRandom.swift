import TestSupport
import WeaveModel

extension BruteForce {
  /// A random instance: domains that are newest first, or have a locked commit in front, or a pin alone; links of two
  /// commits and more, some of them of commits that are no candidates; unfit sets of one commit to four; in some a part
  /// of the projects that no other meets, and required pairs without a link.
  init(random generator: inout SeededGenerator, projects: ClosedRange<Int> = 2...5) {
    let count = Int.random(in: projects, using: &generator)
    let sizes = (0..<count).map { _ in Int.random(in: 1...(count == 5 ? 4 : 5), using: &generator) }
    func chance(_ probability: Double, _ generator: inout SeededGenerator) -> Bool {
      Double.random(in: 0..<1, using: &generator) < probability
    }
    self.init(domains: [], required: [], meeting: [], pairs: [], links: [], unfit: [])
    domains = WeaveModelTests.domains(sizes).shuffled(using: &generator).map { domain in
      var commits = domain.commits
      switch Int.random(in: 0..<8, using: &generator) {
      case 0, 1: commits.insert(commits.remove(at: commits.indices.randomElement(using: &generator)!), at: 0)
      case 2: commits.shuffle(using: &generator)
      case 3: commits = [commits.randomElement(using: &generator)!]
      default: break
      }
      return NamedDomain(project: domain.project, commits: commits)
    }

    let parts = chance(0.25, &generator) ? 2 : 1
    let part = (0..<count).map { _ in Int.random(in: 0..<parts, using: &generator) }
    let meets = Double.random(in: 0.3...1, using: &generator)
    let requires = Double.random(in: 0.2...1, using: &generator)
    let density = Double.random(in: 0.1...0.8, using: &generator)
    let unlinked = chance(0.2, &generator) ? 0.3 : 0
    for left in 0..<count {
      for right in (left + 1)..<count where part[left] == part[right] {
        guard chance(meets, &generator) else { continue }
        meeting.insert(ProjectPair(project(left), project(right)))
        if chance(requires, &generator) { required.append(ProjectPair(project(left), project(right))) }
        guard !chance(unlinked, &generator) else { continue }
        for one in 0...sizes[left] {
          for other in 0...sizes[right] where chance(density, &generator) {
            pairs.append(WeaveModelTests.link((left, one), (right, other)))
          }
        }
      }
    }
    func some(_ number: Int, _ generator: inout SeededGenerator) -> [Member] {
      Array(0..<count).shuffled(using: &generator).prefix(number).map {
        member(
          $0, Int.random(in: 0...(chance(0.1, &generator) ? sizes[$0] : sizes[$0] - 1), using: &generator))
      }
    }
    if count > 2, chance(0.5, &generator) {
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        let members = some(Int.random(in: 3...count, using: &generator), &generator)
        links.append(valid(try CommitSet(members)))
      }
    }
    for _ in 0..<Int.random(in: 0...8, using: &generator) {
      let size = min(count, Int.random(in: 1...4, using: &generator))
      unfit.append(valid(try CommitSet(some(size, &generator))))
    }
  }
}
