import Testing
import WeaveModel

@Suite("probe: in a constellation") struct ConstellationProbeTests {
  private static let head = "constellation: x\nprojects: {alpha: {}}\n"

  private func probe(_ text: String) throws -> Probe {
    try #require(try Constellation(parsing: Self.head + "probe: " + text, file: "f").probe)
  }

  @Test func `is an ssh target and what the shell there is handed`() throws {
    let probe = try probe(#"{ ssh: "root@{address}", run: "cat /etc/{machine}.json", timeout: 2m }"#)
    guard case .ssh(let target, let run) = probe.method else {
      Issue.record("it is no ssh")
      return
    }
    #expect(target.parts == [.text("root@"), .address])
    #expect(run.filled(machine: "toto", address: "10.0.0.1") == "cat /etc/toto.json")
    #expect(target.filled(machine: "toto", address: "10.0.0.1") == "root@10.0.0.1")
    #expect(probe.timeout == 120)
  }

  @Test func `is a program here, and its arguments`() throws {
    let probe = try probe(#"{ command: [ask, --host, "{address}", "", "{machine}{machine}"] }"#)
    guard case .command("ask", let arguments) = probe.method else {
      Issue.record("it is no command")
      return
    }
    #expect(
      arguments.map { $0.filled(machine: "m", address: "a") } == ["--host", "a", "", "mm"])
    #expect(arguments.map(\.source) == ["--host", "{address}", "", "{machine}{machine}"])
    #expect(probe.timeout == nil)
  }

  @Test(arguments: ["awk '{print $1}'", "echo ${machine} ${HOME}", "jq '{a: .b}'", "{}", "{", "a}", "{1}"])
  func `takes other braces for what they are to the shell`(run: String) throws {
    let text = run.replacing("'", with: "''")
    guard case .ssh(_, let run) = try probe("{ ssh: a, run: '\(text)' }").method else { return }
    #expect(run.parts == [.text(text.replacing("''", with: "'"))])
  }

  @Test func `is kept apart from another with the same words in other places`() throws {
    #expect(try probe("{ command: [a, b c] }") != probe("{ command: [a, b, c] }"))
  }

  @Test(arguments: [
    ConstellationFault("cat", "f:3:8: expected a mapping, found text"),
    ConstellationFault("{}", "f:3:8: probe needs the key 'ssh'"),
    ConstellationFault("{ ssh: a }", "f:3:8: probe needs the key 'run'"),
    ConstellationFault("{ ssh: a, run: '' }", "f:3:23: expected text, found nothing"),
    ConstellationFault("{ command: [] }", "f:3:8: 'command' needs a program"),
    ConstellationFault("{ command: a b }", "f:3:19: expected a list, found text"),
    ConstellationFault(
      "{ command: [a], run: b }", "f:3:29: probe takes 'command', or 'ssh' and 'run', and not both"),
    ConstellationFault(
      "{ command: ['{machine}'] }",
      "f:3:20: the program is the same for all machines: no {machine}, no {address}"),
    ConstellationFault(
      "{ command: [a, '{adress}'] }",
      "f:3:23: a probe knows nothing of {adress}; it takes {machine} and {address}; did you mean '{address}'?"
    ),
    ConstellationFault(
      "{ ssh: '{host}', run: b }",
      "f:3:15: a probe knows nothing of {host}; it takes {machine} and {address}"),
    ConstellationFault(
      "{ ssh: a, run: b, timeout: 10 }", "f:3:35: '10' is no time from 1s to 1h, as in 10s or 2m"),
    ConstellationFault(
      "{ ssh: a, run: b, timeout: 2h }", "f:3:35: '2h' is no time from 1s to 1h, as in 10s or 2m"),
    ConstellationFault(
      "{ ssh: a, run: b, timeout: 0s }", "f:3:35: '0s' is no time from 1s to 1h, as in 10s or 2m"),
    ConstellationFault(
      "{ shh: a, run: b }", "f:3:10: probe has no key 'shh'; did you mean 'ssh'?"),
  ])
  func `anything else is refused at its place`(fault: ConstellationFault) {
    do {
      _ = try Constellation(parsing: Self.head + "probe: " + fault.text, file: "f")
      Issue.record("no error, not even: \(fault.error)")
    } catch {
      #expect(error.description == fault.error)
    }
  }
}
