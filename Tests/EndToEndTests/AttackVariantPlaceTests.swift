import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("A Git directory that somebody left where weave is started")
struct AttackVariantPlaceTests {
  /// Makes a Git directory whose configuration and hooks all leave a file beside the workspace.
  private static func trap(_ lab: Lab, at path: String, work: Bool = false) throws {
    let repository = try TestRepository.create(at: path, bare: true)
    func touch(_ name: String) -> String { "touch \(lab.directory.path)/ran-\(name)" }
    var config = try String(contentsOfFile: "\(path)/config", encoding: .utf8)
    if work { config = config.replacing("bare = true", with: "bare = false") }
    config += """
      [core]
      \tsshCommand = \(touch("ssh"))
      \tfsmonitor = \(touch("fsmonitor"))
      \thooksPath = \(path)/hooks
      \tpager = \(touch("pager"))
      \taskPass = \(touch("askpass"))
      \tgitProxy = \(touch("proxy"))
      \talternateRefsCommand = \(touch("alternates"))
      [diff]
      \texternal = \(touch("diff"))
      [gpg]
      \tprogram = \(touch("gpg"))
      [gpg "ssh"]
      \tprogram = \(touch("gpgssh"))
      \tdefaultKeyCommand = \(touch("gpgkey"))
      [commit]
      \tgpgSign = true
      [credential]
      \thelper = "!\(touch("credential"))"
      [protocol]
      \tallow = always
      [remote "origin"]
      \turl = ext::\(touch("ext"))
      \tuploadpack = \(touch("uploadpack"))
      [url "ext::\(touch("insteadof")) "]
      \tinsteadOf = /
      [filter "x"]
      \tclean = \(touch("clean"))
      \tsmudge = \(touch("smudge"))
      [alias]
      \tlog = !\(touch("alias"))
      """
    try Data(config.utf8).write(to: URL(fileURLWithPath: "\(path)/config"))
    for hook in [
      "post-checkout", "reference-transaction", "pre-push", "pre-auto-gc", "post-index-change", "pre-commit",
    ] {
      try FileManager.default.createDirectory(atPath: "\(path)/hooks", withIntermediateDirectories: true)
      let file = "\(path)/hooks/\(hook)"
      try Data("#!/bin/sh\n\(touch("hook-\(hook)"))\n".utf8).write(to: URL(fileURLWithPath: file))
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file)
    }
    _ = repository
  }

  private static func ran(_ lab: Lab) throws -> [String] {
    let names = try FileManager.default.contentsOfDirectory(atPath: lab.directory.path).filter {
      $0.hasPrefix("ran-")
    }
    for name in names { try FileManager.default.removeItem(atPath: lab.directory.appending(name)) }
    return names
  }

  private static let commands = [
    ["status"], ["status", "--json"], ["fetch"], ["harvest"], ["exec", "--", "true"],
    ["project", "checkout", "telperion"],
    ["checkout", "pair", "../out"], ["bisect", "--good", "pair", "--bad", "pair", "--", "true"],
    ["try", "pair", "--", "true"],
    ["link", "telperion@v1", "laurelin@v1", "-m", "x"], ["revoke", "telperion@main", "-m", "x"],
    ["set", "some", "telperion@main"],
    ["adopt", "--yes"], ["project", "set", "telperion", "track", "main"],
    ["remote", "add", "far", "/nowhere"], ["push", "hub"],
    ["pull", "hub"], ["verify"], ["log"], ["graph"], ["diff", "pair", "pair"], ["fsck"], ["gc"],
    ["export", "pair", "--format", "flake"],
    ["init", "inner", "--no-adopt"], ["clone", "../../hub.git", "cloned"],
  ]

  @Test(
    "runs nothing, whatever command is started in it",
    arguments: [
      "a bare repository in a checkout", "a .git file", "a .git directory",
      "a bare repository's own hooks folder",
    ])
  func folder(kind: String) throws {
    try Lab.withTwoProjects(endsBroken: true) { lab, _, _ throws in
      try lab.share()
      try lab.checkout("laurelin")
      try lab.weave("set", "pair", "telperion@v1", "laurelin@v1")
      let folder = "\(lab.workspace)/\(kind.hasPrefix("a bare repository in") ? "laurelin/sub" : "folder")"
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      var start = folder
      switch kind {
      case "a .git file":
        try Self.trap(lab, at: lab.directory.appending("elsewhere"), work: true)
        try Data("gitdir: \(lab.directory.appending("elsewhere"))\n".utf8).write(
          to: URL(fileURLWithPath: "\(folder)/.git"))
        try Data("* filter=x diff=x\n".utf8).write(to: URL(fileURLWithPath: "\(folder)/.gitattributes"))
      case "a .git directory": try Self.trap(lab, at: "\(folder)/.git", work: true)
      case "a bare repository in a checkout": try Self.trap(lab, at: folder)
      default:
        try Self.trap(lab, at: folder)
        start = "\(folder)/hooks"
      }
      #expect(try Self.ran(lab) == [])
      for command in Self.commands {
        let result = try lab.run(command, in: start)
        #expect(try Self.ran(lab) == [], "\(command): \(result.stderr)")
      }
    }
  }

  @Test("at the top of a checkout, as its own files, runs nothing and is no repository of weave's")
  func top() throws {
    try Lab.withTwoProjects(endsBroken: true) { lab, _, _ throws in
      try lab.share()
      let laurelin = try lab.checkout("laurelin")
      try lab.weave("set", "pair", "telperion@v1", "laurelin@v1")
      try Self.trap(lab, at: laurelin.path)
      for command in Self.commands {
        let result = try lab.run(command, in: laurelin.path)
        #expect(try Self.ran(lab) == [], "\(command): \(result.stderr)")
      }
      let status = try lab.run("status")
      #expect(status.stdout.contains("laurelin"), "\(status.stderr)")
    }
  }

  @Test("that the caller's environment names runs nothing, and takes no record")
  func environment() throws {
    try Lab.withTwoProjects { lab, _, _ throws in
      try lab.checkout("laurelin")
      let trap = lab.directory.appending("elsewhere")
      try Self.trap(lab, at: trap)
      let before = try TestRepository(at: trap).refs()
      let path = lab.directory.path
      for changes in [
        ["GIT_DIR": trap], ["GIT_COMMON_DIR": trap], ["GIT_DIR": trap, "GIT_WORK_TREE": lab.workspace],
        ["GIT_OBJECT_DIRECTORY": "\(trap)/objects"], ["GIT_INDEX_FILE": "\(path)/index"],
        ["GIT_NAMESPACE": "eve"],
        ["GIT_CONFIG": "\(trap)/config"], ["GIT_TEMPLATE_DIR": trap],
        ["GIT_EXTERNAL_DIFF": "touch \(path)/ran-external"],
        ["GIT_REPLACE_REF_BASE": "refs/eve/"], ["GIT_QUARANTINE_PATH": trap],
        ["GIT_SHALLOW_FILE": "\(trap)/HEAD"],
        ["GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "core.worktree", "GIT_CONFIG_VALUE_0": path],
      ] {
        let there = lab.environment.with(changes.mapValues { $0 })
        for command in [
          ["status"], ["fetch"], ["revoke", "telperion@v1", "-m", "\(changes.keys.sorted())"],
          ["checkout", "telperion@v1", "../out-\(changes.count)\(changes.keys.sorted().joined())"],
        ] {
          let result = try lab.run(command, in: "\(lab.workspace)/laurelin", environment: there)
          #expect(result.status == 0, "\(changes) \(command): \(result.stderr)")
          #expect(try Self.ran(lab) == [], "\(changes) \(command)")
        }
      }
      #expect(try TestRepository(at: trap).refs() == before)
      #expect(!FileManager.default.fileExists(atPath: "\(path)/index"))
    }
  }
}

@Suite("A file of 200 KB that is made to keep its reader busy")
struct AttackVariantLongFileTests {
  private static func many(_ text: String) -> String {
    String(repeating: text, count: 200_000 / text.utf8.count)
  }

  /// Runs weave with five seconds of processor time.
  private static func expectQuick(
    _ lab: Lab, _ what: String, _ arguments: [String], input: String = "",
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let result = try runProcess(
      "sh", ["-c", "ulimit -t 5; exec \"$0\" \"$@\"", weaveExecutable] + arguments, in: lab.workspace,
      environment: lab.environment.variables, input: Array(input.utf8))
    #expect(
      result.signal == nil && result.status < 128, "\(what): \(result.status)", sourceLocation: sourceLocation
    )
  }

  private static let flakes = [
    "dots": "a" + many(".a"), "strings": many("\"${"), "comments": many("/*"), "quotes": many("'''"),
    "urls": many("url="),
    "inputs": many("inputs.x.url."), "braces": many("{a="), "blanks": "{ inputs.a.url =" + many(" "),
    "marks": "{ inputs.a" + many("\u{0302}"),
    "prepended": many("\u{11D46}\""), "escapes": "{ inputs.a.url = \"" + many("\\\""), "hashes": many("#\r"),
    "many": "{" + many("inputs.a.url = \"/x\";") + "}",
    "lists": many("[(["), "interpolated": "{ inputs.a.url = \"" + many("${\"a\"}") + "\"; }",
  ]

  @Test("as flake.nix is read by resolve within five seconds")
  func flake() throws {
    try Lab.withTwoProjects { lab, telperion, _ throws in
      for (name, text) in Self.flakes.sorted(by: { $0.key < $1.key }) {
        try telperion.repository.write(text, to: "flake.nix")
        let commit = try telperion.repository.commit(name)
        try lab.weave("fetch", "telperion")
        let document = """
          constellation: x
          projects: { telperion: { pin: "\(commit)", free: true } }
          roles: { r: { projects: [telperion] } }
          machines: { toto: { roles: [r] } }
          """
        for root in [[], ["--root", "telperion"]] {
          try Self.expectQuick(
            lab, "flake.nix, \(name)", ["resolve", "-c", "-", "--format", "nix-flake"] + root, input: document
          )
        }
      }
    }
  }

  private static let files: [(String, [String])] = [
    (
      ".gitmodules",
      [
        many("[submodule \""), "[submodule \"a\"]\nurl = " + many("\\\\"),
        "[submodule \"a\"]\nurl = " + many("\\\n"), many("[submodule \"a\"]\n"),
        "[submodule \"a\"]\nurl = " + many("\"\""), "[submodule \"a\"]\n" + many("url=a\n"),
        many("\u{11D46}="), many(" "),
      ]
    ),
    (
      "west.yml",
      [
        many("["), many("{a: "), many("- "), many("? "), many("&a "), many("!!a "), "a: \"" + many("\\"),
        many("a: &a\n"), many("'"), many("\u{1193F}: "),
        "a: &a [x,x,x,x,x,x,x,x]\n"
          + (1...60).map {
            "b\($0): &b\($0) [*\($0 == 1 ? "a" : "b\($0 - 1)"),*\($0 == 1 ? "a" : "b\($0 - 1)")]\n"
          }.joined(),
        "manifest:\n  projects:\n" + many("    - name: a\n"),
        "manifest:\n  projects:\n" + (0..<4000).map { "    - { name: p\($0), url: /x/p\($0) }\n" }.joined(),
      ]
    ),
    (
      "DEPS",
      [
        many("("), many("{'a':"), "vars = {'a': " + many("'a' "),
        "deps = {'a': " + many("Var('a') + ") + "''}", many("'''"), many("\\\n"), many("#"),
        "vars = {" + (0..<4000).map { "'v\($0)': '{v\($0 + 1)}{v\($0 + 1)}'," }.joined()
          + "}\ndeps = {'a': '{v0}'}", many("\"\"\"\u{0E33}"), many("not "), many("-"),
      ]
    ),
    (
      "flake.lock",
      [
        many("["), many("{\"a\":"), many("1"), "\"" + many("\\u0041"),
        "{\"nodes\":{"
          + (0..<3000).map { "\"n\($0)\":{\"inputs\":{\"a\":[\"a\",\"a\"],\"b\":\"n\($0 + 1)\"}}," }.joined()
          + "\"root\":{\"inputs\":{\"a\":[\"a\"],\"b\":\"n0\"}}},\"root\":\"root\",\"version\":7}",
        "1e" + many("9"), many(" "), "\"" + many("\u{0302}"),
      ]
    ),
  ]

  @Test("as another tool's file is read by import within five seconds", arguments: files.map(\.0))
  func imported(file: String) throws {
    try Lab.withTwoProjects { lab, _, _ throws in
      for (index, text) in (Self.files.first { $0.0 == file }?.1 ?? []).enumerated() {
        let path = try lab.directory.write(text, to: "\(index)/\(file)")
        try Self.expectQuick(lab, "\(file), \(index)", ["import", path, "--yes"])
      }
    }
  }

  @Test(
    "as the message of an event is read by log within five seconds",
    arguments: [
      many("Weave-Member: a\n"), many("a: b\n"), many(" a\n"), many("\n"), many("\n\na: b"), many("Weave-"),
      many("-- >8 "), many("\u{11D46}: \u{0302}\n"),
    ])
  func message(text: String) throws {
    try Lab.withTwoProjects(endsBroken: true) { lab, _, _ throws in
      try lab.link("telperion@v1", "laurelin@v1")
      let ledger = try lab.ledger()
      let empty = try lab.store.git(["mktree"])
      let event = try lab.store.git(
        ["commit-tree", "-p", ledger, empty],
        input: Array("link\n\n\(text)\n\nWeave-Event: link\n\(text)\n".utf8))
      try lab.store.git("update-ref", ledger, event)
      try Self.expectQuick(lab, text.prefix(9).debugDescription, ["log"])
      try Self.expectQuick(lab, text.prefix(9).debugDescription, ["fsck"])
    }
  }
}
