/// The projects that meet: on one machine, or on a host and in the guests of its closure.
///
/// Each two of them are a pair, which a resolution goes through wherever something else is fixed.
struct MeetingProjects {
  static let mostPairs = 4_000_000

  /// What meets in one place, and what is fixed there.
  private struct Meeting: Hashable {
    var projects: Set<ProjectName>
    var fixed: [[ProjectName: Pin]]

    init(_ machine: Machine) {
      projects = Set(machine.projects)
      let pins = machine.pinsAndHolds.mapValues(\.at)
      fixed = pins.isEmpty ? [] : [pins]
    }

    mutating func join(_ other: Meeting) {
      projects.formUnion(other.projects)
      fixed += other.fixed
    }
  }

  /// Adds the number of pairs to `work`. Throws where they are more than ``mostPairs``. `machines` has hosts before their
  /// guests.
  static func count(
    _ machines: [PlacedMachine], in work: inout Int, file: String
  ) throws(ConstellationError) {
    let joined = joinedMeetings(of: machines)
    var known: Set<Meeting> = []
    var knownBodies: Set<Int> = []
    var pairs = 0
    defer { work += pairs }
    for (index, placed) in machines.enumerated() where joined.roots[index] == index {
      // All machines of a range have one body.
      guard joined.meetings[index] != nil || knownBodies.insert(placed.bodyNumber).inserted else { continue }
      let meeting = joined.meetings[index] ?? Meeting(placed.machine)
      guard known.insert(meeting).inserted else { continue }
      pairs += meeting.projects.count * (meeting.projects.count - 1) / 2
      guard pairs <= mostPairs else {
        throw placed.position.error(
          "the projects that meet on machines make more than 4,000,000 pairs", file: file)
      }
    }
  }

  /// Of each machine the one whose closure it is built in, itself where that is none; and what meets where there are several.
  private static func joinedMeetings(
    of machines: [PlacedMachine]
  ) -> (roots: [Int], meetings: [Int: Meeting]) {
    var roots = Array(machines.indices)
    guard machines.contains(where: \.machine.isWithHost) else { return (roots, [:]) }
    let places = Dictionary(
      machines.enumerated().map { ($1.machine.name, $0) }, uniquingKeysWith: { first, _ in first })
    var meetings: [Int: Meeting] = [:]
    for (index, placed) in machines.enumerated() where placed.machine.isWithHost {
      guard let host = placed.machine.host.flatMap({ places[$0] }) else { continue }
      let root = roots[host]
      roots[index] = root
      meetings[root, default: Meeting(machines[root].machine)].join(Meeting(placed.machine))
    }
    return (roots, meetings)
  }
}
