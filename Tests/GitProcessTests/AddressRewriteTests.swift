import ForeignText
import GitProcess
import TestSupport
import Testing

@Suite("An address by the user's `insteadOf`") struct AddressRewriteTests {
  private static let settings = """
    [url "/mirror/"]
    \tinsteadOf = https://h/
    \tinsteadOf = forge:
    [url "/second/"]
    \tinsteadOf = https://h/
    \tinsteadOf = https://h/a/b
    [url "ssh://git@h/"]
    \tpushInsteadOf = https://h/a/b/c
    [url "/É/"]
    \tinsteadOf = https://e\u{301}/
    [url "/chain/"]
    \tinsteadOf = /mirror/
    """

  @Test(arguments: [
    "https://h/x", "https://h/a/b/c", "https://h", "forge:x", "FORGE:x", "/mirror/x", "https://e\u{301}/x",
    "https://\u{e9}/x", "https://g/x", "https://h/\u{301}x",
  ])
  func `is what Git itself says`(address: String) async throws {
    var fixture = try Fixture()
    try fixture.configureUser(Self.settings)
    try fixture.store.git("config", "url./store/.insteadOf", "https://g/")
    let rewrites = try await fixture.git.addressRewrites(gitDirectory: fixture.store.path)
    let said = try await fixture.git.actualURL(of: RepositoryURL(address), gitDirectory: fixture.store.path)
    #expect(
      rewrites.actual(address).utf8.elementsEqual(said.text.utf8), "\(rewrites.actual(address)) \(said)")
  }

  @Test func `is itself where there is none`() async throws {
    let fixture = try Fixture()
    #expect(try await fixture.git.addressRewrites(gitDirectory: fixture.store.path).isEmpty)
  }
}
