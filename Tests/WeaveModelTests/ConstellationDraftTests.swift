import Testing
import WeaveModel

@Suite("How many machines a text names, before its ranges are expanded")
struct ConstellationDraftTests {
  private func machines(_ text: String) throws -> Int {
    var values = 0
    return try ConstellationDraft(parsing: text, file: "f", values: &values).machines
  }

  @Test(
    "is what its ranges and guests multiply to",
    arguments: [
      ("constellation: c\n", 0),
      ("machines: {a: {}, b: {}}\n", 2),
      ("machines: {'a[1:99999]': {}}\n", 99_999),
      ("machines: {'a[01:10:3]b[x:z]': {}}\n", 12),
      ("machines: {'a[1:10]': {vms: {b: {}, 'c[1:4]': {containers: {d: {}}}}}}\n", 100),
      ("x: &g {vms: {'v[1:1000]': {}}}\nmachines: {'a[1:1000]': *g, 'b[1:1000]': *g}\n", 2_002_000),
      ("machines: {'a[': {}}\n", 1),
      ("machines: []\n", 0),
    ])
  func count(text: String, machines: Int) throws {
    #expect(try self.machines(text) == machines)
  }

  @Test("is never less than they are")
  func exact() throws {
    let text = "constellation: c\nprojects: {}\nmachines: {'a[1:9]': {}, a3: {}, b: {vms: {'g[1:3]': {}}}}\n"
    #expect(try machines(text) >= Constellation(parsing: text, file: "f").machines.count)
  }

  @Test("overflows nothing, however deep the guests are")
  func deep() throws {
    let text =
      "machines:\n"
      + (0..<40).map {
        "\(String(repeating: " ", count: 2 * $0 + 1))'a[1:99999]':\n"
          + "\(String(repeating: " ", count: 2 * $0 + 2))vms:\n"
      }.joined()
    #expect(try machines(text) > 200_000)
  }
}
