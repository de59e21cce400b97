import Testing
import WeaveModel

@Suite struct RepositoryAddressTests {
  @Test(arguments: [
    "https://github.com/Arda/Narya.git", "https://github.com/arda/narya", "git@github.com:Arda/Narya",
    "ssh://git@github.com/Arda/Narya/", "ssh://git@github.com:22/Arda/Narya.git/", "github:Arda/Narya",
    "github:arda/narya/main?dir=x", "git+https://user:secret@GitHub.com//Arda/Narya?ref=main",
    "git://github.com/arda/narya",
    "http://github.com:80/Arda/Nary%61", "https://github.com./arda/x/../narya/.git",
  ])
  func `spellings of one repository are one address`(source: String) {
    #expect(RepositoryAddress(source).text == "github.com/arda/narya")
  }

  @Test(arguments: [
    "/srv/git/narya.git", "file:///srv/git/narya", "file://localhost/srv/git/narya/",
    "/srv/./git//x/../narya/.git",
    "../git/narya", "./../git/narya.git/", "git+file:///srv/git/narya?ref=main",
  ])
  func `paths are taken from the folder they are written in`(source: String) {
    #expect(RepositoryAddress(source, from: "/srv/arda").text == "/srv/git/narya")
  }

  @Test(arguments: [
    ("https://example.com/A/B", "https://example.com/a/b"),
    ("https://example.com:8443/a", "https://example.com/a"),
    ("/a/b", "https://a/b"), ("https://example.com/a/b", "https://example.org/a/b"),
    ("sourcehut:~a/b", "github:a/b"),
    // Of which nothing is shown but the scheme.
    ("https://u:p/w@host/a", "https://u:p/w@host/b"),
  ])
  func `repositories that may differ have different addresses`(one: String, other: String) {
    #expect(RepositoryAddress(one) != RepositoryAddress(other))
  }

  @Test func `a path is told from an address on a host`() {
    #expect(RepositoryAddress.localPath("file:///a%20b") == "/a b")
    #expect(RepositoryAddress.localPath("./a:b") == "./a:b")
    #expect(RepositoryAddress.localPath("host:a") == nil)
    #expect(RepositoryAddress.localPath("https://host/a") == nil)
    #expect(RepositoryAddress.isLocal("x/y://../lib"))
    #expect(RepositoryAddress.isLocal("git+x/y://host/lib"))
  }

  @Test(arguments: [
    "https://host/a/../b", "https://host/a/%2e%2E/b", "https://host/%ff/%2e./b", "ssh://git@host/..",
    "host:../x",
    "git@host:..", "[::1]:../x", "file:///a/../b", "https://host/a/..?b", "https://host/a/../\u{301}b",
    "https://host/a\u{301}/../b", "https://host/a%2f..%2fb",
  ])
  func `an address that has two dots as a part of its path climbs`(source: String) {
    #expect(RepositoryAddress.climbs(source))
  }

  @Test(arguments: [
    "https://host/a..b", "https://host/...", "host:a..", "https://host/a/..\u{301}/b", "https://host/.",
    "git@host:x",
  ])
  func `an address with dots that are no part of their own does not climb`(source: String) {
    #expect(!RepositoryAddress.climbs(source))
  }
}
