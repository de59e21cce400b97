import Testing

@testable import GitProcess

/// What Git prints is in part what the other side chose.
@Suite("What Git says")
struct GitWordsTests {
  private func error(_ text: String) -> GitProcessError {
    GitProcessError(operation: "fetch", output: GitOutput(exitCode: 128, standardError: Array(text.utf8)))
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

  @Test("of a directory's owner makes a command of the path alone")
  func owner() {
    let said = "fatal: detected dubious ownership\n\n\tgit config --global --add safe.directory "
    #expect(error(said + "/a/b\n").hint?.hasSuffix("`git config --global --add safe.directory /a/b`") == true)
    #expect(error(said + "'/a b$(id)'\n").hint?.hasSuffix("safe.directory '/a b$(id)'`") == true)
    #expect(error(said + "/a; id\n").hint?.hasSuffix("safe.directory '/a; id'`") == true)
  }

  @Test(
    "of the other side makes no command",
    arguments: ["*", "'*'", "x; id", "'/a'; id; '", "/a' --unset 'b"])
  func others(path: String) {
    #expect(error("fatal: no\n\tgit config --global --add safe.directory \(path)\n").hint == nil)
    #expect(error("remote: \tgit config --global --add safe.directory /a\nfatal: no\n").hint == nil)
  }
}
