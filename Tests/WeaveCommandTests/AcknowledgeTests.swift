import TestSupport
import Testing

@testable import LabSupport

@Suite("status --ack", .inProcess)
struct AcknowledgeTests {
  let lab: Lab

  init() throws { lab = try Self.template.copy() }

  /// toto is behind, and said so just now.
  private static let template = LabTemplate {
    let lab = try Lab.threeProjects()
    try lab.constellation(Constellations.pair())
    try lab.link("telperion@v2", "laurelin@v2")
    try lab.weave("lock")
    try lab.report("toto", "telperion@v1", "laurelin@v2")
    return lab
  }

  private func code() throws -> Int32 { try lab.run("status", "-c", "pair", "--exit-code").status }

  @Test("what is acknowledged is shown with its reason and fails nothing, until it is taken back")
  func acknowledged() throws {
    #expect(try code() == 2)
    try lab.weave("status", "--ack", "toto", "--for", "2d", "-m", "new disk on its way")
    #expect(try code() == 0)
    let shown = try lab.weave("status", "-c", "pair")
    #expect(shown.contains("toto     behind untested acknowledged"), "\(shown)")
    #expect(shown.contains(": new disk on its way (Cid Committer)"), "\(shown)")
    try lab.weave("status", "--unack", "toto")
    #expect(try code() == 2)
    #expect(try !lab.weave("status", "-c", "pair").contains("acknowledged"))
  }

  @Test("it expires by itself")
  func expires() throws {
    try lab.weave("status", "--ack", "toto", "--for", "2h", "-m", "a reboot")
    for (minutes, isShown) in [(119, true), (121, false)] {
      var later = lab
      later.environment.setDate(TestEnvironment.epoch + 60 * minutes)
      let shown = try later.weave("status", "-c", "pair")
      #expect(shown.contains("acknowledged") == isShown, "after \(minutes) minutes: \(shown)")
    }
  }

  @Test("it never hides what is incompatible")
  func incompatible() throws {
    try lab.weave("status", "--ack", "toto", "--for", "2d", "-m", "known")
    try lab.revoke("telperion@v1", "laurelin@v2")
    #expect(try code() == 5)
  }

  @Test(
    "it needs a machine that is there, a time and a reason",
    arguments: [
      ["--ack", "tito", "--for", "2d", "-m", "x"], ["--ack", "toto", "-m", "x"],
      ["--ack", "toto", "--for", "2d"], ["--ack", "toto", "--for", "2d", "-m", " "],
      ["--ack", "toto", "--for", "soon", "-m", "x"], ["--ack", "toto", "--for", "0s", "-m", "x"],
      ["--unack", "toto"], ["--for", "2d"],
    ])
  func refused(arguments: [String]) throws {
    let before = try lab.store.refs()
    let result = try lab.run(["status"] + arguments)
    #expect(result.status == 1)
    #expect(result.stderr.hasPrefix("error: "), "\(result.stderr)")
    #expect(try lab.store.refs() == before)
  }
}
