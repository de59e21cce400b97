import Foundation

/// A repository in a directory of its own, read by the stock `git` under a configuration of the test's choosing.
final class EventStockGit {
  private let directory: URL

  init() throws {
    directory = FileManager.default.temporaryDirectory.appending(path: "weave-events-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    _ = try run("git init --quiet --bare repository && git -C repository hash-object -t tree -w /dev/null", config: "")
  }

  deinit { try? FileManager.default.removeItem(at: directory) }

  /// What the documented command says of each message.
  func interpretedTrailers(_ messages: [[UInt8]], config: String, before command: String = "") throws -> [[String]] {
    try write(messages)
    let output = try run(
      """
      cd repository
      for number in $(seq 0 \(messages.count - 1)); do
        \(command) git interpret-trailers --parse --no-divider < ../message.$number && printf '\\0'
      done
      """, config: config)
    return Self.lists(output)
  }

  /// What `git log` says of a commit of each message. Their dates differ, so that no two are one commit.
  func loggedTrailers(_ messages: [[UInt8]], config: String) throws -> [[String]] {
    try write(messages)
    let output = try run(
      """
      cd repository
      tree=$(git hash-object -t tree /dev/null)
      for number in $(seq 0 \(messages.count - 1)); do
        { printf 'tree %s\\nauthor J <j@x> 1700000000 +0000\\ncommitter J <j@x> %s +0000\\n\\n' "$tree" $((1700000000 + number))
          cat ../message.$number; } | git hash-object -t commit -w --stdin
      done > ../commits
      git log --no-walk=unsorted --stdin -z --format='tformat:%(trailers:only,unfold)' < ../commits
      """, config: config)
    return Self.lists(output)
  }

  private func write(_ messages: [[UInt8]]) throws {
    for (number, bytes) in messages.enumerated() {
      try Data(bytes).write(to: directory.appending(path: "message.\(number)"))
    }
  }

  private func run(_ script: String, config: String) throws -> [UInt8] {
    let file = directory.appending(path: "config")
    try Data(config.utf8).write(to: file)
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = ["-ec", script]
    process.currentDirectoryURL = directory
    process.environment = [
      "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "HOME": directory.path,
      "GIT_CONFIG_GLOBAL": file.path, "GIT_CONFIG_NOSYSTEM": "1",
    ]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let data = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    struct Failure: Error { let status: Int32 }
    guard process.terminationStatus == 0 else { throw Failure(status: process.terminationStatus) }
    return Array(data)
  }

  private static func lists(_ output: [UInt8]) -> [[String]] {
    output.split(separator: 0, omittingEmptySubsequences: false).dropLast().map { list in
      list.split(separator: 10).map { String(decoding: $0, as: UTF8.self) }
    }
  }
}
