import Foundation
import TestSupport
import Testing

/// A workspace with three projects of four commits each, tagged v1 to v4, and what it takes to say that machines run
/// them.
final class MachinesFixture: Sendable {
  /// The commits of one project, by their tags.
  typealias Commits = [String: String]

  static let projects = ["telperion", "laurelin", "narya"]

  /// `toto` runs telperion and laurelin, `barge` laurelin and narya.
  static let emeraldCity = """
    constellation: emerald-city
    projects:
      telperion: {}
      laurelin: {}
      narya: {}
    roles:
      dns: { projects: [telperion, laurelin] }
      media: { projects: [laurelin, narya] }
    machines:
      toto: { roles: [dns] }
      barge: { roles: [media] }
    """

  let directory: TemporaryDirectory
  let environment: TestEnvironment

  /// The workspace's path.
  var workspace: String { directory.appending("workspace") }
  /// The store, as stock Git sees it.
  var store: TestRepository { TestRepository(at: workspace + "/.weave/.git") }

  /// Makes the sources, the workspace and the store, and fetches unless told not to.
  init(fetch: Bool = true) throws {
    directory = try TemporaryDirectory()
    environment = TestEnvironment(home: directory.path)
    for project in Self.projects {
      let source = try TestRepository.create(at: directory.appending("sources/\(project)"))
      for number in 1...4 {
        try source.commit("\(project) \(number)")
        try source.tag("v\(number)")
      }
    }
    try FileManager.default.createDirectory(atPath: workspace, withIntermediateDirectories: true)
    try weave("init")
    for project in Self.projects { try weave("project", "add", project, source(project).path) }
    if fetch { try weave("fetch") }
  }

  /// The repository that `project` comes from.
  func source(_ project: String) -> TestRepository {
    TestRepository(at: directory.appending("sources/\(project)"))
  }

  /// The full id of `member`, a `project@revision` of a source.
  func id(_ member: String) throws -> String {
    let parts = member.split(separator: "@", maxSplits: 1).map(String.init)
    return try source(parts[0]).git("rev-parse", "--verify", parts[1] + "^{commit}")
  }

  /// Runs weave in the workspace, or in `directory`, to whatever end.
  func run(
    _ arguments: [String], in directory: String? = nil, environment: TestEnvironment? = nil,
    input: String = ""
  ) throws -> ProcessResult {
    try runProcess(
      weaveExecutable, arguments, in: directory ?? workspace,
      environment: (environment ?? self.environment).variables,
      input: Array(input.utf8))
  }

  /// Runs weave, which must succeed, and returns its standard output, trimmed.
  @discardableResult
  func weave(_ arguments: String..., input: String = "") throws -> String {
    let result = try run(arguments, input: input)
    guard result.status == 0 else {
      throw TestFailure("weave \(arguments.joined(separator: " ")): \(result.status): \(result.stderr)")
    }
    return result.stdout.trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// Runs weave, which must end with `status` and print nothing on standard output, and returns its standard error.
  func refusal(
    _ arguments: [String], status: Int32 = 1, input: String = "", environment: TestEnvironment? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> String {
    let before = try store.refs()
    let result = try run(arguments, environment: environment, input: input)
    #expect(result.status == status, "\(result.stderr)", sourceLocation: sourceLocation)
    #expect(result.stdout == "", sourceLocation: sourceLocation)
    #expect(result.stderr.hasPrefix("error: "), "\(result.stderr)", sourceLocation: sourceLocation)
    #expect(
      result.stderr.split(separator: "\n").count { $0.hasPrefix("error: ") } == 1, "\(result.stderr)",
      sourceLocation: sourceLocation)
    #expect(try store.refs() == before, "the store's refs changed", sourceLocation: sourceLocation)
    return result.stderr
  }

  /// Stores `text` as a constellation.
  func constellation(_ text: String = MachinesFixture.emeraldCity) throws {
    try weave("constellation", "add", "-", input: text)
  }

  /// Links `members`, and returns the event's id.
  @discardableResult
  func link(_ members: String...) throws -> String { try link(members) }

  /// Links `members`, and returns the event's id.
  @discardableResult
  func link(_ members: [String]) throws -> String {
    let result = try run(["link"] + members + ["-m", "works"])
    guard result.status == 0 else { throw TestFailure(result.stderr) }
    return result.stdout.trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// Revokes `members`, and returns the event's id.
  @discardableResult
  func revoke(_ members: String..., because reason: String = "DNS loops") throws -> String {
    let result = try run(["revoke"] + members + ["-m", reason])
    guard result.status == 0 else { throw TestFailure(result.stderr) }
    return result.stdout.trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// Says that `machine` runs `members`, and nothing else.
  func report(_ machine: String, _ members: String..., dirty: [String] = []) throws {
    let entries = try members.map { member in
      "\(member.prefix { $0 != "@" })=\(try id(member))"
    }
    let result = try run(["report", "--machine", machine] + entries + dirty.flatMap { ["--dirty", $0] })
    guard result.status == 0 else { throw TestFailure(result.stderr) }
  }

  /// What `arguments` print, read as JSON.
  func json<Document: Decodable>(_ type: Document.Type, _ arguments: String..., input: String = "") throws
    -> Document
  {
    let result = try run(arguments, input: input)
    guard result.status == 0 else { throw TestFailure(result.stderr) }
    return try JSONDecoder().decode(type, from: Data(result.stdoutBytes))
  }

  /// The commits that a resolution gives `machine`, by project.
  func picks(on machine: String, of constellation: String? = nil) throws -> [String: String] {
    let result = try run(
      ["resolve", "--json"] + (constellation == nil ? [] : ["-c", "-"]), input: constellation ?? "")
    guard result.status == 0 else { throw TestFailure(result.stderr) }
    let document = try JSONDecoder().decode(ResolutionDocument.self, from: Data(result.stdoutBytes))
    let machine = try #require(document.machines.first { $0.machine == machine })
    return Dictionary(uniqueKeysWithValues: machine.projects.map { ($0.project, $0.commit) })
  }

  /// The status of `machine`.
  func status(of machine: String, constellation: String = "emerald-city", input: String = "") throws
    -> StatusDocument.Machine
  {
    let document = try json(
      StatusDocument.self, "status", "-c", constellation, "--json", input: input)
    return try #require(document.machines.first { $0.machine == machine })
  }

  /// What `weave resolve --json` prints.
  struct ResolutionDocument: Decodable {
    struct Machine: Decodable {
      let machine: String
      let projects: [Pick]
    }
    struct Pick: Decodable, Equatable {
      let project, commit, reason: String
      let behind: Int?
    }
    let schema, constellation, resolution: String
    let machines: [Machine]
  }

  /// What `weave status -c C --json` prints.
  struct StatusDocument: Decodable {
    struct Machine: Decodable {
      let machine, compliance, freshness: String
      let ageSeconds: Int?
      let untested: Bool
      let projects: [Project]
      let revocations: [Revocation]

      /// The drift of each project.
      var drift: [String: String] {
        Dictionary(uniqueKeysWithValues: projects.map { ($0.project, $0.drift) })
      }
    }
    struct Project: Decodable {
      let project, drift: String
      let had, wanted: String?
      let ahead, behind: Int?
    }
    struct Revocation: Decodable {
      let id, author, text: String
      let time: Int
    }
    let schema, constellation: String
    let lock: String?
    let machines: [Machine]
  }
}
