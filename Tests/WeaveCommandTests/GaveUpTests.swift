import TestSupport
import Testing

@testable import LabSupport

@Suite("past the budget nothing unproved is the answer", .inProcess)
struct GaveUpTests {
  let lab: Lab

  init() throws { lab = try Self.template.copy() }

  /// Three projects whose newest telperion is linked to both others, by links that lead nowhere together: that takes a
  /// search.
  private static let template = LabTemplate {
    let lab = try Lab.threeProjects()
    try lab.constellation(Constellations.trio)
    for (telperion, laurelin, narya) in [
      (4, 4, nil), (4, nil, 4), (nil, 4, 2), (nil, 2, 4), (2, 4, nil), (2, nil, 2), (2, 2, nil),
    ] {
      let members = [("telperion", telperion), ("laurelin", laurelin), ("narya", narya)]
      try lab.link(members.compactMap { name, number in number.map { "\(name)@v\($0)" } })
    }
    return lab
  }

  /// What resolve prints with ever more steps, until it resolves; of equal answers one, without the number of steps.
  private func answers() throws -> [String] {
    var answers: [String] = []
    for steps in stride(from: 1, through: 2_000, by: 5) {
      let result = try lab.run(["resolve", "--steps", "\(steps)"])
      if result.status == 0 { return answers }
      #expect(result.status == 4)
      #expect(result.stdout == "")
      let text = try lab.named(result.stderr).replacing(" \(steps) step", with: " N step")
      if answers.last != text { answers.append(text) }
    }
    return answers
  }

  @Test("resolve ends with 4 and says after how many steps, and what it had found that fits")
  func resolve() throws {
    let hint = "hint: --steps NUMBER lets it take more\n"
    #expect(
      try answers() == [
        "error: gave up after N step on toto\n" + hint, "error: gave up after N steps on toto\n" + hint,
        "error: gave up after N steps on toto\n"
          + "  the newest that was found to fit, not proved to be the newest: laurelin@v4 narya@v2 telperion@v2\n"
          + hint,
      ])
  }

  @Test(
    "so does every command that resolves",
    arguments: [["resolve", "--json"], ["why", "narya"], ["propose"]])
  func otherCommands(arguments: [String]) throws {
    let error = try lab.refusal(arguments + ["--steps", "5"], status: 4)
    #expect(error.hasPrefix("error: gave up after 5 steps on toto\n"))
  }

  @Test("why ends with 4 too, and says of which commits the reason is not known")
  func why() throws {
    let lab = try Lab.threeProjects()
    try lab.constellation(Constellations.trio)
    for (one, two, three) in [(4, 4, 1), (1, 1, 2), (2, 2, 3), (3, 3, 4)] {
      try lab.link("telperion@v\(one)", "laurelin@v\(two)", "narya@v\(three)")
    }
    // With the fewest steps that are enough to resolve, they are not enough for all reasons.
    var partial: ProcessResult
    var steps = 0
    repeat {
      steps += 10
      partial = try lab.run(["why", "narya", "--steps", "\(steps)"])
    } while !partial.stdout.contains("would put") && steps < 2_000
    #expect(partial.status == 4)
    #expect(partial.stderr == "hint: --steps NUMBER lets it take more\n")
    #expect(
      try lab.named(partial.stdout) == """
        narya is v1 on toto, 3 commits behind HEAD
        would put telperion back from v4 to v3, by 1 commit:
          v4  narya 4
        not known, for the resolver gave up:
          v3  narya 3
          v2  narya 2
        2 new links would let it be v4, all else unchanged. Once tested:
          weave link laurelin@v4 narya@v4 -m TEXT
          weave link narya@v4 telperion@v4 -m TEXT

        """)
    #expect(try Set(lab.reasons("narya").values) == ["puts-back"])
  }

  @Test("status says so, and ends with 4 by --exit-code, also by --fail-on gave-up alone")
  func status() throws {
    try lab.report("toto", "telperion@v2", "laurelin@v4", "narya@v2")
    let status = ["status", "-c", "trio", "--exit-code"]
    #expect(try lab.run(status).status == 0)
    let result = try lab.run(status + ["--steps", "5"])
    #expect(result.status == 4)
    #expect(
      result.stderr
        == "warning: what is wanted is not known: the resolver gave up after 5 steps on toto\n")
    #expect(try lab.run(status + ["--steps", "5", "--fail-on", "gave-up"]).status == 4)
    #expect(try lab.run(status + ["--steps", "5", "--fail-on", "behind"]).status == 0)
  }

  @Test("status without --exit-code is a report that could be made, and its JSON says why nothing is wanted")
  func statusJSON() throws {
    let result = try lab.run(["status", "-c", "trio", "--steps", "5", "--json"])
    #expect(result.status == 0)
    #expect(result.stdout.contains("\"gave up after 5 steps on toto\""))
  }

  @Test("with a lock, status need not resolve")
  func locked() throws {
    try lab.weave("lock")
    try lab.report("toto", "telperion@v2", "laurelin@v4", "narya@v2")
    #expect(try lab.run(["status", "-c", "trio", "--exit-code", "--steps", "5"]).status == 0)
  }

  @Test("a number of steps that is none is a wrong usage", arguments: ["0", "-1", "many"])
  func usage(steps: String) throws {
    #expect(try lab.refusal(["resolve", "--steps=\(steps)"]).contains("--steps"))
  }
}
