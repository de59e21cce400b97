import Foundation

/// The only road to standard output, which is data, and to standard error, which is everything else.
enum Printer {
  static func out(_ line: String) { write(line + "\n", to: FileHandle.standardOutput) }
  static func note(_ line: String) { write(line + "\n", to: FileHandle.standardError) }

  /// A value as JSON on standard output: keys sorted, slashes as they are.
  static func json(_ value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    out(String(decoding: try encoder.encode(value), as: UTF8.self))
  }

  /// Whether standard output is a terminal that wants colour (<https://no-color.org>).
  static let isColoured = isatty(STDOUT_FILENO) == 1 && (ProcessInfo.processInfo.environment["NO_COLOR"] ?? "").isEmpty

  private static func write(_ text: String, to handle: FileHandle) {
    // A reader that has gone away is no error of ours.
    try? handle.write(contentsOf: Data(text.utf8))
  }
}
