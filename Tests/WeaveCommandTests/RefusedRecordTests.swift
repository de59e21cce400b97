import TestSupport
import Testing

@testable import LabSupport

/// Each of these records would be taken but for one thing, so that it is refused for that and for nothing else.
@Suite("A record with one thing wrong", .inProcess)
struct RefusedRecordTests {
  private let lab: Lab
  private let hub: TestRepository
  private let bob: Colleague

  init() throws {
    lab = try Lab.withEachRecord()
    hub = try lab.share()
    bob = try lab.colleague("bob")
  }

  /// What somebody pushes by plain Git, on top of what is there.
  struct Draft: Sendable {
    let reference: String
    var message: String
    var files: [String]
    var isOnTop = true

    func with(_ change: (inout Draft) -> Void) -> Draft {
      var draft = self
      change(&draft)
      return draft
    }

    func saying(_ message: String) -> Draft { with { $0.message = message } }
    /// Files are lines as `name: content`, and `-> name: target` for a link.
    func holding(_ files: String...) -> Draft { with { $0.files = files } }
  }

  private static let line = "narya \(String(repeating: "1", count: 40))"
  private static let lock = Draft(
    reference: "refs/weave/public/locks/emerald-city",
    message: "lock emerald-city\n\nWeave-Lock: emerald-city\n", files: ["barge: \(line)"])
  private static let set = Draft(
    reference: "refs/weave/public/sets/release-1", message: "set release-1\n\nWeave-Set: release-1\n",
    files: ["set: \(line)"])
  private static let report = Draft(
    reference: EveAtHub.observed, message: "observed toto\n\nWeave-Machine: toto\nWeave-Sequence: 2\n",
    files: ["observed: \(line)"])
  private static let date = Draft(
    reference: EveAtHub.seen, message: "seen toto\n\nWeave-Machine: toto\nWeave-Sequence: 1\n", files: [],
    isOnTop: false)

  /// Writes it into the hub and returns its id.
  private func put(_ draft: Draft) throws -> String {
    let entries = try draft.files.map { file in
      let isLink = file.hasPrefix("-> ")
      let parts = file.dropFirst(isLink ? 3 : 0).split(separator: ":", maxSplits: 1)
      let content = parts[1].dropFirst() + (isLink ? "" : "\n")
      let blob = try hub.git(["hash-object", "-w", "--stdin"], input: Array(content.utf8))
      return "\(isLink ? "120000" : "100644") blob \(blob)\t\(parts[0])\n"
    }
    let tree = try hub.git(["mktree"], input: Array(entries.joined().utf8))
    var environment = hub.environment
    // A date gives way to a later one alone.
    environment.setDate(TestEnvironment.epoch + 60)
    let id = try hub.git(
      ["commit-tree", tree] + (draft.isOnTop ? ["-p", draft.reference] : []), environment: environment,
      input: Array(draft.message.utf8))
    try hub.git("update-ref", draft.reference, id)
    return id
  }

  @Test("is taken without that", arguments: [lock, set, report, date])
  func sound(draft: Draft) throws {
    let id = try put(draft)
    let pull = try bob.run("pull")
    #expect(pull.status == 0 && !pull.stderr.contains("refused"), "\(pull.stderr)")
    #expect(bob.store.resolve(draft.reference) == id)
  }

  private static let noFile = "is no file"
  private static let noLines = "is not `project SHA`"

  @Test(
    "is refused by the pull for that, ours stays, and nothing of it is in the store",
    arguments: [
      (lock.saying("lock other\n\nWeave-Lock: other\n"), "it is no lock of emerald-city"),
      (lock.holding("barge: \(line)", "toto: a word"), noLines),
      (lock.holding("barge: \(line) dirty"), noLines), (lock.holding("-> barge: /etc/passwd"), noFile),
      (set.saying("set other\n\nWeave-Set: other\n"), "it is no set of that name"),
      (set.holding("set: \(line)", "word: a word"), noLines), (set.holding("set: \(line) dirty"), noLines),
      (set.holding("-> set: /etc/passwd"), noFile),
      (report.holding("observed: a word"), noLines),
      (report.holding("observed: \(line)", "word: a"), noLines),
      (report.holding("-> observed: /etc/passwd"), noFile),
      (
        date.saying("seen barge\n\nWeave-Machine: barge\nWeave-Sequence: 1\n"),
        "it is nothing that toto said"
      ),
      (date.saying("seen toto\n\nWeave-Machine: toto\n"), "it is nothing that toto said"),
      (date.holding("observed: \(line)"), "it is more than one date"),
      (date.with { $0.isOnTop = true }, "it is more than one date"),
    ] as [(Draft, String)])
  func refused(draft: Draft, reason: String) throws {
    let before = try #require(bob.store.resolve(draft.reference))
    let id = try put(draft)
    let pull = try bob.run("pull")
    #expect(pull.status == 0, "\(pull.stderr)")
    let said = pull.stderr.split(separator: "\n").filter { $0.contains(" is refused: ") }
    #expect(said.count == 1 && said[0].hasPrefix("warning: \(draft.reference) is refused: "), "\(said)")
    #expect(said.first?.contains(reason) == true, "\(said)")
    #expect(bob.store.resolve(draft.reference) == before)
    #expect(bob.store.resolve("\(id)^{object}") == nil)
  }
}
