import Testing
import WeaveModel

@Suite("An error about a long name or key of somebody's") struct LongNameErrorTests {
  private static let long = String(repeating: "y", count: 5_000)
  private static let head = "constellation: c\nprojects: {a: {}}\n"
  private static let name = "constellation: c\n"

  @Test(
    "quotes the beginning of it, and says what is wrong",
    arguments: [
      (
        name + "projects:\n  a: {}\n  ? LONG\n  : {}\n",
        "' is not a valid project name: it has 5000 characters, of at most 64"
      ),
      ("? LONG\n: 1\n", "'; it takes"),
      ("? LONG\n: 1\n? LONG\n: 2\n", "' is given twice"),
      (name + "projects: {a: {\n? LONG\n: 1}}\n", "'; it takes"),
      (head + "priority: [LONG]\n", "' under 'projects'"),
      (name + "projects: {a: {track: 'LONG..'}}\n", "' cannot be the name of a branch or tag"),
      (name + "projects: {a: {free: LONG}}\n", "'"),
      (
        head + "machines: {m: {pins: {a: 'LONG..'}}}\n",
        "' is neither 40 hexadecimal digits nor the name of a tag"
      ),
      (
        head + "machines: {m: {address: LONG}}\n",
        "' is no address of a machine: it has 5000 bytes, of at most 255"
      ),
      (head + "machines: {m: {has: {cpu: LONG}}}\n", "' is not an amount"),
      (head + "machines: {m: {holds: [{project: a, at: v1, because: x, until: LONG}]}}\n", "' is no date"),
      (
        head + "roles: {r: {needs: {? LONG\n: 2}}}\nmachines: {m: {has: {? LONG\n: 1}, roles: [r]}}\n",
        " of y"
      ),
    ])
  func quoted(text: String, rest: String) throws {
    do {
      _ = try Constellation(parsing: text.replacing("LONG", with: Self.long), file: "f")
      Issue.record("it was read")
    } catch {
      #expect(error.description.utf8.count < 1_500, "\(error.description.prefix(300))")
      #expect(error.description.contains("y…"), "\(error)")
      #expect(error.description.contains(rest), "\(error)")
    }
  }

  @Test("a name of 64 bytes and one more is quoted whole")
  func whole() {
    let name = String(repeating: "y", count: 65)
    let error = #expect(throws: NameError.self) { try ProjectName(name) }
    #expect(
      error?.description == "'\(name)' is not a valid project name: it has 65 characters, of at most 64")
  }

  @Test("however long a message about a file, at most 1,000 bytes of it are told")
  func message() {
    let error = ConstellationError(file: "f", line: 1, column: 1, message: Self.long)
    #expect(
      error.message.utf8.count == 1_000
        && error.message.utf8.elementsEqual((Self.long.prefix(997) + "…").utf8))
  }
}
