import Testing
import WeaveFormats

@Suite("A file of any format") struct AnyFileTests {
  @Test(arguments: WorkspaceFormat.allCases)
  func `that is empty, is not UTF-8 or is too long is refused`(format: WorkspaceFormat) {
    func refusal(_ bytes: [UInt8]) -> String? {
      do {
        _ = try WorkspaceFile.read(bytes, as: format, at: "f")
        return nil
      } catch { return error.description }
    }
    #expect(refusal([]) == "f: it is empty")
    #expect(refusal([0xEF, 0xBB, 0xBF, 10]) == "f: it is empty")
    #expect(refusal([0x61, 0xFF]) == "f: it is not UTF-8 text")
    #expect(refusal([0x61, 0]) == "f: it is not UTF-8 text")
    #expect(
      refusal(Array(repeating: 10, count: WorkspaceFile.longest + 1))
        == "f: it has 8388609 bytes, of at most 8388608")
  }

  @Test(arguments: [
    (".gitmodules", WorkspaceFormat.gitmodules), ("a/west.yml", .west), ("default.xml", .repo),
    ("x/ros2.repos", .vcs), ("mani.yaml", .mani), (".jiri_manifest", .jiri), ("flake.lock", .flake),
    ("src/DEPS", .deps),
  ])
  func `is known by its name`(path: String, format: WorkspaceFormat) {
    #expect(WorkspaceFormat(path: path) == format)
    #expect(WorkspaceFormat(path: path + "x") == nil)
  }

  @Test(arguments: WorkspaceFormat.allCases)
  func `has usual names that tell its format, where they are not shared`(format: WorkspaceFormat) {
    for path in format.usualPaths where path != "manifest" {
      #expect(WorkspaceFormat(path: path) == format)
    }
  }
}

@Suite("The trailers of a commit") struct CommitTrailersTests {
  private func pins(_ message: String) -> [TrailerPin] { CommitTrailers.pins(inMessage: Array(message.utf8)) }
  private let commit = ForeignProject(name: "", revision: sha).commit!

  @Test func `are read of a paragraph of some kilobytes, and of a longer one none`() {
    func message(_ lines: Int) -> String {
      "subject\n\n" + String(repeating: "prose of some length\n", count: 1_000) + "\n"
        + String(repeating: "Depends-On: narya@\(sha)\n", count: lines)
    }
    #expect(pins(message(100)).count == 100)
    #expect(pins(message(200)).isEmpty)
    // Also where the cut comes behind what looks blank.
    let filler = String(repeating: "x", count: CommitTrailers.longestParagraph - 20 - sha.utf8.count)
    #expect(pins("subject\n\n\(filler)\n \nDepends-On: narya@\(sha)\n").count == 1)
  }

  @Test func `name commits of projects, with a name, a URL or alone`() {
    #expect(
      pins(
        """
        dns: read the zone

        Depends-On: narya@\(sha)
        weave-with: https://git@example.com/nenya.git@\(sha)
        DEPENDS-ON: \(sha)
        Signed-off-by: A <a@example.com>

        """) == [
          TrailerPin(key: "Depends-On", project: "narya", commit: commit),
          TrailerPin(key: "Weave-With", project: "https://git@example.com/nenya.git", commit: commit),
          TrailerPin(key: "Depends-On", project: nil, commit: commit),
        ])
  }

  @Test(arguments: [
    "Depends-On: narya@\(sha)", "a\n\nDepends-On: narya@\(sha)\n\nlast words",
    "a\n\nDepends-On: I0123456789", "a\n\nDepends-On: https://review.example.com/c/1",
    "a\n\nDepends-On: @\(sha)",
    "a\n\nDepends-On: narya@\(sha.dropLast())", "a\n\nthis is prose\nDepends-On: narya@\(sha)", "",
  ])
  func `of a message that has none name nothing`(message: String) {
    #expect(pins(message).isEmpty)
  }

  @Test func `are those of the last paragraph, as git interpret-trailers has it`() {
    #expect(pins("a\n\nprose\nSigned-off-by: A\nDepends-On: n@\(sha)").count == 1)
    #expect(pins("a\r\n\r\nDepends-On: n@\(sha)\r\n").count == 1)
    #expect(pins("a\n\nDepends-On: n@\(sha)\n  m@\(sha)\n").count == 2)
  }
}
