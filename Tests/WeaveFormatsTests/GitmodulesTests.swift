import Testing
import WeaveFormats

@Suite("`.gitmodules`") struct GitmodulesTests {
  @Test func `names each submodule with its path, URL and branch`() throws {
    let file = try read(
      """
      # what telperion is built with
      [submodule "third_party/narya"]
      \tpath = third_party/narya
      \turl = https://example.com/narya.git ; the source
      \tbranch = main
      [submodule "laurelin"] path = laurelin
        URL = "git@example.com:laurelin"
      """, .gitmodules)
    #expect(
      file.projects == [
        ForeignProject(
          name: "third_party/narya", path: "third_party/narya", url: "https://example.com/narya.git",
          branch: "main"),
        ForeignProject(name: "laurelin", path: "laurelin", url: "git@example.com:laurelin"),
      ])
    #expect(file.problems.isEmpty)
  }

  @Test func `quotes, escapes, continued lines and both comments are read as Git reads them`() throws {
    let file = try read(
      "[submodule \"a \\\"b\\\\c\"]\r\n path = \"x y\"/z\\\n/w   # not this\n url=u\\tv  w ; nor this\n",
      .gitmodules)
    #expect(file.projects == [ForeignProject(name: "a \"b\\c", path: "x y/z/w", url: "u\tv  w").refusingURL])
  }

  @Test func `a relative URL is taken from the superproject's`() throws {
    func url(_ url: String, from source: String) throws -> String? {
      try read("[submodule \"a\"]\npath = a\nurl = \(url)", .gitmodules, from: source).projects.first?.url
    }
    #expect(
      try url("../narya.git", from: "https://example.com/arda/telperion")
        == "https://example.com/arda/narya.git")
    #expect(
      try url("../../b/narya/", from: "https://example.com/arda/telperion/") == "https://example.com/b/narya")
    #expect(try url("../narya", from: "git@example.com:telperion") == "git@example.com:narya")
    #expect(try url("./narya", from: "/srv/telperion") == "/srv/telperion/narya")
    #expect(try url("../narya", from: "telperion") == "narya")
  }

  @Test func `of two paths of a submodule, and of two submodules at a path, the first stays`() throws {
    let file = try read(
      """
      [submodule "a"]
        path = x
        path = y
        url = u
      [submodule "b"]
        path = ./x
        url = v
      """, .gitmodules)
    #expect(file.projects.map(\.path) == ["x"])
    #expect(
      file.problems == [
        "f:3: 'a' has a second 'path': passed over",
        "f:6: 'b' is not the first project at 'x': passed over",
      ])
  }

  @Test(arguments: [
    ("../x", "leads out of the workspace"), ("a/../../x", "leads out of the workspace"),
    ("/x", "is not below the workspace"), (".git/hooks", "leads into '.git'"),
    ("a/.GIT", "leads into '.git'"),
    (".weave", "leads into '.weave'"), ("../\u{301}x", "leads out of the workspace"),
    ("-x", "begins with '-'"),
  ])
  func `a path outside of the workspace is left out, and the rest is read`(path: String, reason: String)
    throws
  {
    let file = try read("[submodule \"a\"]\npath = \(path)\nurl = u", .gitmodules)
    #expect(file.projects == [ForeignProject(name: "a", url: "u")])
    #expect(file.problems == ["f:2: 'a': its path '\(path)' \(reason)"])
  }

  @Test func `a URL that Git would take for an option or a program is left out`() throws {
    let file = try read(
      "[submodule \"a\"]\npath=a\nurl=--upload-pack=x\n[submodule \"b\"]\npath=b\nurl=ext::sh", .gitmodules)
    #expect(file.projects.map(\.url) == [nil, nil])
    #expect(file.problems.count == 2)
  }

  @Test func `a submodule without URL, and a name that is none for Git, are told`() throws {
    let file = try read("[submodule \"a\"]\npath=a\n[submodule \"x/../y\"]\npath=b\nurl=u", .gitmodules)
    #expect(file.projects.map(\.name) == ["a"])
    #expect(file.problems == ["f:2: 'a' has no URL", "f:4: the submodule name 'x/../y' is none for Git"])
  }

  @Test(arguments: [
    ("[submodule \"a\"\n", "f:1: ']' is missing after a section's name"),
    ("[submodule \"a\n", "f:1: a section's head does not end on its line"),
    ("[sub module]", "f:1: '\"' or ']' is missing in a section's head"),
    ("[a]\nb ? c", "f:2: '=' is missing after a key"),
    ("[a]\nb = \"c\n", "f:2: a quoted value does not end on its line"),
    ("[a]\nb = \\q", "f:2: a value has an escape other than \\\\, \\\", \\n, \\t and \\b"),
    ("a = b", "f:1: a key stands before the first section"),
    ("=", "f:1: neither a section nor a key begins here"),
  ])
  func `what Git cannot read is refused with its line`(text: String, message: String) {
    #expect(refusal(text, .gitmodules) == message + "; `git config -f` refuses it too")
  }
}

extension ForeignProject {
  /// The same without its URL, which holds a control character.
  fileprivate var refusingURL: ForeignProject { ForeignProject(name: name, path: path, isURLRefused: true) }
}
