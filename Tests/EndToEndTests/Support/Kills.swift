import Foundation
import TestSupport

@testable import LabSupport

extension KillSweep {
  /// Whether a command can be killed with what it started.
  static let isPossible = FileManager.default.isExecutableFile(atPath: "/usr/bin/setsid")

  /// Starts weave in a process group of its own, so that Git's processes can be killed with it.
  static func start(_ arguments: [String], in lab: Lab) throws -> RunningProcess {
    try spawnProcess(
      "/usr/bin/setsid", [weaveExecutable] + arguments, in: lab.workspace,
      environment: lab.environment.variables)
  }

  /// Kills the process and its group after so many microseconds; whether it had not ended by then. Returns when the
  /// last of the group is gone.
  static func kill(_ process: RunningProcess, after delay: UInt32) throws -> Bool {
    usleep(delay)
    // Before it is a group of its own there is nothing but itself to kill.
    if Foundation.kill(-process.pid, SIGKILL) != 0 { process.kill(SIGKILL) }
    let result = process.wait()
    while Foundation.kill(-process.pid, 0) == 0, try isAlive(group: process.pid) { usleep(1_000) }
    return result.signal == SIGKILL
  }

  /// Every lock file in the directory.
  static func locks(in directory: String) -> [String] {
    let names = FileManager.default.enumerator(atPath: directory)?.compactMap { $0 as? String } ?? []
    return names.filter { $0.hasSuffix(".lock") || $0.hasSuffix("packed-refs.new") }.map {
      "\(directory)/\($0)"
    }
  }

  /// Makes the files those of an hour ago.
  static func age(_ files: [String]) throws {
    for path in files {
      try FileManager.default.setAttributes(
        [.modificationDate: Date(timeIntervalSinceNow: -3600)], ofItemAtPath: path)
    }
  }

  /// Whether a process of the group runs yet; one that only waits to be reaped does not.
  private static func isAlive(group: pid_t) throws -> Bool {
    for name in try FileManager.default.contentsOfDirectory(atPath: "/proc") where pid_t(name) != nil {
      guard let text = try? String(contentsOfFile: "/proc/\(name)/stat", encoding: .utf8),
        let end = text.lastIndex(of: ")")
      else { continue }
      // After the name: the state, the parent, the group.
      let fields = text[text.index(after: end)...].split(separator: " ")
      if fields[2] == "\(group)", fields[0] != "Z", fields[0] != "X" { return true }
    }
    return false
  }
}
