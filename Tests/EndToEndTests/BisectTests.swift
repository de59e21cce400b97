import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("bisect")
struct BisectTests {
  let lab: Lab
  private let good = ["telperion@v1", "laurelin@v1", "narya@v1"]
  private let bad = ["telperion@main", "laurelin@main", "narya@main"]

  init() throws { lab = try Lab.threeProjects() }

  @Test("one commit that breaks the rest: the answer, the two sets, the runs, and what revokes it")
  func single() throws {
    try lab.lengthen("laurelin", to: 20)
    let culprit = try lab.id("laurelin@main~5")
    let text = try lab.weave(
      ["bisect", "--good"] + good + ["--bad"] + bad + [
        "--", "sh", "-c", Lab.fails(on: [("laurelin", culprit)]),
      ])
    #expect(text.hasPrefix("laurelin@\(culprit.prefix(7)) is the first bad commit\n"), "\(text)")
    #expect(text.contains("weave revoke laurelin@\(culprit.prefix(7)) -m REASON"))
    let document = try lab.json(
      BisectDocument.self,
      ["bisect", "--json", "--good"] + good + ["--bad"] + bad
        + ["--", "sh", "-c", Lab.fails(on: [("laurelin", culprit)])])
    #expect(document.state == "found")
    #expect(document.changes.map(\.commit) == [culprit])
    #expect(document.failsAlone == true)
    #expect(document.commits == 3 + 19 + 3)
    // Two ends, log2 of 25 commits, and one.
    #expect(document.runs.count <= 2 + 5 + 1)
    let good = Set(document.good.map(\.commit))
    let bad = Set(document.bad.map(\.commit))
    #expect(bad.subtracting(good) == [culprit])
    #expect(try good.subtracting(bad) == [lab.id("laurelin@main~6")])
  }

  @Test("two commits that only fail together, in histories with merges")
  func pair() throws {
    try lab.mergeOften("telperion")
    try lab.mergeOften("narya")
    let first = try lab.id("telperion@side-2~1")
    let second = try lab.id("narya@main~3")
    let document = try lab.json(
      BisectDocument.self,
      ["bisect", "--json", "--good"] + good + ["--bad"] + bad
        + ["--", "sh", "-c", Lab.fails(on: [("telperion", first), ("narya", second)])])
    #expect(Set(document.changes.map(\.commit)) == [first, second])
    #expect(document.failsAlone == true)
  }

  @Test("a single commit takes no more runs than git bisect in that project, and a run for each project")
  func besideGit() throws {
    for name in ["telperion", "laurelin", "narya"] { try lab.mergeOften(name) }
    let culprit = try lab.id("narya@side-3")
    let document = try lab.json(
      BisectDocument.self,
      ["bisect", "--json", "--no-verify-ends", "--good"] + good + ["--bad"] + bad
        + ["--", "sh", "-c", Lab.fails(on: [("narya", culprit)])])
    #expect(document.changes.map(\.commit) == [culprit])
    let source = lab.source("narya")
    try source.git("bisect", "start", "main", "v1")
    let said = try source.git(
      "bisect", "run", "sh", "-c", "! git merge-base --is-ancestor \(culprit) HEAD")
    try source.git("bisect", "reset")
    #expect(said.contains("\(culprit) is the first bad commit"))
    let runsOfGit = said.split(separator: "\n").count { $0.hasPrefix("running ") }
    #expect(document.runs.count <= runsOfGit + 3, "\(document.runs.count) runs, \(runsOfGit) of git")
  }

  @Test("sets that cannot be tested are gone around; where only such are left, the suspects are told")
  func skip() throws {
    try lab.lengthen("laurelin", to: 20)
    let culprit = try lab.id("laurelin@main~5")
    func script(skipping range: String) -> String {
      "n=$(git -C laurelin rev-list --count HEAD); case $n in \(range)) exit 125;; esac; "
        + Lab.fails(on: [("laurelin", culprit)])
    }
    let around =
      ["bisect", "--good"] + good + ["--bad"] + bad + ["--", "sh", "-c", script(skipping: "9|10|11")]
    #expect(try lab.weave(around).contains("laurelin@\(culprit.prefix(7)) is the first bad commit"))
    let result = try lab.run(
      ["bisect", "--json", "--good"] + good + ["--bad"] + bad
        + ["--", "sh", "-c", script(skipping: "14|15|16")])
    #expect(result.status == 4, "\(result.stderr)")
    let document = try JSONDecoder().decode(BisectDocument.self, from: Data(result.stdout.utf8))
    #expect(document.state == "untestable")
    let suspects = document.suspects.filter { $0.project == "laurelin" }.map(\.commit)
    #expect(try suspects == (3...6).reversed().map { try lab.id("laurelin@main~\($0)") })
  }

  @Test("what is linked is good, what is revoked is bad, and neither is run")
  func known() throws {
    try lab.lengthen("laurelin", to: 20)
    let link = try lab.link("telperion@v1", "laurelin@main~6", "narya@v1")
    try lab.revoke("laurelin@main~5")
    let arguments = ["--bad"] + bad + ["--", "touch", lab.directory.appending("ran")]
    let text = try lab.weave(["bisect", "--no-verify-ends", "--good", link] + arguments)
    #expect(try text.hasPrefix("laurelin@\(lab.id("laurelin@main~5").prefix(7)) is the first bad commit"))
    #expect(text.contains("0 runs for"))
    #expect(text.contains("The bad set was not run: Cid Committer revoked"))
    #expect(!FileManager.default.fileExists(atPath: lab.directory.appending("ran")))
    let error = try lab.failure(["bisect", "--good", link, "--ignore-events"] + arguments)
    #expect(error.contains(" is not bad: the command exited with 0 on it"), "\(error)")
  }

  @Test("stopped by kill -9 it goes on where it was, and meanwhile no other begins")
  func resume() throws {
    try lab.lengthen("laurelin", to: 20)
    let culprit = try lab.id("laurelin@main~5")
    let (log, hang) = (lab.directory.appending("log"), lab.directory.appending("hang"))
    try Data().write(to: URL(filePath: hang))
    let script =
      "echo $WEAVE_REV_LAURELIN $WEAVE_REV_NARYA $WEAVE_REV_TELPERION >>\(log); [ -e \(hang) ] && [ $(wc -l <\(log)) = 4 ] && kill -9 $PPID; "
      + Lab.fails(on: [("laurelin", culprit)])
    let arguments = ["bisect", "--good"] + good + ["--bad"] + bad + ["--", "sh", "-c", script]
    #expect(try lab.run(arguments).status == 128 + 9)
    try FileManager.default.removeItem(atPath: hang)
    #expect(try lab.refusal(arguments).contains("`weave bisect --resume` goes on with it"))
    #expect(try lab.weave("bisect", "--log").split(separator: "\n").count == 2 + 3)
    let text = try lab.weave("bisect", "--resume")
    #expect(text.hasPrefix("laurelin@\(culprit.prefix(7)) is the first bad commit"), "\(text)")
    let runs = try String(contentsOfFile: log, encoding: .utf8).split(separator: "\n")
    // What was being run is run again, and nothing else.
    #expect(runs[3] == runs[4])
    #expect(Set(runs.dropFirst(4)).count == runs.count - 4)
    #expect(try lab.refusal(["bisect", "--resume"]).contains("no bisection is under way"))
    try lab.check()
  }

  @Test("an exit code from 128 on stops it, and --abort forgets it")
  func abort() throws {
    let arguments = ["bisect", "--good"] + good + ["--bad"] + bad + ["--", "sh", "-c", "exit 130"]
    #expect(try lab.failure(arguments).contains("error: the command exited with 130"))
    let result = try lab.run("bisect", "--abort")
    #expect(result.status == 0)
    #expect(result.stderr == "Forgot the bisection, and what 0 runs said\n")
    #expect(try lab.refusal(["bisect", "--abort"]).contains("no bisection is under way"))
  }

  @Test("--record links what passed and revokes what was found")
  func record() throws {
    try lab.weave(
      ["bisect", "--record", "--good"] + good + ["--bad"] + bad
        + ["--", "sh", "-c", Lab.fails(on: [("narya", try lab.id("narya@v3"))])])
    let message = try lab.store.git("log", "-1", "--format=%B", lab.event("revoke"))
    #expect(try message.contains("Weave-Member: narya \(lab.id("narya@v3"))"))
    #expect(try lab.weave("links", "--live").contains("bisected: sh -c"))
  }

  @Test(
    "ends that are no ends",
    arguments: [
      ("exit 1", "not good"), ("exit 0", "not bad"),
      ("nosuch", "exited with 127, as a shell does that cannot run a program"),
    ])
  func ends(script: String, complaint: String) throws {
    let error = try lab.failure(["bisect", "--good"] + good + ["--bad"] + bad + ["--", "sh", "-c", script])
    #expect(error.contains(complaint), "\(error)")
    // Nothing that was learnt is in the way of a better one.
    let better = Lab.fails(on: [("narya", try lab.id("narya@v3"))])
    try lab.weave(["bisect", "--good"] + good + ["--bad"] + bad + ["--", "sh", "-c", better])
  }

  @Test("what cannot be bisected is refused")
  func refused() throws {
    func refusal(_ good: [String], _ bad: [String]) throws -> String {
      try lab.failure(["bisect", "--good"] + good + ["--bad"] + bad + ["--", "true"])
    }
    #expect(try refusal(good, good).contains("the good set and the bad one are the same"))
    #expect(try refusal(["narya@v1"], bad).contains("has a commit of laurelin, telperion"))
    #expect(
      try lab.refusal(["bisect", "--good"] + good + ["--bad"] + bad).contains("name what to run after --"))
    #expect(try lab.refusal(["bisect", "--resume", "--abort"]).contains("stand alone"))
  }
}

extension Lab {
  /// Runs weave, which must end with 1 and print nothing on standard output, and returns its standard error.
  fileprivate func failure(
    _ arguments: [String], sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> String {
    let result = try run(arguments)
    #expect(result.status == 1, "\(result.stderr)", sourceLocation: sourceLocation)
    #expect(result.stdout == "", sourceLocation: sourceLocation)
    return result.stderr
  }

  /// A script that fails where each of `commits` is contained in what is checked out of its project.
  static func fails(on commits: [(project: String, commit: String)]) -> String {
    let all = commits.map { "git -C \($0.project) merge-base --is-ancestor \($0.commit) HEAD" }
    return "! (" + all.joined(separator: " && ") + ")"
  }

  /// Commits to a project's source until its main branch has `count` commits, and fetches.
  func lengthen(_ project: String, to count: Int) throws {
    let source = source(project)
    for number in 5...count { try source.commit("\(project) \(number)", content: "\(number)") }
    try weave("fetch", project)
  }

  /// Gives a project's source three branches of three commits each, `side-1` to `side-3`, which are merged, with commits of
  /// the main branch between, and fetches.
  func mergeOften(_ project: String) throws {
    let source = source(project)
    for branch in 1...3 {
      try source.checkout("side-\(branch)", create: true)
      for number in 1...3 { try source.commit("side \(branch).\(number)", file: "side-\(branch)") }
      try source.checkout("main")
      try source.commit("main \(branch)", file: "main-\(branch)")
      try source.merge("side-\(branch)")
      try source.commit("after \(branch)", file: "after-\(branch)")
    }
    try weave("fetch", project)
  }
}

/// What `weave bisect --json` prints.
struct BisectDocument: Decodable {
  struct Change: Decodable {
    let project, commit: String
  }
  struct Member: Decodable {
    let project, commit: String
  }
  struct Run: Decodable {
    let verdict: String
    let members: [Member]
  }
  let state: String
  let changes, suspects: [Change]
  let failsAlone: Bool?
  let good, bad: [Member]
  let commits: Int
  let runs: [Run]
}
