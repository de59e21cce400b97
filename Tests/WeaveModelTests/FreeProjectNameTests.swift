import TestSupport
import Testing
import WeaveModel

@Suite("Names for projects of others")
struct FreeProjectNameTests {
  private func names(_ paths: [String], besides taken: [String] = []) throws -> [String?] {
    var names = try FreeProjectNames(besides: Set(taken.map { try ProjectName($0) }))
    return paths.map { names.take(for: $0)?.text }
  }

  @Test("are the last part of a path, then with the part before it, then with a number")
  func order() throws {
    #expect(
      try names(["x/Lib.git", "y/lib", "y/lib", "z/lib", "lib"])
        == ["lib", "y-lib", "lib-2", "z-lib", "lib-3"])
    #expect(try names(["a/lib", "lib"], besides: ["lib", "a-lib", "lib-2"]) == ["lib-3", "lib-4"])
  }

  @Test("end at the number 99, and what has no letter has none")
  func end() throws {
    let found = try names(Array(repeating: "lib", count: 101))
    #expect(found.compactMap { $0 }.count == 99 && found[98] == "lib-99" && found[99] == nil)
    #expect(try names(["..", "", "/", "é"]) == [nil, nil, nil, nil])
  }

  @Test("of 20,000 that are called the same take no time for each number that is taken")
  func many() throws {
    let paths = (0..<20_000).map { "\($0 % 7)/x" }
    #expect(cpuSeconds { _ = try? names(paths) } < 5)
  }
}
