import TestSupport
import Testing

@testable import LabSupport

@Suite("A join that a remote sends", .inProcess)
struct ForgedJoinTests {
  private let lab: Lab
  private let hub: TestRepository
  private let bob: Colleague
  private static let locks = "refs/weave/public/locks/emerald-city"
  private static let set = "refs/weave/public/sets/release-1"
  private static let observed = "refs/weave/public/observed/toto"

  /// Two locks, two states of a set and two reports, of which the second are in force, in a hub and in two clones.
  init() throws {
    lab = try Lab.threeProjects()
    try lab.constellation()
    for version in ["v1", "v2"] {
      try lab.link("telperion@\(version)", "laurelin@\(version)", "narya@\(version)")
      try lab.weave("lock", "-c", "emerald-city")
      try lab.weave("set", "release-1", "telperion@\(version)", "laurelin@\(version)", "--replace")
      try lab.weave("report", "--machine", "toto", "telperion=\(lab.id("telperion@\(version)"))")
    }
    hub = try lab.share()
    bob = try lab.colleague("bob")
  }

  /// What Git calls a commit of nobody's, at the newer date of `parents`: as weave makes a join.
  private func join(_ parents: [String], tree: String, message: String = "join\n") throws -> String {
    let dates = try parents.map { try hub.git("log", "-1", "--format=%ct", $0) }.compactMap { Int($0) }
    let date = "@\(dates.max() ?? 0) +0000"
    let nobody = hub.environment.with([
      "GIT_AUTHOR_NAME": "weave", "GIT_AUTHOR_EMAIL": "", "GIT_AUTHOR_DATE": date,
      "GIT_COMMITTER_NAME": "weave", "GIT_COMMITTER_EMAIL": "", "GIT_COMMITTER_DATE": date,
    ])
    return try hub.git(
      ["commit-tree", tree] + parents.flatMap { ["-p", $0] }, environment: nobody, input: Array(message.utf8))
  }

  /// Expects that bob's pull takes nothing of `reference` when the hub has `tip` there.
  private func expectRefusal(
    of tip: String, as reference: String, _ reason: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let before = try bob.store.git("rev-parse", reference)
    try hub.git("update-ref", reference, tip)
    let pull = try bob.run("pull")
    #expect(pull.stderr.contains("\(reference) is refused"), "\(pull.stderr)", sourceLocation: sourceLocation)
    #expect(pull.stderr.contains(reason), "\(pull.stderr)", sourceLocation: sourceLocation)
    #expect(try bob.store.git("rev-parse", reference) == before, sourceLocation: sourceLocation)
    try bob.check()
  }

  @Test(
    "of what did not go apart is refused: it would put what was before in force again",
    arguments: [Self.locks, Self.set, Self.observed], [true, false])
  func rollback(reference: String, isFirst: Bool) throws {
    let (old, new) = (try hub.git("rev-parse", "\(reference)^"), try hub.git("rev-parse", reference))
    let message = reference == Self.observed ? try hub.git("log", "-1", "--format=%B", old) + "\n" : "join\n"
    let join = try join(isFirst ? [old, new] : [new, old], tree: "\(old)^{tree}", message: message)
    try expectRefusal(of: join, as: reference, "it joins what did not go apart")
  }

  /// Two commits that went apart from the newest.
  private func branches(of reference: String) throws -> [String] {
    let message = try hub.git("log", "-1", "--format=%B", reference)
    return try ["one", "two"].map { word in
      let text = message.replacing("\n\nWeave", with: "\n\n\(word)\n\nWeave")
      return try hub.git(
        ["commit-tree", word == "one" ? "\(reference)^^{tree}" : "\(reference)^{tree}", "-p", reference],
        input: Array("\(text)\n".utf8))
    }
  }

  @Test(
    "of three, of another tree, of another order or by somebody is refused",
    arguments: [Self.locks, Self.set])
  func otherThanMade(reference: String) throws {
    let branches = try branches(of: reference)
    let right = try join(branches, tree: "\(branches[0])^{tree}")
    let wrong = [
      (
        try join(branches, tree: "\(branches[1])^{tree}"),
        "it is not the join of its parents that weave makes"
      ),
      (
        try join(branches, tree: "\(branches[0])^{tree}", message: "join!\n"),
        "it is not the join of its parents"
      ),
      (
        try hub.git(
          ["commit-tree", "\(branches[0])^{tree}", "-p", branches[0], "-p", branches[1]],
          input: Array("join\n".utf8)), "it is not the join of its parents"
      ),
      (
        try join(branches + [hub.git("rev-parse", "\(reference)^")], tree: "\(branches[0])^{tree}"),
        "it joins more than two"
      ),
    ]
    for (tip, reason) in wrong { try expectRefusal(of: tip, as: reference, reason) }
    try hub.git("update-ref", reference, right)
    #expect(try !bob.run("pull").stderr.contains("is refused"))
    #expect(try bob.store.git("rev-parse", reference) == right)
  }

  @Test("that weave made of two clones' records is taken by a third, also where its history is all new")
  func honest() throws {
    let carol = try lab.colleague("carol")
    for (clone, version) in [(bob, "v1"), (carol, "v2")] {
      try clone.weave("fetch")
      try clone.weave("lock", "-c", "emerald-city", "-m", version)
      try clone.weave("set", "release-1", "telperion@\(version)", "narya@\(version)", "--replace")
      try clone.weave("report", "--machine", "toto", "telperion=\(lab.id("telperion@\(version)"))")
    }
    try bob.weave("push")
    _ = try carol.run("push")
    #expect(try hub.git("rev-list", "--merges", "--count", Self.set) == "1")
    try lab.weave("pull")
    for reference in [Self.locks, Self.set, Self.observed] {
      #expect(try lab.store.git("rev-parse", reference) == hub.git("rev-parse", reference))
    }
    let dan = try lab.colleague("dan")
    #expect(try dan.store.git("rev-parse", Self.set) == hub.git("rev-parse", Self.set))
  }
}
