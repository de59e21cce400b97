import Testing
import WeaveFormats
import WeaveModel

@Suite("What a machine says that it runs") struct MachineReportTests {
  private let commit = CommitID(hex: sha)!

  private func read(_ text: String) throws(FileFormatError) -> ReportedState {
    try ReportedState.read(Array(text.utf8), file: "f")
  }

  private func refusal(_ text: String) -> String? {
    do {
      _ = try read(text)
      return nil
    } catch { return error.description }
  }

  private func name(_ text: String) -> ProjectName { try! ProjectName(text) }

  @Test func `is read from the manifest that weave prints, with guests and what is dirty`() throws {
    let state = try read(
      """
      { "schema": "weave.manifest/1", "machine": "toto", "sequence": 7, "later": [],
        "projects": { "laurelin": { "rev": "\(sha)", "dirty": true }, "narya": { "rev": "\(other)" } },
        "guests": { "dashy@toto": { "projects": {} }, "barge": { "sequence": 2, "resolution": "\(sha)" } } }
      """)
    let commits = [name("laurelin"): commit, name("narya"): CommitID(hex: other)!]
    #expect(
      state.reporter
        == .init(name: "toto", sequence: 7, content: .projects(commits, dirty: [name("laurelin")])))
    #expect(
      state.others == [
        .init(name: "barge", sequence: 2, content: .resolution(ResolutionID(hex: sha)!)),
        .init(name: "dashy@toto", sequence: 7, content: .projects([:], dirty: [])),
      ])
  }

  @Test func `may be a resolution alone, which is then the guests', too`() throws {
    let state = try read(
      #"{"schema":"weave.manifest/1","resolution":"\#(sha)","guests":{"dashy@toto":{}}}"#)
    let content = ReportedState.Content.resolution(ResolutionID(hex: sha)!)
    #expect(state.reporter == .init(name: nil, content: content))
    #expect(state.others == [.init(name: "dashy@toto", content: content)])
  }

  @Test(arguments: ["", "-dirty"])
  func `may be the one commit that NixOS knows, of its version or its current generation`(dirty: String)
    throws
  {
    let expected = ReportedState.Content.commit(commit, isDirty: !dirty.isEmpty)
    let version = #"{"nixosVersion":"24.05","configurationRevision":"\#(sha)\#(dirty)"}"#
    #expect(try read(version).reporter.content == expected)
    let generations = """
      [{"generation":2,"configurationRevision":"\(sha)\(dirty)","current":true},
       {"generation":1,"configurationRevision":"\(other)","current":false}]
      """
    #expect(try read(generations).reporter.content == expected)
  }

  @Test func `is read from the modules of r10k that are at a commit; the others are told`() throws {
    let state = try read(
      """
      {"name":"production","signature":"\(other)","deploy_success":true,"module_deploys":[
        {"name":"acme/laurelin","version":"main","sha":"\(sha)"},
        {"name":"puppetlabs/stdlib","version":"9.6.0","sha":null}]}
      """)
    #expect(state.reporter.content == .projects([name("laurelin"): commit], dirty: []))
    #expect(state.remarks == ["passed over, as no commit of a project is given: puppetlabs/stdlib"])
  }

  @Test func `is read from lines, of which empty ones and comments say nothing`() throws {
    let state = try read("# toto\nlaurelin\t\(sha)\r\n\nnarya  \(other) dirty")
    #expect(
      state.reporter.content
        == .projects(
          [name("laurelin"): commit, name("narya"): CommitID(hex: other)!], dirty: [name("narya")]))
  }

  @Test(arguments: [
    (#"{"schema":"weave.status/1"}"#, "its schema is 'weave.status/1'"),
    (#"{"schema":"weave.manifest/1","machine":"toto"}"#, "neither its 'projects' nor the 'resolution'"),
    (#"{"schema":"weave.manifest/1","machine":"a/b","projects":{}}"#, "'a/b' is no machine's name"),
    (#"{"schema":"weave.manifest/1","sequence":0,"projects":{}}"#, "its sequence is 0"),
    (
      #"{"schema":"weave.manifest/1","projects":{"narya":{"rev":"v1"}}}"#,
      "'v1' is no full commit id of narya"
    ),
    (
      #"{"schema":"weave.manifest/1","machine":"a","projects":{},"guests":{"a":{"projects":{}}}}"#,
      "own guests"
    ),
    (#"{"nixosVersion":"24.05"}"#, "sets no system.configurationRevision"),
    (#"[{"configurationRevision":"Unknown","current":true}]"#, "sets no system.configurationRevision"),
    (#"[{"configurationRevision":"x","current":false}]"#, "0 of its 1 generations are current"),
    (#"{"signature":"x","deploy_success":false,"module_deploys":[]}"#, "this deployment failed"),
    (#"{"signature":"x","module_deploys":[{"name":"a/b","sha":null}]}"#, "none of its modules"),
    ("{}", "it is no report"), ("{", "it is not JSON"), ("[{}]", "'current' is missing in Index 0"),
    ("narya \(sha)\nnarya \(sha)", "f:2: narya is reported twice"), ("\nnarya", "f:2: 'narya' is not"),
    ("narya \(sha) clean", "f:1:"), ("# nothing", "nothing is reported"), ("", "it is empty"),
  ])
  func `is refused where it is not known what runs`(text: String, reason: String) throws {
    let words = try #require(refusal(text))
    #expect(words.contains(reason), "\(words)")
  }

  @Test func `is at most a mebibyte`() {
    #expect(refusal(String(repeating: "#", count: 1 << 20)) == "f: nothing is reported")
    #expect(refusal(String(repeating: "#", count: 1 + 1 << 20)) == "f: it has more than 1048576 bytes")
  }
}
