/// The revocations that hold of what machines run together, by machine, oldest first.
///
/// Two commits run together on one machine, or on a host and a guest built in its closure (`units`), or where their
/// projects are coupled, on whatever machines. A machine is named with a revocation when it runs a commit of it.
/// Near linear in the machines, and in the revocations.
public func revocationsByMachine(
  _ compatibility: Compatibility, running: [String: [ProjectName: CommitID]], units: [[String]],
  couplings: [[ProjectName]]?
) -> [String: [EventID]] {
  let coupled = Set((couplings ?? []).flatMap(pairs(of:)))
  var unitsOfMember: [Member: Set<Int>] = [:]
  for (index, machines) in units.enumerated() {
    for (project, commit) in machines.flatMap({ running[$0] ?? [:] }) {
      unitsOfMember[Member(project: project, commit: commit), default: []].insert(index)
    }
  }
  var found: [String: [EventID]] = [:]
  for event in compatibility.countingRevocations {
    guard let members = compatibility.members(of: event)?.members else { continue }
    let places = parts(of: members, coupled: coupled).map { part in
      part.dropFirst().reduce(part.first.flatMap { unitsOfMember[$0] } ?? []) {
        $0.intersection(unitsOfMember[$1] ?? [])
      }
    }
    guard places.allSatisfy({ !$0.isEmpty }) else { continue }
    for unit in places.reduce(into: Set<Int>(), { $0.formUnion($1) }) {
      for machine in units[unit] where members.contains(where: { running[machine]?[$0.project] == $0.commit })
      {
        found[machine, default: []].append(event)
      }
    }
  }
  return found
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
