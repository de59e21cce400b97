import Testing
import WeaveModel

@Suite struct TimeSpanTests {
  @Test(arguments: [
    ("0s", 0), ("90s", 90), ("30m", 1_800), ("1h", 3_600), ("2d", 172_800), ("007m", 420),
    ("99999999999s", 99_999_999_999),
  ])
  func `an age is seconds, minutes, hours or days`(text: String, seconds: Int64) {
    #expect(Age.seconds(text) == seconds)
  }

  @Test(arguments: [
    "", "s", "90", "1w", "1.5h", "1 h", "h1", "-1s", "1S", "1s ", "٣d", "1s\u{301}", "100000000000s",
    "9223372036854775807d", "9223372036854775808s",
  ])
  func `what is no age, or as long as 3,000 years, is none`(text: String) {
    #expect(Age.seconds(text) == nil)
  }

  @Test(arguments: [("1s", 1), ("3600s", 3_600), ("2m", 120), ("60m", 3_600), ("1h", 3_600)])
  func `a machine may be given from one second to an hour`(text: String, seconds: Int) {
    #expect(Probe.seconds(text) == seconds)
  }

  @Test(arguments: ["0s", "0h", "3601s", "61m", "2h", "1d", "+1s", "-1s", "10", "9223372036854775807h"])
  func `no other time may be given to a machine`(text: String) {
    #expect(Probe.seconds(text) == nil)
  }
}
