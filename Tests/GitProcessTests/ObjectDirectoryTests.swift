import GitProcess
import TestSupport
import Testing

@Suite("Directories of objects, as Git is told of them") struct ObjectDirectoryTests {
  @Test(
    "are divided by colons, as they are or in quotes",
    arguments: [
      ("", []), ("/a", ["/a"]), ("/a:/b c", ["/a", "/b c"]), ("\"/a:b\":/c", ["/a:b", "/c"]),
      ("\"/\\\"\\\\\\n\\303\\251\"", ["/\"\\\n\u{e9}"]), (":/a:", ["/a"]), ("\"/a", ["\"/a"]),
      ("\"/a\\x\"", ["\"/a\\x\""]), ("/a\"b\"", ["/a\"b\""]),
    ])
  func reading(variable: String, paths: [String]) {
    #expect(ObjectDirectories(variable: variable).paths == paths)
  }

  @Test(
    "are read by the Git that is run, whatever their names are",
    arguments: ["plain", "a:b", "a\"b", "a\\b c", "a\nb"])
  func git(name: String) async throws {
    let fixture = try Fixture()
    let source = try TestRepository.create(at: fixture.directory.appending(name))
    let commit = try source.commit("one")
    let git = fixture.git.reading(ObjectDirectories(["/nonexistent", source.path + "/.git/objects"]))
    let place = GitPlace.repository(fixture.store.path)
    #expect(try await git.run(["cat-file", "-t", commit], at: place).text == "commit")
    #expect(try await !fixture.git.run(["cat-file", "-t", commit], at: place).succeeded)
  }
}
