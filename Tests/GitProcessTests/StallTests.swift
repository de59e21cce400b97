import Foundation
import GitProcess
import TestSupport
import Testing

@Suite(
  "A git that does nothing", .enabled(if: FileManager.default.fileExists(atPath: "/proc/self/io")))
struct StallTests {
  private func run(_ script: String, limit: StallLimit?) async throws -> GitOutput {
    try await Fixture().git.run(
      ["busy"], at: .nowhere, configuration: ["alias.busy=!\(script)"], stallLimit: limit)
  }

  @Test("is ended with what it has started, once that was so for so long, and the reason is said")
  func stalled() async throws {
    let output = try await run(
      "sleep 1000 | cat", limit: StallLimit(idle: .seconds(1), computing: .seconds(100)))
    #expect(output.errorText.contains("it said nothing for 1 s"))
    #expect(!output.succeeded)
  }

  @Test(
    "goes on while it, or what it has started, says, moves or counts anything",
    arguments: [
      "for i in 1 2 3 4 5 6 7 8 9; do sleep .4; echo $i >&2; done; echo done",
      "for i in 1 2 3 4 5 6 7 8 9; do sleep .4; echo $i; done | while read i; do :; done; echo done",
      "end=$(($(date +%s) + 4)); i=0; while [ $i -lt 20000000 ]; do i=$((i + 1)); "
        + "[ $((i % 100000)) -ne 0 ] || [ $(date +%s) -lt $end ] || break; done; echo done",
    ])
  func busy(script: String) async throws {
    let output = try await run(script, limit: StallLimit(idle: .seconds(3), computing: .seconds(100)))
    #expect(output.text.hasSuffix("done") && output.succeeded, "\(output.errorText)")
  }

  @Test("is ended where it computes, and says and moves nothing, for as long as that is allowed")
  func spinning() async throws {
    let limit = StallLimit(idle: .seconds(1), computing: .seconds(2))
    let output = try await run("while :; do :; done", limit: limit)
    #expect(output.errorText.contains("it said nothing for 2 s"))
    #expect(!output.succeeded)
  }

  @Test("goes on as long as it likes without a limit")
  func unlimited() async throws {
    #expect(try await run("sleep 2; echo done", limit: nil).text == "done")
  }
}
