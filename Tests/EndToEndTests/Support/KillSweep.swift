import Foundation
import TestSupport
import Testing

@testable import LabSupport

/// A command that is killed again and again, with every process that it started, at moments spread over the whole of
/// it: on top of what the last kill left, until it comes to its end, and then from the beginning.
struct KillSweep {
  private let lab: Lab
  private let command: [String]
  /// What the command may change, in the lab's directory.
  private let directories: [String]
  private let snapshot: LabSnapshot
  /// The refs of the record and of the projects: as the command finds them, and as it leaves them.
  private let before: [[String: String]]
  private let after: [[String: String]]

  /// Runs the command once to its end, to know what that is.
  ///
  /// - Parameter directories: what it may change, in the lab's directory: the workspace, and bare repositories.
  init(of command: [String], changing directories: [String] = ["workspace"], in lab: Lab) throws {
    (self.lab, self.command, self.directories) = (lab, command, directories)
    snapshot = try LabSnapshot(of: directories, in: lab)
    let repositories = directories.map { Self.repository($0, in: lab) }
    before = try repositories.map(Self.refs)
    try lab.weave(command)
    after = try repositories.map(Self.refs)
  }

  /// Kills the command `count` times. After each kill every ref of the record and of the projects is as before the
  /// command or as after it, and no object that a ref reaches is missing; after each run to the end, the refs are as
  /// after one that nobody killed, no lock file is left, Git and weave find nothing wrong, and `check` is called.
  ///
  /// Leaves what the command leaves.
  ///
  /// - Parameter isRepeatable: whether the command does nothing where it is done. One that is not begins anew where a kill
  ///   came after it was done.
  func kill(
    _ count: Int, seed: UInt64, isRepeatable: Bool = true, sourceLocation: SourceLocation = #_sourceLocation,
    check: () throws -> Void = {}
  ) throws {
    var random = SeededGenerator(seed: seed)
    var (killed, ended, inARow) = (0, 0, 0)
    // However fast or slow the machine is, the kills spread over the whole of the command.
    var longest: UInt32 = 100_000
    try snapshot.restore()
    while killed < count || inARow > 0 {
      var isKilled = false
      if killed < count, inARow < 16 {
        isKilled = try killOnce(after: UInt32.random(in: 0...longest, using: &random))
        longest = isKilled ? longest + longest / 8 : max(longest / 4, 1_000)
      } else {
        let result = try lab.run(command)
        try #require(
          result.status == 0, "after \(killed) kills: \(result.stderr)", sourceLocation: sourceLocation)
      }
      try #require(
        try complaints() == [], "after \(killed) kills and \(ended) ends", sourceLocation: sourceLocation)
      if isKilled {
        (killed, inARow) = (killed + 1, inARow + 1)
        if !isRepeatable, try refs() == after {
          try snapshot.restore()
          inARow = 0
        }
        continue
      }
      (ended, inARow) = (ended + 1, 0)
      #expect(try refs() == after, "after \(killed) kills", sourceLocation: sourceLocation)
      #expect(try locks() == [], "after \(killed) kills", sourceLocation: sourceLocation)
      try lab.check(sourceLocation: sourceLocation)
      try check()
      if killed < count { try snapshot.restore() }
    }
  }

  /// Starts the command, and kills it after so many microseconds; whether it had not ended by then.
  private func killOnce(after delay: UInt32) throws -> Bool {
    let process = try Self.start(command, in: lab)
    let isKilled = try Self.kill(process, after: delay)
    try #require(isKilled || process.wait().status == 0, "\(process.wait().stderr)")
    let locks = try locks()
    try Self.age(locks.filter { $0.hasPrefix(lab.workspace) })
    // Nobody but the one who has a remote can tell that nobody holds a lock there.
    for path in locks where !path.hasPrefix(lab.workspace) {
      try FileManager.default.removeItem(atPath: path)
    }
    return isKilled
  }

  /// What is neither as before the command nor as after it, and what is missing.
  private func complaints() throws -> [String] {
    var complaints: [String] = []
    for (place, refs) in try refs().enumerated() {
      for name in Set(refs.keys).union(before[place].keys)
      where refs[name] != before[place][name] && refs[name] != after[place][name] {
        complaints.append("\(directories[place]): \(name) is \(refs[name] ?? "gone")")
      }
    }
    for repository in repositories {
      let result = try runProcess(
        "git", ["rev-list", "--objects", "--all", "--quiet"], in: repository.path,
        environment: repository.environment.variables)
      if result.status != 0 { complaints.append("\(repository.path): \(result.stderr)") }
    }
    return complaints
  }

  /// Those that the command may change, and those for the exchange with remotes.
  private var repositories: [TestRepository] {
    let exchanges = ["public", "private"].map { "\(lab.store.path)/weave/exchange/\($0).git" }
    // The last file that is made of one.
    return directories.map { Self.repository($0, in: lab) }
      + exchanges.filter { FileManager.default.fileExists(atPath: "\($0)/HEAD") }.map(
        TestRepository.init(at:))
  }

  private func refs() throws -> [[String: String]] {
    try directories.map { try Self.refs(of: Self.repository($0, in: lab)) }
  }

  private func locks() throws -> [String] {
    directories.flatMap { Self.locks(in: lab.directory.appending($0)) }
  }
}

extension KillSweep {
  /// Without what is derived, and without what keeps more than it did after a kill.
  private static func refs(of repository: TestRepository) throws -> [String: String] {
    try repository.refs().filter {
      $0.key.hasPrefix("refs/weave/") || $0.key.hasPrefix("refs/namespaces/")
    }
  }

  private static func repository(_ directory: String, in lab: Lab) -> TestRepository {
    directory == "workspace" ? lab.store : TestRepository(at: lab.directory.appending(directory))
  }
}
