import WeaveModel
import WeaveStore

extension Workspace {
  /// Warns of each name in the constellation that looks like another one there, or like one of another stored constellation.
  ///
  /// Reads all that are stored: any may have the other name.
  func warnOfLookAlikes(in constellation: Constellation) throws {
    let others = try readableConstellations(leavingOut: constellation.name).map(\.constellation)
    warn(of: [constellation.name], among: try constellationNames(), called: "constellation")
    warn(
      of: constellation.roles.map(\.name), among: ([constellation] + others).flatMap { $0.roles.map(\.name) },
      called: "role")
    warn(
      of: Self.machines(in: [constellation]), among: Self.machines(in: [constellation] + others),
      called: "machine")
  }

  /// Warns where the machine, of which nothing was reported yet, looks like one of the constellations or one that reported.
  func warnOfLookAlikes(ofMachine machine: String, _ constellations: [Constellation]) throws {
    let known = Self.machines(in: constellations)
    guard !known.contains(where: { $0.utf8.elementsEqual(machine.utf8) }) else { return }
    warn(of: [machine], among: known + (try store.observedMachines()), called: "machine")
  }

  private static func machines(in constellations: [Constellation]) -> [String] {
    constellations.flatMap { $0.machines.flatMap { [$0.name] + $0.aliases } }
  }

  /// One warning for each of `names` that has the skeleton of another one, up to ``mostWarnings``; then how many more.
  private func warn(of names: [String], among others: [String], called what: String) {
    // Two of each are enough: one of them is another than the name in question.
    var known: [String: (first: String, second: String?)] = [:]
    for other in others {
      let skeleton = LookAlikes.skeleton(other)
      guard let pair = known[skeleton] else {
        known[skeleton] = (other, nil)
        continue
      }
      // Not by ==, to which canonically equivalent names are one.
      if pair.second == nil, !pair.first.utf8.elementsEqual(other.utf8) { known[skeleton]?.second = other }
    }
    var count = 0
    for name in names {
      guard let pair = known[LookAlikes.skeleton(name)],
        let other = pair.first.utf8.elementsEqual(name.utf8) ? pair.second : pair.first
      else { continue }
      count += 1
      guard count <= Self.mostWarnings else { continue }
      caller.warn(
        "the \(what) '\(name)' looks like '\(other)': it has \(LookAlikes.difference(name, from: other))")
    }
    if count > Self.mostWarnings {
      caller.warn("\(count - Self.mostWarnings) more names of \(what)s look like others")
    }
  }

  private static let mostWarnings = 10
}
