import WeaveModel

/// What `weave-bench resolve` prints: the keys of the instance format's reference answers.
struct AnswerDocument: Encodable {
  struct Core: Encodable {
    let requires: [[String]]
    let pins: [String]
  }
  struct NewLinksDocument: Encodable {
    let count: Int
    let proved: Bool
    let links: [[[String]]]
    let pick: [String: String]
  }
  struct Restore: Encodable {
    let count: Int
    let links: [String]
    let pick: [String: String]
  }

  var status: String
  var pick: [String: String]?
  var behind: [String: Int]?
  var core: Core?
  var newLinks: NewLinksDocument?
  /// Nil where it is not known, as finding it out took too long.
  var restore: Restore??
  var milliseconds: [String: Double]?
  var peakMegabytes: Double?

  init(status: String) { self.status = status }

  enum CodingKeys: String, CodingKey {
    case status, pick, behind, core, restore, milliseconds
    case newLinks = "new_links"
    case peakMegabytes = "peak_megabytes"
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(status, forKey: .status)
    try container.encodeIfPresent(milliseconds, forKey: .milliseconds)
    try container.encodeIfPresent(peakMegabytes, forKey: .peakMegabytes)
    if status == "SAT" {
      try container.encode(pick, forKey: .pick)
      try container.encode(behind, forKey: .behind)
    } else if core != nil {
      // That nothing would do is said by a null.
      try container.encode(core, forKey: .core)
      try container.encode(newLinks, forKey: .newLinks)
      if let restore { try container.encode(restore, forKey: .restore) }
    }
  }
}

/// Why an instance has no solution.
struct Explainer {
  let instance: NumberedInstance
  let resolver: Resolver
  let isRestoring: Bool

  func answer(_ clock: inout Stopwatch) -> AnswerDocument {
    var answer = AnswerDocument(status: "UNSAT")
    answer.core = clock.measure("core") { core }
    answer.newLinks = clock.measure("new_links") { newLinks }
    if isRestoring { answer.restore = clock.measure("restore") { restore } }
    return answer
  }

  /// The core that the engine finds has every pin in it; those that it does not need are taken out here.
  private var core: AnswerDocument.Core {
    let requires = resolver.core()
    var pinned = instance.pinned.filter { pin in requires.contains { [$0.first, $0.second].contains(pin) } }
    for pin in pinned {
      let rest = pinned.filter { $0 != pin }
      let problem = instance.problem(requiring: Set(requires), pinning: Set(rest))
      if problem.lexmin() == .impossible { pinned = rest }
    }
    return AnswerDocument.Core(
      requires: requires.map { [$0.first.text, $0.second.text] }, pins: pinned.map(\.text))
  }

  /// A pair that only revoked links hold is dead, and is not to be linked anew.
  private var newLinks: AnswerDocument.NewLinksDocument? {
    let dead = instance.deadPairs
    let found = Resolver(instance.problem(unfit: dead)).newLinks()
    let linked = instance.problem(adding: found.pairs.map { [$0.first, $0.second] }, unfit: dead)
    guard case .resolved(let picks) = linked.lexmin() else { return nil }
    return AnswerDocument.NewLinksDocument(
      count: found.pairs.count, proved: found.isProvedFewest,
      links: found.pairs.map { [instance.member($0.first), instance.member($0.second)] },
      pick: instance.named(picks))
  }

  /// The fewest revoked links that would make it fit if they counted, by implicit hitting sets; `.some(nil)` where all
  /// of them would not do, and nil where that many cores did not tell.
  private var restore: AnswerDocument.Restore?? {
    let all = Set(instance.revoked.indices)
    guard picks(restoring: all) != nil else { return .some(nil) }
    var cores: [[Int]] = []
    while cores.count < 200, let hitting = HittingSet.smallest(hitting: cores) {
      if let picks = picks(restoring: Set(hitting)) {
        return AnswerDocument.Restore(
          count: hitting.count, links: hitting.sorted().map { instance.revoked[$0].id },
          pick: instance.named(picks))
      }
      cores.append(needed(beside: Set(hitting), of: all))
    }
    return nil
  }

  /// Revoked links of which one at least must count, found by letting ever more of the others count.
  private func needed(beside given: Set<Int>, of all: Set<Int>) -> [Int] {
    var given = given
    var core: [Int] = []
    var pending = [all.subtracting(given).sorted()]
    while let group = pending.popLast() {
      guard !group.isEmpty else { continue }
      if picks(restoring: given.union(group)) == nil {
        given.formUnion(group)
      } else if group.count == 1 {
        core.append(group[0])
      } else {
        pending += [Array(group[..<(group.count / 2)]), Array(group[(group.count / 2)...])]
      }
    }
    return core
  }

  private func picks(restoring places: Set<Int>) -> Picks? {
    let rows = places.map { instance.revoked[$0].members }
    guard case .resolved(let picks) = instance.problem(adding: rows).lexmin() else { return nil }
    return picks
  }
}
