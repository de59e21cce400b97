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

  @Test(arguments: [
    ("a", true), ("", true), ("/x:y", true), ("./a:b", true), ("x/y://../lib", true), ("a\u{301}/b:c", true),
    ("a/\u{301}b:c", true), ("host:x", false), ("https://h/x", false), ("file:///x", false), (":x/y", false),
  ])
  func `is told from a path as Git does it, by which of a colon and a slash comes first`(
    text: String, isPath: Bool
  ) { #expect(RepositoryURL.isPath(text) == isPath) }

  @Test(
    arguments: [
      ("https://h", "https"), ("1+a-b.c://x", "1+a-b.c"), ("x/y://../lib", nil), ("a b://x", nil),
      ("://x", nil),
      ("+x://y", nil), ("a:b://x", nil), ("h\u{301}://x", nil),
    ] as [(String, String?)])
  func `has before its slashes what Git takes for a scheme`(text: String, scheme: String?) {
    #expect(text.schemeEnd.map { String(text[..<$0]) } == scheme)
  }
}

@Suite("Which settings make a remote one that promises objects") struct PromisorSettingTests {
  @Test(
    "are those that Git takes for that",
    arguments: [
      ("remote.o.promisor", "true", true), ("remote.o.promisor", nil, true), ("remote.o.promisor", "1", true),
      ("remote.o.promisor", "false", false), ("remote.o.promisor", "No", false),
      ("remote.o.promisor", "", false), ("remote.o.promisor", "off", false),
      ("remote.o.promisor", "0", false),
      ("remote.o.partialclonefilter", "blob:none", true), ("remote.a.b.partialclonefilter", "x false", true),
      ("extensions.partialclone", "o", true), ("extensions.partialclone", "o false", true),
      ("remote.o.url", "promisor", false), ("branch.o.promisor", "true", false),
    ] as [(String, String?, Bool)])
  func isOne(key: String, value: String?, isOne: Bool) {
    #expect(PromisorSetting.isOne(key, value: value.map { Array($0.utf8) }) == isOne)
  }
}
