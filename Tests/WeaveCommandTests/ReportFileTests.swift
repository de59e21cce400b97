import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("report --from takes what machines say, and from whom it may", .inProcess)
struct ReportFileTests {
  let lab: Lab

  init() throws {
    lab = try Lab.threeProjects()
    try lab.link("telperion@v2", "laurelin@v2", "narya@v2")
    try lab.constellation(Constellations.hosts())
  }

  private func report(_ text: String, _ arguments: String...) throws -> ProcessResult {
    try lab.run(["report", "--from", "-"] + arguments, input: text)
  }

  private func refusal(_ text: String, _ arguments: String...) throws -> String {
    try lab.refusal(["report", "--from", "-"] + arguments, input: text)
  }

  /// What the machine was last heard to run.
  private func observed(_ machine: String) throws -> String {
    try lab.store.git("cat-file", "blob", "refs/weave/public/observed/\(machine):observed")
  }

  private func manifest(
    _ machine: String?, _ members: String..., number: Int? = nil, guests: String = ""
  ) throws -> String {
    let projects = try members.map { "\"\($0.prefix { $0 != "@" })\":{\"rev\":\"\(try lab.id($0))\"}" }
    return #"{"schema":"weave.manifest/1","# + (machine.map { "\"machine\":\"\($0)\"," } ?? "")
      + (number.map { "\"sequence\":\($0)," } ?? "")
      + "\"projects\":{\(projects.joined(separator: ","))},\"guests\":{\(guests)}}"
  }

  // MARK: whose report it is

  @Test("a report that names its machine needs no --machine; an alias is recorded under the full name")
  func alias() throws {
    #expect(try report(manifest("toto", "telperion@v1")).stderr.contains("toto.canon: report 1, changed"))
    let again = try report(manifest(nil, "telperion@v1"), "--machine", "toto")
    #expect(again.stderr.contains("toto.canon: report 1, unchanged"))
    #expect(try report(manifest("toto.canon", "telperion@v1"), "--machine", "toto").status == 0)
  }

  @Test("what revokes or links what an alias runs finds it")
  func runningAlias() throws {
    try lab.report("toto", "telperion@v3", "laurelin@v3")
    try lab.weave("link", "--running", "toto", "-m", "runs")
    #expect(try lab.weave("links").contains("telperion@\(lab.short("telperion@v3"))"))
  }

  @Test("a report of one machine is not taken for another's")
  func another() throws {
    let error = try refusal(manifest("barge", "narya@v1"), "--machine", "toto")
    #expect(error.contains("this is what barge says, and not what toto.canon does: nothing is changed"))
  }

  @Test("where nobody says whose it is, it is that of the store's machine, else of this host")
  func ownMachine() throws {
    try lab.store.git("config", "weave.machine", "toto")
    #expect(try report("telperion \(lab.id("telperion@v1"))").stderr.contains("toto.canon: report 1"))
    try lab.store.git("config", "--unset", "weave.machine")
    let host = try runProcess("uname", ["-n"], in: "/", environment: ["PATH": "/usr/bin:/bin"]).trimmed
    let result = try report("telperion \(lab.id("telperion@v1"))")
    #expect(result.stderr.contains("\(host)"), "\(result.stderr)")
  }

  @Test("a store that is on one machine takes reports of that and its guests, and of no other")
  func storeOnMachine() throws {
    try lab.store.git("config", "weave.machine", "toto.canon")
    let error = try refusal(manifest("barge", "narya@v1"))
    #expect(error.contains("this store is on toto.canon (weave.machine), which may not speak for barge"))
    #expect(try report(manifest("dashy@toto.canon", "narya@v1")).status == 0)
  }

  @Test(
    "a host speaks for its guests at any depth; what it says of another changes nothing, and the rest is taken"
  )
  func guests() throws {
    let narya = try #""projects":{"narya":{"rev":"\#(lab.id("narya@v1"))"}}"#
    let result = try report(
      manifest(
        "toto", "telperion@v1",
        guests: #""barge":{\#(narya)},"inner@dashy@toto.canon":{\#(narya)},"other@toto.canon":{\#(narya)}"#))
    #expect(result.status == 1)
    #expect(result.stderr.contains("error: barge: it is no guest of toto.canon"))
    #expect(lab.store.resolve("refs/weave/public/observed/barge") == nil)
    for machine in ["toto.canon", "inner%40dashy%40toto.canon", "other%40toto.canon"] {
      #expect(lab.store.resolve("refs/weave/public/observed/\(machine)") != nil)
    }
    try lab.check()
  }

  @Test("a file without an end is read as far as a report may go")
  func endless() throws {
    let error = try lab.refusal(["report", "--machine", "toto", "--from", "/dev/zero"])
    #expect(error.contains("/dev/zero: it has more than 1048576 bytes"))
  }

  // MARK: sequence

  @Test("a machine's own count is kept, and what is older, or other under the same number, changes nothing")
  func sequence() throws {
    #expect(try report(manifest("barge", "narya@v1", number: 7)).stderr.contains("barge: report 7, changed"))
    #expect(try refusal(manifest("barge", "narya@v2", number: 6)).contains("is older than its report 7"))
    #expect(try refusal(manifest("barge", "narya@v1", number: 6)).contains("is older than its report 7"))
    #expect(try refusal(manifest("barge", "narya@v2", number: 7)).contains("says something else"))
    #expect(try observed("barge") == "narya \(lab.id("narya@v1"))")
    #expect(try report(manifest("barge", "narya@v1", number: 7)).stderr.contains("report 7, unchanged"))
    #expect(try report(manifest("barge", "narya@v2", number: 9)).stderr.contains("report 9, changed"))
    try lab.check()
  }

  @Test("the same again under a later number keeps what came between out")
  func lateReport() throws {
    _ = try report(manifest("barge", "narya@v1", number: 1))
    #expect(try report(manifest("barge", "narya@v1", number: 3)).stderr.contains("report 3, unchanged"))
    #expect(try refusal(manifest("barge", "narya@v2", number: 2)).contains("is older than its report 3"))
  }

  @Test("after it the store counts on where the machine does not")
  func countedOn() throws {
    _ = try report(manifest("barge", "narya@v1", number: 7))
    #expect(try report(manifest("barge", "narya@v2")).stderr.contains("barge: report 8, changed"))
  }

  // MARK: machines that know little

  @Test(
    "one commit is understood by the newest lock that has it on the machine: all that this says runs there")
  func throughLocks() throws {
    try lab.weave("lock")
    try lab.link("telperion@v4", "laurelin@v4", "narya@v4")
    try lab.weave("lock")
    let version = { (id: String) in #"{"nixosVersion":"24.05","configurationRevision":"\#(id)"}"# }
    let old = try report(version(lab.id("telperion@v2")), "--machine", "toto")
    #expect(old.stderr.contains("report 1, changed"))
    #expect(
      try observed("toto.canon")
        == "laurelin \(lab.id("laurelin@v2"))\ntelperion \(lab.id("telperion@v2"))")
    _ = try report(version(lab.id("laurelin@v4") + "-dirty"), "--machine", "toto")
    #expect(
      try observed("toto.canon")
        == "laurelin \(lab.id("laurelin@v4")) dirty\ntelperion \(lab.id("telperion@v4"))")
  }

  @Test("a commit that no lock has is that of the one project alone, and that is said")
  func alone() throws {
    let text = try #"[{"generation":3,"configurationRevision":"\#(lab.id("telperion@v1"))","current":true}]"#
    let result = try report(text, "--machine", "toto")
    #expect(result.stderr.contains("no lock has telperion@\(try lab.short("telperion@v1")) on toto.canon"))
    #expect(try observed("toto.canon") == "telperion \(lab.id("telperion@v1"))")
  }

  @Test("a commit that no project of the machine has tells nothing")
  func nobodys() throws {
    let text = try #"{"nixosVersion":"24.05","configurationRevision":"\#(lab.id("narya@v1"))"}"#
    #expect(try refusal(text, "--machine", "toto").contains("no project of toto.canon has the commit"))
  }

  @Test("a resolution's id is understood by the lock that has it, of guests too")
  func resolution() throws {
    try lab.weave("lock")
    let id = try lab.store.git("rev-parse", "refs/weave/public/locks/hosts^{tree}")
    let text =
      #"{"schema":"weave.manifest/1","machine":"toto","resolution":"\#(id)","guests":{"dashy@toto.canon":{}}}"#
    #expect(try report(text).status == 0)
    #expect(try lab.status(of: "toto.canon", constellation: "hosts").compliance == "in-sync")
    #expect(try lab.status(of: "dashy@toto.canon", constellation: "hosts").compliance == "in-sync")
    let unknown = text.replacing(id, with: String(repeating: "a", count: 40))
    #expect(try refusal(unknown).contains("no lock has the resolution aaaaaaa with toto.canon in it"))
  }

  @Test("r10k's modules are projects")
  func r10k() throws {
    let text = try """
    {"name":"production","signature":"\(lab.id("telperion@v1"))","deploy_success":true,
     "module_deploys":[{"name":"acme/narya","version":"main","sha":"\(lab.id("narya@v1"))"}]}
    """
    #expect(try report(text, "--machine", "barge").status == 0)
    #expect(try observed("barge") == "narya \(lab.id("narya@v1"))")
  }
}
