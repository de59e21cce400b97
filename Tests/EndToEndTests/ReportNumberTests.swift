import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("The number of a report that somebody pushes", .serialized)
struct ReportNumberTests {
  private let lab: Lab
  private let hub: TestRepository
  private let bob: Colleague
  private static let observed = EveAtHub.observed
  private static let seen = EveAtHub.seen
  private static let now = TestEnvironment.epoch

  /// A hub that has reports 1 to 4 of toto, the last of which are its v3, and Bob's clone of it.
  init() throws {
    lab = try Lab.threeProjects()
    try lab.constellation(Constellations.pair())
    try lab.link("telperion@v1", "laurelin@v1")
    try lab.weave("lock", "-c", "pair")
    for version in ["v1", "v2", "v1", "v3"] { try lab.report("toto", "telperion@\(version)") }
    hub = try lab.share()
    bob = try lab.colleague("bob")
  }

  private func line(_ version: String) throws -> String {
    "telperion \(try lab.id("telperion@\(version)"))\n"
  }

  private func eve(_ isChecking: Bool) throws -> EveAtHub {
    try EveAtHub(at: hub, isChecking: isChecking, in: lab)
  }

  /// What bob's store, or another, has of toto as the newest.
  private func numbers(in store: TestRepository) throws -> [String] {
    try store.git(
      "log",
      "--format=%(trailers:key=Weave-Epoch,valueonly,separator=).%(trailers:key=Weave-Sequence,valueonly,separator=)",
      Self.observed
    ).split(separator: "\n").map { $0.hasPrefix(".") ? "0\($0)" : String($0) }
  }

  private func restart(_ version: String, _ more: String..., in directory: String? = nil) throws -> String {
    try lab.run(
      ["report", "--restart", "--machine", "toto"] + more + ["telperion=\(lab.id("telperion@\(version)"))"],
      in: directory
    ).succeeded(["weave", "report", "--restart"]).stderr
  }

  /// A report by a machine that counts itself.
  private func counted(_ number: Int, _ version: String, _ more: String...) throws -> ProcessResult {
    let manifest =
      #"{"schema":"weave.manifest/1","machine":"toto","sequence":\#(number),"projects":{"telperion":"#
      + #"{"rev":"\#(try lab.id("telperion@\(version)"))"}}}"#
    return try lab.run(["report", "--from", "-"] + more, input: manifest)
  }

  // MARK: frozen

  @Test(
    "is of no report that is here where a date has it: the date is refused, named, and an honest one takes its place",
    arguments: [true, false],
    [
      ("Weave-Sequence: 9\n", 4_102_444_800), ("Weave-Sequence: 5\n", now + 60),
      ("Weave-Sequence: 4\nWeave-Epoch: 1\n", now + 60), ("Weave-Sequence: 9007199254740991\n", now - 60),
    ])
  func frozen(isChecking: Bool, date: (trailers: String, seconds: Int)) throws {
    let before = try bob.store.git("rev-parse", Self.seen)
    try eve(isChecking).pushDate(date.trailers, date: date.seconds)
    for _ in 1...2 {
      let pull = try bob.run("pull")
      #expect(pull.status == 0, "\(pull.stderr)")
      #expect(
        pull.stderr.contains("\(Self.seen) is refused: it speaks of a report that is not here"),
        "\(pull.stderr)")
      #expect(try bob.store.git("rev-parse", Self.seen) == before)
      #expect(try bob.weave("status", "-c", "pair").contains("0s fresh"))
    }
    let push = try bob.run("push")
    #expect(push.status == 0, "\(push.stderr)")
    #expect(try hub.git("rev-parse", Self.seen) == before)
    #expect(try !bob.run("pull").stderr.contains("refused"))
  }

  @Test(
    "is of no report that is here where an older weave has taken the date: that counts for nothing, and gives way",
    arguments: [true, false], ["Weave-Sequence: 9\n", "Weave-Sequence: 1\nWeave-Epoch: 7\n"])
  func takenBefore(isChecking: Bool, trailers: String) throws {
    let eve = try eve(isChecking)
    for store in [lab.store, bob.store] {
      let date = try eve.pushDate(trailers, date: Self.now + 200)
      try store.git("fetch", "--quiet", hub.path, "+\(Self.seen):\(Self.seen)")
      #expect(try store.git("rev-parse", Self.seen) == date)
    }
    var later = lab.environment
    later.setDate(Self.now + 120)
    let status = try lab.run("status", "-c", "pair", environment: later)
    #expect(status.stdout.contains("2m fresh"), "\(status.stdout)")
    let again = try lab.run(
      "report", "--machine", "toto", "telperion=\(lab.id("telperion@v3"))", environment: later)
    #expect(again.status == 0, "\(again.stderr)")
    try lab.weave("push")
    try bob.weave("pull")
    for store in [hub, bob.store] {
      #expect(try store.git("rev-parse", Self.seen) == lab.store.git("rev-parse", Self.seen))
    }
  }

  @Test(
    "is of a report that came with the date: both are taken; where the report is refused, the date is, too",
    arguments: [true, false])
  func together(isChecking: Bool) throws {
    let eve = try eve(isChecking)
    try eve.push("Weave-Sequence: 5\n", of: line("v2"))
    let date = try eve.pushDate("Weave-Sequence: 5\n", date: Self.now + 60)
    try bob.weave("pull")
    #expect(try bob.store.git("rev-parse", Self.seen) == date)
    try eve.push("Weave-Sequence: 5\n", of: line("v1"))
    try eve.pushDate("Weave-Sequence: 6\n", date: Self.now + 60)
    let pull = try bob.run("pull")
    #expect(pull.status == 0 && pull.stderr.contains("\(Self.observed) is refused"), "\(pull.stderr)")
    #expect(pull.stderr.contains("\(Self.seen) is refused: it speaks of"), "\(pull.stderr)")
    #expect(try bob.store.git("rev-parse", Self.seen) == date)
    // It may be right, of the report that was refused: ours does not take its place.
    let theirs = try hub.git("rev-parse", Self.seen)
    try bob.weave("push")
    #expect(try hub.git("rev-parse", Self.seen) == theirs)
  }

  @Test("stands on nothing that weave takes where a date is malformed: an honest one takes its place")
  func malformedDate() throws {
    let before = try hub.git("rev-parse", Self.seen)
    for trailers in ["Weave-Sequence: 4\nWeave-Epoch: 0\n", "Weave-Sequence: 04\n"] {
      try eve(false).pushDate(trailers, date: Self.now)
      let pull = try bob.run("pull")
      #expect(pull.stderr.contains("\(Self.seen) is refused"), "\(pull.stderr)")
      try bob.weave("push")
      #expect(try hub.git("rev-parse", Self.seen) == before)
    }
  }

  @Test(
    "is of no report that is here where a date was refused: a repair of the date's ref does not take it for the last"
  )
  func repaired() throws {
    let before = try bob.store.git("rev-parse", Self.seen)
    try eve(false).pushDate("Weave-Sequence: 9\n", date: Self.now + 60)
    #expect(try bob.run("pull").stderr.contains("\(Self.seen) is refused"))
    try Data().write(to: URL(fileURLWithPath: "\(bob.store.path)/\(Self.seen)"))
    let repair = try bob.run("fsck", "--repair")
    #expect(repair.status == 0, "\(repair.stdout)\(repair.stderr)")
    #expect(bob.store.resolve(Self.seen) == before)
  }

  // MARK: silenced

  @Test(
    "is greater than the machine that counts itself will come to: `--restart` is heard, by all",
    arguments: [true, false], [["9007199254740991"], ["9007199254740995", "18014398509481986"]])
  func silenced(isChecking: Bool, greatest: [String]) throws {
    let eve = try eve(isChecking)
    for number in greatest { try eve.push("Weave-Sequence: \(number)\n", of: line("v1")) }
    try lab.weave("pull")
    let refusal = try counted(5, "v3")
    #expect(refusal.status == 1 && refusal.stderr.contains("is older than its report"), "\(refusal.stderr)")
    #expect(refusal.stderr.contains("`weave report --restart`"), "\(refusal.stderr)")
    try lab.weave("upgrade")
    let report = try counted(5, "v3", "--restart")
    #expect(report.stderr.contains("toto: report 5 of epoch 1, counted anew"), "\(report.stderr)")
    #expect(try counted(6, "v2").stderr.contains("toto: report 6 of epoch 1, changed"))
    try lab.weave("push")
    try bob.weave("pull")
    #expect(try bob.store.git("rev-parse", Self.observed) == lab.store.git("rev-parse", Self.observed))
    #expect(try bob.store.git("rev-parse", Self.seen) == lab.store.git("rev-parse", Self.seen))
    #expect(try Array(numbers(in: bob.store).prefix(2)) == ["1.6", "1.5"])
    #expect(try bob.store.git("show", "\(Self.observed):observed") + "\n" == line("v2"))
    try lab.check()
  }

  @Test(
    "is the last that can be counted: the error says `--restart`, which counts from 1 again",
    arguments: [true, false])
  func last(isChecking: Bool) throws {
    try eve(isChecking).pushGreatest(count: 1_025, of: [line("v1"), line("v2")])
    try lab.weave("pull")
    #expect(try numbers(in: lab.store)[0] == "0.\(Int.max)")
    try expectWayOut()
    try lab.weave("push")
    try bob.weave("pull")
    #expect(try Array(numbers(in: bob.store).prefix(2)) == ["1.2", "1.1"])
  }

  @Test("is the last that can be counted, in the store itself, where weave 0.1.0 let it come")
  func lastHere() throws {
    let eve = try EveAtHub(at: lab.store, isChecking: false, in: lab)
    try eve.push("Weave-Sequence: \(Int.max)\n", of: line("v1"))
    try expectWayOut()
  }

  /// Expects that the newest report cannot be counted on from, and that the way out is told, and is one.
  private func expectWayOut() throws {
    let error = try lab.refusal(["report", "--machine", "toto", "telperion=\(lab.id("telperion@v4"))"])
    #expect(error.contains("the last that can be counted"), "\(error)")
    #expect(error.contains("`weave report --restart --machine toto PROJECT=SHA`"), "\(error)")
    try lab.weave("upgrade")
    #expect(try restart("v4").contains("toto: report 1 of epoch 1, counted anew"))
    try lab.report("toto", "telperion@v3")
    #expect(try Array(numbers(in: lab.store).prefix(2)) == ["1.2", "1.1"])
    try lab.check()
  }

  // MARK: rolled back

  @Test(
    "is not what follows that of the report before: the report is refused, and named",
    arguments: [true, false],
    [
      ("Weave-Sequence: 2\n", "its number, 2, is not greater"),
      ("Weave-Sequence: 4\n", "its number, 4, is not greater"),
      ("Weave-Sequence: 1\nWeave-Epoch: 2\n", "its epoch, 2, is not the one after 0"),
      ("Weave-Sequence: 9007199254740992\nWeave-Epoch: 1\n", "its number is too great"),
      ("Weave-Sequence: 5\nWeave-Epoch: 0\n", "it is nothing that toto said"),
      ("Weave-Sequence: 5\nWeave-Epoch: 01\n", "it is nothing that toto said"),
      ("Weave-Sequence: 5\nWeave-Epoch: 1\nWeave-Epoch: 1\n", "it is nothing that toto said"),
      ("Weave-Sequence: 5\nWeave-Epoch: 9223372036854775808\n", "it is nothing that toto said"),
    ])
  func rolledBack(isChecking: Bool, attack: (trailers: String, reason: String)) throws {
    let before = try bob.store.git("rev-parse", Self.observed)
    try eve(isChecking).push(attack.trailers, of: line("v1"))
    let pull = try bob.run("pull")
    #expect(pull.status == 0, "\(pull.stderr)")
    #expect(pull.stderr.contains("\(Self.observed) is refused: "), "\(pull.stderr)")
    #expect(pull.stderr.contains(attack.reason), "\(pull.stderr)")
    #expect(try bob.store.git("rev-parse", Self.observed) == before)
  }

  @Test("is of an earlier epoch than that of the report before: refused, too", arguments: [true, false])
  func earlierEpoch(isChecking: Bool) throws {
    try lab.weave("upgrade")
    _ = try restart("v1")
    _ = try restart("v2")
    try lab.weave("push")
    try bob.weave("pull")
    let before = try bob.store.git("rev-parse", Self.observed)
    for (trailers, reason) in [
      ("Weave-Sequence: 9\n", "its epoch, 0, is less"),
      ("Weave-Sequence: 9\nWeave-Epoch: 1\n", "its epoch, 1, is less"),
      ("Weave-Sequence: 1\nWeave-Epoch: 2\n", "its number, 1, is not greater"),
    ] {
      try eve(isChecking).push(trailers, of: line("v1"), parent: before)
      let pull = try bob.run("pull")
      #expect(pull.stderr.contains(reason), "\(pull.stderr)")
      #expect(try bob.store.git("rev-parse", Self.observed) == before)
    }
  }

  // MARK: counting anew

  @Test("is not counted anew in a store of format 1, which 0.1.0 would misread: nothing is changed")
  func format() throws {
    let error = try lab.refusal([
      "report", "--restart", "--machine", "toto", "telperion=\(lab.id("telperion@v4"))",
    ])
    #expect(error.contains("in a store of format 1") && error.contains("`weave upgrade`"), "\(error)")
    #expect(error.contains("0.1.0"), "\(error)")
  }

  @Test("is counted anew in two clones at once: all come to the same")
  func twice() throws {
    try lab.weave("upgrade")
    try lab.weave("push")
    try bob.weave("pull")
    for version in ["v1", "v2"] { _ = try restart(version) }
    _ = try restart("v4", in: bob.workspace)
    try bob.weave("push")
    try lab.weave("push")
    try bob.weave("pull")
    for store in [lab.store, bob.store, hub] {
      #expect(try numbers(in: store)[0] == "2.1")
      #expect(try store.git("show", "\(Self.observed):observed") + "\n" == line("v2"))
      #expect(try store.git("rev-parse", Self.observed) == hub.git("rev-parse", Self.observed))
    }
    try bob.check()
  }

  @Test(
    "is counted on by weave-report in the epoch of the hub, as weave would", arguments: ReportShell.installed)
  func script(shell: ReportShell) throws {
    try lab.weave("upgrade")
    _ = try restart("v1")
    try lab.weave("push")
    for version in ["v1", "v2"] {
      let result = try shell.run(
        [ReportShell.example("weave-report"), hub.path, "toto"], in: lab.workspace,
        environment: lab.environment.variables, input: Array(line(version).utf8))
      #expect(result.status == 0, "\(result.stderr)")
      #expect(
        try hub.git("log", "-1", "--format=%B", Self.seen).split(separator: "\n").last == "Weave-Epoch: 1")
    }
    let pull = try bob.run("pull")
    #expect(!pull.stderr.contains("refused"), "\(pull.stderr)")
    #expect(try Array(numbers(in: bob.store).prefix(2)) == ["1.2", "1.1"])
    #expect(
      try hub.git("log", "-1", "--format=%B", Self.observed)
        == "observed toto\n\nWeave-Machine: toto\nWeave-Sequence: 2\nWeave-Epoch: 1")
  }

  @Test("is counted anew among private reports: what is said to all again leaves out no epoch, and is taken")
  func privateEpochs() throws {
    _ = try lab.makeSource("diary")
    try lab.weave("project", "add", "diary", lab.source("diary").path, "--private")
    try lab.weave("fetch")
    try lab.weave("upgrade")
    for _ in 1...3 { _ = try restart("v1", "diary=\(lab.id("diary@v1"))") }
    try lab.report("toto", "telperion@v4")
    #expect(try Array(numbers(in: lab.store).prefix(4)) == ["3.2", "2.1", "1.1", "0.4"])
    try lab.weave("push", "hub")
    let pull = try bob.run("pull")
    #expect(!pull.stderr.contains("refused"), "\(pull.stderr)")
    #expect(try numbers(in: bob.store)[0] == "3.2")
    #expect(
      try lab.status(of: "toto", constellation: "pair").project("telperion").had == lab.id("telperion@v4"))
    try lab.check()
  }
}
