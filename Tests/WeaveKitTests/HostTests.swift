import Testing

@testable import WeaveKit

@Suite("The machine that Git asks for a source")
struct HostTests {
  @Test(
    "is what stands before the first end of the authority, without user and port",
    arguments: [
      ("https://Good.example/a", "good.example"), ("https://u@good.example:8443/a", "good.example"),
      ("https://evil.example?x@good.example/a", "evil.example"),
      ("https://evil.example#x@good.example/a", "evil.example"),
      ("https://evil.example?@good.example/a", "evil.example"),
      ("https://[2001:db8::1]:8443/a", "2001:db8::1"),
      ("ssh://git@good.example:22/a", "good.example"), ("ssh://git@evil?@good.example/a", "good.example"),
      ("git@good.example:a/b", "good.example"), ("good.example:a@b", "good.example"),
      ("[evil.example:22]:a", "evil.example"),
      ("[git@evil.example:22]:a", "evil.example"), ("[2001:db8::1]:a", "2001:db8::1"),
    ])
  func host(url: String, host: String) { #expect(Workspace.host(of: url) == host) }

  @Test("is none where it is this one", arguments: ["/srv/a", "./a:b", "../a", "file:///srv/a", "a/b:c"])
  func local(url: String) { #expect(Workspace.host(of: url) == nil) }
}
