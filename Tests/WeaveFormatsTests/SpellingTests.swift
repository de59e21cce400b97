import ForeignText
import Testing
import WeaveFormats
import WeaveModel

/// To Swift's String a composed and a decomposed character are one.
@Suite("Names of other tools' files that differ in their bytes alone")
struct SpellingTests {
  private static let (one, two) = ("J\u{E9}", "Je\u{301}")

  private static let files: [(text: String, format: WorkspaceFormat)] = [
    (
      "manifest: {remotes: [{name: \(one), url-base: https://h/one}, {name: \(two), url-base: https://h/two}], "
        + "projects: [{name: a, remote: \(one)}, {name: b, remote: \(two)}]}", .west
    ),
    (
      "manifest: {projects: [{name: \(one), url: https://h/one/a}, {name: \(two), url: https://h/two/b}]}",
      .west
    ),
    (
      "<manifest><remote name='\(one)' fetch='https://h/one'/><remote name='\(two)' fetch='https://h/two'/>"
        + "<project name='a' remote='\(one)'/><project name='b' remote='\(two)'/></manifest>", .repo
    ),
    (
      "[submodule \"\(one)\"]\npath = a\nurl = https://h/one/a\n[submodule \"\(two)\"]\npath = b\n"
        + "url = https://h/two/b\n", .gitmodules
    ),
    (
      "vars = {'\(one)': 'one/a', '\(two)': 'two/b'}\n"
        + "deps = {'a': 'https://h/{\(one)}@\(sha)', 'b': 'https://h/{\(two)}@\(sha)'}\n", .deps
    ),
  ]

  @Test("are two names", arguments: files.indices)
  func apart(index: Int) throws {
    let (text, format) = Self.files[index]
    let file = try read(text, format)
    #expect(file.projects.map(\.url) == ["https://h/one/a", "https://h/two/b"], "\(file.problems)")
    #expect(file.problems.isEmpty)
  }

  @Test("and so are paths")
  func paths() throws {
    let file = try read(
      "repositories: {a: {type: git, url: https://h/a}}\n", .vcs)
    #expect(file.projects.count == 1)
    let west = try read(
      "manifest: {projects: [{name: a, path: \(Self.one), url: https://h/a}, {name: b, path: \(Self.two), "
        + "url: https://h/b}]}", .west)
    #expect(west.projects.map(\.path) == [Self.one, Self.two] && west.problems.isEmpty)
    let sample = Sample(files: [
      Self.two: "manifest: {projects: [{name: inner, url: https://h/inner}]}"
    ])
    let including = try read("manifest: {self: {import: \(Self.two)}}", .west, at: Self.one, with: sample)
    #expect(including.projects.map(\.name) == ["inner"], "\(including.problems)")
  }

  @Test("are refused as keys of YAML and JSON, whose readers make one of them", arguments: [one, "J\\u00e9"])
  func refused(first: String) throws {
    let json =
      "{\"nodes\": {\"root\": {\"inputs\": {\"x\": \"\(first)\", \"y\": \"\(Self.two)\"}}, "
      + "\"\(first)\": {\"locked\": {\"type\": \"git\", \"url\": \"https://h/a\", \"rev\": \"\(sha)\"}}, "
      + "\"\(Self.two)\": {\"locked\": {\"type\": \"git\", \"url\": \"https://h/b\", \"rev\": \"\(other)\"}}}, "
      + "\"root\": \"root\", \"version\": 7}"
    #expect(refusal(json, .flake)?.contains("twice") == true)
    #expect(
      refusal("repositories: {\"\(first)\": {url: https://h/a}, \(Self.two): {url: https://h/b}}\n", .vcs)?
        .contains("is given twice") == true)
  }

  @Test("are two repositories")
  func addresses() {
    #expect(RepositoryAddress("/srv/\(Self.one)") != RepositoryAddress("/srv/\(Self.two)"))
    #expect(RepositoryAddress("https://h/\(Self.one)") != RepositoryAddress("https://h/\(Self.two)"))
    #expect(RepositoryAddress("https://h/a.git") == RepositoryAddress("git@h:a"))
  }

  @Test("of a machine are two: a hold of the one is none of the other")
  func holds() throws {
    let constellation = try Constellation(
      parsing:
        "constellation: c\nprojects: {p: {}}\nroles: {r: {projects: [p]}}\nmachines: {\(Self.one): {roles: [r]}}\n",
      file: "f")
    let hold = Hold(project: try ProjectName("p"), at: .tag("v1"), because: "x")
    #expect(constellation.holding([(Self.one, hold)]).machines[0].holds == [hold])
    #expect(constellation.holding([(Self.two, hold)]).machines[0].holds.isEmpty)
    #expect(constellation.hasOtherwiseSpelled(Self.two))
    #expect(!constellation.hasOtherwiseSpelled(Self.one) && !constellation.hasOtherwiseSpelled("x"))
  }
}
