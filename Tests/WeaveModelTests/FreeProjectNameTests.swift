import ForeignText
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

  @Test(
    "are made of the URL without its secrets where what somebody calls the project may hold one",
    arguments: [
      ("d?token=s3cr3t", "https://h.example/x/d?token=s3cr3t", "d"),
      ("d;token=s3cr3t", "https://h.example/x/d;token=s3cr3t", "d"),
      ("d#s3cr3t", "https://h.example/x/d.git#s3cr3t", "d"),
      ("x/d?token=a/b", "https://h.example/x/d?token=a/b", "d"),
      ("d?token=s3cr3t", "joe@h.example:x/d?token=s3cr3t", "d"),
      ("mine", "https://h.example/x/d?token=s3cr3t", "d"),
      ("d-s3cr3t", "https://joe:s3cr3t@h.example/x/d", "d"),
      ("mine", "https://joe:s3cr3t@h.example/x/d", "mine"),
      ("R&D-keys", "https://h.example/x/R&D-keys", "r-d-keys"),
      // Where nothing but the path of a directory is known.
      ("d?token=s3cr3t", "/srv/d?token=s3cr3t", "d"), ("c#", "/srv/c#", "c"),
    ])
  func secret(of project: (called: String, source: String, name: String)) {
    var names = FreeProjectNames()
    #expect(names.take(for: project.called, at: RepositoryURL(project.source))?.text == project.name)
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
