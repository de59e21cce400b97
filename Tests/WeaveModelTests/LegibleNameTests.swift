import Testing

@testable import WeaveModel

/// Characters that nobody sees, or that a program that shows them obeys.
private let unseen = [
  "\0", "\t", "\n", "\u{7F}", "\u{85}", "\u{A0}", "\u{AD}", "\u{34F}", "\u{600}", "\u{61C}", "\u{115F}",
  "\u{1160}",
  "\u{1680}", "\u{17B4}", "\u{180B}", "\u{180E}", "\u{2003}", "\u{200B}", "\u{200D}", "\u{200F}", "\u{2028}",
  "\u{2029}", "\u{202E}", "\u{2060}", "\u{2066}", "\u{2800}", "\u{3000}", "\u{3164}", "\u{E000}", "\u{FE0F}",
  "\u{FEFF}", "\u{FFA0}", "\u{FFFC}", "\u{FFFE}", "\u{110BD}", "\u{13441}", "\u{1D159}", "\u{E0041}",
  "\u{E0100}",
  "\u{F0000}", "\u{378}",
]

@Suite("Names that people choose")
struct LegibleNameTests {
  @Test(
    "letters, digits, signs and marks of any script are a name",
    arguments: [
      "toto", "Web 1", "a/b", "canon'", "日本", "Jé", "Je\u{301}", "é-1", "ا", "\u{D4E}\u{D15}", "1\u{20E3}",
      "🌈", "$(id)",
      "x\u{D4E}'", ".git", "a-", "_",
    ])
  func good(name: String) {
    #expect(LegibleName.reason(against: name) == nil)
  }

  @Test("a character that nobody sees is in no name of any kind, wherever it stands", arguments: unseen)
  func invisible(character: String) {
    for name in ["a\(character)b", "\(character)a", "a\(character)", character, "\u{D4E}\(character)a"] {
      #expect(LegibleName.reason(against: name) != nil)
      #expect(MachineName.reason(against: name) != nil)
      #expect(ConstellationName.reason(against: name) != nil)
    }
  }

  @Test(
    "a name that begins with '-' is none, whatever mark is on it",
    arguments: ["-", "-rf", "-\u{301}x", "-\u{20E3}"])
  func option(name: String) {
    #expect(LegibleName.reason(against: name)?.utf8.starts(with: "it begins with '-'".utf8) == true)
    #expect(MachineName.reason(against: name) != nil)
  }

  @Test(
    "a mark stands on a letter or a digit, and else in no name",
    arguments: [
      "\u{301}a", "\u{20E3}", "\u{93E}", "a.\u{301}", "a@\u{301}b", "a-\u{20E3}", "a \u{301}", "a'\u{301}",
      "\u{FF9E}",
    ])
  func strayMark(name: String) {
    #expect(LegibleName.reason(against: name)?.utf8.starts(with: "it contains U+".utf8) == true)
  }

  @Test(
    "nothing, too much, and spaces at a side are no name",
    arguments: ["", " ", " a", "a ", String(repeating: "é", count: 101)])
  func size(name: String) {
    #expect(LegibleName.reason(against: name) != nil)
  }

  @Test(
    "what -c takes for a file names no constellation",
    arguments: [
      "a/b", "/", "./canon", "canon.yaml", "canon.YML", "canon.json", "/\u{301}", "a\u{D4E}/b", "-",
    ])
  func file(name: String) {
    #expect(ConstellationName.reason(against: name) != nil)
  }

  @Test(
    "a constellation's name may hold spaces and signs",
    arguments: ["Emerald City", "canon.yaml2", "canonP';id", "yaml"])
  func constellation(name: String) {
    #expect(ConstellationName.reason(against: name) == nil)
  }
}

@Suite("Names of machines")
struct MachineNameTests {
  @Test(
    "what can name a file, and is one word, names a machine",
    arguments: [
      "toto.canon", "dashy@toto.canon", "Jé", "web_1", "git", ".gitx", ".github", "git~2", "日本", "x;y",
      "a..b",
    ])
  func good(name: String) {
    #expect(MachineName.reason(against: name) == nil)
  }

  @Test(
    "a path, a space, and an option after an @ name no machine",
    arguments: [
      "", "a/b", "/", "a b", ".", "..", "...", "a@-oProxyCommand=x", "a@-\u{301}", "a/\u{301}", "a\u{D4E}/b",
    ])
  func bad(name: String) {
    #expect(MachineName.reason(against: name) != nil)
  }

  @Test(
    ".git as Git, NTFS or HFS+ spell it names no machine",
    arguments: [
      ".git", ".GIT", ".Git", "git~1", "GIT~1", ".git.", ".git...", ".git::$INDEX_ALLOCATION", ".git:x",
      ".git\\x",
      "git~1.", "git~1:x", ".g\u{200C}it", "\u{FEFF}.git", ".git\u{200D}", ".g\u{FE0F}it",
    ])
  func gitDirectory(name: String) {
    #expect(MachineName.reason(against: name) != nil)
  }
}
