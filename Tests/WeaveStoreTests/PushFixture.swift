import Git
import TestSupport
import Testing

@testable import WeaveStore

/// A plain bare repository that others push to, and what they push, made by stock Git.
struct PushFixture {
  static let store = String(repeating: "ab", count: 16)
  static let other = String(repeating: "cd", count: 16)
  static let manifest = "refs/weave/public/manifest"
  static let ledger = "refs/weave/public/ledger/ann-1"
  static let lock = "refs/weave/public/locks/canon"
  static let id = String(repeating: "1", count: 40)

  let directory: TemporaryDirectory
  let hub: TestRepository

  init() throws {
    Libgit2.fsync = false
    directory = try TemporaryDirectory()
    hub = try TestRepository.create(at: directory.appending("hub.git"), bare: true)
  }

  /// A commit whose tree has these files.
  func commit(
    _ message: String, _ files: [(name: String, content: String)] = [], on parents: String...,
    in repository: TestRepository? = nil
  ) throws -> String {
    let repository = repository ?? hub
    let entries = try files.map { file in
      let blob = try repository.git(["hash-object", "-w", "--stdin"], input: Array(file.content.utf8))
      return "100644 blob \(blob)\t\(file.name)\n"
    }
    let tree = try repository.git(["mktree"], input: Array(entries.joined().utf8))
    return try repository.git(
      ["commit-tree", tree] + parents.flatMap { ["-p", $0] }, input: Array(message.utf8))
  }

  /// A manifest of that store.
  func manifest(of store: String = PushFixture.store, on parents: String...) throws -> String {
    try parents.first.map { try commit("manifest\n", [("store", "\(store)\n")], on: $0) }
      ?? commit("manifest\n", [("store", "\(store)\n")])
  }

  /// An event of that store.
  func event(of store: String = PushFixture.store, by writer: String = "ann-1", on parent: String? = nil)
    throws
    -> String
  {
    let message = """
      revoke telperion@1111111

      loops

      Weave-Event: revoke
      Weave-Ledger: \(store)/\(writer)
      Weave-Member: telperion \(Self.id)

      """
    return try parent.map { try commit(message, on: $0) } ?? commit(message)
  }

  /// A lock of `canon` that wants `id`.
  func lock(_ id: String = PushFixture.id, trailers: String = "", on parent: String? = nil) throws -> String {
    let message = "lock canon\n\nWeave-Lock: canon\n\(trailers)"
    let files = [("toto", "telperion \(id)\n")]
    return try parent.map { try commit(message, files, on: $0) } ?? commit(message, files)
  }

  /// What `machine` said.
  func report(_ machine: String, number: Int = 1, isSeen: Bool = false, on parent: String? = nil) throws
    -> String
  {
    let message = "x\n\nWeave-Machine: \(machine)\nWeave-Sequence: \(number)\n"
    let files = isSeen ? [] : [("observed", "telperion \(Self.id)\n")]
    return try parent.map { try commit(message, files, on: $0) } ?? commit(message, files)
  }

  /// Puts the commit there, as one that was pushed before.
  func place(_ reference: String, at commit: String) throws { try hub.git("update-ref", reference, commit) }

  func change(_ name: String, to new: String?) -> RefChange {
    RefChange(
      name: name, old: hub.resolve(name).flatMap { ObjectID(hex: $0) }, new: new.flatMap { ObjectID(hex: $0) }
    )
  }

  /// What the hub says of a push of these refs, nil of a ref being its deletion: why it refuses, after the ref that it names.
  func refusal(
    _ changes: (String, String?)..., by rules: HubRules = [], as pusher: String? = nil,
    namespace: String = "",
    readingObjectsFrom objects: [String] = []
  ) throws -> String? {
    let hub = try Hub(at: hub.path, readingObjectsFrom: objects, namespace: namespace)
    let inspection = try PushInspection(
      of: hub, by: HubRules(of: hub).union(rules), from: pusher.map { try Pusher(named: $0, at: hub) })
    return try inspection.outcome(of: changes.map { change($0.0, to: $0.1) }).refused?.description
  }
}
