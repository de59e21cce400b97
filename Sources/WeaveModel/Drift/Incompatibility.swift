/// The revocations that hold of what machines run together, by machine, oldest first.
///
/// Two commits run together on one machine, or on a host and a guest built in its closure (`units`), or where their
/// projects are coupled, on whatever machines. A machine is named with a revocation when it runs a commit of it.
/// Near linear in the machines, in the revocations, and in the sets of commits that are revoked times those that run:
/// machines that run the same share what is found, and so do revocations of one set.
public func revocationsByMachine(
  _ compatibility: Compatibility, running: [String: [ProjectName: CommitID]], units: [[String]],
  couplings: [[ProjectName]]?
) -> [String: [EventID]] {
  revocationsByMachine(compatibility, running: running, units: units, couplings: couplings) { $0 }
}

/// The revocations that would hold of what machines run together, and do not, were commits with the same tree one
/// commit; by machine, oldest first.
///
/// - Parameter tree: the tree of a commit of a project; nil where that is not known. Asked of what machines run, and of the
///   revocations of whose every project a commit runs.
public func revocationsSharingTreesByMachine(
  _ compatibility: Compatibility, running: [String: [ProjectName: CommitID]], units: [[String]],
  couplings: [[ProjectName]]?, tree: (Member) throws -> TreeID?
) rethrows -> [String: [EventID]] {
  let found = try revocationsByMachine(compatibility, running: running, units: units, couplings: couplings) {
    try CommitContent($0, tree: tree)
  }
  guard !found.isEmpty else { return [:] }
  let exact = revocationsByMachine(
    compatibility, running: running, units: units, couplings: couplings)
  return found.reduce(into: [:]) { flagged, entry in
    let known = Set(exact[entry.key] ?? [])
    let others = entry.value.filter { !known.contains($0) }
    if !others.isEmpty { flagged[entry.key] = others }
  }
}

private func revocationsByMachine<Key: Hashable>(
  _ compatibility: Compatibility, running: [String: [ProjectName: CommitID]], units: [[String]],
  couplings: [[ProjectName]]?, key: (Member) throws -> Key
) rethrows -> [String: [EventID]] {
  let coupled = Set((couplings ?? []).flatMap(pairs(of:)))
  let projects = Set(running.values.flatMap(\.keys))
  let revocations = compatibility.countingRevocations(within: projects)
  guard !revocations.isEmpty else { return [:] }
  var placesOfSet: [CommitSet: [Int]] = [:]
  for (place, event) in revocations.enumerated() {
    if let set = compatibility.members(of: event) { placesOfSet[set, default: []].append(place) }
  }
  let revoked = Array(placesOfSet)
  // What is found of a unit is a matter of what its machines run, and of what runs anywhere.
  let alike = Dictionary(grouping: units) { $0.map { running[$0] ?? [:] } }
  let contents = Array(alike.keys)
  var unitsOfKey: [Key: Set<Int>] = [:]
  var keysOfMachine: [[Set<Key>]] = []
  for (index, machines) in contents.enumerated() {
    keysOfMachine.append(
      try machines.map { commits in
        try Set(commits.map { try key(Member(project: $0.key, commit: $0.value)) })
      })
    for key in keysOfMachine[index].joined() { unitsOfKey[key, default: []].insert(index) }
  }
  var found = contents.map { $0.map { _ in [Int]() } }
  for (index, members) in revoked.map(\.key.members).enumerated() {
    let places = try parts(of: members, coupled: coupled).map { part in
      try part.dropFirst().reduce(part.first.flatMap { unitsOfKey[try key($0)] } ?? []) {
        $0.intersection(unitsOfKey[try key($1)] ?? [])
      }
    }
    guard places.allSatisfy({ !$0.isEmpty }) else { continue }
    let keys = try Set(members.map(key))
    for unit in places.reduce(into: Set<Int>(), { $0.formUnion($1) }) {
      for place in found[unit].indices where !keys.isDisjoint(with: keysOfMachine[unit][place]) {
        found[unit][place].append(index)
      }
    }
  }
  var known: [[Int]: [EventID]] = [:]
  var byMachine: [String: [EventID]] = [:]
  for (content, indices) in zip(contents, found) {
    let events = indices.map { indices in
      let events = known[indices] ?? indices.flatMap { revoked[$0].value }.sorted().map { revocations[$0] }
      known[indices] = events
      return events
    }
    for machines in alike[content] ?? [] {
      for (machine, events) in zip(machines, events) where !events.isEmpty { byMachine[machine] = events }
    }
  }
  return byMachine
}

/// The members in parts that must each run in one place: whose projects are not coupled, directly, to those of another
/// part.
private func parts(of members: [Member], coupled: Set<ProjectPair>) -> [[Member]] {
  var parts: [[Member]] = []
  for member in members {
    let bound = parts.indices.filter { index in
      parts[index].contains { !coupled.contains(ProjectPair($0.project, member.project)) }
    }
    let joined = bound.flatMap { parts[$0] } + [member]
    for index in bound.reversed() { parts.remove(at: index) }
    parts.append(joined)
  }
  return parts
}
