import ForeignText
import TestSupport
import Testing

@Suite("Text of others, written for a program, is what the program reads")
struct ProgramReaderTests {
  /// A text that runs something where a quote ends.
  static let shellTexts = HostileTexts.around(
    ["'", "\"", "$", "`", ";", "&", "|", "(", "!", "*", "-", "\\"], payload: "id>&2; #")

  @Test(
    "by a shell",
    arguments: ["sh", "bash", "dash", "busybox", "mksh", "zsh", "fish"].filter(Reader.isInstalled))
  func shell(program: String) throws {
    let texts = Self.shellTexts
    let script = texts.map { "printf '%s\\0' \(Quoted.shell($0))\n" }.joined()
    let result = try Reader.run(program, program == "busybox" ? ["sh"] : [], input: script)
    #expect(result.stderr == "")
    #expect(try differences(of: Reader.texts(result.succeeded([program])), from: texts) == [])
  }

  private static let unseen =
    shellTexts
    + HostileTexts.around(
      ["\u{1B}[31m", "\n", "\t7", "\u{9B}1", "\u{202E}", "\u{7F}", "\u{E0041}"], payload: "'; id>&2; #\\'")

  @Test(
    "by a shell, as a command that a person pastes, in which a terminal obeys nothing",
    arguments: ["bash", "mksh", "zsh"].filter(Reader.isInstalled))
  func shellWord(program: String) throws {
    let words = Self.unseen.map { Quoted.shellWord($0) }
    #expect(words.allSatisfy { !$0.unicodeScalars.contains(where: \.isUnseen) })
    let result = try Reader.run(program, [], input: words.map { "printf '%s\\0' \($0)\n" }.joined())
    #expect(result.stderr == "")
    #expect(try differences(of: Reader.texts(result.succeeded([program])), from: Self.unseen) == [])
  }

  @Test(
    "as one word, of which nothing runs, by a shell that knows no escapes in quotes",
    arguments: ["dash", "busybox"].filter(Reader.isInstalled))
  func shellWordElsewhere(program: String) throws {
    let script = Self.unseen.map { "printf '%s\\0' \(Quoted.shellWord($0))\n" }.joined()
    let result = try Reader.run(program, program == "busybox" ? ["sh"] : [], input: script)
    #expect(result.stderr == "")
    #expect(try Reader.texts(result.succeeded([program])).count == Self.unseen.count)
  }

  @Test(
    "as a command that a person pastes, by fish, which takes what no terminal shows for an error",
    .enabled(if: Reader.isInstalled("fish")))
  func shellWordInFish() throws {
    let texts = Self.unseen + ["%self", "a\\';touch x;#", "a\\\\';touch x;#\\"]
    let commands = texts.map { "eval \(Quoted.shell("printf '%s\\0' \(Quoted.shellWord($0))"))\n" }
    let result = try Reader.run("fish", [], input: commands.joined())
    #expect(!result.stderr.contains("uid="))
    let seen = texts.filter { !$0.unicodeScalars.contains(where: \.isUnseen) }
    #expect(seen.count > 100)
    #expect(differences(of: Reader.texts(result), from: seen) == [])
  }

  @Test(
    "by a shell, where secrets were taken out of a hint: nothing of it runs",
    arguments: ["sh", "bash", "dash", "mksh"].filter(Reader.isInstalled))
  func redactedHint(program: String) throws {
    let secrets = ["x:y@z:w", "https://u:p'w@h/x", "//u:$p@h", "ssh://u:\"p`@h/x", "https://h/x?token=a'b"]
    let payload = " $(expr 41000 + 317 >&2) ;expr 41000 + 317 >&2; #'"
    let ends = ["", "'", "\"", "\\", "\\'", "\\\\", "$", "`", "'\"", "\u{1B}'", "\u{301}'\u{301}"].map {
      $0 + payload
    }
    let words = secrets.flatMap { secret in
      ends.flatMap { ["\(secret)\($0)", "\($0)\(secret)\($0)", "a \(secret)\($0) b"] }
    }
    let hints = words.map { Redaction.line(": \(Quoted.shellWord($0))` uses what is recorded") }
    #expect(hints.contains { $0.hasSuffix(" …") } && hints.contains { $0.hasSuffix("recorded") })
    // Pasted to the last backtick, or to the end of the line where that is gone.
    let script = hints.map {
      "(eval \(Quoted.shell($0.dropping(suffix: "` uses what is recorded") ?? $0[...])))\n"
    }
    let result = try Reader.run(program, [], input: script.joined())
    #expect(!result.stderr.contains("41317"), "\(result.stderr)")
  }

  @Test("a word that begins with a dash stands behind `--`, or is joined to its option")
  func dashes() {
    #expect(Quoted.shellOperand("-x") == "-- -x" && Quoted.shellOperand("x y") == "'x y'")
    #expect(Quoted.shellOption("--ours", "-x y") == "--ours='-x y'")
    #expect(Quoted.shellOption("--constellation", short: "-c", "-x") == "--constellation=-x")
    #expect(Quoted.shellOption("--constellation", short: "-c", "x") == "-c x")
  }

  @Test("by Nix, as strings and as names of attributes", .enabled(if: Reader.isInstalled("nix-instantiate")))
  func nix() throws {
    let texts = HostileTexts.around(
      ["\"", "\\", "${", "$${", "''", "$"], payload: "builtins.readFile /etc/passwd}\"; x = \"")
    let keys = texts.indices.map { "{ \(Quoted.nixAttribute(texts[$0])) = 1; }" }.joined(separator: " ")
    let strings = texts.map { Quoted.nix($0) }.joined(separator: " ")
    let expression =
      "{ a = [ \(strings) ]; b = builtins.concatLists (map builtins.attrNames [ \(keys) ]); }"
    let file = try TemporaryDirectory()
    let result = try Reader.run(
      "nix-instantiate", ["--eval", "--strict", "--json", try file.write(expression, to: "a.nix")])
    let script = "import json\nv = json.loads(document)\nfor t in v['a'] + v['b']: say(t)"
    try result.succeeded(["nix-instantiate"])
    #expect(try differences(of: Reader.python(script, document: result.stdout), from: texts + texts) == [])
  }

  @Test("by python-hcl2", .enabled(if: Reader.hasPython("hcl2")))
  func hcl() throws {
    let texts = HostileTexts.around(
      ["\"", "\\", "${", "%{", "$${", "%%{", "$"], payload: "file(\"/etc/passwd\")}\"] b = [\"")
    let document = "a = [\n" + texts.map { "  \(Quoted.hcl($0)),\n" }.joined() + "]\n"
    // That reader gives tokens as they are written: quotes and escapes are undone here, as HCL's specification has it.
    let script = #"""
      import hcl2, re
      read = hcl2.loads(document.decode())
      assert list(read) == ["a"] or set(read) == {"a", "__comments__"}, list(read)
      plain = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
      def undo(m):
          e = m.group(1)
          return plain[e] if e in plain else chr(int(e[1:], 16))
      for token in read["a"]:
          assert token[0] == token[-1] == '"'
          assert not re.search(r'[$%]\{', token), token
          say(re.sub(r'\\(u[0-9a-f]{4}|U[0-9a-f]{8}|.)', undo, token[1:-1]))
      """#
    #expect(try differences(of: Reader.python(script, document: document), from: texts) == [])
  }

  @Test("by git config, as values and as subsections")
  func gitConfig() throws {
    let texts = HostileTexts.around(["\"", "\\", "#", ";", "]", "=", " "], payload: "[alias]x = !id")
    let directory = try TemporaryDirectory()
    let values = "[a]\n" + texts.map { "\tb = \(Quoted.gitConfig($0))\n" }.joined()
    let read = try Reader.run(
      "git", ["config", "--null", "-f", try directory.write(values, to: "values"), "--get-all", "a.b"])
    #expect(try differences(of: Reader.texts(read.succeeded(["git"])), from: texts) == [])
    for text in texts where !text.unicodeScalars.contains("\n") {
      let head = "[s \"\(Quoted.gitSubsection(text))\"]\n\tk = 1\n"
      let read = try Reader.run(
        "git", ["config", "--null", "-f", try directory.write(head, to: "head"), "--name-only", "--list"])
      #expect(try differences(of: Reader.texts(read.succeeded(["git"])), from: ["s.\(text).k"]) == [])
    }
  }

  @Test("by git, as a path that it ignores, and no other")
  func gitIgnore() throws {
    let directory = try TemporaryDirectory()
    let environment = TestEnvironment(home: directory.path)
    let texts = HostileTexts.around(["*", "?", "[", "]", "\\", "!", "#", " "], payload: "x")
      .filter { !$0.isEmpty && !$0.unicodeScalars.contains("\n") }
    try runProcess("git", ["init", "-q", "."], in: directory.path, environment: environment.variables)
      .succeeded(["git", "init"])
    for (index, text) in texts.enumerated() {
      let line = try #require(Quoted.gitIgnore("\(index)/\(text)"))
      try directory.write("\(line)\n", to: ".git/info/exclude-\(index)")
    }
    let all = texts.indices.map { "cat .git/info/exclude-\($0)" }.joined(separator: "; ")
    try runProcess(
      "sh", ["-c", "{ \(all); } > .git/info/exclude"], in: directory.path, environment: environment.variables
    )
    .succeeded(["sh"])
    let paths = texts.enumerated().flatMap { ["\($0.offset)/\($0.element)", "\($0.offset)/\($0.element)y"] }
    let ignored = try runProcess(
      "git", ["check-ignore", "-z", "--stdin"], in: directory.path, environment: environment.variables,
      input: Array(paths.map { $0 + "\0" }.joined().utf8))
    #expect(
      differences(of: Reader.texts(ignored), from: texts.enumerated().map { "\($0.offset)/\($0.element)" })
        == [])
  }

  @Test("by git, as one of its object directories")
  func gitPath() throws {
    let directory = try TemporaryDirectory()
    let environment = TestEnvironment(home: directory.path)
    func git(_ arguments: [String], with variables: [String: String] = [:]) throws -> ProcessResult {
      try runProcess(
        "git", arguments, in: directory.path,
        environment: environment.variables.merging(variables) { _, new in new },
        input: [0x61])
    }
    try git(["init", "-q", "--bare", "other"]).succeeded(["git", "init"])
    let texts = ["\"", ":", "\\"].flatMap { mark in
      ["\(mark)x", "\u{D4E}\(mark)x", "\(mark)\u{301}x", "\(mark)\n"]
    }
    for text in texts {
      try git(["init", "-q", "--bare", text]).succeeded(["git", "init", text])
      let id = try git(["--git-dir=\(directory.appending(text))", "hash-object", "-w", "--stdin"])
        .succeeded(["git", "hash-object"]).trimmed
      let paths = ["/nowhere", directory.appending(text) + "/objects"].map { Quoted.gitPath($0) }
      let found = try git(
        ["--git-dir=other", "cat-file", "-e", id],
        with: ["GIT_ALTERNATE_OBJECT_DIRECTORIES": paths.joined(separator: ":")])
      #expect(found.status == 0, "\(text)")
    }
  }
}
