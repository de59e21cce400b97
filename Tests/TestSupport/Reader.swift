import Foundation

/// The programs that read what weave writes.
public enum Reader {
  public static func isInstalled(_ program: String) -> Bool {
    (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").contains {
      access("\($0)/\(program)", X_OK) == 0
    }
  }

  /// Whether `python3` has the module.
  public static func hasPython(_ module: String) -> Bool {
    (try? run("python3", ["-c", "import \(module)"]))?.status == 0
  }

  public static func run(_ program: String, _ arguments: [String], input: String = "") throws -> ProcessResult
  {
    let home = try TemporaryDirectory()
    return try runProcess(
      program, arguments, in: home.path, environment: TestEnvironment(home: home.path).variables,
      input: Array(input.utf8))
  }

  /// The texts that a program printed, with a NUL after each.
  public static func texts(_ result: ProcessResult) -> [[UInt8]] {
    result.stdoutBytes.split(separator: 0, omittingEmptySubsequences: false).dropLast().map { Array($0) }
  }

  /// What a script of Python prints with `say(text)`, of what it reads as `document`.
  public static func python(_ script: String, document: String) throws -> [[UInt8]] {
    let head = """
      import sys
      document = sys.stdin.buffer.read()
      def say(text): sys.stdout.buffer.write(text.encode() + b"\\0")

      """
    let result = try run("python3", ["-c", head + script], input: document)
    return texts(try result.succeeded(["python3"]))
  }
}

/// Which of the texts did not come out as the bytes that they are, in the same order; empty where all did.
public func differences(of read: [[UInt8]], from texts: [String]) -> [String] {
  guard read.count == texts.count else { return ["\(read.count) texts came out of \(texts.count)"] }
  return zip(read, texts).filter { $0 != Array($1.utf8) }.map { read, text in
    let scalars = text.unicodeScalars.map { String($0.value, radix: 16) }.joined(separator: " ")
    return "\(scalars) came out as '\(String(decoding: read, as: UTF8.self))'"
  }
}
