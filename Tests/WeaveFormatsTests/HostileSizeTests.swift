import TestSupport
import Testing
import WeaveFormats
import WeaveModel

/// Files of about a megabyte whose parts multiply where a reader copies, joins or compares one of them for each of many
/// others.
private enum Hostile {
  static func repeated(_ text: String, to length: Int = 1 << 20) -> String {
    String(repeating: text, count: length / text.utf8.count)
  }

  private static func numbered(_ count: Int, _ text: (Int) -> String) -> String {
    (0..<count).map(text).joined()
  }

  static let long = repeated("a", to: 500_000)
  private static let slashes = repeated("/", to: 500_000)
  private static let some = repeated("a", to: 4_000)

  private static func repo(_ body: String) -> String { "<manifest>\(body)</manifest>" }

  static let repo: [String: String] = [
    "slashes after a URL": repo("<remote name='r' fetch='x\(slashes)'/><project name='p' remote='r'/>"),
    "slashes after a reference": repo(
      "<remote name='r' fetch='..\(slashes)'/><project name='p' remote='r'/>"),
    "a long name with projects in it": repo(
      "<remote name='r' fetch='https://h'/><default remote='r'/><project name='\(long)'>"
        + numbered(20_000) { "<project name='\($0)'/>" } + "</project>"),
    "names joined a hundred deep": repo(
      "<remote name='r' fetch='https://h'/><default remote='r'/>"
        + String(repeating: "<project name='\(repeated("a", to: 5_000))'>", count: 100)
        + numbered(20_000) { "<project name='\($0)'/>" } + String(repeating: "</project>", count: 100)),
    "a long default remote": repo(
      "<default remote='\(long)'/>" + numbered(20_000) { "<project name='\($0)'/>" }),
    "a long default revision": repo(
      "<remote name='r' fetch='https://h'/><default remote='r' revision='\(long)'/>"
        + numbered(20_000) { "<project name='\($0)'/>" }),
    "a long remote": repo(
      "<remote name='r' fetch='https://h/\(long)'/><default remote='r'/>"
        + numbered(20_000) { "<project name='\($0)'/>" }),
    "a remote as long as may be": repo(
      "<remote name='r' fetch='https://h/\(some)'/><default remote='r'/>"
        + numbered(40_000) { "<project name='\($0)'/>" }),
    "one project extended again and again": repo(
      "<remote name='r' fetch='https://h/\(some)'/><default remote='r'/>"
        + numbered(5_000) { "<project name='p' path='\($0)'/>" }
        + String(repeating: "<extend-project name='p' remote='r'/>", count: 20_000)),
    "a long name that is not there": repo(String(repeating: "<remove-project name='\(some)'/>", count: 250)),
    "deep elements": repeated("<a>"), "attributes": "<manifest " + numbered(100_000) { "a\($0)='' " } + "/>",
    "comments": repo(repeated("<!---->")), "references": repo("<a b='\(repeated("&amp;"))'/>"),
  ]

  private static func west(_ body: String) -> String { "manifest:\n" + body }

  static let west: [String: String] = [
    "a long url-base": west(
      "  remotes: [{name: r, url-base: \(long)}]\n  defaults: {remote: r}\n  projects:\n"
        + numbered(20_000) { "    - name: p\($0)\n" }),
    "a url-base as long as may be": west(
      "  remotes: [{name: r, url-base: 'https://h/\(some)'}]\n  defaults: {remote: r}\n  projects:\n"
        + numbered(20_000) { "    - name: p\($0)\n" }),
    "a long default remote": west(
      "  defaults: {remote: \(long)}\n  projects:\n" + numbered(20_000) { "    - name: p\($0)\n" }),
    "a long default revision": west(
      "  defaults: {revision: \(long)}\n  projects:\n" + numbered(20_000) { "    - {name: p\($0), url: u}\n" }
    ),
    "a long name by alias": west(
      "  projects:\n    - name: &a \(long)\n" + String(repeating: "    - name: *a\n", count: 20_000)),
    "a long key by alias": "a: &a \(long)\nmanifest:\n"
      + numbered(20_000) { "  - k\($0)\n  - {*a : x}\n" },
    "a long prefix": west(
      "  self: {import: {file: f, path-prefix: \(long)}}\n  projects:\n"
        + numbered(20_000) { "    - name: p\($0)\n" }),
    "imports of long paths": west(
      "  self:\n    import:\n" + numbered(250) { "      - \(some)\($0)\n" }),
    "merged mappings in each other": west(
      "  projects:\n    - " + String(repeating: "{<<: ", count: 100)
        + "{" + numbered(50_000) { "k\($0): v, " } + "}" + String(repeating: "}", count: 100)),
    "lists in lists": repeated("["), "mappings in mappings": repeated("{a: "),
    "anchors": numbered(50_000) { "- &a\($0) x\n" },
  ]

  static let deps: [String: String] = [
    "formats of a long text": "x = '\(long)%s'" + repeated(" % '%s'", to: 500_000) + "\n",
    "formats of formats": "x = '%s'" + repeated(" % 'a%s'") + "\n",
    "sums": "x = ''" + repeated(" + 'aaaaaaaaaaaaaaaa'") + "\n",
    "sums of lists": "x = []" + repeated(" + [1,2,3,4]") + "\n",
    "a long variable": "vars = {'v': '\(long)'}\ndeps = {"
      + numbered(20_000) { "'p\($0)': 'https://h/{v}'," } + "}\n",
    "braces": "deps = {'p': '\(repeated("{"))'}\n",
    "long keys": "deps = {" + numbered(200) { "'\(some)\($0)': {'dep_type': 'x'}," } + "}\n",
    "many types": "deps = {" + numbered(20_000) { "'p\($0)': {'dep_type': 't\($0)'}," } + "}\n",
    "calls in calls": "x = " + repeated("Var("), "statements": repeated("a.b\n"),
  ]

  static let flake: [String: String] = [
    "a long key of a node with many inputs":
      #"{"version": 7, "root": "r", "nodes": {"r": {"inputs": {"a": "\#(long)"}}, "\#(long)": {"inputs": {"#
      + numbered(20_000) { #""i\#($0)": [], "# } + #""z": []}}}}"#,
    "a long key that many follow":
      #"{"version": 7, "root": "r", "nodes": {"\#(long)": {}, "r": {"inputs": {"#
      + numbered(20_000) { #""i\#($0)": ["k"], "# } + #""k": "\#(long)"}}}}"#,
    "ways": #"{"version": 7, "root": "r", "nodes": {"r": {"inputs": {"a": "r", "b": ["#
      + repeated(#""a", "#) + #""a"]}}}}"#,
    "lists in lists": repeated("["), "a long root": #"{"version": 7, "root": "\#(long)", "nodes": {}}"#,
    "a long type": #"{"version": 7, "root": "r", "nodes": {"r": {"inputs": {"#
      + numbered(20_000) { #""i\#($0)": "n", "# } + #""k": "n"}}, "n": {"locked": {"type": "\#(long)"}}}}"#,
    "escaped slashes": #"{"version": 7, "root": "r", "nodes": {"r": {"inputs": {"a": "n"}}, "n": {"locked": "#
      + #"{"type": "github", "owner": "\#(repeated("%2F"))", "repo": "r", "rev": "x"}}}}"#,
  ]

  static let vcs: [String: String] = [
    "a long type by alias": "t: &t \(long)\nrepositories:\n"
      + numbered(20_000) { "  p\($0): {type: *t, url: u}\n" },
    "a long URL by alias": "t: &t https://h/\(long)\nrepositories:\n"
      + numbered(20_000) { "  p\($0): {type: git, url: *t}\n" },
    "a mapping by alias": "a: &a {type: git, url: u, version: \(some)}\nrepositories:\n"
      + numbered(20_000) { "  p\($0): *a\n" },
    "slashes": "repositories:\n  p\(slashes): {type: git, url: x\(slashes)}\n",
    "marks": "repositories:\n"
      + numbered(200) { "  e\($0)\(repeated("\u{301}", to: 4_000)): {type: x, url: u}\n" },
  ]

  static let mani: [String: String] = [
    "imports": "import:\n" + numbered(20_000) { "  - f\($0)\n" },
    "a long path by alias": "a: &a \(long)\nprojects:\n" + numbered(20_000) { "  p\($0): {path: *a}\n" },
    "variables": "projects:\n" + numbered(250) { "  p\($0): {path: '$\(some)'}\n" },
  ]

  static let jiri: [String: String] = [
    "imports": "<manifest><imports>" + numbered(20_000) { "<localimport file='f\($0)'/>" }
      + "</imports></manifest>",
    "overrides": "<manifest><projects>" + numbered(5_000) { "<project name='p' path='\($0)' remote='r'/>" }
      + "</projects><overrides>"
      + String(repeating: "<project name='p' remote='r' revision='\(sha)'/>", count: 8_000)
      + "</overrides></manifest>",
    "long names": "<manifest><projects>" + numbered(250) { "<project name='\(some)\($0)'/>" }
      + "</projects></manifest>",
  ]

  static let gitmodules: [String: String] = [
    "a long name with many keys": "[submodule \"\(repeated("x", to: 200_000))\"]\n"
      + String(repeating: "\tpath=1\n", count: 300),
    "parents": "[submodule \"x\"]\n\tpath=x\n\turl=" + repeated("../"),
    "relative URLs": numbered(15_000) { "[submodule \"\($0)\"]\n\tpath=\($0)\n\turl=../x\n" },
    "blanks": "[submodule \"x\"]\n\tpath=" + repeated(" a"),
  ]

  /// Each of two classes, so that a comparison sorts them: as they stand, and escaped.
  private static let marks = "a" + repeated("\u{301}\u{316}", to: 400_000)
  private static let escapedMarks = "a" + repeated(#"\u0301\u0316"#, to: 400_000)

  /// The name of something is a letter with very many combining marks.
  private static let marked: [WorkspaceFormat: [String: String]] = [
    .repo: [
      "marks": repo("<remote name='\(marks)' fetch='https://h'/><project name='p' remote='\(marks)'/>"),
      "references to marks": repo("<remote name='a\(repeated("&#x301;&#x316;"))' fetch='https://h'/>"),
    ],
    .west: [
      "marks": west("  projects:\n    - {name: \(marks), url: u}\n"),
      "escaped marks": west("  projects:\n    - {name: \"\(escapedMarks)\", url: u}\n"),
    ],
    .deps: ["marks": "vars = {'\(marks)': 'x'}\ndeps = {'p': '{\(marks)}'}\n"],
    .flake: [
      "marks": #"{"version": 7, "root": "r", "nodes": {"r": {"inputs": {"\#(marks)": "r"}}}}"#,
      "escaped marks": #"{"version": 7, "root": "r", "nodes": {"r": {"inputs": {"\#(escapedMarks)": "r"}}}}"#,
    ],
    .vcs: ["marks in a row": "repositories:\n  \(marks): {type: git, url: u}\n"],
    .mani: ["marks": "projects:\n  \(marks): {path: p}\n"],
    .jiri: ["marks": "<manifest><projects><project name='\(marks)'/></projects></manifest>"],
    .gitmodules: ["marks": "[submodule \"\(marks)\"]\n\tpath = x\n\turl = https://x/y\n\tbranch = m\n"],
  ]

  static let all: [WorkspaceFormat: [String: String]] = [
    .repo: repo, .west: west, .deps: deps, .flake: flake, .vcs: vcs, .mani: mani, .jiri: jiri,
    .gitmodules: gitmodules,
  ].merging(marked) { $0.merging($1) { first, _ in first } }
}

@Suite("A file of a megabyte whose parts multiply")
struct HostileSizeTests {
  private static let cases = Hostile.all.sorted { $0.key.rawValue < $1.key.rawValue }.flatMap {
    format, files in
    files.keys.sorted().map { (format, $0) }
  }

  /// In seconds, of a debug build; what grows as a square takes minutes.
  private static let longest = 20.0
  /// In bytes.
  private static let mostResult = 48 << 20

  @Test("keeps no reader of another tool's file busy, nor makes a great deal of text of it", arguments: cases)
  func workspaceFile(format: WorkspaceFormat, name: String) throws {
    let text = try #require(Hostile.all[format]?[name])
    var file: WorkspaceFile?
    var refusal = ""
    let source = "https://h/" + Hostile.repeated("s/", to: 4_000)
    let time = cpuSeconds {
      do { file = try read(text, format, from: source) } catch { refusal = "\(error)" }
    }
    #expect(time < Self.longest)
    let told = (file?.problems ?? [refusal]).reduce(0) { $0 + $1.utf8.count }
    #expect(told < 2 << 20)
    let named = (file?.projects ?? []).reduce(0) { total, project in
      [project.name, project.path, project.url, project.revision, project.branch]
        .reduce(total) { $0 + ($1?.utf8.count ?? 0) }
    }
    #expect(named < Self.mostResult)
  }

  private static let flakes = [
    "braces": "{" + String(repeating: "a={", count: 100_000) + String(repeating: "a=\"x\";", count: 100_000),
    "a dotted name": "{" + String(repeating: "a.", count: 200_000) + "a={"
      + String(repeating: "a=\"x\";", count: 80_000),
    "marks": "{inputs.a" + String(repeating: "\u{301}\u{316}", count: 100_000) + ".url=\"x\";"
      + String(repeating: "a.", count: 200_000),
  ]

  @Test("keeps no reader of a flake's inputs busy", arguments: flakes.keys.sorted())
  func flake(name: String) throws {
    let text = try #require(Self.flakes[name])
    let time = cpuSeconds { _ = FlakeSource.inputs(in: text) }
    #expect(time < Self.longest)
  }

  @Test("is read, but for the project that has a text of more than 4,096 bytes")
  func longText() throws {
    let file = try read(
      "<manifest><remote name='r' fetch='https://h'/><default remote='r'/>"
        + "<project name='\(String(repeating: "a", count: 4_097))' path='a'/><project name='b'/></manifest>",
      .repo)
    #expect(file.projects.map(\.name) == ["b"])
    let problem = try #require(file.problems.first)
    #expect(problem.utf8.count < 500)
    #expect(problem.contains("of at most 4096: passed over"))
  }

  @Test("tells a hundred of its problems, and how many more there are")
  func problems() throws {
    let file = try read(
      "<manifest>" + String(repeating: "<project name='p'/>", count: 1_500) + "</manifest>", .repo)
    #expect(file.problems.count == 101)
    #expect(file.problems.last == "f: there are 1400 more problems")
  }
}
