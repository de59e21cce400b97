import Testing
import WeaveModel

@Suite struct ConstellationPartsTests {
  @Test(arguments: [
    ("0", 0), ("12", 12), ("5K", 5_000), ("16GB", 16_000_000_000), ("8GiB", 8 << 30), ("1Ki", 1024),
    ("3MiB", 3 << 20), ("2T", 2_000_000_000_000), ("1P", 1_000_000_000_000_000), ("1TiB", 1 << 40),
    ("9223372036854775807", Int.max),
  ])
  func `an amount is exact in base units`(text: String, value: Int) throws {
    let quantity = try Quantity(text)
    #expect(quantity.value == value && quantity.text == text)
  }

  @Test(arguments: ["", "GiB", "-1", "1.5G", "8 GiB", "8gib", "1m", "9223372036854775808", "8192Pi", "٣"])
  func `what is no exact amount is refused`(text: String) {
    #expect(throws: Quantity.Invalid.self) { try Quantity(text) }
  }

  @Test(arguments: ["v1.0", "release/2026", "deadbeef", "20261201", "a@b"])
  func `a pin that is no commit is a tag`(text: String) {
    #expect(Pin(text) == .tag(text))
  }

  @Test(arguments: [
    "", "@", "a b", "a..b", "a~1", "a^", "x:y", "/a", "a/", "a//b", ".a", "a.lock", "a/.b", "a.", "-a",
    "-\u{301}a", "a\u{200D}", "\u{3164}", "a/\u{301}", "a\u{202E}b",
    "a@{1}",
  ])
  func `what Git takes for no tag is no pin`(text: String) {
    #expect(Pin(text) == nil)
  }

  @Test(
    "a hold is past once its day or its moment is over",
    arguments: [
      ("1970-01-01", 86_400), ("2026-12-01", 1_796_169_600), ("2024-02-29", 1_709_251_200),
      ("2026-12-01T18:00:00Z", 1_796_148_000), ("2026-12-01 18:00", 1_796_148_000),
      ("2026-12-01T18:00:30+0130", 1_796_142_630), ("2026-12-01T18:00-02:00", 1_796_155_200),
    ])
  func past(until: String, end: Int64) throws {
    let hold = Hold(project: try ProjectName("a"), at: try #require(Pin("v1")), because: "why", until: until)
    #expect(!hold.isPast(at: end - 1))
    #expect(hold.isPast(at: end))
  }

  @Test(arguments: [
    ("2026-12-01", true), ("2024-02-29", true), ("2026-12-01T18:00:00Z", true),
    ("2026-12-01T18:00+01:00", true),
    ("2026-02-29", false), ("2026-13-01", false), ("2026-12-01T24:00Z", false), ("tomorrow", false),
    ("2026-1-1", false),
  ])
  func `a hold's end is a date or a moment`(until: String, isValid: Bool) {
    let text = """
      constellation: x
      projects: {a: {}}
      machines: {m: {holds: [{project: a, at: v1, because: why, until: "\(until)"}]}}
      """
    #expect(((try? Constellation(parsing: text, file: "f")) != nil) == isValid)
  }
}
