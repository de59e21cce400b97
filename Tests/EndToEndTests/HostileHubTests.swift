import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("Docs/examples/weave-report takes nothing of a hub unchecked")
struct HostileHubTests {
  private let eve: HostileHub

  init() throws { eve = try HostileHub() }

  private static let noReport = "is no report, and nothing can go on from it"

  @Test(
    "a number that is not plain digits runs nothing, is not counted on from, and nothing is pushed",
    arguments: ReportShell.installed)
  func noNumber(shell: ReportShell) throws {
    for number in [
      "PATH[$(id >pwned)]", "a[`id >pwned`]", "$(id >pwned)", "1; id >pwned", "RANDOM", "1+1", "2#11", "0x10",
      "010", "08", "0", "-1", "+5", "1e3", " 1", "1 ", "1\r", "1\u{1b}[2J", "1\0;id", "1 2", "", "*", "[0-9]",
      "%d",
      "\u{661}", "1\u{301}", "1\u{d4e}'", "1/2", "1/", "1000000000000000000", "9223372036854775807",
      "18446744073709551617", String(repeating: "9", count: 4000),
    ] {
      try eve.plant(HostileHub.message(number))
      try eve.expectRefusal(Self.noReport, "\(shell.rawValue), \(number.debugDescription)") {
        try eve.report(by: shell)
      }
    }
  }

  @Test("any other number of weave's is counted on from, exactly", arguments: ReportShell.installed)
  func number(shell: ReportShell) throws {
    for (number, next) in [
      ("1", "2"), ("9", "10"), ("99", "100"), ("2147483647", "2147483648"), ("4294967295", "4294967296"),
      ("9007199254740991", "9007199254740992"), ("9007199254740993", "9007199254740994"),
      ("999999999999999999", "1000000000000000000"),
    ] {
      try eve.plant(HostileHub.message(number))
      #expect(try eve.numberAfterReport(by: shell) == next, "\(shell.rawValue)")
    }
  }

  @Test(
    "an epoch is carried on, and one that is not plain digits runs nothing, and nothing is pushed",
    arguments: ReportShell.installed)
  func epoch(shell: ReportShell) throws {
    for epoch in [
      "", "0", "01", "none", "?", "1/2", "$(id >pwned)", "a[`id >pwned`]", "*", "[0-9]", "1 2", "-1", "1e3",
      "\u{661}", "1000000000000000000", String(repeating: "9", count: 4000), "1\nWeave-Epoch: 1",
    ] {
      try eve.plant(HostileHub.message("1") + "Weave-Epoch: \(epoch)\n")
      try eve.expectRefusal(Self.noReport, "\(shell.rawValue), \(epoch.debugDescription)") {
        try eve.report(by: shell)
      }
    }
    for epoch in ["1", "999999999999999999"] {
      try eve.plant(HostileHub.message("9") + "Weave-Epoch: \(epoch)\n")
      #expect(try eve.numberAfterReport(by: shell) == "10", "\(shell.rawValue)")
      for ref in [HostileHub.observed, "refs/weave/public/seen/toto"] {
        let message = try eve.hub.git("log", "-1", "--format=%B", ref)
        #expect(message.hasSuffix("\nWeave-Sequence: 10\nWeave-Epoch: \(epoch)"), "\(message)")
      }
    }
  }

  @Test("a number that leaves none after it is refused with the way out", arguments: ReportShell.installed)
  func lastNumber(shell: ReportShell) throws {
    try eve.plant(HostileHub.message("1000000000000000000"))
    try eve.expectRefusal("`weave report --restart`", shell.rawValue) { try eve.report(by: shell) }
  }

  @Test("a message that is not of one report of this machine is refused", arguments: ReportShell.installed)
  func noMessage(shell: ReportShell) throws {
    for message in [
      "", "\n", "observed toto\n", "observed toto\n\nWeave-Machine: toto\n",
      "observed toto\n\nWeave-Sequence: 1\n", "observed toto\n\nweave-sequence: 1\nWeave-Machine: toto\n",
      HostileHub.message("1") + "Weave-Sequence: 1\n", HostileHub.message("1") + "Weave-Sequence: 2\n",
      HostileHub.message("1") + "Weave-Machine: barge\n", HostileHub.message("1") + "\nSigned-off-by: eve\n",
      "observed barge\n\nWeave-Machine: barge\nWeave-Sequence: 1\n",
      "observed toto\n\nWeave-Machine: \u{1b}]0;toto\u{7}\nWeave-Sequence: 1\n",
      "\(String(repeating: "long\n", count: 400_000))\n\(HostileHub.message("1"))",
      String(repeating: "x", count: 2_000_000),
    ] {
      try eve.plant(message)
      try eve.expectRefusal(Self.noReport, "\(shell.rawValue), \(message.prefix(80).debugDescription)") {
        try eve.report(by: shell)
      }
    }
    for object in try [eve.hub.git("hash-object", "-w", eve.hub.path + "/HEAD"), tag()] {
      try eve.hub.git("update-ref", HostileHub.observed, object)
      try eve.expectRefusal("of toto", "\(shell.rawValue), \(object)") { try eve.report(by: shell) }
    }
  }

  private func tag() throws -> String {
    let commit = try eve.plant(HostileHub.message("1"))
    let tag =
      "object \(commit)\ntype commit\ntag toto\ntagger eve <e@x> 1 +0000\n\n" + HostileHub.message("2")
    return try eve.hub.git(["hash-object", "-t", "tag", "-w", "--stdin"], input: Array(tag.utf8))
  }

  @Test(
    "what looks like a number in a commit's header, subject or text is none",
    arguments: ReportShell.installed)
  func elsewhere(shell: ReportShell) throws {
    let decoys = "Weave-Sequence: 7\nWeave-Machine: barge\n"
    for (message, header) in [
      (HostileHub.message("3"), decoys), (HostileHub.message("3"), "encoding UTF-16\n"),
      (HostileHub.message("3"), "gpgsig -----BEGIN SSH SIGNATURE-----\n \n Weave-Sequence: 7\n"),
      (
        "observed toto\n\n\(decoys)\nWeave-Machine: toto\nWeave-Sequence: 3\nWeave-New: Weave-Sequence: 7\n",
        ""
      ),
      ("\(decoys)\nWeave-Machine: toto\nWeave-Sequence: 3\n", ""),
    ] {
      try eve.plant(message, header: header)
      #expect(try eve.numberAfterReport(by: shell) == "4", "\(shell.rawValue), \(message), \(header)")
    }
  }

  @Test(
    "other refs, tags and replacements that the hub shows change nothing, nor does the user's configuration",
    arguments: ReportShell.installed)
  func surroundings(shell: ReportShell) throws {
    let other = try eve.plant(HostileHub.message("70"))
    let commit = try eve.plant(HostileHub.message("3"))
    for name in ["refs/a", "refs/heads", "refs/weave/public/observed/x", "refs/zz"] {
      try eve.hub.git("update-ref", "\(name)/\(HostileHub.observed)", other)
    }
    for name in [
      "refs/replace/\(commit)", "refs/tags/toto", "refs/heads/toto", "refs/notes/commits", "refs/toto",
    ] {
      try eve.hub.git("update-ref", name, other)
    }
    let configuration = try eve.directory.write(
      """
      [i18n]
      \tlogOutputEncoding = UTF-16
      \tcommitEncoding = latin1
      [log]
      \tshowSignature = true
      [format]
      \tpretty = Weave-Sequence: 70
      [core]
      \tautocrlf = true
      \thooksPath = \(eve.directory.path)/hooks
      \tattributesFile = \(eve.directory.path)/attributes
      [filter "run"]
      \tclean = touch pwned; cat
      [push]
      \tfollowTags = true
      \trecurseSubmodules = check
      [fetch]
      \trecurseSubmodules = true
      \tprune = true
      [protocol "ext"]
      \tallow = always
      [color]
      \tui = always
      """, to: "gitconfig")
    try eve.directory.write("* filter=run\n", to: "attributes")
    try eve.directory.write("#!/bin/sh\ntouch pwned\n", to: "hooks/pre-push", executable: true)
    let number = try eve.numberAfterReport(by: shell, with: ["GIT_CONFIG_GLOBAL": configuration])
    #expect(number == "4", "\(shell.rawValue)")
    try eve.expectNothingRan(shell.rawValue)
    #expect(try eve.hub.git("rev-parse", "\(HostileHub.observed)~1") == commit)
  }

  @Test("only other refs that end in the machine's are as good as none", arguments: ReportShell.installed)
  func tails(shell: ReportShell) throws {
    let other = try eve.plant(HostileHub.message("70"))
    try eve.hub.git("update-ref", "refs/a/\(HostileHub.observed)", other)
    try eve.hub.git("update-ref", "-d", HostileHub.observed)
    #expect(try eve.numberAfterReport(by: shell) == "1", "\(shell.rawValue)")
  }

  @Test(
    "a commit that is not the one that the hub named first is not counted on from",
    arguments: ReportShell.installed)
  func changed(shell: ReportShell) throws {
    let later = try eve.plant(HostileHub.message("70"))
    try eve.plant(HostileHub.message("3"))
    // A server that is asked first what there is, and then for it.
    let once = eve.directory.appending("once")
    let move = "git --git-dir='\(eve.hub.path)' update-ref \(HostileHub.observed) \(later)"
    let result = try eve.report(
      by: shell, to: "ssh://hub\(eve.hub.path)",
      with: eve.server("mkdir '\(once)' 2>/dev/null || \(move); sh -c \"$1\""))
    #expect(result.status == 1 && result.stderr.contains("has changed meanwhile: run it again"), "\(result)")
    #expect(try eve.hub.refs() == [HostileHub.observed: later])
  }

  @Test("a URL is no option and runs no program", arguments: ReportShell.installed)
  func url(shell: ReportShell) throws {
    for url in [
      "ext::sh -c touch% pwned", "-oProxyCommand=touch pwned", "--upload-pack=touch pwned", "-u touch pwned",
      "--exec=touch pwned", "ssh://-oProxyCommand=touch${IFS}pwned/x", "-oProxyCommand=touch pwned:x",
      "fd::9", "$(touch pwned)", "`touch pwned`",
    ] {
      try eve.expectRefusal("cannot reach", "\(shell.rawValue), \(url)") {
        try eve.report(by: shell, to: url, with: ["GIT_ALLOW_PROTOCOL": nil])
      }
    }
    try eve.expectRefusal("the URL is empty", shell.rawValue) { try eve.report(by: shell, to: "") }
  }

  @Test("a URL's name and password are not shown", arguments: ReportShell.installed)
  func password(shell: ReportShell) throws {
    for url in [
      "http://ada:geheim@127.0.0.1:1/x", "http://geheim@127.0.0.1:1/x", "ssh://a:ge@heim@[/x",
      "ssh://ada:geheim@hub/x",
    ] {
      try eve.expectRefusal("cannot reach \(url.prefix { $0 != ":" })://", "\(shell.rawValue), \(url)") {
        let result = try eve.report(by: shell, to: url, with: ["GIT_SSH_COMMAND": "echo >&2"])
        #expect(!result.stderr.contains("geheim") && !result.stderr.contains("heim@"), "\(result.stderr)")
        return result
      }
    }
    try eve.expectRefusal("the URL has a blank", shell.rawValue) {
      try eve.report(by: shell, to: "https://ada:ge heim@hub/x")
    }
  }

  @Test(
    "what a hub says is shown as Git's, without control characters, and not without end",
    arguments: ReportShell.installed)
  func terminal(shell: ReportShell) throws {
    let text = "\u{1b}]0;owned\u{7}\u{9b}2J\u{202e}\r\nweave-report: all is well"
    let sent = try eve.directory.write(text, to: "text")
    // A server that answers with an error, and whose ssh says more; one that says a lot.
    let error = "ERR \(text)"
    let size = String(error.utf8.count + 4, radix: 16)
    let packet = try eve.directory.write(
      "\(String(repeating: "0", count: 4 - size.count))\(size)\(error)", to: "packet")
    for server in [
      "cat '\(sent)' >&2; cat '\(packet)'; :", "head -c 3000000 /dev/zero >&2; cat '\(packet)'; :",
      "yes '\u{1b}[1m' | head -n 1000000 >&2; :",
    ] {
      try eve.expectRefusal("cannot reach ssh://hub/x", "\(shell.rawValue), \(server)") {
        let result = try eve.report(by: shell, to: "ssh://hub/x", with: ["GIT_SSH_COMMAND": server])
        #expect(!result.stderr.contains("\nweave-report: all is well"))
        return result
      }
    }
    try eve.plant(HostileHub.message("3"))
    try eve.expectRefusal("the report of toto was refused", shell.rawValue) {
      let push = "case $1 in *receive-pack*) cat '\(sent)' >&2; cat '\(packet)' ;; *) sh -c \"$1\" ;; esac"
      let result = try eve.report(
        by: shell, to: "ssh://hub\(eve.hub.path)", with: eve.server(push))
      #expect(result.stderr.contains("weave-report: git: ?]0;owned?"), "\(result.stderr)")
      return result
    }
  }

  @Test(
    "what the machine's own file and name hold reaches no terminal, and is neither expanded nor a format",
    arguments: ReportShell.installed)
  func ownText(shell: ReportShell) throws {
    for lines in [
      "a \u{1b}[2J\n", "* *\n", "$(touch pwned) x\n", "%s%n %d\n", "-n x\n",
      "narya \(String(repeating: "1", count: 40))\r\n",
    ] {
      try eve.expectRefusal("line 1: no new PROJECT with a full SHA", "\(shell.rawValue), \(lines)") {
        try eve.report(by: shell, lines)
      }
    }
    try eve.expectRefusal("'a?b?[2J' is no machine's name", shell.rawValue) {
      try eve.report(by: shell, machine: "a\nb\u{1b}[2J")
    }
    for machine in ["-n", "--"] {
      try eve.expectRefusal("'\(machine)' is no machine's name", shell.rawValue) {
        try eve.report(by: shell, machine: machine)
      }
    }
    for machine in [
      "*", "?", "$(id>pwned)", "`id>pwned`", "%s%n%d", "n-", "\\033[2J", "a\\c", "[a]", "~",
    ] {
      let result = try eve.report(by: shell, machine: machine)
      #expect(result.status == 0 && result.stderr.isEmpty, "\(shell.rawValue), \(machine): \(result.stderr)")
    }
    #expect(
      try eve.hub.git("for-each-ref", "--format=%(contents:subject)", "refs/weave/public/seen/").split(
        separator: "\n"
      ).map { $0.dropFirst("seen ".count) }.sorted()
        == ["$(id>pwned)", "%s%n%d", "*", "?", "[a]", "\\033[2J", "`id>pwned`", "a\\c", "n-", "~"])
    try eve.expectNothingRan(shell.rawValue)
  }

  @Test("nothing is left behind, whatever the hub does", arguments: ReportShell.installed)
  func leftBehind(shell: ReportShell) throws {
    let temporary = eve.directory.appending("tmp")
    try FileManager.default.createDirectory(atPath: temporary, withIntermediateDirectories: true)
    for number in ["3", "x"] {
      try eve.plant(HostileHub.message(number))
      _ = try eve.report(by: shell, with: ["TMPDIR": temporary])
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: temporary) == [])
  }
}
