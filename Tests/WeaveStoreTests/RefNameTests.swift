import Testing
import WeaveStore

@Suite("A name as a component of a ref") struct RefNameTests {
  @Test(
    "plain bytes and inner single dots stand as they are; every other byte is %XX",
    arguments: [
      ("toto.canon", "toto.canon"), ("web-01_a", "web-01_a"), ("Toto", "%54oto"), ("a/b", "a%2Fb"),
      ("a..b", "a%2E%2Eb"),
      (".a", "%2Ea"), ("a.", "a%2E"), ("é", "%C3%A9"), ("x.lock", "x%2Elock"), ("a b", "a%20b"), ("%", "%25"),
      ("dashy@toto.canon", "dashy%40toto.canon"),
    ])
  func encoding(text: String, component: String) { #expect(RefComponent.encode(text) == component) }

  @Test("a long name keeps a prefix and the id of its blob, and names that differ at the end differ")
  func long() {
    let name = String(repeating: "a", count: 300)
    let component = RefComponent.encode(name)
    #expect(component.utf8.count == 200)
    // printf %s aaa… | git hash-object --stdin
    #expect(component.hasPrefix(String(repeating: "a", count: 159) + "%"))
    #expect(component != RefComponent.encode(name + "b"))
  }
}
