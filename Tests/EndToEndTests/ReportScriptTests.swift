import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("A machine with a shell and git reports by Docs/examples/weave-report")
struct ReportScriptTests {
  let lab: Lab

  init() throws { lab = try Lab.threeProjects() }

  /// Runs the script for a hub.
  private func script(
    _ shell: ReportShell, _ machine: String, _ lines: String, to url: String? = nil,
    environment: TestEnvironment? = nil
  ) throws -> ProcessResult {
    try shell.run(
      [ReportShell.example("weave-report"), try url ?? lab.bare().path, machine], in: lab.workspace,
      environment: (environment ?? lab.environment).variables, input: Array(lines.utf8))
  }

  private func lines(_ members: String...) throws -> String {
    try members.map { "\($0.prefix { $0 != "@" }) \(try lab.id($0))\n" }.joined()
  }

  @Test(
    "its records are weave's to the byte, whatever the machine is called, and weave takes them in",
    arguments: ReportShell.installed)
  func records(shell: ReportShell) throws {
    try lab.constellation()
    let hub = try lab.share()
    let names = [
      "toto", "toto.canon", "dashy@toto", "Toto", "x.lock", "a..b", ".a.", "ünter", "🌈", "$(id)", "'",
      "%41",
      String(repeating: "Ä", count: 90),
    ]
    let entries = try ["narya=\(lab.id("narya@v1"))", "laurelin=\(lab.id("laurelin@v1"))"]
    for name in names {
      let said = try script(
        shell, name, "# \(name)\n\n" + lines("narya@v1") + "laurelin\t\(lab.id("laurelin@v1")) dirty")
      #expect(said.status == 0, "\(name): \(said.stderr)")
      try lab.weave(["report", "--machine=\(name)", "--dirty", "laurelin"] + entries)
    }
    func contents(_ repository: TestRepository) throws -> String {
      try repository.git(
        "for-each-ref", "--format=%(refname) %(tree) %(contents)", "refs/weave/public/observed/",
        "refs/weave/public/seen/")
    }
    #expect(try contents(hub) == contents(lab.store))
    try hub.git("fsck", "--strict")
  }

  @Test("a hub with the hook of the docs takes it, weave pulls it, and each goes on from the other's")
  func pulled() throws {
    try lab.constellation()
    try lab.link("telperion@v1", "laurelin@v1", "narya@v1")
    let hub = try lab.share()
    try HookedHub.install(HookedHub.hooks, in: hub.path)
    let environment = HookedHub.environment(lab.environment)
    #expect(
      try script(.sh, "toto", lines("telperion@v1", "laurelin@v1"), environment: environment).status == 0)
    try lab.weave("pull")
    #expect(try lab.status(of: "toto").compliance == "in-sync")
    try lab.report("toto", "telperion@v2")
    #expect(try lab.run("push", environment: environment).status == 0)
    #expect(try script(.sh, "toto", lines("telperion@v3"), environment: environment).status == 0)
    try lab.weave("pull")
    #expect(try lab.status(of: "toto").project("telperion").had == lab.id("telperion@v3"))
    let numbers = try lab.store.git(
      "log", "--format=%(trailers:key=Weave-Sequence,valueonly,separator=)", "refs/weave/public/observed/toto"
    )
    #expect(numbers == "3\n2\n1")
    try lab.check()
  }

  @Test("the same again pushes nothing but when it was seen")
  func unchanged() throws {
    let hub = try lab.bare()
    let text = try lines("telperion@v1")
    _ = try script(.sh, "toto", text)
    let observed = try hub.git("rev-parse", "refs/weave/public/observed/toto")
    let seen = try hub.git("rev-parse", "refs/weave/public/seen/toto")
    var later = lab.environment
    later.setDate(TestEnvironment.epoch + 600)
    #expect(try script(.sh, "toto", text, environment: later).status == 0)
    #expect(try hub.git("rev-parse", "refs/weave/public/observed/toto") == observed)
    #expect(try hub.git("rev-parse", "refs/weave/public/seen/toto") != seen)
  }

  @Test("a store takes a report by itself, too, and is whole")
  func toStore() throws {
    try lab.constellation()
    #expect(try script(.sh, "toto", lines("telperion@v1"), to: lab.store.path).status == 0)
    #expect(try lab.status(of: "toto").project("telperion").had == lab.id("telperion@v1"))
    try lab.check()
  }

  @Test("of two at once Git refuses the second, which says so and changes nothing")
  func atOnce() throws {
    let hub = try lab.bare()
    _ = try script(.sh, "toto", lines("telperion@v1"))
    let path = lab.environment.variables["PATH"] ?? ""
    let git = try runProcess("sh", ["-c", "command -v git"], in: "/", environment: lab.environment.variables)
      .trimmed
    let first = try lab.directory.write(lines("telperion@v2"), to: "first")
    try lab.directory.write(
      """
      #!/bin/sh
      if test "$1" = push && mkdir '\(lab.directory.path)/once' 2>/dev/null; then
        PATH='\(path)' sh '\(ReportShell.example("weave-report"))' '\(hub.path)' toto '\(first)'
      fi
      exec '\(git)' "$@"
      """, to: "bin/git", executable: true)
    let late = try script(
      .sh, "toto", lines("telperion@v3"),
      environment: lab.environment.with(["PATH": "\(lab.directory.appending("bin")):\(path)"]))
    #expect(late.status == 1)
    #expect(late.stderr.contains("the report of toto was refused, and nothing is changed"))
    let ref = "refs/weave/public/observed/toto"
    #expect(try hub.git("show", "\(ref):observed") + "\n" == lines("telperion@v2"))
    #expect(try hub.git("rev-list", "--count", ref) == "2")
  }

  @Test(
    "what is no report is refused, and nothing is pushed",
    arguments: [
      "", "# nothing\n", "telperion v1\n", "Telperion ID\n", "telperion ID clean\n", "a..b ID\n",
      "a ID\na ID\n",
    ])
  func noReport(lines: String) throws {
    let result = try script(.sh, "toto", lines.replacing("ID", with: lab.id("telperion@v1")))
    #expect(result.status == 1)
    #expect(result.stderr.hasPrefix("weave-report: "))
    #expect(try lab.bare().refs().isEmpty)
  }

  @Test("a hub that cannot be reached, and a name that is none, are errors")
  func errors() throws {
    let away = try script(.sh, "toto", lines("telperion@v1"), to: "/nowhere")
    #expect(away.status == 1 && away.stderr.contains("cannot reach /nowhere"))
  }

  private static let misnamed = [
    "", "a b", "a/b", "..", "...", "a\nb", "-x", "x@-y", ".git", ".GIT.", "GIT~1", "git~1..", ".git:x",
    "git~1\\y",
    "a\u{a0}b", "a\u{200b}", "\u{202e}a", "a\u{fe0f}", "\u{feff}", "\u{e000}", "\u{e0041}", "a\u{ad}b",
    String(repeating: "a", count: 201),
  ]

  @Test("a name that weave takes for no machine's is refused", arguments: ReportShell.installed)
  func misnamedMachine(shell: ReportShell) throws {
    let entry = try "narya=\(lab.id("narya@v1"))"
    for name in Self.misnamed {
      let result = try script(shell, name, lines("telperion@v1"))
      #expect(result.status == 1, "\(name)")
      #expect(result.stderr.contains("is no machine's name"), "\(result.stderr)")
      #expect(try lab.run("report", "--machine=\(name)", entry).status == 1, "\(name)")
    }
    for octal in ["a\\377b", "\\300\\257", "a\\355\\240\\200", "\\360\\237"] {
      let result = try shell.run(
        [
          "-c", "printf 'telperion %040d\\n' 1 | sh \"$0\" \"$1\" \"$(printf '\(octal)')\"",
          ReportShell.example("weave-report"), lab.bare().path,
        ], in: lab.workspace, environment: lab.environment.variables)
      #expect(result.status == 1 && result.stderr.contains("is no machine's name"), "\(result.stderr)")
    }
    #expect(try lab.bare().refs().isEmpty)
  }

  @Test(
    "a name that weave takes for no project's is refused",
    arguments: ["con", "aux.x", "nul", "com1", "lpt9.a.b"])
  func misnamedProject(name: String) throws {
    let id = try lab.id("telperion@v1")
    let result = try script(.sh, "toto", "\(name) \(id)\n")
    #expect(result.status == 1 && result.stderr.contains("line 1: no new PROJECT"), "\(result.stderr)")
    #expect(try script(.sh, "toto", "\(name)x1 \(id)\n").status == (name.contains(".") ? 1 : 0))
  }

  @Test(
    "what is cut off shows no part of a password, wherever the cut falls", arguments: ReportShell.installed)
  func cutPassword(shell: ReportShell) throws {
    for padding in [0] + Array(4_083...4_091) {
      for mark in ["x", " "] {
        let words = String(repeating: "x", count: max(0, padding - 1)) + mark + "user:S9CRET@hub: denied"
        let function = "f() { printf '%s\\n' '\(words)' >&2; exit 255; }; f"
        let result = try script(
          shell, "toto", lines("telperion@v1"), to: "ssh://user:S9CRET@hub/x",
          environment: lab.environment.with(["GIT_SSH_COMMAND": function, "GIT_SSH_VARIANT": "ssh"]))
        #expect(result.status == 1)
        #expect(!result.stderr.contains("S9"), "\(padding): \(result.stderr.suffix(80))")
      }
    }
  }

}
