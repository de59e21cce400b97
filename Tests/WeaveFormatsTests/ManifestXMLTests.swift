import Testing
import WeaveFormats

@Suite("Manifests of repo") struct RepoManifestTests {
  @Test func `a project's URL is its remote's and its name`() throws {
    let file = try read(
      """
      <?xml version="1.0" encoding="UTF-8"?>
      <!-- what telperion needs -->
      <manifest>
        <remote name="aosp" fetch=".." revision="v9"/>
        <remote name='hub' fetch='https://example.org/a&amp;b/' />
        <default remote="aosp" revision="main" sync-j="4"/>
        <project path="rings/narya" name="platform/narya" revision="\(sha)" upstream="main">
          <linkfile src="a" dest="b"/>
          <project name="inner"/>
        </project>
        <project name="laurelin" remote="hub"></project>
      </manifest>
      """, .repo, from: "https://example.com/platform/manifest")
    #expect(
      file.projects == [
        ForeignProject(
          name: "platform/narya", path: "rings/narya", url: "https://example.com/platform/narya",
          revision: sha,
          branch: "main"),
        ForeignProject(
          name: "platform/narya/inner", path: "rings/narya/inner",
          url: "https://example.com/platform/narya/inner", revision: "v9"),
        ForeignProject(
          name: "laurelin", path: "laurelin", url: "https://example.org/a&b/laurelin", revision: "main"),
      ])
    #expect(file.problems.isEmpty)
  }

  @Test(arguments: ["ext::sh -c x", "&#1;x://h", "--upload-pack=x"])
  func `a project that is extended by a source that Git must not be given has none, and it is told`(
    fetch: String
  ) throws {
    let file = try read(
      """
      <manifest><remote name="r" fetch="https://h"/><remote name="bad" fetch="\(fetch)"/>
      <default remote="r" revision="\(sha)"/><project name="a"/>
      <extend-project name="a" remote="bad"/></manifest>
      """, .repo)
    #expect(file.projects.map(\.url) == [nil])
    #expect(file.problems.count == 1)
    #expect(file.problems.first?.contains("is left out") == true, "\(file.problems)")
  }

  @Test func `an empty revision keeps that of the include away, and is the remote's or the default's`() throws
  {
    let file = try read(
      """
      <manifest><remote name="r" fetch="https://h"/><remote name="own" fetch="https://g" revision="v9"/>
      <default remote="r" revision="main"/><include name="in.xml" revision="v1"/></manifest>
      """, .repo,
      with: Sample(files: [
        "in.xml": """
        <manifest><project name="a"/><project name="b" revision=""/><project name="c" revision="" remote="own"/>
        <include name="inner.xml" revision=""/><include name="last.xml"/></manifest>
        """,
        "inner.xml": "<manifest><project name='d'/></manifest>",
        "last.xml": "<manifest><project name='e'/></manifest>",
      ]))
    #expect(file.projects.map(\.revision) == ["v1", "main", "v9", "main", "v1"])
    #expect(file.problems.isEmpty, "\(file.problems)")
  }

  @Test(arguments: [
    ("/", "https://h/team/manifest/x"), ("//", "https://h/team/manifest/x"), (".", "https://h/team/x"),
    ("..", "https://h/x"), ("/other", "https://h/other/x"), ("sub/", "https://h/team/sub/x"),
    ("//g/team", "https://g/team/x"),
  ])
  func `a remote is taken from the manifest's own URL, as repo joins the two`(fetch: String, url: String)
    throws
  {
    let file = try read(
      "<manifest><remote name='r' fetch='\(fetch)'/><default remote='r'/><project name='x'/></manifest>",
      .repo,
      from: "https://h/team/manifest/")
    #expect(file.projects.map(\.url) == [url])
  }

  @Test func `what changes a project that was passed over is no mistake, too`() throws {
    let file = try read(
      """
      <manifest><remote name="r" fetch="https://h"/><default remote="r" revision="main"/>
      <project name="a"/><project name="b" path="a"/><project name="c" remote="gone"/>
      <extend-project name="b" revision="v1"/><remove-project name="c"/><remove-project name="d"/></manifest>
      """, .repo)
    #expect(file.projects.map(\.name) == ["a"])
    #expect(file.projects.map(\.revision) == ["main"])
    #expect(file.problems.count == 3, "\(file.problems)")
    #expect(file.problems.last?.contains("it removes 'd'") == true)
  }

  @Test func `included files stand where they are included, and may change what is before them`() throws {
    let file = try read(
      """
      <manifest>
        <include name="base.xml"/>
        <remove-project name="b"/>
        <extend-project name="a" revision="\(other)"/>
        <remove-project name="gone" optional="true"/>
        <remove-project name="lost"/>
        <extend-project name="lost" revision="x"/>
      </manifest>
      """, .repo,
      with: Sample(files: [
        "base.xml": """
        <manifest><remote name="r" fetch="https://h"/><default remote="r" revision="\(sha)"/>
        <project name="a"/><project name="b"/><project name="c"/></manifest>
        """
      ]))
    #expect(file.projects.map(\.name) == ["a", "c"])
    #expect(file.projects.map(\.revision) == [other, sha])
    #expect(
      file.problems == [
        "f:6: it removes 'lost', which is not there before",
        "f:7: it extends 'lost', which is not there before",
      ])
  }

  @Test func `the revision of an include is that of projects and includes in it that say none, as to repo`()
    throws
  {
    let file = try read(
      """
      <manifest><remote name="r" fetch="https://h" revision="\(other)"/><default remote="r" revision="main"/>
      <include name="a.xml" revision="\(sha)"/><include name="b.xml" revision=""/></manifest>
      """, .repo,
      with: Sample(files: [
        "a.xml":
          "<manifest><project name='a'/><project name='b' revision='v1'/><project name='c' revision='' path=''/><include name='c.xml'/></manifest>",
        "b.xml": "<manifest><project name='d'/></manifest>",
        "c.xml": "<manifest><project name='e'><project name='f'/></project></manifest>",
      ]))
    #expect(file.projects.map(\.name) == ["a", "b", "c", "e", "e/f", "d"])
    #expect(file.projects.map(\.revision) == [sha, "v1", other, sha, other, other])
    #expect(file.projects[2].path == "c" && file.problems == [])
  }

  @Test func `of two remotes that differ in how a letter is composed the first is taken, and the other told`()
    throws
  {
    let file = try read(
      """
      <manifest><remote name="r" fetch="https://h/e\u{301}"/><remote name="r" fetch="https://h/\u{e9}"/>
      <project name="a" remote="r"/></manifest>
      """, .repo)
    #expect(file.projects.first?.url?.utf8.elementsEqual("https://h/e\u{301}/a".utf8) == true)
    #expect(file.problems == ["f:1: another <remote> is called 'r', which repo refuses: the first is taken"])
  }

  @Test func `an empty path names no project to change, and a fetch of two slashes names a host, as to repo`()
    throws
  {
    let file = try read(
      """
      <manifest><remote name="r" fetch="//other.example/x"/><default remote="r"/>
      <project name="a"/><project name="b" revision="v1"/><project name="c" path="d"/>
      <extend-project name="b" path="" revision="v2"/><remove-project name="a" path=""/>
      <remove-project name="" path="d"/></manifest>
      """, .repo, from: "https://h.example/p/man.git")
    #expect(file.projects.map(\.name) == ["b"] && file.projects.map(\.revision) == ["v2"])
    #expect(file.projects.map(\.url) == ["https://other.example/x/b"])
  }

  @Test
  func `of two remotes of one name, or two defaults, that differ the first is taken, and the other told`()
    throws
  {
    let file = try read(
      """
      <manifest><remote name="r" fetch="https://h"/><remote name="r" fetch="https://h"/>
      <remote name="r" fetch="https://other"/>
      <default remote="r" revision="main"/><default/><default remote="r" revision="main"/>
      <default revision="v1"/>
      <project name="a"/></manifest>
      """, .repo)
    #expect(file.projects.map(\.url) == ["https://h/a"] && file.projects.map(\.revision) == ["main"])
    #expect(
      file.problems == [
        "f:2: another <remote> is called 'r', which repo refuses: the first is taken",
        "f:4: a second <default> has others, which repo refuses: the first is taken",
      ])
  }

  @Test func `a project does not move to where another is, nor out of the workspace`() throws {
    let file = try read(
      """
      <manifest><remote name="r" fetch="https://h"/><default remote="r"/>
      <project name="a"/><project name="b"/>
      <extend-project name="a" dest-path="b"/>
      <extend-project name="a" dest-path="../a"/>
      <extend-project name="b" dest-path="c"/></manifest>
      """, .repo)
    #expect(file.projects.map(\.path) == ["a", "c"])
    #expect(
      file.problems == [
        "f:3: 'a' stays where it is: another is at 'b'",
        "f:4: a 'dest-path' leads out of the workspace: not followed",
      ])
  }

  @Test func `a file that is included again and again is followed up to 8 MiB in all`() throws {
    let includes = String(repeating: "<include name=\"big.xml\"/>", count: 4)
    let file = try read(
      """
      <manifest><remote name="r" fetch="https://h"/><default remote="r"/>\(includes)<project name="b"/></manifest>
      """, .repo,
      with: Sample(files: ["big.xml": "<manifest>" + String(repeating: " ", count: 3 << 20) + "</manifest>"]))
    #expect(file.projects.map(\.name) == ["b"])
    #expect(
      file.problems.filter { $0.contains("with which more than 8 MiB would be included") }.count == 2,
      "\(file.problems)")
  }

  @Test func `includes that loop are told, and the rest is read`() throws {
    let file = try read(
      """
      <manifest><remote name="r" fetch="https://h"/><default remote="r"/>
      <include name="one.xml"/><project name="a"/></manifest>
      """, .repo, at: "default.xml",
      with: Sample(files: [
        "one.xml": "<manifest><include name='two.xml'/><project name='b'/></manifest>",
        "two.xml": "<manifest>\n<include name='one.xml'/></manifest>",
      ]))
    #expect(file.projects.map(\.name) == ["b", "a"])
    #expect(
      file.problems == [
        "two.xml:2: it includes 'one.xml', which goes in a circle: one.xml → two.xml → one.xml"
      ])
  }

  @Test(arguments: [
    "<!DOCTYPE manifest [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;&a;\">]>\n<manifest>&b;</manifest>",
    "<!DOCTYPE manifest SYSTEM \"file:///etc/passwd\"><manifest/>",
    "<manifest><!ENTITY a \"b\"></manifest>",
  ])
  func `a document type or an entity is refused`(text: String) {
    #expect(
      refusal(text, .repo)
        == "f:1: a document type or an entity is declared, which is not followed: remove it")
  }

  @Test(arguments: [
    ("<manifest>", "f:1: <manifest> of line 1 does not end"),
    ("<manifest></m>", "f:1: </m> ends nothing that is open"),
    ("<manifest/><manifest/>", "f:1: there is more than one root element"),
    ("hello", "f:1: text stands outside of the root element"),
    ("<manifest a=b/>", "f:1: the value of 'a' is not quoted"),
    ("<manifest a='1' a='2'/>", "f:1: <manifest> has 'a' twice"),
    ("<manifest a='&x;'/>", "f:1: the entity &x; is not known"),
    ("<manifest a='&#0;'/>", "f:1: the entity &#0; is not known"),
    ("<manifest\n>\n<!-- ", "f:3: '-->' is missing"),
    ("<html/>", "f:1: expected <manifest>, found <html>"),
    (
      String(repeating: "<a>", count: 200), "f:1: elements are nested more than 128 deep"
    ),
  ])
  func `what is no manifest is refused with its line`(text: String, message: String) {
    #expect(refusal(text, .repo) == message)
  }

  @Test func `a project at a place that is taken, or without a remote, is told`() throws {
    let file = try read(
      """
      <manifest><remote name="r" fetch="https://h"/>
      <project name="a" remote="r"/>
      <project name="b" remote="r" path="a"/>
      <project name="c" remote="x"/>
      <project name="d"/>
      </manifest>
      """, .repo)
    #expect(file.projects.map(\.name) == ["a"])
    #expect(
      file.problems == [
        "f:3: 'b' is not the first project at 'a': passed over",
        "f:4: 'c' is of the remote 'x', which is not there",
        "f:5: 'd' has no remote, and there is no default",
      ])
  }
}

@Suite("Manifests of jiri") struct JiriManifestTests {
  @Test func `projects, local imports and overrides are read; remote imports are told`() throws {
    let file = try read(
      """
      <manifest version="1.1">
        <imports>
          <localimport file="more"/>
          <import manifest="flower" name="integration" remote="https://h/integration" revision="\(other)"/>
        </imports>
        <projects>
          <project name="narya" path="rings/narya" remote="https://h/narya" revision="HEAD" remotebranch="main"/>
        </projects>
        <overrides><project name="b" remote="https://h/b" revision="\(sha)"/></overrides>
      </manifest>
      """, .jiri, at: "manifests/root",
      with: Sample(files: [
        "manifests/more":
          "<manifest><projects><project name='b' path='b' remote='https://h/b'/></projects></manifest>"
      ]))
    #expect(
      file.projects == [
        ForeignProject(name: "b", path: "b", url: "https://h/b", revision: sha),
        ForeignProject(name: "integration", url: "https://h/integration", revision: other),
        ForeignProject(
          name: "narya", path: "rings/narya", url: "https://h/narya", revision: "HEAD", branch: "main"),
      ])
    #expect(file.problems == ["manifests/root:4: the manifest of 'integration' is imported: not followed"])
  }
}
