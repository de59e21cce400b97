import Foundation
import TestSupport
import Testing

@testable import LabSupport

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite("graph", .inProcess)
struct GraphTests {
  let lab: Lab

  init() throws {
    lab = try Lab.threeProjects()
    try lab.constellation(Constellations.trio)
  }

  @Test("a column for each project, a row for each link, what is picked and what is revoked marked")
  func text() throws {
    let events = [
      "WORKS": try lab.link("telperion@v1", "laurelin@v1", "narya@v1"),
      "LEAKS": try lab.link("laurelin@v3", "narya@v3"), "FAILS": try lab.link("telperion@v3", "narya@v4"),
    ]
    try lab.revoke("telperion@v3", "narya@v4")
    try lab.revoke("laurelin@v3")
    #expect(
      try lab.words("graph", events: events) == """
        telperion               laurelin                narya
        ⋮ 1                     │                       │
        ● v3 telperion 3 ╌╌┼╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌✕ ● v4 narya 4        FAILS
        │                       ⋮ 1                     │
        │                       ✕ v3 laurelin 3 ╌✕ ● v3 narya 3        LEAKS
        ⋮ 1                     ⋮ 1                     ⋮ 1
        ◆ v1 telperion 1 ─ ◆ v1 laurelin 1 ── ◆ v1 narya 1        WORKS

        ◆ picked   ● linked   ✕ revoked   ╌✕╌ revoked together   ⋮ 3 commits folded
        A commit without its id is the one above it.
        """)
  }

  @Test("what is left out is said")
  func limit() throws {
    try lab.link("telperion@v1", "laurelin@v1")
    try lab.link("telperion@v2", "laurelin@v2")
    try lab.weave("constellation", "remove", "trio")
    let result = try lab.run("graph", "--limit", "1")
    #expect(result.stderr == "note: 1 older left out; --limit NUMBER shows more\n")
    #expect(try !lab.named(result.stdout).contains("v1"))
  }

  @Test("a commit of a project that is not known here stops nothing")
  func unknownProject() throws {
    let ledger = "refs/weave/public/ledger/eve-1"
    let store = try lab.store.git("cat-file", "blob", "refs/weave/public/manifest:store")
    let (telperion, laurelin) = (try lab.id("telperion@v1"), try lab.id("laurelin@v1"))
    let stranger = String(repeating: "1", count: 40)
    let message = """
      link laurelin q0000 telperion

      Weave-Event: link
      Weave-Ledger: \(store)/eve-1
      Weave-Member: laurelin \(laurelin)
      Weave-Member: q0000 \(stranger)
      Weave-Member: telperion \(telperion)

      """
    let tree = try lab.store.git(["mktree"], input: [])
    let event = try lab.store.git(["commit-tree", tree], input: Array(message.utf8))
    try lab.store.git("update-ref", ledger, event)
    #expect(try lab.weave("links").contains(String(event.prefix(7))))
    let graph = try lab.weave("graph")
    #expect(graph.contains("q0000") && graph.contains("telperion"))
  }

  @Test("a linked commit whose author is not read is drawn with its subject")
  func unreadAuthor() throws {
    let source = lab.source("telperion")
    let person = "A <a@b> 99999999999999999999999999 +0000"
    let tree = try source.git("rev-parse", "main^{tree}")
    let text = "tree \(tree)\nparent \(try source.head())\nauthor \(person)\ncommitter \(person)\n\nodd\n"
    let odd = try source.git(
      ["hash-object", "-t", "commit", "--literally", "-w", "--stdin"], input: Array(text.utf8))
    try source.git("update-ref", "refs/heads/odd", odd)
    try lab.weave("fetch")
    try lab.link("telperion@main", "laurelin@main")
    try lab.weave("link", "telperion@odd", "laurelin@v1", "-m", "x")
    let graph = try lab.weave("graph")
    #expect(
      try graph.contains(lab.short("telperion@main")) && graph.contains("\(odd.prefix(7)) odd"), "\(graph)")
  }

  @Test("a linked commit of which a parent is lost is drawn at the end, and named")
  func lostParent() throws {
    let lost = try lab.branchOff("telperion", "later")
    let later = try lab.source("telperion").git("commit-tree", "later^{tree}", "-p", "later", "-m", "odd")
    try lab.source("telperion").git("update-ref", "refs/heads/later", later)
    try lab.weave("fetch")
    try lab.link("telperion@main", "laurelin@main")
    try lab.weave("link", "telperion@later", "laurelin@v1", "-m", "x")
    try FileManager.default.removeItem(
      atPath: "\(lab.store.path)/objects/\(lost.prefix(2))/\(lost.dropFirst(2))")
    let result = try lab.run("graph")
    #expect(result.status == 1)
    #expect(
      try result.stdout.contains(lab.short("telperion@main")) && result.stdout.contains(later.prefix(7)))
    #expect(result.stderr.contains(lost), "\(result.stderr)")
  }

  @Test("five projects fit in 80 columns")
  func narrow() throws {
    for project in ["nenya", "vilya"] { try lab.addProject(project) }
    try lab.weave("fetch")
    try lab.link("telperion@v1", "laurelin@v1", "narya@v1", "nenya@v1", "vilya@v1")
    let lines = try lab.weave("graph").split(separator: "\n")
    #expect(lines[0].split(separator: " ").count == 5)
    #expect(lines.allSatisfy { $0.count <= 80 })
  }

  @Test("only the projects that are asked for, in that order")
  func some() throws {
    try lab.link("telperion@v1", "laurelin@v1", "narya@v1")
    let header = try lab.weave("graph", "-p", "narya", "-p", "telperion").split(separator: "\n")[0]
    #expect(header.split(separator: " ") == ["narya", "telperion"])
  }

  @Test("a withdrawn link is not drawn, and of nothing there is no picture")
  func nothing() throws {
    try lab.weave("constellation", "remove", "trio")
    try lab.weave("withdraw", lab.link("telperion@v1", "laurelin@v1"), "-m", "mistaken")
    let result = try lab.run("graph")
    #expect(result.status == 0)
    #expect(result.stdout == "")
    #expect(result.stderr.hasPrefix("nothing to draw: "))
  }

  @Test("no subject breaks a format", arguments: ["svg", "dot", "mermaid", "text"])
  func oddSubjects(format: String) throws {
    let odd = try lab.oddSubjects()
    for (number, id) in odd.enumerated() {
      try lab.link("telperion@\(id)", "laurelin@v\(number % 4 + 1)")
    }
    try lab.revoke("telperion@\(odd[0])", "laurelin@v1")
    let picture = try lab.weave("graph", "--format", format)
    for character in ["\u{202E}", "\u{1B}", "\u{7}"] { #expect(!picture.contains(character)) }
    switch format {
    case "svg":
      let parser = XMLParser(data: Data(picture.utf8))
      #expect(parser.parse(), "\(String(describing: parser.parserError)) in \(picture)")
    case "dot":
      let plain = try runProcess(
        "dot", ["-Tplain"], in: lab.workspace, environment: lab.environment.variables,
        input: Array(picture.utf8))
      #expect(plain.status == 0 && plain.stderr.isEmpty, "\(plain.stderr)")
      #expect(plain.stdout.split(separator: "\n").count { $0.hasPrefix("node c0_") } == odd.count)
    case "mermaid":
      for line in picture.split(separator: "\n") { #expect(isMermaid(line), "\(line)") }
    default: #expect(picture.split(separator: "\n").allSatisfy { $0.count <= 80 })
    }
  }

  /// Whether the line is one of those of a flowchart that a graph needs
  /// (<https://mermaid.js.org/syntax/flowchart.html>): its texts quoted, with nothing in them that has a meaning.
  private func isMermaid(_ line: some StringProtocol) -> Bool {
    let text = #/"(?:[\p{L}\p{N} .,:\-⋮✕●○◆…]|#\d+;)*"/#
    let patterns: [Regex<Substring>] = [
      #/flowchart TB/#, #/ {2}subgraph p\d+\["[a-z0-9 .\-]*"\]/#, #/ {4}direction TB/#, #/ {2}end/#,
      #/ {4}c\d+x\d+ ---(?:\|"⋮ \d+"\|)? c\d+x\d+/#, #/ {2}c\d+x\d+ === c\d+x\d+/#,
      #/ {2}c\d+x\d+ -\. "✕" \.- c\d+x\d+/#,
    ]
    if patterns.contains(where: { (try? $0.wholeMatch(in: String(line))) != nil }) { return true }
    guard let node = String(line).prefixMatch(of: #/ {4}c\d+x\d+(?:\[|\{\{)/#) else { return false }
    let rest = String(line)[node.range.upperBound...]
    return rest.wholeMatch(of: #/(.*?)(?:\]|\}\})/#).map { $0.1.wholeMatch(of: text) != nil } ?? false
  }
}

extension Lab {
  /// Commits of telperion whose subjects would have a meaning in XML, Graphviz or Mermaid, or to a terminal.
  func oddSubjects() throws -> [String] {
    let subjects = [
      #"<svg onload="x"> & 'quoted' ]]> <!-- "#, #"back\slash \" " \N \l quote"#,
      "graph; } end { subgraph x[\"y\"]",
      "a --> b; click c \"javascript:x\"; %% comment",
      "right \u{202E}to left\u{202C} \u{2066}isolated\u{2069}",
      "bell \u{7} escape \u{1B}[31mred", "日本語の件名 🚀 é", "#35;quot; &amp; `code` **bold** <br/>",
      "|pipe| {{brace}}",
      String(repeating: "long ", count: 60),
    ]
    let source = source("telperion")
    let ids = try subjects.map { try source.commit($0, content: $0) }
    try weave("fetch")
    return ids
  }
}
