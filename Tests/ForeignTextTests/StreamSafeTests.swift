import ForeignText
import TestSupport
import Testing

@Suite("Text of others with combining marks") struct StreamSafeTests {
  private static func marks(_ count: Int) -> String { String(repeating: "\u{301}", count: count) }

  @Test("is as it was written up to 30 marks in a row, and has U+FFFD for each more")
  func limit() {
    let (few, many) = ("e" + Self.marks(30) + "x", "e" + Self.marks(33) + "x")
    #expect(String(foreign: few.utf8).utf8.elementsEqual(few.utf8))
    #expect(
      String(foreign: many.utf8).unicodeScalars.elementsEqual(
        ("e" + Self.marks(30) + "\u{fffd}\u{fffd}\u{fffd}x").unicodeScalars))
  }

  @Test("has U+FFFD for what is not UTF-8, as everywhere")
  func malformed() { #expect(String(foreign: [0x61, 0xff, 0x62]) == "a\u{fffd}b") }

  @Test("is hashed and compared in a time that grows with its length")
  func time() {
    let text = "a" + String(repeating: "\u{301}\u{316}", count: 200_000)
    let seconds = cpuSeconds {
      let (one, other) = (String(foreign: text.utf8), String(foreign: "b\(text)".utf8))
      #expect(one != other)
      #expect(Set([one, other]).count == 2)
    }
    #expect(seconds < 20)
  }

  @Test(
    "is refused by readers of YAML and JSON where more than 30 are in a row, escaped ones too",
    arguments: [
      marks(31), String(repeating: #"\u0301"#, count: 31), String(repeating: #"\U00000301"#, count: 31),
      marks(15) + String(repeating: #"\u0316"#, count: 16),
      String(repeating: #"\ud834\udd65"#, count: 31),
      String(repeating: #"\u0301"#, count: 16) + "\\\n  " + String(repeating: #"\u0301"#, count: 15),
      String(repeating: #"\u0301"#, count: 16) + "\\\u{85}" + marks(15), marks(16) + "\\\u{2028} \t" + marks(15),
      marks(16) + "\\\u{2029}" + marks(15), marks(16) + "\\\r\n" + marks(15),
    ])
  func refused(text: String) {
    #expect("a\(text)".reasonAgainstMarks == "it has more than 30 combining marks in a row")
  }

  @Test(
    "is read where there are fewer, or what is escaped does not combine",
    arguments: [
      marks(30), String(repeating: #"\u4e2d"#, count: 100), String(repeating: #"\ud83d\ude00"#, count: 20),
      String(repeating: marks(20) + "x", count: 10), #"\u03"#, #"\"#, String(repeating: #"\n"#, count: 50),
    ])
  func accepted(text: String) { #expect("a\(text)".reasonAgainstMarks == nil) }
}
