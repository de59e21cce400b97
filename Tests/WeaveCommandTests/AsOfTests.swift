import Foundation
import TestSupport
import Testing

@testable import LabSupport

/// Everything happens on its own day: what stood at the end of each is asked for afterwards, and compared with what was
/// answered then.
@Suite("--at", .inProcess)
struct AsOfTests {
  private static let days = [
    "2026-08-01", "2026-08-02", "2026-08-03", "2026-08-04", "2026-08-05", "2026-08-06",
  ]

  /// Runs weave at noon of the day, as `git` would be told of it.
  private static func on(_ day: String, _ lab: Lab) throws -> Lab {
    let noon = try #require(ISO8601DateFormatter().date(from: day + "T12:00:00Z"))
    var lab = lab
    lab.environment.setDate(Int(noon.timeIntervalSince1970))
    return lab
  }

  private static let questions = [
    ["lock", "--list"], ["lock", "--show"], ["links", "--live"], ["log"], ["constellation", "list"],
    ["sha", "laurelin", "--machine", "toto"], ["sha", "telperion", "--machine", "toto"],
    ["links", "--machine", "toto"], ["set", "list"],
    ["resolve"], ["why", "laurelin"], ["check", "telperion@v2", "laurelin@v2"],
  ]

  private func answers(_ lab: Lab, at day: String? = nil) throws -> [String] {
    try Self.questions.map { question in
      let result = try lab.run(question + (day.map { ["--at", $0] } ?? []))
      return "\(question): \(result.status)\n\(result.stdout)\(result.stderr)"
    }
  }

  @Test("every question about a day is answered as it was answered that day")
  func everyDay() throws {
    let lab = try Lab.threeProjects()
    var then: [[String]] = []
    let steps: [(Lab) throws -> Void] = [
      { lab in
        try lab.constellation(Constellations.pair())
        try lab.link("telperion@v1", "laurelin@v1")
        try lab.weave("lock")
      },
      { lab in
        try lab.link("telperion@v2", "laurelin@v2")
        try lab.weave("set", "release-1", "telperion@v1", "laurelin@v1")
      },
      { lab in try lab.weave("lock", "-m", "the second") },
      { lab in try lab.weave("hold", "toto", "laurelin@v1", "-m", "kernel") },
      { lab in
        try lab.weave("revoke", "telperion@v2", "laurelin@v1", "-m", "loops")
        try lab.weave("set", "remove", "release-1")
      },
      { lab in
        try lab.weave("release", "toto", "laurelin")
        try lab.weave("lock", "--restore", lab.locks(of: "pair").last ?? "", "-m", "back")
      },
    ]
    for (day, step) in zip(Self.days, steps) {
      let lab = try Self.on(day, lab)
      try step(lab)
      then.append(try answers(lab))
    }
    let afterwards = try Self.on("2026-09-01", lab)
    for (day, expected) in zip(Self.days, then) {
      let now = try answers(afterwards, at: day)
      for (answer, expected) in zip(now, expected) { #expect(answer == expected, "on \(day)") }
    }
    // The days differ, or nothing was shown.
    #expect(Set(then).count == Self.days.count)
  }

  @Test("what a machine ran on a day, and how it stood to what was wanted of it then")
  func status() throws {
    let lab = try Lab.threeProjects()
    let (first, second, third) = try (
      Self.on(Self.days[0], lab), Self.on(Self.days[1], lab), Self.on(Self.days[2], lab)
    )
    try first.constellation(Constellations.pair())
    try first.link("telperion@v1", "laurelin@v1")
    try first.weave("lock")
    try first.report("toto", "telperion@v1", "laurelin@v1")
    try second.link("telperion@v2", "laurelin@v2")
    try second.weave("lock")
    try third.report("toto", "telperion@v2", "laurelin@v2")
    let afterwards = try Self.on("2026-09-01", lab)
    for (day, word) in zip(Self.days, ["in-sync", "behind", "in-sync"]) {
      let status = try afterwards.weave("status", "-c", "pair", "--at", day)
      #expect(status.contains("1 machine: 1 \(word)"), "\(day): \(status)")
    }
    let before = try afterwards.run("status", "-c", "pair", "--at", "2026-07-31T00:00:00Z")
    #expect(before.stderr.hasPrefix("error: no constellation is called 'pair'"), "\(before)")
  }

  @Test("a commit that bears an older date than those before it changes nothing of their time")
  func backDated() throws {
    let lab = try Lab.threeProjects()
    let first = try Self.on(Self.days[0], lab)
    try first.constellation(Constellations.pair())
    try first.link("telperion@v1", "laurelin@v1")
    try first.weave("lock")
    var before = lab
    before.environment.setDate(978_307_200)
    try before.weave("hold", "toto", "laurelin@v2", "-m", "as if in 2001")
    let then = try lab.run("sha", "laurelin", "--machine", "toto", "--at", "2001-06-01")
    #expect(then.status == 1)
    #expect(then.stderr.hasPrefix("error: no constellation was stored yet at that time"), "\(then.stderr)")
  }

  @Test("a lock's id, or its resolution's, is the moment it was made, with it in force")
  func lock() throws {
    let lab = try Lab.threeProjects()
    try lab.constellation(Constellations.pair())
    try lab.link("telperion@v1", "laurelin@v1")
    let first = try lab.weave("lock")
    try lab.link("telperion@v2", "laurelin@v2")
    try lab.weave("lock")
    #expect(try lab.weave("sha", "laurelin", "--machine", "toto") == lab.id("laurelin@v2"))
    let resolution = try lab.store.git("rev-parse", "\(first)^{tree}")
    for id in [first, String(first.prefix(7)), resolution] {
      #expect(try lab.weave("sha", "laurelin", "--machine", "toto", "--at", id) == lab.id("laurelin@v1"))
    }
  }

  /// Every file of the store but the memory of verified signatures, with its size and when it was written last.
  private func files(of lab: Lab) throws -> String {
    try runProcess(
      "sh", ["-c", "find . -type f ! -path ./weave/signatures -printf '%p %s %T@\\n' | sort"],
      in: lab.store.path,
      environment: lab.environment.variables
    ).succeeded(["find"]).stdout
  }

  @Test("asking about the past writes nothing", arguments: ["2023-11-14", "1s"])
  func writesNothing(moment: String) throws {
    let lab = try Lab.filled()
    let before = try files(of: lab)
    for question in EveryCommand.reading where question.first != "exec" {
      _ = try lab.run(lab.arguments(question) + ["--at", moment])
    }
    let written = Set(try files(of: lab).split(separator: "\n")).symmetricDifference(
      before.split(separator: "\n"))
    #expect(written.isEmpty)
  }

  @Test(
    "what is no moment is refused, and never taken for now",
    arguments: ["2999-01-01", "yesterday", "garbage", "2026-13-01", "", "deadbeef", "-1d"])
  func refused(moment: String) throws {
    let lab = try Lab.filled()
    let result = try lab.run("log", "--at=\(moment)")
    #expect(result.status == 1)
    #expect(result.stdout == "")
    #expect(result.stderr.hasPrefix("error: "), "\(result.stderr)")
  }
}
