import Git
import TestSupport
import Testing
import WeaveModel
import WeaveStore

/// A store in a directory of its own, with one project's history in it, made by stock Git.
struct StoreFixture {
  let directory: TemporaryDirectory
  let store: Store
  let source: TestRepository
  static let author = Signature(
    name: "Ann", email: "ann@example.org", seconds: 1_700_000_000, offsetMinutes: 60)

  init() throws {
    Libgit2.fsync = false
    directory = try TemporaryDirectory()
    store = try Store.create(
      in: Repository.createBare(at: directory.path + "/store"),
      id: StoreID(String(repeating: "ab", count: 16)), writer: WriterName("ann-1"), author: Self.author)
    source = try TestRepository.create(at: directory.path + "/source")
  }

  var gitDirectory: String { store.repository.gitDirectory }

  /// Brings the source's branches into the store, as the namespace of `project`.
  func fetch(_ project: String = "telperion") throws {
    try source.git(
      "push", "--quiet", "--force", gitDirectory, "+refs/heads/*:refs/namespaces/\(project)/refs/heads/*",
      "+refs/tags/*:refs/namespaces/\(project)/refs/tags/*")
  }

  func telperion() throws -> ProjectName { try ProjectName("telperion") }

  func member(_ hex: String, _ project: String = "telperion") throws -> Member {
    Member(project: try ProjectName(project), commit: try #require(CommitID(hex: hex)))
  }

  /// Stock Git's verdict on the store; empty when it has nothing to say.
  func fsck() throws -> String {
    try TestRepository(at: gitDirectory).git("fsck", "--strict", "--no-dangling", "--full")
  }
}
