import WeaveModel

/// Events that are told of machines, each once, with the machines.
///
/// Machines of which the same is told count once: what was revoked a thousand times, and runs on thousands of machines, makes no
/// millions.
public struct EventsOfMachines {
  /// In the order in which they come first.
  public let events: [Event]
  /// The machines by what is told of them, with their places.
  private let groups: [[(place: Int, machine: String)]]
  private let groupsOfEvent: [EventID: [Int]]

  public init(_ machines: [(machine: String, events: [Event])]) {
    var events: [Event] = []
    var groups: [[(Int, String)]] = []
    var groupOfIDs: [[EventID]: Int] = [:]
    var groupsOfEvent: [EventID: [Int]] = [:]
    for (place, entry) in machines.enumerated() where !entry.events.isEmpty {
      let ids = entry.events.map(\.id)
      if let group = groupOfIDs[ids] {
        groups[group].append((place, entry.machine))
        continue
      }
      for event in entry.events {
        if groupsOfEvent[event.id] == nil { events.append(event) }
        groupsOfEvent[event.id, default: []].append(groups.count)
      }
      groupOfIDs[ids] = groups.count
      groups.append([(place, entry.machine)])
    }
    (self.events, self.groups, self.groupsOfEvent) = (events, groups, groupsOfEvent)
  }

  /// How many machines it is told of.
  public func count(of event: EventID) -> Int {
    (groupsOfEvent[event] ?? []).reduce(0) { $0 + groups[$1].count }
  }

  /// The machines that it is told of, in their order: the first `limit`.
  public func machines(of event: EventID, limit: Int = .max) -> [String] {
    let groups = groupsOfEvent[event] ?? []
    let first = groups.flatMap { self.groups[$0].prefix(limit) }
    return (groups.count == 1 ? first : first.sorted { $0.place < $1.place }).prefix(limit).map(\.machine)
  }

  /// The first of its machines, and how many more there are; nil where it is told of none.
  public func listedMachines(of event: EventID) -> String? {
    let count = count(of: event)
    return count == 0 ? nil : listed(machines(of: event, limit: mostListed), of: count)
  }
}
