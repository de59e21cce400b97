import Testing
import WeaveModel

@Suite("The name of a project or a writer")
struct NameTests {
  @Test(arguments: [
    "a", "0", "laurelin", "joe-3f9a12c4", "a.b", "a_b-c.d", "0x", "lock", "a.locks", "console", "com0",
    "com10", "a.con",
    String(repeating: "x", count: 64),
  ])
  func `is accepted`(text: String) throws {
    #expect(try ProjectName(text).text == text)
    #expect(try WriterName(text).description == text)
  }

  @Test(arguments: [
    ("", "it is empty"), ("..", "it must begin with a lower-case letter or a digit"),
    ("a..b", "it contains '..'"),
    ("a b", "only lower-case letters, digits, '.', '_' and '-' are allowed"),
    ("a@b", "only lower-case letters, digits, '.', '_' and '-' are allowed"),
    ("a/b", "only lower-case letters, digits, '.', '_' and '-' are allowed"),
    ("aé", "only lower-case letters, digits, '.', '_' and '-' are allowed"),
    ("a\n", "only lower-case letters, digits, '.', '_' and '-' are allowed"),
    ("a\u{0}", "only lower-case letters, digits, '.', '_' and '-' are allowed"),
    ("a\u{202E}b", "only lower-case letters, digits, '.', '_' and '-' are allowed"),
    (String(repeating: "x", count: 65), "it has 65 characters, of at most 64"),
    (String(repeating: "x", count: 300), "it has 300 characters, of at most 64"),
    ("🦄", "it must begin with a lower-case letter or a digit"),
    ("con", "it is a Windows device name"), ("nul.txt", "it is a Windows device name"),
    ("com1", "it is a Windows device name"), ("x.lock", "it ends in '.lock', which Git keeps for itself"),
    ("x.", "it ends in '.'"), ("-x", "it must begin with a lower-case letter or a digit"),
    (".x", "it must begin with a lower-case letter or a digit"),
    ("$(id)", "it must begin with a lower-case letter or a digit"),
    ("Joe", "it must begin with a lower-case letter or a digit"),
    ("jOE", "only lower-case letters, digits, '.', '_' and '-' are allowed"),
  ])
  func `is refused, with the reason`(text: String, reason: String) {
    #expect { try ProjectName(text) } throws: { ($0 as? NameError)?.reason == reason }
    #expect { try WriterName(text) } throws: { ($0 as? NameError)?.reason == reason }
  }

  @Test func `says in its error what it was meant for`() {
    #expect { try WriterName("Joe") } throws: {
      "\($0)" == "'Joe' is not a valid writer name: it must begin with a lower-case letter or a digit"
    }
  }

  @Test func `sorts by its bytes`() throws {
    let names = try ["b", "a.b", "a-b", "a_b", "a", "0"].map { text in try ProjectName(text) }
    #expect(names.sorted().map(\.text) == ["0", "a", "a-b", "a.b", "a_b", "b"])
  }
}
