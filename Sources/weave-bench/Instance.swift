import Foundation
import WeaveModel

/// A resolve instance as `weave-bench generate` writes it.
struct Instance: Decodable {
  struct Project: Decodable {
    let name: String
    /// Newest first.
    let commits: [String]
  }
  struct Link: Decodable {
    let id: String
    /// Project and commit of each.
    let members: [[String]]
    /// Whether it does not count.
    let revoked: Bool?
  }

  let projects: [Project]
  let requires: [[String]]
  let links: [Link]
  let pins: [String: String]?
}

/// An instance with its commits as numbers, each the next in the order of the projects, newest first.
struct NumberedInstance {
  let names: [ProjectName]
  /// The project of each commit, by its place in `names`.
  let owner: [Int32]
  let commits: TextColumn
  /// All commits of each project, as numbers.
  private let ranges: [Range<CommitNumber>]
  private let pins: [ProjectName: CommitNumber]
  let required: Set<ProjectPair>
  let links: LinkTable
  /// The links that do not count.
  let revoked: [(id: String, members: [CommitNumber])]

  init(_ instance: Instance) throws {
    var (owner, commits) = ([Int32](), TextColumn())
    var ranges: [Range<CommitNumber>] = []
    var pins: [ProjectName: CommitNumber] = [:]
    var numbers: [String: [String: CommitNumber]] = [:]
    names = try instance.projects.map { try ProjectName($0.name) }
    for (index, project) in instance.projects.enumerated() {
      let first = CommitNumber(commits.count)
      for commit in project.commits { commits.append(commit) }
      owner += Array(repeating: Int32(index), count: project.commits.count)
      ranges.append(first..<CommitNumber(commits.count))
      let own = Dictionary(zip(project.commits, ranges[index])) { first, _ in first }
      numbers[project.name] = own
      guard let pin = instance.pins?[project.name] else { continue }
      guard let number = own[pin] else {
        throw BadInstance("\(project.name) is pinned at \(pin), which it lacks")
      }
      pins[names[index]] = number
    }
    var required: Set<ProjectPair> = []
    for pair in instance.requires where pair.count == 2 && pair[0] != pair[1] {
      required.insert(ProjectPair(try ProjectName(pair[0]), try ProjectName(pair[1])))
    }
    var links = LinkTable()
    var revoked: [(String, [CommitNumber])] = []
    for link in instance.links {
      let members = link.members.compactMap { $0.count == 2 ? numbers[$0[0]]?[$0[1]] : nil }
      if link.revoked ?? false { revoked.append((link.id, members)) } else { links.append(members) }
    }
    (self.owner, self.commits, self.ranges, self.pins) = (owner, commits, ranges, pins)
    (self.required, self.links, self.revoked) = (required, links, revoked)
  }

  /// The pinned projects, in the order of priority.
  var pinned: [ProjectName] { names.filter { pins[$0] != nil } }

  /// The instance, with more links, without some pairs, or with less demanded.
  func problem(
    adding rows: [[CommitNumber]] = [], unfit: [[CommitNumber]] = [],
    requiring pairs: Set<ProjectPair>? = nil,
    pinning: Set<ProjectName>? = nil
  ) -> ResolutionProblem {
    var links = links
    for row in rows { links.append(row) }
    let domains = zip(names, ranges).map { name, range in
      let pin = pinning?.contains(name) ?? true ? pins[name] : nil
      return Domain(project: name, commits: pin.map { [$0] } ?? Array(range))
    }
    return ResolutionProblem(
      domains: domains, required: pairs ?? required, meeting: [], links: links, unfit: unfit)
  }

  func named(_ picks: Picks) -> [String: String] {
    Dictionary(uniqueKeysWithValues: picks.map { ($0.key.text, commits[Int($0.value)]) })
  }

  func behind(_ commit: CommitNumber) -> Int { Int(commit - ranges[Int(owner[Int(commit)])].lowerBound) }

  func member(_ commit: CommitNumber) -> [String] {
    [names[Int(owner[Int(commit)])].text, commits[Int(commit)]]
  }

  private func pair(_ one: CommitNumber, _ other: CommitNumber) -> ProjectPair {
    ProjectPair(names[Int(owner[Int(one)])], names[Int(owner[Int(other)])])
  }

  /// The pairs of required projects that only revoked links hold.
  var deadPairs: [[CommitNumber]] {
    var dead: Set<[CommitNumber]> = []
    func insertPairs(of members: some Collection<CommitNumber>, _ body: ([CommitNumber]) -> Void) {
      let members = Array(members)
      for left in members.indices {
        for right in members.indices.dropFirst(left + 1) {
          let (one, other) = (members[left], members[right])
          guard required.contains(pair(one, other)) else { continue }
          body([min(one, other), max(one, other)])
        }
      }
    }
    for link in revoked { insertPairs(of: link.members) { dead.insert($0) } }
    if dead.isEmpty { return [] }
    for row in 0..<links.count { insertPairs(of: links[row]) { dead.remove($0) } }
    return dead.sorted { $0.lexicographicallyPrecedes($1) }
  }
}

/// Texts end to end: a million of their own would be most of the memory that is measured.
struct TextColumn {
  private var bytes: [UInt8] = []
  private var ends: [Int32] = []

  var count: Int { ends.count }

  subscript(index: Int) -> String {
    let start = index == 0 ? 0 : Int(ends[index - 1])
    return String(decoding: bytes[start..<Int(ends[index])], as: UTF8.self)
  }

  mutating func append(_ text: String) {
    bytes += text.utf8
    ends.append(Int32(bytes.count))
  }
}

/// What is wrong with an instance.
struct BadInstance: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}
