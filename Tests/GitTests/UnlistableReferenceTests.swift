import Git
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite("A file that may not be read")
struct DeniedCodeTests {
  @Test("is not taken for an object that somebody wrote malformed")
  func codes() { #expect(GitError.Code.denied != .malformed) }
}

@Suite("A listing of references has all, or is an error")
struct UnlistableReferenceTests {
  @Test("where one of their directories is a file that no reference can be")
  func notADirectory() throws {
    let directory = try TemporaryDirectory()
    let repository = try TestRepository.create(at: directory.appending("r"), bare: true)
    let tree = try repository.git("mktree")
    let commit = try repository.git("commit-tree", "-m", "x", tree)
    try repository.git("update-ref", "refs/weave/public/ledger/ann", commit)
    try repository.git("update-ref", "refs/weave/public/ledger/bob", commit)
    let opened = try Repository.open(at: repository.path)
    #expect(try opened.references(matching: "refs/weave/*").count == 2)
    // A loop of links can neither be opened nor read, whoever asks.
    #expect(unlink(repository.path + "/refs/weave/public/ledger/bob") == 0)
    #expect(symlink("bob", repository.path + "/refs/weave/public/ledger/bob") == 0)
    #expect(throws: GitError.self) { try opened.references(matching: "refs/weave/*") }
  }
}
