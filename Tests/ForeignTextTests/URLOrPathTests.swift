import ForeignText
import Testing

@Suite("What is written as a URL") struct URLOrPathTests {
  @Test(
    "is told from a path",
    arguments: [
      ("https://h/x", true), ("https://u:p@h/x", true), ("file:///x", true), ("git+ssh://h/x", true),
      ("HTTPS:/h/x", true), ("a://", true), ("/x", false), ("./https://h", false), ("a:/x", false),
      ("host:path", false), ("a b://x", false), ("1://x", false), ("://x", false), ("", false), ("a", false),
      ("\u{301}a://x", false),
    ])
  func isURL(text: String, isURL: Bool) { #expect(RepositoryURL.isURL(text) == isURL) }
}
