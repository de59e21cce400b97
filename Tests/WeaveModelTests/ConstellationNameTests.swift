import Testing
import WeaveModel

@Suite("Names and addresses in a constellation")
struct ConstellationNameTests {
  /// What reading a file with that name in that place says; nil where it is read.
  private func complaint(_ place: String, _ name: String) -> String? {
    let name = #""\#(name)""#
    func at(_ wanted: String, _ usual: String) -> String { place == wanted ? name : usual }
    let text = """
      constellation: \(at("constellation", "c"))
      projects: { p: {} }
      roles: { \(at("role", "r")): { projects: [p] } }
      machines:
        \(at("machine", "m")):
          roles: [\(at("role", "r"))]
          aliases: [\(at("alias", "k"))]
          address: \(at("address", "10.0.0.7"))
          vms: { \(at("guest", "g")): {} }
      """
    do throws(ConstellationError) { _ = try Constellation(parsing: text, file: "f") } catch {
      return "\(error)"
    }
    return nil
  }

  @Test(
    "is refused at its place in the file where a rule is broken",
    arguments: [
      ("constellation", "-x", "f:1:16:"), ("constellation", "a/b", "f:1:16:"),
      ("constellation", "c\\u3164", "f:1:16:"),
      ("role", "-x", "f:3:10:"), ("role", "\\u0301", "f:3:10:"), ("role", "r\\u200d", "f:3:10:"),
      ("machine", "-rf", "f:5:3:"), ("machine", "toto\\u115f", "f:5:3:"), ("machine", ".GIT", "f:5:3:"),
      ("machine", "-[01:02]", "f:5:3:"), ("alias", "-x", "f:7:15:"), ("alias", "a b", "f:7:15:"),
      ("address", "-oProxyCommand=touch pwned", "f:8:14:"), ("address", "root@\\u0301x", "f:8:14:"),
      ("address", "{{ lookup('pipe','id') }}", "f:8:14:"), ("address", "", "f:8:14:"),
      ("guest", "-x", "f:9:12:"),
    ])
  func refused(place: String, name: String, prefix: String) throws {
    let error = try #require(complaint(place, name))
    #expect(error.hasPrefix(prefix), "\(error)")
  }

  @Test("a name in any script is taken", arguments: ["constellation", "role", "machine", "alias", "guest"])
  func taken(place: String) {
    for name in ["日本", "Jé", "\u{D4E}\u{D15}", "web_1.example"] { #expect(complaint(place, name) == nil) }
  }

  @Test("two spellings of one name, composed and decomposed, are told of as that")
  func spellings() {
    let text = """
      constellation: c
      projects: {}
      machines:
        h: { vms: { "J\u{E9}": {} } }
        "Je\u{301}@h": {}
      """
    #expect(
      throws: ConstellationError(
        file: "f", line: 5, column: 3,
        message:
          "the machine 'Je\u{301}@h' is already named on line 4, in another spelling of the same characters")
    ) { try Constellation(parsing: text, file: "f") }
  }
}
