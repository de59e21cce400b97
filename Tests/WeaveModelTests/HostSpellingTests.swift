import Testing
import WeaveModel

@Suite("A host in another spelling is the same repository's")
struct HostSpellingTests {
  @Test(
    "with a port that is usual, empty or begins with zeros, in brackets, encoded, and from home",
    arguments: [
      ("ssh://[::1]/srv/a.git", "ssh://[::1]:22/srv/a.git"), ("https://[::1]/a", "https://[::1]:443/a"),
      ("ssh://git@host.example/srv/a.git", "git@[host.example:22]:/srv/a.git"),
      ("ssh://git@host.example/srv/a.git", "[git@host.example]:/srv/a.git"),
      ("git@host.example:srv/a.git", "ssh://git@host.example:022/~/srv/a.git"),
      ("ssh://git@host.example/srv/a.git", "ssh://git@host%2Eexample:/srv/a.git"),
      ("ssh://git@[::1]/a", "git@[::1]:/a"), ("ssh://git@host.example:2222/a", "git@[host.example:2222]:/a"),
    ])
  func same(one: String, other: String) { #expect(RepositoryAddress(one) == RepositoryAddress(other)) }

  @Test(
    "another port or address is another",
    arguments: [
      ("ssh://[::1:2222]/a", "ssh://[::1]:2222/a"), ("ssh://h/a", "ssh://h:2222/a"),
      ("https://h/a", "https://h:8443/a"),
      ("ssh://[::1]/a", "ssh://[::2]/a"),
    ])
  func different(one: String, other: String) { #expect(RepositoryAddress(one) != RepositoryAddress(other)) }
}
