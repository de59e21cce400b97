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
