import Testing
import WeaveFormats

@Suite("`DEPS`") struct DepsFileTests {
  @Test func `variables, joined texts and formats are followed`() throws {
    let file = try read(
      """
      # What Chromium needs.
      gclient_gn_args = ['checkout_x']
      vars = {
        'git': 'https://chromium.example.com',
        "narya_revision": '\(sha)', 'checkout_x': False, 'cycles': 3,
      }
      deps = {
        'src/narya': Var('git') + '/narya.git' + '@' + Var('narya_revision'),
        'src/nenya': {
          'url': '{git}/nenya.git@' '\(other)',
          'condition': 'checkout_x and not (a or b)',
        },
        'src/vilya': ("https://%s/vilya@%s" % ("h", Var('narya_revision'))),
        'src/tip': Str('https://h/tip'),
        'src/off': None,
        'src/tool': {'packages': [{'package': 'a/b', 'version': 'c'}], 'dep_type': 'cipd'},
        'src/tool2': {'packages': [], 'dep_type': 'cipd'},
      }
      deps_os = {'win': {'src/win': 'ssh://git@h/win.git@main'}}
      hooks = [{'name': 'x', 'action': ['python3', '-c', 'a\\nb']}]
      """, .deps)
    #expect(
      file.projects.map(\.path) == ["src/narya", "src/nenya", "src/vilya", "src/tip", "src/win"])
    #expect(
      file.projects.map(\.url) == [
        "https://chromium.example.com/narya.git", "https://chromium.example.com/nenya.git", "https://h/vilya",
        "https://h/tip", "ssh://git@h/win.git",
      ])
    #expect(file.projects.map(\.revision) == [sha, other, sha, nil, "main"])
    #expect(file.problems == ["f: 2 of type 'cipd' are no Git repositories: passed over"])
  }

  @Test func `what is no literal is told, and the rest is read`() throws {
    let file = try read(
      """
      import os
      deps = {
        'a': From('src'),
        'b': Var('gone') + '/b',
        'c': 'https://h/c@\(sha)',
        'd': {},
      }
      """, .deps)
    #expect(file.projects.map(\.name) == ["c"])
    #expect(
      file.problems == [
        "f:1: this statement is no assignment to a name of ASCII: passed over",
        "f:3: 'a' has no URL that is a text: passed over",
        "f:4: 'b' uses a variable that is not among 'vars': passed over",
        "f:6: 'd' has no URL that is a text: passed over",
      ])
  }

  @Test("of a key that is given twice the last value counts, as to Python")
  func repeatedKey() throws {
    let file = try read(
      """
      vars = {'v': 'one', 'v': '\(other)'}
      deps = {'a': 'https://h/a@v1', 'b': 'https://h/b', 'a': {'url': 'https://h/c@1', 'url': 'https://h/d@{v}'}}
      """, .deps)
    #expect(file.projects.map(\.path) == ["a", "b"])
    #expect(file.projects.map(\.url) == ["https://h/d", "https://h/b"])
    #expect(file.projects.map(\.revision) == [other, nil])
    #expect(file.problems == [])
  }

  @Test(
    "an escape in a string stands for what it does to Python",
    arguments: [
      (#"'\162ev'"#, "rev"), (#"'\x72\x65v'"#, "rev"), (#"'\u0072ev'"#, "rev"), (#"'\U00000072ev'"#, "rev"),
      (#"u'r\145v'"#, "rev"), (#"'\72\x3A8'"#, "::8"), (#"'\0601'"#, "01"), (#"'\xe9\351'"#, "éé"),
      (#"'\777\U0001F308'"#, "ǿ🌈"), (#"r'\162ev'"#, #"\162ev"#), (#"'\8\q'"#, #"\8\q"#), (#"'a\'b'"#, "a'b"),
    ])
  func escape(written: String, spelled: String) throws {
    let file = try read("deps = {'a': 'https://h/a@' \(written)}", .deps)
    #expect(file.projects.map(\.revision) == [spelled])
  }

  @Test("two keys that are one to Python are one, however they are escaped; the last counts")
  func escapedKey() throws {
    let file = try read(
      #"""
      vars = {'rev': 'one', '\162ev': 'two'}
      deps = {
        'a': 'https://h/a@{rev}',
        'b': {'url': 'https://h/b@1', '\x75rl': 'https://h/b@2'},
        'c': 'https://h/c@1', '\u0063': 'https://h/c@2',
      }
      """#, .deps)
    #expect(file.projects.map(\.path) == ["a", "b", "c"])
    #expect(file.projects.map(\.revision) == ["two", "2", "2"])
    #expect(file.problems == [])
  }

  @Test(
    "a statement with a name that is not ASCII is told: to Python it may be another spelling of `deps`",
    arguments: ["ｄeps", "dep\u{17f}", "d\u{FE4D}x", "é"])
  func otherName(name: String) throws {
    let file = try read("deps = {'a': 'https://h/a@v1'}\n\(name) = {'a': 'https://h/a@v2'}\n", .deps)
    #expect(file.projects.map(\.revision) == ["v1"])
    #expect(file.problems == ["f:2: this statement is no assignment to a name of ASCII: passed over"])
  }

  @Test(arguments: [
    ("deps = {'a': 'b", "f:1: a string does not end"),
    ("deps = {\n'a' 'b'}", "f:2: ':' is missing after a key"),
    ("deps = {'a': 'b' 1}", "f:1: ',' or '}' is missing"),
    ("deps = f'x'", "f:1: a string with the prefix 'f' is not read"),
    ("deps = {'a': open('x').read()}", "f:1: ',' or '}' is missing"),
    (#"deps = {'\N{LATIN SMALL LETTER A}': 'b'}"#, "f:1: a string has the escape '\\N', which is not read"),
    (#"deps = {'\x7': 'b'}"#, "f:1: a string has an escape by number that is no character"),
    (#"deps = {'\u006': 'b'}"#, "f:1: a string has an escape by number that is no character"),
    (#"deps = {'\U00110000': 'b'}"#, "f:1: a string has an escape by number that is no character"),
    (#"deps = {'\ud800': 'b'}"#, "f:1: a string has an escape by number that is no character"),
    (#"deps = {'\0': 'b'}"#, "f:1: a string has an escape by number that is no character"),
    ("deps = 'a' + 1", "f:1: '+' joins two texts or two lists only"),
    ("deps = " + String(repeating: "[", count: 100_000), "f:1: values are nested more than 64 deep"),
  ])
  func `what gclient could not evaluate is refused with its line`(text: String, message: String) {
    #expect(refusal(text, .deps) == message)
  }
}
