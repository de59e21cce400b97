import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("status --format")
struct StatusFormatTests {
  let lab: Lab

  init() throws { lab = try Self.template.copy() }

  /// One machine for each kind of end: well, behind, never seen, acknowledged, and incompatible; with names that no format
  /// may stumble over.
  private static let template = LabTemplate {
    let lab = try Lab.threeProjects()
    try lab.constellation(
      """
      constellation: a<b>&"c"
      projects: { telperion: {}, laurelin: {} }
      roles: { dns: { projects: [telperion, laurelin] } }
      machines:
        well: { roles: [dns] }
        behind|x: { roles: [dns] }
        never: { roles: [dns] }
        known: { roles: [dns] }
        bad: { roles: [dns] }
      """)
    try lab.link("telperion@v2", "laurelin@v2")
    try lab.weave("lock")
    try lab.report("well", "telperion@v2", "laurelin@v2")
    for machine in ["behind|x", "known"] { try lab.report(machine, "telperion@v1", "laurelin@v2") }
    try lab.revoke("telperion@v3", "laurelin@v3", because: "loops & <burns>")
    try lab.report("bad", "telperion@v3", "laurelin@v3")
    try lab.weave("status", "--ack", "known", "--for", "1d", "-m", "new disk")
    return lab
  }

  @Test("a long revocation is told in a few words of each machine that runs what it forbids")
  func longRevocation() throws {
    let machines = (1...12).map { "m\($0)" }
    try lab.constellation(
      "constellation: many\nprojects: { telperion: {} }\nroles: { r: { projects: [telperion] } }\n"
        + "machines: { \"m[1:12]\": { roles: [r] } }\n")
    for machine in machines { try lab.report(machine, "telperion@v1") }
    let (writer, reason) = (String(repeating: "E", count: 60_000), String(repeating: "r", count: 60_000))
    let message =
      "revoke by hand\n\n\(reason)\n\nWeave-Event: revoke\nWeave-Ledger: \(try lab.storeID())/\(try lab.writer())\n"
      + "\(try lab.memberLine("telperion@v1"))\n"
      + (1...30).map { "Weave-Evidence: \($0) \(reason.prefix(20_000))\n" }.joined()
    let tree = try lab.store.git(["mktree"], input: [])
    let parent = try lab.store.git("rev-parse", lab.ledger())
    let person = "\(writer) <e@example.org> 1700000000 +0000"
    let commit = try lab.store.git(
      ["hash-object", "-t", "commit", "-w", "--stdin"],
      input: Array("tree \(tree)\nparent \(parent)\nauthor \(person)\ncommitter \(person)\n\n\(message)".utf8)
    )
    try lab.store.git("update-ref", lab.ledger(), commit)

    for form in [[], ["--format", "markdown"], ["--format", "junit"], ["--json"]] {
      let result = try lab.run(["status", "-c", "many"] + form)
      #expect(result.status == 0, "\(result.stderr)")
      #expect(result.stdout.contains("rrr") && result.stdout.contains("EEE"), "\(form)")
      #expect(result.stdout.utf8.count < (form == ["--json"] ? 12 * 30_000 : 50_000), "\(form)")
    }
    let machine = try lab.status(of: "m7", constellation: "many")
    #expect(machine.revocations.map(\.id) == [commit])
    #expect(machine.revocations[0].text == reason.prefix(1_000) + " … [cut: it has 60000 bytes]")
    #expect(machine.revocations[0].moreEvidence == 10)
    #expect(machine.revocations[0].moreMembers == nil)
    #expect(try lab.weave("show", commit).contains(reason))
  }

  private func status(_ format: String) throws -> String {
    try lab.weave("status", "-c", "a<b>&\"c\"", "--format", format)
  }

  @Test("junit has a test case for each machine, as an XML parser reads it")
  func junit() throws {
    let report = try status("junit")
    let script = """
      import sys, xml.etree.ElementTree as tree
      suite = tree.fromstring(sys.stdin.read()).find('testsuite')
      print(suite.get('name'), suite.get('tests'), suite.get('failures'), suite.get('errors'), suite.get('skipped'))
      for case in suite:
        child = [ (c.tag, c.get('type'), c.get('message')) for c in case ]
        print(case.get('name'), child)
      """
    let read = try runProcess(
      "python3", ["-c", script], in: "/", environment: lab.environment.variables, input: Array(report.utf8)
    ).succeeded(["python3"]).stdout.split(separator: "\n").map(String.init)
    #expect(read.first == "a<b>&\"c\" 5 2 1 1", "\(read)")
    #expect(read.contains("well []"), "\(read)")
    #expect(
      read.contains { $0.hasPrefix("behind|x [('failure', 'behind', 'behind: telperion is at ") }, "\(read)")
    #expect(read.contains("never [('error', 'never', 'never seen')]"), "\(read)")
    #expect(read.contains { $0.hasPrefix("known [('skipped', None, 'acknowledged until ") }, "\(read)")
    #expect(
      read.contains { $0.hasPrefix("bad [('failure', 'incompatible', ") && $0.contains("loops & <burns>") },
      "\(read)")
  }

  @Test("markdown is one table, in which no name is taken for markup")
  func markdown() throws {
    let lines = try status("markdown").split(separator: "\n").map(String.init)
    let rows = lines.filter { $0.hasPrefix("|") }
    #expect(rows.count == 2 + 5 * 2)
    #expect(rows.allSatisfy { $0.replacing("\\|", with: "").count { $0 == "|" } == 8 }, "\(rows)")
    #expect(rows.contains { $0.hasPrefix("| behind\\|x | behind") })
    #expect(lines.contains { $0.hasPrefix("- known is acknowledged until ") })
    #expect(lines[0].hasPrefix("**a\\<b\\>\\&\"c\"**, lock `"))
  }

  @Test("json is the same document as --json")
  func json() throws {
    let old = try lab.weave("status", "-c", "a<b>&\"c\"", "--json", "--at", "0s")
    #expect(try lab.weave("status", "-c", "a<b>&\"c\"", "--format", "json", "--at", "0s").count == old.count)
  }

  @Test("a format of machines is refused for the workspace")
  func workspace() throws {
    #expect(try lab.run("status", "--format", "junit").status == 1)
  }

  @Test(
    "--watch redraws in place what changes, until it is interrupted",
    .enabled(if: hasTerminals, "no `script` of util-linux is here, or no terminal to give"))
  func watch() throws {
    let copy = lab.directory.appending("shown")
    let shown = try lab.onTerminal(
      """
      frames() { for i in $(seq 600); do [ "$(grep -ao "$(printf '\\033')\\[H" '\(copy)' | wc -l)" -ge $1 ] && return; sleep .1; done; }
      stty cols 80 rows 24; export TERM=xterm
      '\(weaveExecutable)' status -c 'a<b>&"c"' --watch & watcher=$!
      frames 1; '\(weaveExecutable)' status --unack known; frames 2; kill -INT $watcher; wait $watcher; echo "ended $?"
      """, into: copy)
    let frames = shown.components(separatedBy: "\u{1B}[H").dropFirst()
    #expect(frames.count >= 2, "\(shown)")
    #expect(frames.first?.contains("acknowledged") ?? false, "\(shown)")
    #expect(frames.last?.contains("acknowledged until") == false, "\(shown)")
    #expect(shown.contains("ended 130"), "\(shown)")
  }

  @Test("--watch without a terminal is refused")
  func noTerminal() throws {
    let refused = try lab.run("status", "-c", "a<b>&\"c\"", "--watch")
    #expect(refused.status == 1)
    #expect(refused.stderr.hasPrefix("error: --watch redraws a terminal"))
  }
}
