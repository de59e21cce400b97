import TestSupport

/// A repository in a directory of its own, read by the stock `git` under a configuration of the test's
/// choosing.
struct EventStockGit {
  private let directory: TemporaryDirectory

  init() throws {
    directory = try TemporaryDirectory()
    _ = try run(
      "git init --quiet --bare repository && git -C repository hash-object -t tree -w /dev/null", config: "")
  }

  /// What the documented command says of each message.
  func interpretedTrailers(
    _ messages: [[UInt8]], config: String, before command: String = ""
  ) throws -> [[String]] {
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
    var stream: [UInt8] = []
    for (number, bytes) in messages.enumerated() {
      let head = "commit refs/heads/\(number)\ncommitter J <j@x> \(1_700_000_000 + number) +0000\n"
      stream += Array("\(head)data \(bytes.count)\n".utf8) + bytes + [10]
    }
    // Under no configuration: only the reading is tried.
    _ = try run("git -C repository fast-import --quiet --force", config: "", input: stream)
    let names = messages.indices.map { "refs/heads/\($0)\n" }.joined()
    let output = try run(
      """
      git -C repository log --no-walk=unsorted --stdin -z --format='tformat:%(trailers:only,unfold)'
      """, config: config, input: Array(names.utf8))
    return Self.lists(output)
  }

  private func write(_ messages: [[UInt8]]) throws {
    for (number, bytes) in messages.enumerated() {
      try directory.write(bytes, to: "message.\(number)")
    }
  }

  private func run(_ script: String, config: String, input: [UInt8] = []) throws -> [UInt8] {
    let path = try directory.write(config, to: "config")
    let environment = TestEnvironment(home: directory.path).with(["GIT_CONFIG_GLOBAL": path])
    let command = ["sh", "-ec", script]
    return try runProcess(
      command[0], Array(command[1...]), in: directory.path, environment: environment.variables, input: input
    ).succeeded(command).stdoutBytes
  }

  private static func lists(_ output: [UInt8]) -> [[String]] {
    output.split(separator: 0, omittingEmptySubsequences: false).dropLast().map { list in
      list.split(separator: 10).map { String(decoding: $0, as: UTF8.self) }
    }
  }
}
