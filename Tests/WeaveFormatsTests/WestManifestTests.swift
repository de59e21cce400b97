import Testing
import WeaveFormats

@Suite("`west.yml`") struct WestManifestTests {
  @Test func `a project's URL, revision and path come from itself, its remote and the defaults`() throws {
    let file = try read(
      """
      manifest:
        defaults: {remote: upstream, revision: v2}
        remotes:
          - {name: upstream, url-base: https://example.com/arda}
          - {name: fork, url-base: "ssh://git@example.org"}
        projects:
          - name: narya
            revision: \(sha)
            path: modules/narya
          - name: nenya
            remote: fork
            repo-path: rings/nenya
          - name: vilya
            url: https://example.net/v
            revision: main
        self: {path: telperion}
      """, .west)
    #expect(
      file.projects == [
        ForeignProject(
          name: "narya", path: "modules/narya", url: "https://example.com/arda/narya", revision: sha),
        ForeignProject(
          name: "nenya", path: "nenya", url: "ssh://git@example.org/rings/nenya", revision: "v2"),
        ForeignProject(name: "vilya", path: "vilya", url: "https://example.net/v", revision: "main"),
      ])
    #expect(file.projects.map { $0.commit?.hex } == [sha, nil, nil])
    #expect(file.problems.isEmpty)
  }

  @Test(arguments: ["\"\"", "null", "~"])
  func `a revision that is empty is the branch that west takes, and no default`(revision: String) throws {
    let file = try read(
      "manifest: {defaults: {revision: \(sha)}, projects: [{name: a, url: u, revision: \(revision)}, {name: b, url: v}]}",
      .west)
    #expect(file.projects.map(\.revision) == ["master", sha])
  }

  @Test func `a revision that looks like a number stays as it is written`() throws {
    let file = try read("manifest: {projects: [{name: a, url: u, revision: 012e4}]}", .west)
    #expect(file.projects.map(\.revision) == ["012e4"])
  }

  @Test func `files of its own repository are imported first, from a folder too`() throws {
    let inner = "manifest: {projects: [{name: a, url: inner}, {name: b, url: inner}]}"
    let file = try read(
      """
      manifest:
        projects: [{name: b, url: outer}, {name: c, url: outer}]
        self:
          import: [parts, {file: more.yml, path-prefix: deps}]
      """, .west,
      with: Sample(
        files: ["parts/x.yml": inner, "more.yml": "manifest: {projects: [{name: d, url: more}]}"],
        folders: ["parts": ["x.yml", "README"]]))
    #expect(file.projects.map(\.name) == ["a", "b", "d", "c"])
    #expect(file.projects.map(\.url) == ["inner", "inner", "more", "outer"])
    #expect(file.projects.map(\.path) == ["a", "b", "deps/d", "c"])
    #expect(file.problems.isEmpty)
  }

  @Test func `imports that loop, are missing or broken are told, and the rest is read`() throws {
    let file = try read(
      """
      manifest:
        projects: [{name: a, url: u}]
        self: {import: [one.yml, gone.yml, broken.yml, ../out.yml]}
      """, .west, at: "west.yml",
      with: Sample(files: [
        "one.yml": "manifest: {self: {import: ./west.yml}, projects: [{name: b, url: u}]}",
        "broken.yml": "manifest: [",
      ]))
    #expect(file.projects.map(\.name) == ["b", "a"])
    #expect(
      file.problems.prefix(2) == [
        "one.yml:1: it includes './west.yml', which goes in a circle: west.yml → one.yml → west.yml",
        "west.yml:3: it includes 'gone.yml', which is not there",
      ])
    #expect(file.problems[2].hasPrefix("broken.yml:"))
    #expect(
      file.problems[3]
        == "west.yml:3: it includes '../out.yml', which is outside the repository: not followed")
  }

  @Test func `the manifest of another project is not followed, and told`() throws {
    let file = try read(
      "manifest: {projects: [{name: zephyr, url: u, revision: \(sha), import: true}]}", .west)
    #expect(file.projects.map(\.commit?.hex) == [sha])
    #expect(
      file.problems == ["f:1: 'zephyr' has a manifest of its own that is imported: not followed"])
  }

  @Test func `a project twice, of no remote, or outside of the workspace is told`() throws {
    let file = try read(
      """
      manifest:
        projects:
          - {name: a, url: u}
          - {name: a, url: v}
          - {name: b, remote: gone}
          - {name: c}
          - {name: d, url: u, path: ../d}
          - {url: u}
      """, .west)
    #expect(file.projects.map(\.name) == ["a", "b", "c", "d"])
    #expect(
      file.problems == [
        "f:4: 'a' is there twice: the first is taken",
        "f:5: 'b' is of the remote 'gone', which is not there",
        "f:6: 'c' has neither a URL nor a remote",
        "f:7: 'd': its path '../d' leads out of the workspace",
        "f:8: a project has no name",
      ])
  }

  @Test func `aliases that would grow without bound are refused`() {
    var text = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n"
    for level in 1...9 {
      text +=
        "a\(level): &a\(level) [" + Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ",")
        + "]\n"
    }
    #expect(refusal(text, .west)?.contains("its aliases followed, has more than 1,000,000 values") == true)
  }

  @Test func `a file of something else is refused`() {
    #expect(refusal("a: b", .west) == "f: it has no mapping 'manifest', which a file of west needs")
    #expect(refusal("- a", .west) == "f:1: expected a mapping, found a list")
    #expect(refusal("manifest: {}\nmanifest: {}", .west) == "f:2: 'manifest' is already given on line 1")
  }
}
