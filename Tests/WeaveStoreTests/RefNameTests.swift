import Testing

@testable import WeaveStore

@Suite("A name as a component of a ref") struct RefNameTests {
  @Test(
    "plain bytes and inner single dots stand as they are; every other byte is %XX",
    arguments: [
      ("toto.canon", "toto.canon"), ("web-01_a", "web-01_a"), ("Toto", "%54oto"), ("a/b", "a%2Fb"),
      ("a..b", "a%2E%2Eb"),
      (".a", "%2Ea"), ("a.", "a%2E"), ("é", "%C3%A9"), ("x.lock", "x%2Elock"), ("a b", "a%20b"), ("%", "%25"),
      ("dashy@toto.canon", "dashy%40toto.canon"),
    ])
  func encoding(text: String, component: String) {
    #expect(RefComponent.encode(text) == component)
    #expect(RefComponent.decode(component) == text)
  }

  @Test(
    "what encodes no text, or is not how weave encodes one, is not decoded",
    arguments: [
      "A", "%2e", "%2", "%", "a..b", ".a", "%41%", "é", "%FF",
      String(repeating: "a", count: 159) + "%98" + String(repeating: "f", count: 38), "x.lock",
      String(repeating: "a", count: 201),
    ])
  func undecodable(component: String) { #expect(RefComponent.decode(component) == nil) }

  @Test("is told from other components, also where it is cut, and in the middle of a byte")
  func encoded() {
    for text in [
      "toto.canon", "a b", String(repeating: "a", count: 300), "a" + String(repeating: "é", count: 90),
    ] {
      #expect(RefComponent.isEncoded(RefComponent.encode(text)))
    }
    let cut = RefComponent.encode(String(repeating: "a", count: 300))
    for other in ["A", "%2e", "é", ".a", "x.lock", cut + "0", "G" + cut.dropFirst(), "é" + cut.dropFirst(2)] {
      #expect(!RefComponent.isEncoded(other), "\(other)")
    }
  }

  @Test("a long name keeps a prefix and the id of its blob, and names that differ at the end differ")
  func long() {
    let name = String(repeating: "a", count: 300)
    let component = RefComponent.encode(name)
    #expect(component.utf8.count == 200)
    // printf %s aaa… | git hash-object --stdin
    #expect(component.hasPrefix(String(repeating: "a", count: 159) + "%"))
    #expect(component != RefComponent.encode(name + "b"))
    #expect(RefComponent.decode(component) == nil)
  }
}
