import Testing
import WeaveFormats

@Suite("Files of vcstool") struct VcsReposTests {
  @Test func `each repository of type git is a project at its path`() throws {
    let file = try read(
      """
      repositories:
        rings/narya:
          type: git
          url: https://example.com/narya.git
          version: \(sha)
        laurelin: {type: git, url: ../laurelin}
        old: {type: hg, url: https://example.com/old}
        none:
      """, .vcs, from: "https://example.com/arda")
    #expect(
      file.projects == [
        ForeignProject(
          name: "narya", path: "rings/narya", url: "https://example.com/narya.git", revision: sha),
        ForeignProject(name: "laurelin", path: "laurelin", url: "https://example.com/laurelin"),
      ])
    #expect(
      file.problems == [
        "f:7: 'old' is of type 'hg', no Git repository: passed over", "f:8: 'none' is nothing, no mapping",
      ])
  }

  @Test func `the list of rosinstall is read too`() throws {
    let file = try read("- git: {local-name: src/narya, uri: u, version: v1}\n- {git: {}, svn: {}}\n", .vcs)
    #expect(file.projects == [ForeignProject(name: "narya", path: "src/narya", url: "u", revision: "v1")])
    #expect(file.problems == ["f:2: this is no entry of rosinstall"])
  }

  @Test func `what merge keys bring counts`() throws {
    let file = try read(
      "x: &x {type: git, version: v1}\nrepositories:\n  a: {<<: *x, url: u, version: v2}\n  b: {<<: *x, url: v}\n",
      .vcs)
    #expect(file.projects.map(\.revision) == ["v2", "v1"])
  }

  @Test(
    "a merge key in quotes is a key like others",
    arguments: ["\"<<\"", "'<<'", "\"\\x3c<\""])
  func quotedMerge(key: String) throws {
    let file = try read(
      "x: &x {version: v1}\nrepositories:\n  a: {type: git, url: u, \(key): *x}\n", .vcs)
    #expect(file.projects.map(\.revision) == [nil])
  }

  @Test("what a merge key brings to the list of repositories is told, and one in quotes is a repository")
  func mergedList() throws {
    let text = "x: &x {b: {type: git, url: v}}\nrepositories:\n  <<: *x\n  a: {type: git, url: u}\n"
    let file = try read(text, .vcs)
    #expect(file.projects.map(\.url) == ["u"])
    #expect(file.problems == ["f:3: what '<<' merges into 'repositories' is passed over"])
    let quoted = try read("repositories:\n  \"<<\": {type: git, url: u}\n", .vcs)
    #expect(quoted.projects.map(\.url) == ["u"])
  }

  @Test(
    "a value whose tag makes it no text is refused, wherever it stands",
    arguments: [
      "version: !!binary \"\(sha)\"", "version: !!binary \(sha)", "version: !<tag:yaml.org,2002:binary> v1",
      "version: !!int 1", "version: !!null v1", "version: !v x", "!!binary other: v",
      "version: !!float \"1\"",
    ])
  func tags(entry: String) {
    let text = "repositories:\n  a:\n    type: git\n    url: u\n    \(entry)\n"
    let message = refusal(text, .vcs)
    #expect(message?.hasPrefix("f:5: it has the tag '") == true, "\(message ?? "read")")
  }

  @Test(
    "so is a list or a mapping that is none",
    arguments: ["!!set {a, b}", "!!omap [a: b]", "!x {a: b}", "!x [a]"])
  func collectionTags(value: String) {
    #expect(refusal("repositories: {}\nx: \(value)\n", .vcs)?.hasPrefix("f:2: it has the tag '") == true)
  }

  @Test("what a tag says that has no effect is read")
  func plainTags() throws {
    let file = try read(
      "repositories: !!map\n  a: {type: !!str git, url: ! u, version: !!str \(sha)}\n", .vcs)
    #expect(file.projects.map(\.revision) == [sha])
  }

  @Test func `an empty list of repositories is one`() throws {
    #expect(try read("repositories:\n", .vcs).projects.isEmpty)
    #expect(
      refusal("repositories: [a]", .vcs) == "f:1: expected 'repositories' to be a mapping, found a list")
    #expect(
      refusal("repos: {}", .vcs) == "f: it has no mapping 'repositories', which a file of vcstool needs")
  }
}

@Suite("`mani.yaml`") struct ManiFileTests {
  @Test func `each project has a path, its name where none is given`() throws {
    let file = try read(
      """
      projects:
        narya: {path: rings/narya, url: u, branch: main}
        laurelin:
        arda: {path: ., url: v}
        home: {path: $HOME/x, url: w}
      tasks: {fetch: {cmd: git fetch}}
      """, .mani)
    #expect(
      file.projects == [
        ForeignProject(name: "narya", path: "rings/narya", url: "u", branch: "main"),
        ForeignProject(name: "laurelin", path: "laurelin"),
        ForeignProject(name: "arda", path: ".", url: "v"),
        ForeignProject(name: "home", url: "w"),
      ])
    #expect(
      file.problems == ["f:5: 'home': its path holds the variable '$HOME/x', which is not followed"])
  }

  @Test func `imports are taken from the folder of the file`() throws {
    let file = try read(
      "import: [./more.yaml]", .mani, at: "conf/mani.yaml",
      with: Sample(files: ["conf/more.yaml": "import: [mani.yaml]\nprojects: {a: {url: u}}"]))
    #expect(file.projects.map(\.name) == ["a"])
    #expect(
      file.problems == [
        "conf/more.yaml:1: it includes 'conf/mani.yaml', which goes in a circle: "
          + "conf/mani.yaml → conf/more.yaml → conf/mani.yaml"
      ])
  }
}
