import ForeignText
import Testing

@Suite struct NearestTests {
  @Test(arguments: [
    ("roels", "roles"), ("role", "roles"), ("Pins", "pins"), ("vm", "vms"), ("hlods", "holds"),
  ])
  func `the nearest word is the one that was meant`(typed: String, meant: String) {
    #expect(Nearest.match(typed, among: ["roles", "pins", "holds", "vms"]) == meant)
  }

  @Test func `no word is near one that is quite different`() {
    #expect(Nearest.match("zebra", among: ["roles", "pins", "x"]) == nil)
  }

  @Test(arguments: [("", "ab", 2), ("ab", "ba", 1), ("kitten", "sitting", 3), ("same", "same", 0)])
  func `a swap of neighbours counts as one edit`(one: String, other: String, distance: Int) {
    #expect(Nearest.distance(one, other) == distance)
  }
}
