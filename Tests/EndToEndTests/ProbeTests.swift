import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("probe asks machines what they run")
struct ProbeTests {
  let lab: Lab

  init() throws { lab = try Lab.threeProjects() }

  private struct Document: Decodable {
    struct Row: Decodable, Equatable {
      let machine, result: String
      let sequence: Int?
      let reason: String?
    }
    let machines: [Row]
  }

  /// Writes the constellation of the tests, whose machines are asked so; `toto` is at 10.0.0.7.
  private func constellation(_ probe: String, toto: String = ", address: 10.0.0.7") throws -> String {
    try lab.directory.write(
      Constellations.emeraldCity(toto: toto) + "\nprobe: \(probe)", to: "workspace/city.yaml")
  }

  /// A probe that runs `script` of a shell here, with the machine's name as `$1` and its address as `$2`.
  private func shell(_ script: String) -> String {
    "{ command: [sh, -c, '\(script.replacing("'", with: "''"))', sh, '{machine}', '{address}'] }"
  }

  private func probe(_ arguments: String..., status: Int32 = 0) throws -> [Document.Row] {
    let result = try lab.run(["probe", "-c", "city.yaml", "--json"] + arguments)
    #expect(result.status == status, "\(result.stderr)")
    return try JSONDecoder().decode(Document.self, from: Data(result.stdoutBytes)).machines
  }

  @Test("each machine's answer is recorded under its name, in the constellation's order")
  func answers() throws {
    _ = try constellation(shell("echo laurelin \(lab.id("laurelin@v1")); echo $1 $2 >> asked"))
    #expect(try probe().map(\.machine) == ["toto", "barge"])
    let again = try probe("-j", "1")
    #expect(again.map(\.result) == ["unchanged", "unchanged"])
    #expect(again.map(\.sequence) == [1, 1])
    #expect(
      try lab.status(of: "toto", constellation: "city.yaml").project("laurelin").had == lab.id("laurelin@v1"))
    let asked = try String(contentsOfFile: lab.workspace + "/asked", encoding: .utf8).split(separator: "\n")
    #expect(asked.sorted() == ["barge barge", "barge barge", "toto 10.0.0.7", "toto 10.0.0.7"])
  }

  @Test("those that are named are asked, by an alias too")
  func named() throws {
    _ = try constellation(shell("echo laurelin \(lab.id("laurelin@v1"))"), toto: ", aliases: [t]")
    #expect(try probe("t").map(\.machine) == ["toto"])
    #expect(try lab.refusal(["probe", "-c", "city.yaml", "totto"]).contains("did you mean 'toto'?"))
  }

  @Test("--no-dns asks no machine by its name")
  func noDNS() throws {
    _ = try constellation(shell("echo laurelin \(lab.id("laurelin@v1"))"))
    let rows = try probe("--no-dns", status: 1)
    #expect(rows.map(\.result) == ["reported", "refused"])
    #expect(rows[1].reason == "no address")
  }

  @Test("a guest that is built with its host is not asked; one without an address of its own cannot be")
  func guests() throws {
    try lab.directory.write(
      Constellations.hosts() + "\nprobe: " + shell("echo narya \(lab.id("narya@v1")); : {address}"),
      to: "workspace/city.yaml")
    let rows = try probe(status: 1)
    #expect(rows.map(\.machine) == ["toto.canon", "other@toto.canon", "barge"])
    #expect(rows[1].reason == "no address, and its name is none")
  }

  @Test(
    "what is no report of the machine is refused with the reason, and changes nothing",
    arguments: [
      ("echo hello", "'hello' is not `PROJECT SHA`"),
      ("true", "it is empty"),
      ("echo no manifest >&2; exit 7", "the command exited with 7: no manifest"),
      ("kill -9 $$", "the command exited with 137"),
      ("head -c 2000000 /dev/zero", "more than 1 MiB"),
      ("head -c 20000000 /dev/zero; sleep 100", "more than 1 MiB"),
      (#"echo '{"schema":"weave.manifest/1","machine":"barge","projects":{}}'"#, "this is what barge says"),
    ])
  func refused(script: String, reason: String) throws {
    _ = try constellation(shell(script))
    let before = try lab.store.refs()
    let rows = try probe("toto", status: 1)
    #expect(rows.map(\.result) == ["refused"])
    #expect(rows[0].reason?.contains(reason) == true, "\(rows)")
    #expect(try lab.store.refs() == before)
  }

  @Test("a machine that says something of another is refused for that, and its own word is taken")
  func another() throws {
    let own = try #""laurelin":{"rev":"\#(lab.id("laurelin@v1"))"}"#
    _ = try constellation(
      shell(
        #"echo '{"schema":"weave.manifest/1","projects":{\#(own)},"guests":{"barge":{"projects":{}}}}'"#))
    let rows = try probe("toto", status: 1)
    #expect(rows[0].reason?.hasPrefix("of barge: it is no guest of toto") == true, "\(rows)")
    #expect(lab.store.resolve("refs/weave/public/observed/toto") != nil)
    #expect(lab.store.resolve("refs/weave/public/observed/barge") == nil)
  }

  @Test(
    "one that does not answer in time is killed with all that it started, and is unreachable until it reports"
  )
  func hangs() throws {
    try lab.link("telperion@v1", "laurelin@v1", "narya@v1")
    try lab.report("toto", "telperion@v1")
    _ = try constellation(shell("sleep 1000 & echo $! > pid; wait"))
    let rows = try probe("toto", "--timeout", "1s", status: 4)
    #expect(rows.map(\.reason) == ["no answer within 1s"])
    let pid = try String(contentsOfFile: lab.workspace + "/pid", encoding: .utf8)
      .trimmingCharacters(in: .whitespacesAndNewlines)
    let state = try runProcess(
      "ps", ["-o", "state=", "-p", pid], in: "/", environment: ["PATH": "/usr/bin:/bin"])
    #expect(["", "Z"].contains(state.trimmed), "\(state.stdout)")
    #expect(try lab.status(of: "toto", constellation: "city.yaml").freshness == "unreachable")
    #expect(try lab.run("status", "-c", "city.yaml", "--exit-code", "--fail-on", "unreachable").status == 4)
    try lab.report("toto", "telperion@v1")
    #expect(try lab.status(of: "toto", constellation: "city.yaml").freshness == "fresh")
    try lab.check()
  }

  @Test("what a command leaves behind is not waited for, even where it could still speak")
  func leftBehind() throws {
    _ = try constellation(
      shell("echo laurelin \(lab.id("laurelin@v1")); sleep 1000 & echo $! > pid; exit 0"))
    #expect(try probe("toto", "--timeout", "1h").map(\.result) == ["reported"])
    let pid = try String(contentsOfFile: lab.workspace + "/pid", encoding: .utf8)
    kill(try #require(pid_t(pid.trimmingCharacters(in: .whitespacesAndNewlines))), SIGKILL)
  }

  @Test("Ctrl-C ends what was started, and records nothing")
  func interrupted() throws {
    _ = try constellation(
      shell("echo laurelin \(lab.id("laurelin@v1")); test $1 = toto && exit; echo $$ > pid; exec sleep 1000"))
    let probe = try lab.start("probe", "-c", "city.yaml", "--timeout", "1h")
    let file = lab.workspace + "/pid"
    while (try? String(contentsOfFile: file, encoding: .utf8))?.isEmpty ?? true, probe.isRunning {
      usleep(10_000)
    }
    probe.kill(SIGINT)
    #expect(probe.wait().status == 130)
    let pid = try String(contentsOfFile: file, encoding: .utf8).trimmingCharacters(
      in: .whitespacesAndNewlines)
    let state = try runProcess(
      "ps", ["-o", "state=", "-p", pid], in: "/", environment: ["PATH": "/usr/bin:/bin"])
    #expect(["", "Z"].contains(state.trimmed), "\(state.stdout)")
    #expect(lab.store.resolve("refs/weave/public/observed/toto") == nil)
  }

  @Test("one that was never heard of is unreachable, too")
  func neverHeard() throws {
    _ = try constellation("{ command: [sleep, \"1000\"], timeout: 1s }")
    #expect(try probe("barge", status: 4).map(\.reason) == ["no answer within 1s"])
    #expect(try lab.status(of: "barge", constellation: "city.yaml").freshness == "unreachable")
    #expect(try lab.weave("status", "-c", "city.yaml").contains("unreachable"))
  }

  @Test(
    "an address that would be an option or a shell's is none, and nothing is asked",
    arguments: ["-oProxyCommand=touch pwned", "$(touch pwned)", "a;touch pwned", "`touch pwned`", "a b"])
  func hostileAddress(address: String) throws {
    for probe in [#"{ ssh: "{address}", run: ls }"#, shell("touch pwned")] {
      _ = try constellation(probe, toto: ", address: \"\(address)\"")
      #expect(try lab.refusal(["probe", "-c", "city.yaml"]).contains("is no address of a machine"))
      #expect(!FileManager.default.fileExists(atPath: lab.workspace + "/pwned"))
    }
  }

  @Test("a constellation without probe: is an error that says what to write")
  func without() throws {
    try lab.constellation()
    #expect(try lab.refusal(["probe"]).contains("hint: `probe: { ssh:"))
  }

  @Test("a program that is not there is one error")
  func noProgram() throws {
    _ = try constellation("{ command: [no-such-program] }")
    let error = try lab.refusal(["probe", "-c", "city.yaml"])
    #expect(error.contains("there is no program 'no-such-program' in PATH"))
  }

  @Test("a store that is on a machine asks no other")
  func ownMachine() throws {
    try lab.store.git("config", "weave.machine", "toto")
    _ = try constellation(shell("echo laurelin \(lab.id("laurelin@v1"))"))
    let rows = try probe(status: 1)
    #expect(rows.map(\.result) == ["reported", "refused"])
    #expect(rows[1].reason?.contains("may not speak for barge") == true)
  }

  // MARK: consent

  private func store(_ script: String) throws {
    try lab.constellation(Constellations.emeraldCity + "\nprobe: " + shell(script))
  }

  @Test("what came with a stored constellation is shown, and not run before --allow")
  func consent() throws {
    try store("touch ran; echo laurelin \(lab.id("laurelin@v1"))")
    let error = try lab.refusal(["probe"])
    #expect(error.contains("nobody here allowed it yet"))
    #expect(error.contains("sh -c 'touch ran; echo laurelin"))
    #expect(error.contains("for each of: toto, barge"))
    #expect(error.contains("hint: `weave probe --allow`"))
    #expect(!FileManager.default.fileExists(atPath: lab.workspace + "/ran"))
    #expect(try lab.run("probe", "--allow").status == 0)
    #expect(try lab.run("probe").status == 0)
  }

  @Test("what is allowed is one probe of one constellation: another text, or another's, is asked about again")
  func consentIsExact() throws {
    try store("echo laurelin \(lab.id("laurelin@v1"))")
    try lab.weave("probe", "--allow")
    try store("echo laurelin \(lab.id("laurelin@v2"))")
    try lab.refusal(["probe"])
    try lab.weave("probe", "--allow")
    try store("echo laurelin \(lab.id("laurelin@v1"))")
    #expect(try lab.run("probe").status == 0)
    #expect(try lab.store.git("config", "--get-all", "weave.probe").split(separator: "\n").count == 2)
    try lab.constellation(
      Constellations.emeraldCity.replacing("emerald-city", with: "other") + "\nprobe: "
        + shell("echo laurelin \(lab.id("laurelin@v1"))"))
    try lab.refusal(["probe", "-c", "other"])
  }

  @Test(
    "a name with a character that means something to a shell is given to no program",
    arguments: ["$(id)", "a;id", "a`id`", "a\u{D4E}'", "a&b", "a>b", "x\u{D4E};id"])
  func shellName(name: String) throws {
    try lab.directory.write(
      Constellations.emeraldCity.replacing("toto:", with: "\"\(name)\":") + "\nprobe: "
        + "{ command: [sh, -c, 'touch pwned {machine}'] }", to: "workspace/city.yaml")
    let rows = try probe("--", name, status: 1)
    #expect(rows.map(\.result) == ["refused"])
    #expect(!FileManager.default.fileExists(atPath: lab.workspace + "/pwned"))
  }

  @Test(
    "a control character in a probe is an error: what is shown to who is to allow it is what runs",
    arguments: [
      #"{ command: ["env\0sh"] }"#, #"{ command: [sh, -c, "true\nfalse"] }"#,
      #"{ ssh: "a", run: "ls\u001b[2K" }"#,
    ])
  func control(probe: String) throws {
    try lab.directory.write(Constellations.emeraldCity + "\nprobe: " + probe, to: "workspace/city.yaml")
    #expect(try lab.refusal(["probe", "-c", "city.yaml"]).contains("control characters"))
  }

  @Test(
    "what is shown to who is to allow it is the whole command, also what looks as the secret of a URL does",
    arguments: [
      "true http://x:${IFS}/dev/null;id>pwned;true@hub.example/x",
      "curl -s 'http://hub.example/?key=$(id>pwned)&f=json'",
      "echo http://hub.example://$(id>pwned)@hub.example/x", "echo https://u:$(id)@h ssh://a:b@c x:y@z:w",
    ])
  func shownWhole(script: String) throws {
    try store(script)
    let shown = try lab.refusal(["probe"])
    #expect(shown.contains(script.replacing("'", with: "'\\''")), "\(shown)")
  }

  @Test("consent stays where it was given: a clone asks again")
  func consentIsLocal() throws {
    try store("echo laurelin \(lab.id("laurelin@v1"))")
    try lab.weave("probe", "--allow")
    try lab.share()
    let bob = try lab.colleague("bob")
    #expect(try bob.run("probe").status == 1)
  }
}
