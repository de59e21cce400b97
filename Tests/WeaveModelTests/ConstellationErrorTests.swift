import Testing

@testable import WeaveModel

/// A text, and the whole description of the error it is to give.
struct ConstellationFault: Sendable, CustomTestStringConvertible {
  let text: String
  let error: String

  init(_ text: String, _ error: String) { (self.text, self.error) = (text, error) }

  var testDescription: String { error }
}

@Suite struct ConstellationErrorTests {
  private static let head = "constellation: x\nprojects: {alpha: {}, beta: {}}\n"

  private func expect(_ text: String, _ description: String, _ source: SourceLocation = #_sourceLocation) {
    do {
      _ = try Constellation(parsing: text, file: "f")
      Issue.record("no error, not even: \(description)", sourceLocation: source)
    } catch {
      #expect(error.description == description, sourceLocation: source)
    }
  }

  @Test(arguments: [
    ConstellationFault("", "f:1:1: the file is empty; it needs 'constellation' and 'projects'"),
    ConstellationFault("# only this\n", "f:1:1: the file is empty; it needs 'constellation' and 'projects'"),
    ConstellationFault("just text", "f:1:1: expected a mapping, found text"),
    ConstellationFault("- a", "f:1:1: expected a mapping, found a list"),
    ConstellationFault("projects: {}", "f:1:1: a constellation needs the key 'constellation'"),
    ConstellationFault("constellation: x", "f:1:1: a constellation needs the key 'projects'"),
    ConstellationFault("constellation: ''\nprojects: {}", "f:1:16: the constellation's name is empty"),
    ConstellationFault(
      "constellation: \"a\\tb\"\nprojects: {}",
      "f:1:16: the constellation's name contains a control character"),
    ConstellationFault(
      "constellation: x\nprojects:\n", "f:2:10: expected a mapping, found nothing; write {} for an empty one"),
    ConstellationFault(
      "constellation: x\nprojects: {}\n---\na: b", "f:3:1: the file holds more than one document"),
    ConstellationFault(
      #"{"constellation": "x", "projects": {}}"#,
      "f:1:1: JSON's keys have no order: it needs the key 'priority', a list of projects"),
  ])
  func `a file that is no constellation is refused at its place`(fault: ConstellationFault) {
    expect(fault.text, fault.error)
  }

  @Test func `text that is not YAML is refused where the parser stopped`() {
    #expect(throws: ConstellationError.self) { try Constellation(parsing: "a: [b", file: "f") }
    do { _ = try Constellation(parsing: "a: b\nc: 'd\n", file: "f") } catch {
      #expect(error.line == 2 && error.message.hasPrefix("this is not YAML"), "\(error)")
    }
    do { _ = try Constellation(parsing: "a: b\n\tc: d\n", file: "f") } catch {
      #expect((error.line, error.column) == (2, 1), "\(error)")
    }
    do { _ = try Constellation(parsing: "a: b\nc: \u{1}\n", file: "f") } catch {
      #expect((error.line, error.column) == (2, 4), "\(error)")
    }
  }

  @Test(arguments: [
    ConstellationFault(
      "machnes: {}", "f:3:1: a constellation has no key 'machnes'; did you mean 'machines'?"),
    ConstellationFault(
      "<<: {}",
      "f:3:1: a constellation has no key '<<'; it takes constellation, priority, projects, roles, machines, couplings, trust, data, probe"
    ),
    ConstellationFault(
      "roles: {r: {project: []}}", "f:3:13: a role has no key 'project'; did you mean 'projects'?"),
    ConstellationFault(
      "machines: {m: {rolse: []}}", "f:3:16: a machine has no key 'rolse'; did you mean 'roles'?"),
    ConstellationFault(
      "machines: {m: {vms: {g: {share: []}}}}", "f:3:26: a vm has no key 'share'; did you mean 'shares'?"),
    ConstellationFault(
      "machines: {m: {holds: [{projekt: a}]}}", "f:3:25: a hold has no key 'projekt'; did you mean 'project'?"
    ),
    ConstellationFault(
      "machines: {m: {holds: [{project: alpha, at: v1}]}}", "f:3:24: a hold needs the key 'because'"),
    ConstellationFault(
      "machines: {m: {containers: {c: {with_host: true}}}}",
      "f:3:33: a container has no key 'with_host'; did you mean 'with-host'?"),
    ConstellationFault("roles: {}\nroles: {}", "f:4:1: 'roles' is already given on line 3"),
    ConstellationFault("roles: {r: {projects: [], projects: []}}", "f:3:13: 'projects' is given twice"),
    ConstellationFault("data: {a: {b: 1, \"b\": 2}}", "f:3:12: 'b' is given twice"),
    ConstellationFault("data: {[a]: b}", "f:3:8: a key must be text"),
    ConstellationFault("priority: alpha", "f:3:11: expected a list, found text"),
    ConstellationFault("priority: [[alpha]]", "f:3:12: expected text, found a list"),
    ConstellationFault("machines: [a]", "f:3:11: expected a mapping, found a list"),
  ])
  func `unknown, repeated and misshapen keys are refused at their place`(fault: ConstellationFault) {
    expect(Self.head + fault.text, fault.error)
  }

  @Test(arguments: [
    ConstellationFault(
      "priority: [alpah]", "f:3:12: there is no project 'alpah' under 'projects'; did you mean 'alpha'?"),
    ConstellationFault("priority: [alpha, alpha]", "f:3:19: the project 'alpha' is listed twice"),
    ConstellationFault(
      "roles: {r: {projects: [alpha, bta]}}",
      "f:3:31: there is no project 'bta' under 'projects'; did you mean 'beta'?"),
    ConstellationFault("roles: {r: {projects: [beta, beta]}}", "f:3:30: the project 'beta' is listed twice"),
    ConstellationFault(
      "machines: {m: {pins: {alpa: v1}}}",
      "f:3:23: there is no project 'alpa' under 'projects'; did you mean 'alpha'?"),
    ConstellationFault(
      "machines: {m: {pins: {alpha: 'a b'}}}",
      "f:3:30: 'a b' is neither 40 hexadecimal digits nor the name of a tag"),
    ConstellationFault(
      "machines: {m: {holds: [{project: zzz, at: v1, because: x}]}}",
      "f:3:34: there is no project 'zzz' under 'projects'"),
    ConstellationFault(
      "machines: {m: {holds: [{project: alpha, at: v1, because: ' '}]}}", "f:3:58: a hold needs a reason"),
    ConstellationFault(
      "machines: {m: {holds: [{project: alpha, at: v1, because: x, until: 2026-02-29}]}}",
      "f:3:68: '2026-02-29' is no date as in 2026-12-01 or 2026-12-01T18:00:00Z"),
    ConstellationFault(
      "couplings: [[alpha, betta]]",
      "f:3:21: there is no project 'betta' under 'projects'; did you mean 'beta'?"),
    ConstellationFault("couplings: [[alpha]]", "f:3:13: a coupling needs two projects or more"),
    ConstellationFault("couplings: [[alpha, alpha]]", "f:3:21: the project 'alpha' is coupled to itself"),
    ConstellationFault(
      "machines: {m: {roles: [r]}}\nroles: {dns: {}}", "f:3:24: there is no role 'r' under 'roles'"),
    ConstellationFault(
      "machines: {m: {roles: [dsn]}}\nroles: {dns: {}}",
      "f:3:24: there is no role 'dsn' under 'roles'; did you mean 'dns'?"),
    ConstellationFault(
      "machines: {m: {roles: [dns, dns]}}\nroles: {dns: {}}", "f:3:29: the role 'dns' is listed twice"),
    ConstellationFault(
      "roles: {r: {needs: {memory: lots}}}",
      "f:3:29: 'lots' is not an amount: it must begin with a whole number, as in 8GiB"),
    ConstellationFault(
      "roles: {r: {needs: {memory: 9000000P}}}", "f:3:29: '9000000P' is not an amount: it is too large"),
    ConstellationFault(
      "machines: {m: {containers: {c: {with-host: yes}}}}", "f:3:44: expected true or false, found 'yes'"),
  ])
  func `names and values that mean nothing are refused at their place`(fault: ConstellationFault) {
    expect(Self.head + fault.text, fault.error)
  }

  @Test(arguments: [
    ConstellationFault(
      "{free: true}", "f:2:22: a free project needs a 'pin': nothing else says which commit"),
    ConstellationFault(
      "{pin: v1..2}", "f:2:21: 'v1..2' is neither 40 hexadecimal digits nor the name of a tag"),
    ConstellationFault("{track: -x}", "f:2:23: '-x' cannot be the name of a branch or tag"),
    ConstellationFault("{trak: x}", "f:2:16: a project has no key 'trak'; did you mean 'track'?"),
    ConstellationFault("text", "f:2:15: expected a mapping, found text"),
  ])
  func `a project that says too little or wrong is refused`(fault: ConstellationFault) {
    expect("constellation: x\nprojects: {a: \(fault.text)}", fault.error)
  }

  @Test func `a project's name keeps to the rules of names`() {
    expect(
      "constellation: x\nprojects: {Alpha: {}}",
      "f:2:12: 'Alpha' is not a valid project name: it must begin with a lower-case letter or a digit")
  }

  @Test(arguments: [
    ConstellationFault(
      "'w[1:3]': {}\n  'w[3:5]': {}", "f:9:3: the ranges 'w[1:3]' and 'w[3:5]' both name 'w3'"),
    ConstellationFault("'[1:11][1:11]': {}", "f:8:3: the range '[1:11][1:11]' names '111' twice"),
    ConstellationFault(
      "'w[3:1]': {}", "f:8:3: 'w[3:1]' is no range of machines: [3:1] ends before it begins"),
    ConstellationFault(
      "'w[01:100]': {}",
      "f:8:3: 'w[01:100]' is no range of machines: [01:100] is padded with zeros: both ends must be as long"),
    ConstellationFault("'w[1:2': {}", "f:8:3: 'w[1:2' is no range of machines: a bracket has no partner"),
    ConstellationFault(
      "'w[1]': {}", "f:8:3: 'w[1]' is no range of machines: [1] is not [START:END] or [START:END:STEP]"),
    ConstellationFault(
      "'w[a:C]': {}",
      "f:8:3: 'w[a:C]' is no range of machines: [a:C] must begin and end with numbers, or with two letters of one case"
    ),
    ConstellationFault(
      "'w[1:5:0]': {}",
      "f:8:3: 'w[1:5:0]' is no range of machines: [1:5:0] has a step that is no number from 1"),
    ConstellationFault(
      "'w[0:9223372036854775807]': {}",
      "f:8:3: 'w[0:9223372036854775807]' is no range of machines: [0:9223372036854775807] makes more than 100,000 machines"
    ),
    ConstellationFault(
      "'[1:1000][1:1000]': {}",
      "f:8:3: '[1:1000][1:1000]' is no range of machines: [1:1000] makes more than 100,000 machines"),
    ConstellationFault(
      "'w[0:100000]': {}",
      "f:8:3: 'w[0:100000]' is no range of machines: [0:100000] makes more than 100,000 machines"),
    ConstellationFault("'w[1:100000]': {}\n  v: {}", "f:9:3: the file names more than 100,000 machines"),
    ConstellationFault(
      "h: {}\n  k: { vms: { g.x: {} } }\n  g.x: {}", "f:10:3: the machine 'g.x' is already named on line 9"),
    ConstellationFault("h: {}\n  h: {}", "f:9:3: 'h' is already given on line 8"),
    ConstellationFault(
      "h: { vms: { g: {} }, containers: { g: {} } }", "f:8:38: the machine 'g@h' is already named on line 8"),
    ConstellationFault("h: { aliases: [k] }\n  k: {}", "f:8:18: 'k' names 'k' already"),
    ConstellationFault(
      "a/b: {}", "f:8:3: 'a/b' cannot name a machine: it contains '/'"),
  ])
  func `machines whose names clash or are no names are refused`(fault: ConstellationFault) {
    expect(ConstellationExample.text(machines: "  " + fault.text), fault.error)
  }

  @Test(arguments: [
    ConstellationFault(
      "h: { roles: [one, two] }", "f:8:21: the roles 'one' and 'two' both claim 'port/tcp/443' on 'h'"),
    ConstellationFault(
      "h: { roles: [one], vms: { g: { roles: [two], shares: [port] } } }",
      "f:8:42: the roles 'one' and 'two' on 'g@h' both claim 'port/tcp/443' on 'h'"),
    ConstellationFault(
      "h: { vms: { g: { roles: [one], shares: [port] }, k: { roles: [two], shares: [port] } } }",
      "f:8:65: the roles 'one' on 'g@h' and 'two' on 'k@h' both claim 'port/tcp/443' on 'h'"),
    ConstellationFault(
      "h: { roles: [one, three], has: { memory: 4GiB } }",
      "f:8:44: the roles on 'h' need 8Gi of memory ('one' 8GiB), but it has 4GiB"),
    ConstellationFault(
      "h: { roles: [one], has: { memory: 10Gi }, vms: { g: { roles: [two] } } }",
      "f:8:37: the roles on 'h' need 12Gi of memory ('one' 8GiB, 'two' on 'g@h' 4GiB), but it has 10Gi"),
  ])
  func `roles that cannot share a machine are refused by name and amount`(fault: ConstellationFault) {
    expect(ConstellationExample.text(machines: "  " + fault.text), fault.error)
  }

  @Test func `a character that YAML has not is found where it is, whatever the lines end with`() {
    let error = "this is not YAML: control characters are not allowed"
    expect("a: é\u{1}", "f:1:5: \(error)")
    for end in ["\n", "\r", "\r\n", "\u{85}", "\u{2028}"] {
      expect("a: 日本\(end)b: e\u{301}\u{1}", "f:2:6: \(error)")
    }
  }

  @Test func `what is missing after the last line is missing at its end`() {
    let error = "expected a mapping, found nothing; write {} for an empty one"
    expect("---\n#", "f:2:2: \(error)")
    expect("constellation: x\nprojects: #", "f:2:10: \(error)")
    expect("constellation: x\nprojects: # none\n\n", "f:2:10: \(error)")
  }

  @Test func `a self-referential alias is refused`() {
    expect(Self.head + "data: &a [*a]", "f:3:11: this alias refers to nothing that is complete before it")
  }

  @Test func `stars and ampersands in the texts of a long line are no aliases`() throws {
    let machine = #""m%": {"roles": ["r"], "data": {"note": "see *notes* and R &D of this machine here"}}"#
    let machines = (0..<400).map { machine.replacing("%", with: "\($0)") }.joined(separator: ", ")
    let text =
      #"{"constellation": "c", "priority": ["p"], "projects": {"p": {}}, "roles": {"r": {"projects": ["p"]}}, "machines": {"#
      + machines + "}}"
    #expect(try Constellation(parsing: text, file: "f").machines.count == 400)
  }

  @Test func `quoted texts with stars, ampersands, brackets and colons in any number are texts`() throws {
    let text =
      Self.head + "data:\n" + (0..<60).map { "  k\($0): \"&a\($0) [*a\($0)]: {*b}: ? *c\"\n" }.joined()
    #expect(throws: Never.self) { try YAMLDocument.root(of: text, file: "f") }
  }

  @Test func `aliases that grow exponentially are refused`() {
    var text = Self.head + "data:\n  a0: &a0 [x]\n"
    for level in 1...12 {
      let aliases = Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ")
      text += "  a\(level): &a\(level) [\(aliases)]\n"
    }
    do {
      _ = try Constellation(parsing: text, file: "f")
      Issue.record("no error")
    } catch {
      #expect(error.message == "the file, its aliases followed, has more than 1,000,000 values")
    }
  }

  /// Eight to the power of twenty values.
  private static let bomb =
    head + "data:\n  a0: &a0 [x]\n"
    + (1...20).map { level in
      "  a\(level): &a\(level) [\(Array(repeating: "*a\(level - 1)", count: 8).joined(separator: ", "))]\n"
    }.joined()

  /// Sixty-four, so that the bound on all values is not met first.
  private static let few =
    head + "data:\n  a0: &a0 [x]\n  a1: &a1 [\(Array(repeating: "*a0", count: 64).joined(separator: ", "))]\n"

  @Test(arguments: [
    ("? *a1\n  : x", "6:5", true), ("*a1 : x", "6:3", true), ("[*a1]: x", "6:3", false),
    ("z: {*a1}", "6:7", true), ("z: {*a1: x}", "6:7", true), ("z: {b: c,\n   *a1\n   }", "7:4", true),
    ("z: {[*a1]}", "6:7", false), ("z: [*a1: x]", "6:7", true), ("? {b: *a1}\n  : x", "6:5", false),
    ("z: {? *a1 : x}", "6:9", true), ("{b: {*a1}}: c", "6:3", false),
  ])
  func `a key that is more than a text is refused, however it is written`(
    entry: String, place: String, isAlias: Bool
  ) {
    let reason = isAlias ? "an alias cannot be a part of a key" : "a key must be text"
    expect(Self.few + "  \(entry)\n", "f:\(place): \(reason)")
    #expect(throws: ConstellationError.self) {
      try YAMLDocument.root(of: Self.bomb + "  \(entry)\n", file: "f")
    }
  }

  @Test(arguments: ["\n", "\r\n", "\u{85}", "\u{2028}"])
  func `a directive that shortens tags is refused, at the beginning and after the end`(end: String) {
    let directive = "%TAG !x! tag:\(String(repeating: "y", count: 1_000))\(end)"
    expect("\(directive)---\(end)a: 1", "f:1:1: a %TAG directive is not read: write each tag whole")
    expect("\u{feff}\(directive)---\(end)a: 1", "f:1:1: a %TAG directive is not read: write each tag whole")
    expect("a: 1\(end)...\(end)\(directive)", "f:3:1: a %TAG directive is not read: write each tag whole")
    expect("# x\(end)\(directive)", "f:2:1: a %TAG directive is not read: write each tag whole")
  }

  @Test func `an alias of a text may be a key`() throws {
    let root = try YAMLDocument.root(of: "a: &a b\n*a : c\n", file: "f")
    #expect(root != nil)
  }

  @Test func `guests are nested as deep as YAML's values may be`() throws {
    func constellation(deep: Int) throws -> Constellation {
      let text = String(repeating: "g: {vms: {", count: deep) + String(repeating: "}}", count: deep)
      return try Constellation(parsing: Self.head + "machines: {\(text)}", file: "f")
    }
    #expect(try constellation(deep: 63).machines.count == 63)
    let error = #expect(throws: ConstellationError.self) { try constellation(deep: 64) }
    #expect(error?.message == "values are nested more than 128 deep")
  }

  @Test(arguments: [900, 100_000])
  func `values nested too deep are refused`(depth: Int) {
    let text =
      Self.head + "data: " + String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    #expect(throws: ConstellationError.self) { try Constellation(parsing: text, file: "f") }
  }
}
