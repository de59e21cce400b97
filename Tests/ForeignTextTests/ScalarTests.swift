import ForeignText
import Testing

@Suite("Text is compared by its bytes")
struct ScalarTests {
  /// A letter that Unicode prepends to the next, and a mark that combines with the one before.
  static let marks = [("\u{0D4E}", ""), ("", "\u{301}"), ("\u{0600}", "\u{20E3}")]

  @Test("a slash is one beside any mark", arguments: marks)
  func slash(before: String, after: String) {
    let text = "a\(before)/\(after)b"
    #expect(text.split(atScalar: "/").map(String.init) == ["a\(before)", "\(after)b"])
    #expect(text.holds("/"))
    #expect(text.cut(at: "/")?.after == "\(after)b"[...])
    #expect("\(before)/".ends(with: "/") && "/\(after)".begins(with: "/"))
    #expect("/\(after)".dropping(prefix: "/") == "\(after)"[...])
    #expect("\(before)/".dropping(suffix: "/") == "\(before)"[...])
    #expect("x\(before)://\(after)y".firstIndex(ofBytes: "://") != nil)
  }

  @Test("lines end with a line feed, and with a carriage return before it")
  func lines() {
    #expect("a\r\nb\n\nc".lines.map(String.init) == ["a", "b", "", "c"])
    #expect("a\n".lines.map(String.init) == ["a"])
    #expect("\u{D4E}\n\u{301}".lines.map(String.init) == ["\u{D4E}", "\u{301}"])
    #expect("".lines.isEmpty)
  }

  @Test("words stand between blanks, and a text is trimmed of these")
  func words() {
    #expect(" a\t\u{301}b \r\n".words.map(String.init) == ["a", "\u{301}b"])
    #expect(" \u{D4E} ".trimmed == "\u{D4E}"[...])
    #expect("  ".trimmed.isEmpty)
  }

  @Test("what is cut off by bytes is never more than there is")
  func bytes() {
    #expect("ab".dropFirst(bytes: 3).isEmpty && "ab".dropLast(bytes: 3).isEmpty)
    #expect("abc".dropFirst(bytes: 1) == "bc" && "abc".dropLast(bytes: 1) == "ab")
    #expect("abc".prefix(bytes: 2) == "ab" && "abc".prefix(bytes: 3) == "abc" && "".prefix(bytes: 0).isEmpty)
    // A scalar is taken whole or not at all, whatever stands on it.
    #expect("a\u{1F600}b".prefix(bytes: 4) == "a" && "a\u{1F600}b".prefix(bytes: 5) == "a\u{1F600}")
    #expect("e\u{301}\u{301}".prefix(bytes: 3).unicodeScalars.count == 2)
    #expect("a--b--".split(atBytes: "--").map(String.init) == ["a", "b", ""])
  }
}
