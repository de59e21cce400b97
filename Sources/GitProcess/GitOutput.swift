import ForeignText
import Subprocess

/// What a run of Git left behind.
public struct GitOutput: Sendable {
  /// The exit code; 128 and the signal's number where a signal ended the process.
  public let exitCode: Int32
  /// Every byte written to standard output.
  public let standardOutput: [UInt8]
  /// Every byte written to standard error.
  public let standardError: [UInt8]

  /// Whether Git exited with 0.
  public var succeeded: Bool { exitCode == 0 }

  /// Standard output as text, without the newlines at its end.
  public var text: String { Self.text(of: standardOutput) }

  /// Standard error as text, without the newlines at its end, and without the secrets of URLs.
  public var errorText: String { redaction.text(Self.text(of: standardError)) }

  /// Knows the secret that the run was given.
  private(set) var redaction = Redaction()

  func redacted(by redaction: Redaction) -> GitOutput {
    var output = self
    output.redaction = redaction
    return output
  }

  /// The directories of repositories on this machine that the run was told of, and whose owner Git may have asked for.
  private(set) var directories: [String] = []

  func told(of directory: String?) -> GitOutput {
    var output = self
    output.directories += directory.map { [$0] } ?? []
    return output
  }

  /// The lines of standard error that say anything, as a person saw them: a carriage return begins one anew, too.
  var errorLines: [Substring] {
    errorText.unicodeScalars.split { $0 == "\n" || $0 == "\r" }.map { Substring($0) }
  }

  init(_ status: TerminationStatus, _ standardOutput: [UInt8], _ standardError: [UInt8]) {
    exitCode = status.exitCode
    self.standardOutput = standardOutput
    self.standardError = standardError
  }

  init(exitCode: Int32, standardOutput: [UInt8] = [], standardError: [UInt8] = []) {
    (self.exitCode, self.standardOutput, self.standardError) = (exitCode, standardOutput, standardError)
  }

  private static func text(of bytes: [UInt8]) -> String {
    let end = bytes.lastIndex { $0 != UInt8(ascii: "\n") }.map { $0 + 1 } ?? 0
    return String(foreign: bytes[..<end])
  }
}
