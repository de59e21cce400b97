import Foundation
import TestSupport
import Testing

/// Somebody who may push to a hub, and pushes reports of the machine `toto` by plain Git.
struct EveAtHub {
  static let observed = "refs/weave/public/observed/toto"
  static let seen = "refs/weave/public/seen/toto"
  private let hub: TestRepository
  private let own: TestRepository

  /// - Parameter isChecking: whether the hub looks at what it is given, as `receive.fsckObjects` says.
  init(at hub: TestRepository, isChecking: Bool, in lab: Lab) throws {
    if isChecking { try hub.git("config", "receive.fsckObjects", "true") }
    self.hub = hub
    own = try TestRepository.create(at: lab.directory.appending("eve.git"), bare: true)
  }

  /// Pushes a commit for `reference` with these trailers, on top of what is there or of `parent`, and returns its id.
  ///
  /// - Parameters:
  ///   - lines: what it says that toto runs; nil for a date.
  ///   - date: in seconds since 1970.
  @discardableResult
  func push(
    _ trailers: String, of lines: String?, to reference: String = observed, parent: String? = nil,
    date: Int = TestEnvironment.epoch
  ) throws -> String {
    try own.git("fetch", "--quiet", hub.path, "+refs/*:refs/*")
    var tree = try own.git("mktree")
    var parents: [String] = []
    if let lines {
      let blob = try own.git(["hash-object", "-w", "--stdin"], input: Array(lines.utf8))
      tree = try own.git(["mktree"], input: Array("100644 blob \(blob)\tobserved\n".utf8))
      if let parent = parent ?? own.resolve(reference) { parents = ["-p", parent] }
    }
    var environment = own.environment
    environment.setDate(date)
    let word = lines == nil ? "seen" : "observed"
    let id = try own.git(
      ["commit-tree", tree] + parents, environment: environment,
      input: Array("\(word) toto\n\nWeave-Machine: toto\n\(trailers)".utf8))
    try own.git("push", "--quiet", "--force", hub.path, "\(id):\(reference)")
    return id
  }

  /// Pushes a date when toto was seen.
  @discardableResult
  func pushDate(_ trailers: String, date: Int) throws -> String {
    try push(trailers, of: nil, to: Self.seen, date: date)
  }

  /// Pushes `count` reports, one on top of the other, each with the greatest number that may follow.
  func pushGreatest(count: Int, of lines: [String]) throws {
    try own.git("fetch", "--quiet", hub.path, "+refs/*:refs/*")
    var (number, stream) = (1, "")
    for index in 0..<count {
      number += min((1 << 53) - 1, .max - number)
      let message = "observed toto\n\nWeave-Machine: toto\nWeave-Sequence: \(number)\n"
      let line = lines[index % lines.count]
      stream +=
        "commit \(Self.observed)\ncommitter eve <e@x> \(TestEnvironment.epoch) +0000\n"
        + "data \(message.utf8.count)\n\(message)\n"
        + (index == 0 ? "from \(Self.observed)^0\n" : "")
        + "M 644 inline observed\ndata \(line.utf8.count)\n\(line)\n"
    }
    try own.git(["fast-import", "--quiet"], input: Array(stream.utf8))
    try own.git("push", "--quiet", hub.path, Self.observed)
  }
}
