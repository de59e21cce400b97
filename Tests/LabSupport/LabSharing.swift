import Foundation
import TestSupport
import Testing

/// Somebody else's workspace in a lab, cloned from a remote.
struct Colleague: Sendable {
  let lab: Lab
  let workspace: String

  var store: TestRepository { TestRepository(at: "\(workspace)/.weave/.git") }

  func run(_ arguments: String..., environment: TestEnvironment? = nil) throws -> ProcessResult {
    try lab.run(arguments, in: workspace, environment: environment)
  }

  @discardableResult
  func weave(_ arguments: String..., input: String = "") throws -> String {
    try lab.weave(arguments, in: workspace, input: input)
  }

  func writer() throws -> String { try store.git("config", "weave.writer") }
  func ledger() throws -> String { "refs/weave/public/ledger/\(try writer())" }

  /// The ids of the events that it knows, sorted.
  func events() throws -> [String] { try lab.eventIDs(in: workspace) }

  /// Stock Git and weave find nothing wrong with its store.
  func check(sourceLocation: SourceLocation = #_sourceLocation) throws {
    try store.git("fsck", "--strict")
    let weave = try run("fsck")
    #expect(weave.status == 0, "\(weave.stdout)\(weave.stderr)", sourceLocation: sourceLocation)
  }
}

extension Lab {
  /// The bare repository called `name` beside the workspace; made where there is none.
  func bare(_ name: String = "hub") throws -> TestRepository {
    let path = directory.appending("\(name).git")
    guard !FileManager.default.fileExists(atPath: path) else { return TestRepository(at: path) }
    return try TestRepository.create(at: path, bare: true)
  }

  /// Makes `name` a bare repository and a remote of the workspace, pushes there, and returns it.
  @discardableResult
  func share(as name: String = "hub", private isPrivate: Bool = false) throws -> TestRepository {
    let bare = try bare(name)
    try weave(["remote", "add", name, bare.path] + (isPrivate ? ["--private"] : []))
    try weave("push", name)
    return bare
  }

  /// A workspace that is cloned from the bare repository `hub`.
  func colleague(_ name: String, from hub: String = "hub", private isPrivate: Bool = false) throws
    -> Colleague
  {
    let path = directory.appending(name)
    try weave(
      ["clone", directory.appending("\(hub).git"), path] + (isPrivate ? ["--private"] : []),
      in: directory.path)
    return Colleague(lab: self, workspace: path)
  }

  /// The workspace itself, as one among several.
  var me: Colleague { Colleague(lab: self, workspace: workspace) }

  /// The ids of the events that the workspace at `path` knows, sorted.
  func eventIDs(in path: String) throws -> [String] {
    struct Log: Decodable { let events: [Entry] }
    struct Entry: Decodable { let id: String }
    let log = try weave("log", "--json", in: path)
    return try JSONDecoder().decode(Log.self, from: Data(log.utf8)).events.map(\.id).sorted()
  }

  /// Runs `body` with two projects, a bare repository `hub` to which all is pushed, and a workspace `bob` cloned from
  /// there; then checks both stores.
  static func withHub(_ body: (_ lab: Lab, _ hub: TestRepository, _ bob: Colleague) throws -> Void) throws {
    try Lab.withTwoProjects { lab, _, _ throws in
      let hub = try lab.share()
      let bob = try lab.colleague("bob")
      try body(lab, hub, bob)
      try bob.check()
    }
  }
}
