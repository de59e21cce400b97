import Testing
import WeaveModel

@Suite("Look-alikes")
struct LookAlikesTests {
  @Test(
    "have one skeleton",
    arguments: [
      ("toto", "t\u{43E}to"), ("toto", "TOTO"), ("toto", "t0t0"), ("web-1", "web-l"), ("web-1", "web-I"),
      ("web", "ｗｅｂ"),
      ("modem", "modern"), ("web", "vveb"), ("canon", "\u{441}\u{430}non"),
      ("a-b", "a\u{2010}b"), ("a-b", "a\u{2212}b"), ("J\u{E9}", "Je\u{301}"), ("web-01", "web-\u{FF10}1"),
    ])
  func alike(name: String, other: String) {
    #expect(LookAlikes.skeleton(name) == LookAlikes.skeleton(other))
  }

  @Test(
    "are not names that a reader tells apart",
    arguments: [("toto", "tata"), ("web-1", "web-2"), ("a-b", "a_b"), ("日", "目"), ("Je", "J\u{E9}")])
  func different(name: String, other: String) {
    #expect(LookAlikes.skeleton(name) != LookAlikes.skeleton(other))
  }

  @Test(
    "differ by the code points between what is the same",
    arguments: [
      ("t\u{43E}to", "toto", "U+043E for U+006F"), ("Je\u{301}", "J\u{E9}", "U+0065 U+0301 for U+00E9"),
      ("ab", "a", "U+0062 for nothing"),
      ("abcdefghi", "x", "U+0061 U+0062 U+0063 U+0064 U+0065 U+0066 … for U+0078"),
    ])
  func difference(name: String, other: String, difference: String) {
    #expect(LookAlikes.difference(name, from: other) == difference)
  }
}
