import TestSupport
import Testing
import WeaveModel

/// Constellations of a few hundred kilobytes whose parts multiply.
@Suite("A constellation whose machines, roles and projects multiply", .timeLimit(.minutes(30)))
struct ConstellationSizeTests {
  private static func numbered(_ count: Int, _ text: (Int) -> String) -> String {
    (0..<count).map(text).joined(separator: ", ")
  }

  private static func constellation(_ body: String) -> String {
    "constellation: c\nprojects: {p: {}}\n" + body
  }

  private static let refused: [String: (text: String, words: String)] = [
    "claims on many containers": (
      constellation(
        "roles: {r: {projects: [p], claims: [\(numbered(20_000) { "c/\($0)" })]}}\n"
          + "machines: {h: {containers: {'g[1:9999]': {roles: [r]}}}}\n"), "4,000,000 values"
    ),
    "roles on many machines": (
      constellation(
        "roles: {\(numbered(20_000) { "r\($0): {}" })}\n"
          + "machines: {'m[1:5000]': {roles: [\(numbered(20_000) { "r\($0)" })]}}\n"), "4,000,000 values"
    ),
    "projects of a role on many machines": (
      "constellation: c\nprojects: {\(numbered(1_000) { "p\($0): {}" })}\n"
        + "roles: {r: {projects: [\(numbered(1_000) { "p\($0)" })]}}\n"
        + "machines: {\(numbered(20_000) { "m\($0): {roles: [r]}" })}\n", "4,000,000 values"
    ),
    "what is said of a guest on many hosts": (
      constellation("machines: {'m[1:5000]': {vms: {g: {data: [\(numbered(20_000) { "\($0)" })]}}}}\n"),
      "4,000,000 values"
    ),
    "needs of guests of guests": (
      constellation(
        "roles: {r: {needs: {\(numbered(20_000) { "n\($0): 1" })}}}\nmachines: {h: {has: {n0: 1T}, "
          + "vms: {'g[1:400]': {roles: [r]}}}}\n"), "4,000,000 values"
    ),
    "pairs of projects": (
      "constellation: c\nprojects: {\(numbered(8_000) { "p\($0): {}" })}\n"
        + "roles: {r: {projects: [\(numbered(8_000) { "p\($0)" })]}}\nmachines: {m: {roles: [r]}}\n",
      "4,000,000 pairs"
    ),
    "pairs of projects in a closure": (
      "constellation: c\nprojects: {\(numbered(4_000) { "p\($0): {}" })}\n"
        + "roles: {\(numbered(4_000) { "r\($0): {projects: [p\($0)]}" })}\nmachines: {m: {containers: {"
        + numbered(4_000) { "g\($0): {with-host: true, roles: [r\($0)]}" } + "}}}\n", "4,000,000 pairs"
    ),
    "pairs of projects that pins part": (
      "constellation: c\nprojects: {\(numbered(1_000) { "p\($0): {}" })}\n"
        + "roles: {r: {projects: [\(numbered(1_000) { "p\($0)" })]}}\n"
        + "machines: {\(numbered(20) { "m\($0): {roles: [r], pins: {p0: v\($0)}}" })}\n", "4,000,000 pairs"
    ),
    "long names of a range": (
      constellation(
        "machines: {'\(String(repeating: "ü", count: 90))[1:50000]': {roles: [r]}}\nroles: {r: {projects: [p]}}\n"
      ),
      "names of the machines come to more than 8 MiB"
    ),
    "long names of guests on the hosts of a range": (
      constellation(
        "roles: {r: {projects: [p]}}\nmachines: {'\(String(repeating: "h", count: 90))[1:9999]': {vms: {"
          + "\(String(repeating: "g", count: 90)): {vms: {\(numbered(8) { "n\($0): {roles: [r]}" })}}}}}\n"),
      "names of the machines come to more than 8 MiB"
    ),
    "a role that is not there": (
      constellation(
        "roles: {\(numbered(4_000) { "r\(String(repeating: "x", count: 190))\($0): {}" })}\n"
          + "machines: {m: {roles: [q\(String(repeating: "x", count: 190))]}}\n"), "there is no role"
    ),
    "braces in a probe": (
      constellation("probe: {ssh: '\(String(repeating: "{", count: 500_000))}', run: ''}\n"), "expected text"
    ),
    "a long key by alias": (
      "a: &a \(String(repeating: "a", count: 500_000))\nb: [\(numbered(20_000) { _ in "{*a : x}" })]\n",
      "has more than 16 MiB of text"
    ),
    "a long text by alias": (
      "a: &a \(String(repeating: "a", count: 500_000))\nb: [\(numbered(20_000) { _ in "*a" })]\n",
      "16 MiB of text"
    ),
  ]

  @Test("is refused in seconds, and the error says what is too much", arguments: refused.keys.sorted())
  func refusal(name: String) throws {
    let (text, words) = try #require(Self.refused[name])
    var message = ""
    let time = cpuSeconds {
      do { _ = try Constellation(parsing: text, file: "f") } catch { message = "\(error)" }
    }
    #expect(message.contains(words))
    // Of a debug build; what grows as a square takes minutes.
    #expect(time < 20)
    #expect(message.utf8.count < 2_000)
  }

  @Test("is read with ten thousand machines of fifty projects each")
  func large() throws {
    let text =
      "constellation: c\nprojects: {\(Self.numbered(50) { "p\($0): {}" })}\n"
      + "roles: {r: {projects: [\(Self.numbered(50) { "p\($0)" })], claims: [port/1, port/2]}}\n"
      + "machines: {\(Self.numbered(10_000) { "m\($0): {roles: [r]}" })}\n"
    #expect(try Constellation(parsing: text, file: "f").machines.count == 10_000)
  }

  private static let long = String(repeating: "x", count: 200_000)

  @Test(
    "that gives each of many machines the same long text is refused: whoever prints it prints it for each",
    arguments: [
      "data: {k: \(long)}", "data: {\(numbered(3_000) { "k\($0): v" })}",
      "holds: [{project: p, at: v1, because: \(long)}]",
      "has: {memory: \(String(repeating: "0", count: 200_000))8}",
      "has: {\(numbered(3_000) { "r\($0): 1" })}",
    ])
  func lentText(body: String) {
    let error = #expect(throws: ConstellationError.self) {
      try Constellation(
        parsing: "constellation: c\nprojects: {p: {}}\nroles: {r: {projects: [p]}}\n"
          + "machines: {'toto[1:5000]': {roles: [r], \(body)}}\n", file: "c.yaml")
    }
    #expect("\(error.map { "\($0)" } ?? "")".contains("4,000,000 values"))
  }

  @Test("has each of its texts once among its texts, of however many machines it is said")
  func texts() throws {
    var values = 0
    let draft = try ConstellationDraft(
      parsing: "constellation: c\nprojects: {p: {}}\nmachines: {'toto[1:5000]': {holds: "
        + "[{project: p, at: v1, because: \"\\x6c\\x6fops\"}], data: {k: [v, w]}}}\n", file: "c.yaml",
      values: &values)
    #expect(
      draft.texts == [
        "constellation", "c", "projects", "p", "machines", "toto[1:5000]", "holds", "project", "p", "at",
        "v1",
        "because", "loops", "data", "k", "v", "w",
      ])
  }
}
