import Foundation
import TestSupport
import Testing

/// What it takes to say what must run where, what works together, and what runs.
extension Lab {
  /// Stores `text` as a constellation.
  func constellation(_ text: String = Constellations.emeraldCity) throws {
    try weave("constellation", "add", "-", input: text)
  }

  /// Links `members`, and returns the event's id.
  @discardableResult
  func link(_ members: String...) throws -> String { try link(members) }

  /// Links `members`, and returns the event's id.
  @discardableResult
  func link(_ members: [String]) throws -> String { try weave(["link"] + members + ["-m", "works"]) }

  /// Revokes `members`, at the fixed clock's time or some minutes off it, and returns the event's id.
  @discardableResult
  func revoke(
    _ members: String..., because reason: String = "DNS loops", minutesLater minutes: Int = 0
  ) throws -> String {
    var then = environment
    then.setDate(TestEnvironment.epoch + 60 * minutes)
    let arguments = ["revoke"] + members + ["-m", reason]
    return try run(arguments, environment: then).succeeded(["weave"] + arguments).trimmed
  }

  /// Says that `machine` runs `members`, and nothing else.
  func report(_ machine: String, _ members: String..., dirty: [String] = []) throws {
    let entries = try members.map { "\($0.prefix { $0 != "@" })=\(try id($0))" }
    try weave(["report", "--machine", machine] + entries + dirty.flatMap { ["--dirty", $0] })
  }

  /// The ids of the constellation's locks, the newest first.
  func locks(of constellation: String) throws -> [String] {
    try store.git("rev-list", "--first-parent", "refs/weave/public/locks/\(constellation)")
      .split(separator: "\n").map(String.init)
  }

  /// What `arguments` print, read as JSON.
  func json<Document: Decodable>(
    _ type: Document.Type, _ arguments: String..., input: String = ""
  ) throws -> Document {
    try json(type, arguments, input: input)
  }

  /// What `arguments` print, read as JSON.
  func json<Document: Decodable>(
    _ type: Document.Type, _ arguments: [String], input: String = ""
  ) throws -> Document {
    try JSONDecoder().decode(type, from: Data(weave(arguments, input: input).utf8))
  }

  /// What `weave resolve --json` says, of the one constellation that is stored or of `constellation`'s text.
  func resolution(of constellation: String? = nil) throws -> ResolutionDocument {
    guard let constellation else { return try json(ResolutionDocument.self, "resolve", "--json") }
    return try json(ResolutionDocument.self, "resolve", "--json", "-c", "-", input: constellation)
  }

  /// The commits that a resolution gives `machine`, by project.
  func picks(on machine: String, of constellation: String? = nil) throws -> [String: String] {
    let machine = try #require(resolution(of: constellation).machines.first { $0.machine == machine })
    return Dictionary(uniqueKeysWithValues: machine.projects.map { ($0.project, $0.commit) })
  }

  /// The status of `machine`.
  func status(
    of machine: String, constellation: String = "emerald-city", input: String = ""
  ) throws -> StatusDocument.Machine {
    let document = try json(StatusDocument.self, "status", "-c", constellation, "--json", input: input)
    return try #require(document.machines.first { $0.machine == machine })
  }
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

    /// What there is to say of `project`.
    func project(_ project: String) throws -> Project {
      try #require(projects.first { $0.project == project })
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
    let moreEvidence, moreMembers: Int?
  }
  let schema, constellation: String
  let lock: String?
  let machines: [Machine]
}
