import TestSupport
import Testing

@testable import LabSupport

@Suite("Records with texts of megabytes")
struct LongRecordTests {
  private let lab: Lab

  init() throws {
    lab = try Lab.threeProjects()
    try lab.constellation()
    try lab.link("telperion@v1", "laurelin@v1", "narya@v1")
    try lab.link("telperion@v2", "laurelin@v2", "narya@v2")
  }

  /// A hold as a hub may have it: its text is slow to look through for secrets.
  private func hold(_ bytes: Int) throws {
    let word = "https://a/b?" + String(repeating: "&key=b", count: 330) + " "
    try lab.manifestEntryByHand(
      "hold telperion on toto\n\n\(String(repeating: word, count: bytes / word.utf8.count)).\n\n"
        + "Weave-Machine: toto\nWeave-Hold: telperion \(lab.id("telperion@v1"))\n"
        + "Weave-Author: Eve <eve@example.org> 1700000000 +0000\n", in: "holds", as: "telperion@toto")
  }

  @Test("count as they are, are shown in part, and keep no command busy")
  func long() throws {
    try hold(4_000_000)
    // Redacting the whole took a minute, of this build.
    let sha = try lab.run(["sha", "telperion", "--machine", "toto"], cpuSeconds: 10)
    #expect(try sha.trimmed == lab.id("telperion@v1"), "\(sha)")
    let status = try lab.run("status", "-c", "emerald-city", "--json")
    #expect(status.stdout.contains("… [cut: it has "), "\(status.stderr)")
    #expect(status.stdout.utf8.count < 200_000)
    #expect(!status.stdout.contains("key=b"))
  }

  @Test(
    "are not written",
    arguments: [
      ["link", "telperion@v3", "laurelin@v3"], ["set", "release-1", "telperion@v1"], ["lock"],
      ["hold", "toto", "telperion@v1"], ["status", "--ack", "toto", "--for", "1d"],
    ])
  func written(command: [String]) throws {
    let error = try lab.refusal(command + ["-m", String(repeating: "a", count: 70_000)])
    #expect(error.contains("the text has 70000 bytes, and may have 65,536"), "\(error)")
  }
}
