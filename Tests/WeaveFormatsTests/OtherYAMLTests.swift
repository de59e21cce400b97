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
