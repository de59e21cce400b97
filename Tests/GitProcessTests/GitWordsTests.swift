import TestSupport
import Testing

@testable import GitProcess

/// What Git prints is in part what the other side chose.
@Suite("What Git says")
struct GitWordsTests {
  private func error(_ text: String, of directory: String? = nil) -> GitProcessError {
    let output = GitOutput(exitCode: 128, standardError: Array(text.utf8))
    return GitProcessError(operation: "fetch", output: output.told(of: directory))
  }

  @Test(
    "is a reason, also where it is blank lines only",
    arguments: ["", "\n\n\r", "remote: \n", "fatal: \n", "remote:  \r\n"])
  func blank(text: String) { #expect(error(text).reason == "git exited with 128") }

  @Test("is told by lines, which a carriage return begins anew")
  func carriageReturns() {
    #expect(error("Receiving 10%\rReceiving 20%\rfatal: no\n").reason == "no")
    #expect(error("remote: \u{D4E}\nfatal: \u{301}no\n").reason == "\u{301}no")
  }

  @Test("is bounded, however much the other side says")
  func long() {
    let line = String(repeating: "é", count: 100_000)
    #expect(error("fatal: \(line)\n").reason.utf8.count <= 4_100)
    #expect(error("fatal: these:\n" + String(repeating: "\t\(line)\n", count: 5)).reason.utf8.count <= 4_100)
  }

  @Test("of a refused push, the hook's words are told once, and bounded")
  func refused() {
    let refs = (0..<3).map { "!\t0000:refs/x/\($0)\t[remote rejected] (pre-receive hook declined)\n" }
      .joined()
    func reasons(_ words: [Substring]) -> [String] {
      PushReport.parse(refs, remarks: words).map { ref in
        if case .refused(let reason) = ref.outcome { reason } else { "" }
      }
    }
    let summary = "[remote rejected] (pre-receive hook declined)"
    #expect(reasons(["remote: no", "remote: never"]) == ["\(summary): no; never", summary, summary])
    let many = reasons((1...100_000).map { "remote: \($0)" })
    #expect(many[0].hasPrefix("\(summary): 1; 2; 3") && many[0].utf8.count <= 4_100)
    #expect(many[1...] == [summary, summary])
  }

  @Test("of a directory's owner makes a command of the path alone")
  func owner() throws {
    let directory = try TemporaryDirectory()
    for name in ["a", "a b$(id)", "a; id"] {
      let path = try directory.write("", to: name)
      let said = "fatal: detected dubious ownership in repository at '\(path)'\n\n"
      let quoted = name == "a" ? path : "'\(path)'"
      for spelling in [path, "'\(path)'"] {
        let hint = error(said + "\tgit config --global --add safe.directory \(spelling)\n", of: path).hint
        #expect(hint?.hasSuffix("`git config --global --add safe.directory \(quoted)`") == true)
      }
    }
  }

  @Test(
    "of the other side makes no command",
    arguments: ["*", "'*'", "'/*'", "x; id", "'/a'; id; '", "/a' --unset 'b"])
  func others(path: String) {
    let dubious = "fatal: detected dubious ownership in repository at '/'\n"
    let line = "\tgit config --global --add safe.directory"
    #expect(error("\(dubious)\(line) \(path)\n", of: "/").hint == nil)
    #expect(error("fatal: remote error: no\n\(dubious)\(line) /\n", of: "/").hint == nil)
    #expect(error("remote: \(dubious)\(line) /\nfatal: no\n", of: "/").hint == nil)
  }

  @Test("of a directory that Git was not told of here, as a server's words by ssh may be, makes no command")
  func elsewhere() throws {
    let (told, other) = (try TemporaryDirectory(), try TemporaryDirectory())
    func hint(_ path: String) -> String? {
      error(
        "fatal: detected dubious ownership in repository at '\(path)'\n\n"
          + "\tgit config --global --add safe.directory \(path)\n", of: told.path
      ).hint
    }
    #expect(hint(told.path) != nil && hint(told.path + "/.git") != nil)
    #expect(hint(other.path) == nil && hint("/tmp") == nil && hint(told.path + "/x") == nil)
  }
}
