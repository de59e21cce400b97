import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("Killed writers of the record")
struct KilledWriterTests {
  @Test("after each of 60 kills of other writing commands the store is sound, and the command works again")
  func kills() throws {
    let lab = try Lab.filled()
    // The newest link is one that nothing else needs.
    try lab.link("telperion@v2", "laurelin@v2")
    let commands = try [
      ["lock"], ["report", "--machine", "toto", "telperion=COMMIT"], ["constellation", "add", "-"],
      ["project", "set", "narya", "track", "main"], ["revoke", "telperion@v4", "-m", "loops"],
      ["withdraw", "LINK", "-m", "mistaken"],
    ].map { try lab.arguments($0) }
    var random = SeededGenerator(seed: 11)
    var longest: UInt32 = 30_000
    var (killed, round) = (0, 0)
    while killed < 60 {
      let arguments = commands[round % commands.count]
      round += 1
      let text = Constellations.emeraldCity + "\n# \(round)\n"
      let process = try spawnProcess(
        weaveExecutable, arguments, in: lab.workspace, environment: lab.environment.variables,
        input: Array(text.utf8))
      usleep(UInt32.random(in: 0...longest, using: &random))
      process.kill(SIGKILL)
      let wasKilled = process.wait().signal == SIGKILL
      // However fast or slow the machine is, the kills spread over the whole of a command.
      longest = wasKilled ? longest + longest / 8 : max(longest / 2, 1_000)
      guard wasKilled else { continue }
      killed += 1
      #expect(try lab.complaints() == "", "round \(round): \(arguments)")
      guard killed % 6 == 0 else { continue }
      let next = try lab.run(arguments, input: text)
      #expect(next.status == 0, "round \(round): \(arguments): \(next.stderr)")
    }
  }
}
