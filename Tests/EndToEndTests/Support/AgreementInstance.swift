import TestSupport

@testable import LabSupport

/// What `weave-bench generate` prints, as the format is documented.
struct InstanceFile: Decodable {
  struct Project: Decodable { let name: String; let commits: [String] }
  struct Link: Decodable { let id: String; let members: [[String]]; let revoked: Bool }

  let projects: [Project]
  let requires: [[String]]
  let pins: [String: String]
  let links: [Link]
}

/// An instance with projects, commits (0 the newest) and required pairs as numbers, and its definition: a pick fits when
/// it keeps every pin and every required pair is in a link that counts.
struct AgreementInstance {
  let names: [String]
  let commits: [[String]]
  let pins: [Int: Int]
  /// The required pairs, the project of higher priority first.
  let pairs: [(first: Int, second: Int)]
  /// For each required pair and commit of its first project, the commits of the second that are tied to it.
  private(set) var tied: [[Set<Int>]]
  /// As `tied`, by links that are revoked alone: such a pair is not to be linked anew.
  private(set) var refused: [[Set<Int>]]
  /// The ids of the links that are revoked, with what each would tie.
  let revoked: [(id: String, ties: [Tie])]

  struct Tie: Hashable { let pair: Int; let first: Int; let second: Int }

  init(_ file: InstanceFile) throws {
    let number = Dictionary(uniqueKeysWithValues: file.projects.enumerated().map { ($1.name, $0) })
    let commits = file.projects.map(\.commits)
    func project(_ name: String) throws -> Int {
      guard let project = number[name] else { throw TestFailure("no project \(name)") }
      return project
    }
    func commit(_ id: String, of project: Int) throws -> Int {
      guard let commit = commits[project].firstIndex(of: id) else {
        throw TestFailure("no commit \(id)")
      }
      return commit
    }
    var pairs: [(first: Int, second: Int)] = []
    for pair in file.requires {
      let (one, other) = (try project(pair[0]), try project(pair[1]))
      pairs.append((min(one, other), max(one, other)))
    }
    let links = try file.links.map { link in
      let members = try link.members.map { (project: try project($0[0]), id: $0[1]) }
      var ties: [Tie] = []
      for (index, pair) in pairs.enumerated() {
        for one in members where one.project == pair.first {
          for other in members where other.project == pair.second {
            ties.append(
              Tie(
                pair: index, first: try commit(one.id, of: pair.first),
                second: try commit(other.id, of: pair.second)))
          }
        }
      }
      return (id: link.id, isRevoked: link.revoked, ties: ties)
    }
    (names, self.commits, self.pairs) = (file.projects.map(\.name), commits, pairs)
    pins = try Dictionary(
      uniqueKeysWithValues: file.pins.map { name, id in
        (try project(name), try commit(id, of: try project(name)))
      })
    revoked = links.filter(\.isRevoked).map { ($0.id, $0.ties) }
    tied = pairs.map { commits[$0.first].map { _ in [] } }
    refused = tied
    for tie in links.filter({ !$0.isRevoked }).flatMap(\.ties) { count(tie) }
    for tie in revoked.flatMap(\.ties) where !tied[tie.pair][tie.first].contains(tie.second) {
      refused[tie.pair][tie.first].insert(tie.second)
    }
  }

  private mutating func count(_ tie: Tie) { tied[tie.pair][tie.first].insert(tie.second) }

  /// The instance in which these of the revoked links count.
  func restoring(_ places: [Int]) -> AgreementInstance {
    var restored = self
    for tie in places.flatMap({ revoked[$0].ties }) { restored.count(tie) }
    return restored
  }

  /// The pick as numbers; nil where it is not one commit of each project.
  func numbered(_ pick: [String: String]) -> [Int]? {
    guard Set(pick.keys) == Set(names) else { return nil }
    let picks = names.indices.compactMap { commits[$0].firstIndex(of: pick[names[$0]] ?? "") }
    return picks.count == names.count ? picks : nil
  }

  func keepsPins(_ picks: [Int]) -> Bool { pins.allSatisfy { picks[$0] == $1 } }

  /// The required pairs that the picks leave untied.
  func untied(_ picks: [Int]) -> [Int] {
    pairs.indices.filter { !tied[$0][picks[pairs[$0].first]].contains(picks[pairs[$0].second]) }
  }
}
