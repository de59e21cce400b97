import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("A name that hides what it is, or is a command to whoever pastes it")
struct AttackVariantNameTests {
  private static func document(
    name: String = "ring", machine: String = "toto", role: String = "dns", alias: String? = nil,
    data: String? = nil
  ) throws -> String {
    var toto: [String: Any] = ["roles": [role]]
    if let alias { toto["aliases"] = [alias] }
    if let data { toto["data"] = ["note": data] }
    let object: [String: Any] = [
      "constellation": name, "priority": ["telperion", "laurelin"],
      "projects": ["telperion": [String: Any](), "laurelin": [:]],
      "roles": [role: ["projects": ["telperion", "laurelin"]]], "machines": [machine: toto],
      "probe": ["command": ["printf", "{machine}"]],
    ]
    let text = String(
      decoding: try JSONSerialization.data(withJSONObject: object, options: .sortedKeys), as: UTF8.self)
    // YAML has these as escapes only.
    return text.unicodeScalars.map { scalar in
      (0x7F...0x9F).contains(scalar.value) ? "\\u00" + String(scalar.value, radix: 16) : String(scalar)
    }.joined()
  }

  // MARK: what nobody sees

  private static let invisible = [
    "\u{115F}", "\u{1160}", "\u{3164}", "\u{FFA0}", "\u{2800}", "\u{034F}", "\u{180E}", "\u{180B}",
    "\u{180F}", "\u{FE00}", "\u{FE0F}",
    "\u{E0100}", "\u{17B4}", "\u{2061}", "\u{1D173}", "\u{1BCA3}", "\u{E0041}", "\u{206A}", "\u{FFF9}",
    "\u{2003}", "\u{205F}", "\u{1D159}",
    "\u{061C}", "\u{9B}", "\u{F8FF}", "\u{0378}", "\u{10FFFD}",
  ]

  @Test("of characters that nobody sees is refused, of a constellation, machine, role, alias, set and report")
  func invisible() throws {
    try Lab.withTwoProjects { lab, _, _ throws in
      let id = try lab.id("telperion@v1")
      let before = try lab.store.refs()
      for character in Self.invisible {
        let name = "to\(character)to"
        for text in [
          try Self.document(name: name), try Self.document(machine: name), try Self.document(role: name),
          try Self.document(alias: name),
        ] {
          #expect(
            try lab.run("constellation", "add", "-", input: text).status == 1, "\(name.debugDescription)")
        }
        #expect(try lab.run("set", name, "telperion@v1").status == 1, "\(name.debugDescription)")
        #expect(
          try lab.run("report", "--machine", name, "telperion=\(id)").status == 1, "\(name.debugDescription)")
      }
      #expect(try lab.store.refs() == before)
    }
  }

  @Test(
    "under which stock Git stored a constellation that calls itself otherwise is refused, and answers for none of both"
  )
  func inner() throws {
    try Lab.withTwoProjects(endsBroken: true) { lab, _, _ throws in
      try lab.link("telperion@v1", "laurelin@v1")
      try lab.constellationByHand(Self.document(name: "other"), as: "canon")
      try lab.constellationByHand(Self.document(name: "good"), as: "good")
      for name in ["canon", "other"] {
        for arguments in [
          ["resolve"], ["lock"], ["status"], ["sha", "telperion", "--machine", "toto"], ["probe", "--allow"],
          ["export", "--format", "west"],
          ["resolve", "--format", "env"],
        ] {
          let result = try lab.run(arguments + ["-c", name])
          #expect(result.status == 1 && result.stdout.isEmpty, "\(arguments) \(name): \(result.stdout)")
        }
      }
      #expect(try lab.weave("sha", "telperion", "-c", "good", "--machine", "toto").count == 40)
      #expect(lab.store.resolve("refs/weave/public/locks/canon") == nil)
      let config = try lab.store.git("config", "--list")
      #expect(!config.contains("weave.probe"))
    }
  }

  // MARK: what is shown

  @Test(
    "in data, a reason or a subject moves no terminal in JSON and in constellation show, and comes out whole there"
  )
  func shown() throws {
    try Lab.withTwoProjects { lab, telperion, _ throws in
      let text =
        "a\u{9B}2J\u{85}\u{202E}b\u{2067}c\u{2028}d\u{2029}\u{E0041}\u{FEFF}\u{61C}\u{7F}\u{200F}e\u{FFF9}f\u{AD}\u{180E}z"
      func isHarmful(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.generalCategory == .format || (0x7F...0x9F).contains(scalar.value)
          || [0x2028, 0x2029].contains(scalar.value)
          || scalar.value < 0x20 && scalar != "\n"
      }
      try telperion.repository.commit(text)
      try lab.weave("fetch")
      try lab.weave("constellation", "add", "-", input: Self.document(data: text))
      // A delete is a control character, and in no reason.
      let reason = text.replacing("\u{7F}", with: "")
      try lab.link("telperion@v1", "laurelin@v1")
      try lab.weave("hold", "toto", "telperion@v1", "-m", reason)
      try lab.weave("revoke", "telperion@main", "-m", reason)
      try lab.weave("set", "pair", "telperion@main", "-m", reason)
      for arguments in [
        ["resolve", "--json"], ["log", "--json"], ["status", "-c", "ring", "--json"],
        ["why", "telperion", "--json"],
        ["set", "list", "--json"], ["links", "--json"], ["constellation", "show", "ring"],
        ["resolve", "--format", "ansible"],
        ["status", "-c", "ring", "--format", "markdown"], ["graph", "--format", "mermaid"],
        ["graph", "--format", "dot"], ["graph", "--format", "svg"],
        ["status", "-c", "ring", "--format", "junit"], ["affected", "--json"],
      ] {
        let result = try lab.run(arguments)
        let harmful = (result.stdout + result.stderr).unicodeScalars.filter(isHarmful)
        #expect(
          harmful.isEmpty, "\(arguments): \(harmful.map { String($0.value, radix: 16) }) \(result.stderr)")
      }
      let data = "import json\nsay(json.loads(document)['machines'][0]['data']['note'])"
      #expect(
        differences(of: try Reader.python(data, document: lab.weave("resolve", "--json")), from: [text]) == []
      )
      if Reader.hasPython("yaml") {
        let yaml = "import yaml\nsay(yaml.safe_load(document)['machines']['toto']['data']['note'])"
        let shown = try lab.weave("constellation", "show", "ring")
        #expect(differences(of: try Reader.python(yaml, document: shown), from: [text]) == [])
      }
    }
  }

  // MARK: hints

  /// The commands of weave between backticks in `text`, of which an apostrophe starts a quoted word.
  private static func commands(in text: String) -> [String] {
    let bytes = Array(text.utf8)
    var commands: [String] = []
    var index = 0
    while let start = bytes[index...].firstRange(of: Array("`weave ".utf8)) {
      index = start.lowerBound + 1
      var isQuoted = false
      while index < bytes.count, isQuoted || bytes[index] != UInt8(ascii: "`") {
        if !isQuoted && bytes[index] == UInt8(ascii: "\\") { index += 1 }
        if bytes[index] == UInt8(ascii: "'") { isQuoted.toggle() }
        index += 1
      }
      commands.append(
        String(decoding: bytes[(start.lowerBound + 1)..<min(index, bytes.count)], as: UTF8.self))
      if index >= bytes.count { break }
    }
    return commands
  }

  @Test(
    "in a hint is one word to the shell that it is pasted into",
    arguments: [
      "$(touch${IFS}PAWN)`touch${IFS}PAWN`", "a';touch${IFS}PAWN;'\"$(touch${IFS}PAWN)\"",
      "a\u{11D46}'\u{0E33};touch${IFS}PAWN;\u{11D46}'",
      "a>PAWN", "a|tee${IFS}PAWN&touch${IFS}PAWN", "~root", "*", "#!a\\",
    ])
  func hints(name: String) throws {
    try Lab.withTwoProjects(endsBroken: true) { lab, _, _ throws in
      try lab.link("telperion@v1", "laurelin@v1")
      try lab.weave("constellation", "add", "-", input: Self.document(name: name, machine: name))
      var said = ""
      for arguments in [
        ["hold", name, "telperion@v1", "-m", "x"], ["hold", name, "telperion@v1", "-m", "x"],
        ["set", name, "telperion@v1"],
        ["set", name, "telperion@main"], ["checkout", name, "./\(name)"], ["probe"], ["probe", "-c", name],
        ["lock"], ["lock", "-c", name + "x"],
        ["resolve"], ["revoke", "telperion@v1", "laurelin@v1", "-m", "x"],
        ["sha", "telperion", "--machine", name], ["lock", "--show", "--format", "env"],
        ["status", "-c", name], ["propose", "-c", name], ["why", "telperion"],
        ["status", "--ack", name, "--for", "2h", "-m", "x"],
        ["status", "--ack", name + "x", "--for", "2h", "-m", "x"], ["release", name + "x", "telperion"],
        ["set", "show", name + "x"],
        ["set", "remove", name], ["constellation", "add", "-"],
        ["project", "set", "telperion", "track", name], ["fetch"], ["remote", "add", "far", "./\(name)"],
        ["pull", "far"], ["project", "add", "narya", name], ["init", name, "--no-adopt"],
        ["clone", "./nowhere", name], ["lock", "--restore", name],
      ] {
        let result = try lab.run(
          arguments, input: arguments == ["constellation", "add", "-"] ? try Self.document(name: name) : "")
        said += result.stdout + result.stderr
      }
      // Older text, of a weave that knew no rules of names.
      try lab.constellationByHand("{", as: "bad")
      for component in try lab.store.git(
        "ls-tree", "--name-only", "refs/weave/public/manifest:constellations"
      ).split(separator: "\n")
      where component != "bad" { try lab.constellationByHand("constellation: [", as: String(component)) }
      said += try lab.run("resolve", "-c", name).stderr + lab.run("constellation", "list").stdout
      let commands = Set(Self.commands(in: said))
      #expect(!commands.isEmpty)
      let pasted = commands.sorted().filter { $0.utf8.count > 7 }
      let directory = try TemporaryDirectory()
      var isPasted = false
      for shell in [ReportShell.bash, .dash, .mksh] where ReportShell.installed.contains(shell) {
        for command in pasted where !command.contains("> FILE") {
          let result = try shell.run(
            ["-c", "weave() { printf '%s\\0' \"$@\"; }; \(command)"], in: directory.path,
            environment: TestEnvironment(home: directory.path).variables)
          #expect(
            result.status == 0 && result.stderr.isEmpty, "\(shell.rawValue): \(command): \(result.stderr)")
          let words = Reader.texts(result).map { String(decoding: $0, as: UTF8.self) }
          isPasted = isPasted || words.contains(name)
          let isWhole = words.allSatisfy { !$0.contains("PAWN") || $0.contains(name) }
          #expect(isWhole, "\(command): \(words)")
        }
        #expect(
          try FileManager.default.contentsOfDirectory(atPath: directory.path) == [],
          "\(shell.rawValue): \(pasted)")
      }
      #expect(isPasted, "no hint names \(name): \(pasted)")
    }
  }

  // MARK: the rest

  @Test(
    "of another spelling makes no second, private remote of a public repository",
    arguments: [
      ("git@h.example:a/b.git", "ssh://git@h.example/~/a/b.git"),
      ("git@h.example:a/b.git", "git@h.example:~/a/b.git"),
      ("git@[h.example]:a/b.git", "git@h.example:a/b.git"),
      ("git@h.example:a/b.git", "ssh://git@H.example.:22/a/b"),
      ("https://h.example/a/b", "https://u:t@h.example:443/a/./%62.git/"),
      ("https://h.example/a/b", "git://h.example/x/../a//b.git"),
      ("git+ssh://h.example/a/b", "h.example:a/b"),
    ])
  func remotes(pair: (String, String)) throws {
    try Lab.withStore { lab in
      for (one, other) in [pair, (pair.1, pair.0)] {
        try lab.weave("remote", "add", "pub", one)
        let result = try lab.run("remote", "add", "vault", other, "--private")
        #expect(result.status == 1, "\(one) and \(other)")
        if result.status == 0 { try lab.weave("remote", "remove", "vault") }
        try lab.weave("remote", "remove", "pub")
      }
    }
  }

  @Test(
    "is known of the process that holds the lock, whichever command waits",
    arguments: [
      ["constellation", "add", "-"],
      ["report", "--machine", "toto", "telperion=1111111111111111111111111111111111111111"],
      ["project", "set", "telperion", "track", "main"], ["set", "pair", "telperion@v1"],
    ])
  func lock(command: [String]) throws {
    try Lab.withTwoProjects { lab, _, _ throws in
      let ready = lab.directory.appending("ready")
      let hold = """
        import fcntl, sys, time
        file = open(sys.argv[1], "r+b")
        fcntl.flock(file, fcntl.LOCK_EX)
        open(sys.argv[2], "w")
        time.sleep(3)
        """
      let holder = try spawnProcess(
        "python3", ["-c", hold, "\(lab.store.path)/weave/lock", ready], in: "/",
        environment: lab.environment.variables)
      while !FileManager.default.fileExists(atPath: ready) && holder.isRunning { usleep(10_000) }
      let result = try lab.run(command, input: try Self.document())
      #expect(result.status == 0, "\(result.stderr)")
      #expect(result.stderr.contains("held by pid \(holder.pid)"), "\(result.stderr)")
    }
  }

  @Test(
    "of a private project is nobody else's to read under any umask, from its first file on",
    arguments: ["000", "002", "077"])
  func mode(umask: String) throws {
    try Lab.withDirectory { lab in
      _ = try lab.makeSource("telperion")
      let secret = "https://u:hunter2x@127.0.0.1:9/telperion.git"
      let script = """
        umask "$1"; "$2" init . --no-adopt && "$2" project add telperion "$3" --private && "$2" project set telperion source "$4" &&
          "$2" project set telperion source "$3"
        stat -c %a .weave/.git
        find .weave/.git/weave/secrets -type d ! -perm 700 -o -path '*/secrets/*' -type f ! -perm 600
        """
      let result = try runProcess(
        "sh", ["-c", script, "sh", umask, weaveExecutable, lab.source("telperion").path, secret],
        in: lab.workspace,
        environment: lab.environment.variables)
      #expect(result.stdout.split(separator: "\n").suffix(1) == ["700"], "\(result.stdout)\(result.stderr)")
    }
  }

  @Test("of a constellation with line feeds and quotes in its probe is allowed by the id that the page gives")
  func probe() throws {
    try Lab.withTwoProjects { lab, _, _ throws in
      try lab.link("telperion@v1", "laurelin@v1")
      let name = "r\u{11D46}'ing"
      let words = ["printf", "%s \u{0E33}", "7 command", "{machine}", "\u{11D46}\"", "13 weave.probe/2"]
      let text = """
        {"constellation": "\(name)", "priority": ["telperion"], "projects": {"telperion": {}}, "roles": {"r": {"projects": ["telperion"]}},
        "machines": {"toto": {"roles": ["r"]}}, "probe": {"command": \(String(decoding: try JSONEncoder().encode(words), as: UTF8.self))}}
        """
      try lab.weave("constellation", "add", "-", input: text)
      let lines = (["weave.probe/2", name, "command"] + words).map { "\($0.utf8.count) \($0)\n" }.joined()
      let id = try lab.store.git(["hash-object", "--stdin"], input: Array(lines.utf8))
      #expect(try lab.run("probe").status == 1)
      try lab.store.git("config", "--add", "weave.probe", id)
      let result = try lab.run("probe")
      #expect(!(result.stdout + result.stderr).contains("--allow"), "\(result.stdout)\(result.stderr)")
    }
  }
}
