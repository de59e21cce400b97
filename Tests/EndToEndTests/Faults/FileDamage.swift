import Foundation
import TestSupport

@testable import LabSupport

/// What may have happened to a file.
enum FileDamage: String, CaseIterable, Sendable {
  case emptied
  case halved
  /// One bit in the middle.
  case flippedInTheMiddle
  /// One bit at a place that chance gives.
  case flipped
  case removed
  /// A FIFO in its place, into which nobody writes.
  case fifo
  /// Mode 000.
  case unreadable

  /// Whether it can be done here, and be seen.
  var isPossible: Bool { self != .unreadable || geteuid() != 0 || Privileges.canBeNobody }

  func apply(to path: String, using dice: inout SeededGenerator) throws {
    let files = FileManager.default
    let bytes = Array(try Data(contentsOf: URL(filePath: path)))
    switch self {
    case .emptied: try rewrite(path, [])
    case .halved: try rewrite(path, Array(bytes.prefix(bytes.count / 2)))
    case .flippedInTheMiddle, .flipped:
      guard !bytes.isEmpty else { return }
      let place = self == .flipped ? Int.random(in: 0..<bytes.count, using: &dice) : bytes.count / 2
      var changed = bytes
      changed[place] ^= 1 << UInt8.random(in: 0..<8, using: &dice)
      try rewrite(path, changed)
    case .removed: try files.removeItem(atPath: path)
    case .fifo:
      try files.removeItem(atPath: path)
      guard mkfifo(path, 0o644) == 0 else { throw TestFailure("mkfifo: \(String(cString: strerror(errno)))") }
    case .unreadable: try files.setAttributes([.posixPermissions: 0], ofItemAtPath: path)
    }
  }

  /// In place, so that owner and mode stay.
  private func rewrite(_ path: String, _ bytes: [UInt8]) throws {
    guard chmod(path, 0o644) == 0, truncate(path, 0) == 0 else {
      throw TestFailure("\(path): \(String(cString: strerror(errno)))")
    }
    try Data(bytes).write(to: URL(filePath: path), options: [])
  }
}

extension FileDamage {
  /// Whether the store with the file so damaged is a sound one that says less: what was fetched from a source is
  /// a copy, of which a store holds none before the first `weave fetch`; and that a machine has reported is not
  /// remembered (Docs/faults.md, "What is not promised").
  func makesAnotherStore(of file: String) -> Bool {
    let reports = ["public", "private"].flatMap { ["refs/weave/\($0)/observed/", "refs/weave/\($0)/seen/"] }
    return self == .removed
      && (["refs/namespaces/"] + reports).contains { file.utf8.starts(with: $0.utf8) }
  }
}

/// Files of a store of which `fsck` need not say that they are damaged. No answer may be wrong for them
/// either.
enum ImmaterialFiles {
  /// Why the file at `path`, in the store's directory, does not matter; nil where it does.
  static func reason(_ path: String, reachable: Set<String>) -> String? {
    func begins(_ text: String) -> Bool { path.utf8.starts(with: text.utf8) }
    func ends(_ text: String) -> Bool { path.utf8.reversed().starts(with: text.utf8.reversed()) }
    if path == "description" || begins("hooks/") || begins("info/exclude") { return "Git's templates" }
    if begins("logs/") || path == "FETCH_HEAD" || path == "gc.log" || path == "ORIG_HEAD" {
      return "says what Git did, for people"
    }
    if begins("weave/exchange/") { return "copies, made anew by the next push or pull" }
    if begins("weave/index") || begins("weave/known-tips") || begins("weave/unreachable")
      || begins("weave/signatures")
    {
      return "derived, made anew"
    }
    if ends("weave/lock") { return "has no content" }
    if ends(".rev") || ends(".bitmap") || begins("info/refs") || begins("objects/info/packs") {
      return "derived from the packs and refs, and read by nobody here"
    }
    let parts = path.split(separator: "/")
    if parts.count == 3, parts[0] == "objects", parts[1].count == 2,
      !reachable.contains(String(parts[1] + parts[2]))
    {
      return "an object that no ref reaches"
    }
    return nil
  }
}
