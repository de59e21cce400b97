import ForeignText
import Foundation
import Synchronization
import WeaveKit

/// The only road to standard output, which is data, and to standard error, which is everything else.
enum Printer {
  /// Writes a line of the payload; ends the process with 1 when it cannot be written, so that nobody takes an
  /// empty answer for an answer.
  static func out(_ line: String) {
    guard let error = write(line + "\n", to: STDOUT_FILENO) else { return }
    // A reader that has seen enough, such as `head`, is no error to speak of.
    if error != EPIPE { note("error: cannot write to standard output: \(String(cString: strerror(error)))") }
    exit(1)
  }

  /// Writes one line of text for people, as ``printable(_:)`` has it: a line feed in it is somebody else's.
  static func line(_ text: String) { out(printable(text)) }

  /// Writes the two texts on one line, or the second on a line of its own where standard output's terminal is too narrow.
  static func line(_ lead: String, _ rest: String) {
    for line in Terminal.fitted(lead, rest) { self.line(line) }
  }

  /// Writes one line of text for people, broken between words where standard output's terminal is too narrow.
  static func paragraph(_ text: String) {
    for line in Terminal.wrapped(printable(text), on: STDOUT_FILENO).split(atScalar: "\n") {
      out(String(line))
    }
  }

  /// Writes a line to standard error. No URL in it shows a secret: it may be what the user typed, or what another program said.
  static func note(_ line: String) {
    _ = write(Terminal.wrapped(printable(Redaction.line(line)), on: STDERR_FILENO) + "\n", to: STDERR_FILENO)
  }

  /// Writes an error to standard error, with its reasons and what to type instead.
  static func explain(_ explanation: Explanation) {
    note("error: \(explanation.message)")
    // As they are, secrets taken out already: a command that somebody is to allow is among them.
    for detail in explanation.details {
      _ = write(Terminal.wrapped(printable("  \(detail)"), on: STDERR_FILENO) + "\n", to: STDERR_FILENO)
    }
    for hint in explanation.hints { note("hint: \(hint)") }
  }

  /// Writes what a program of the user's has said, as it is.
  static func raw(_ bytes: [UInt8], isError: Bool) {
    guard let error = write(bytes, to: isError ? STDERR_FILENO : STDOUT_FILENO), !isError else { return }
    if error != EPIPE { note("error: cannot write to standard output: \(String(cString: strerror(error)))") }
    exit(1)
  }

  /// Writes to standard error as it is, for a terminal to obey.
  static func control(_ text: String) { _ = write(text, to: STDERR_FILENO) }

  /// A value as JSON on standard output: keys sorted, slashes as they are, what nobody sees as escapes.
  static func json(_ value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    out(Quoted.jsonDocument(String(decoding: try encoder.encode(value), as: UTF8.self)))
  }

  /// Whether standard output is a terminal that wants colour (<https://no-color.org>).
  static let isColoured =
    isatty(STDOUT_FILENO) == 1 && (ProcessInfo.processInfo.environment["NO_COLOR"] ?? "").isEmpty

  /// The errno of what kept the text from being written whole; nil when it was.
  private static func write(_ text: String, to descriptor: Int32) -> Int32? {
    let bytes = Array(text.utf8)
    guard !collected.withLock({ $0?.append(contentsOf: bytes) != nil }) else { return nil }
    return write(bytes, to: descriptor)
  }

  /// What is printed while a frame is made, in the place of standard output and standard error.
  private static let collected = Mutex<[UInt8]?>(nil)

  /// Shows all that `body` prints in the place of all that the terminal shows, at once; as many lines as it has.
  static func frame(_ body: () async throws -> Void) async rethrows {
    collected.withLock { $0 = [] }
    defer { showFrame() }
    try await body()
  }

  static func frame(_ body: () -> Void) {
    collected.withLock { $0 = [] }
    defer { showFrame() }
    body()
  }

  private static func showFrame() {
    let bytes = collected.withLock { bytes in
      defer { bytes = nil }
      return bytes ?? []
    }
    var lines = String(decoding: bytes, as: UTF8.self).split(
      atScalar: "\n", keepsEmpty: true)
    if lines.last?.isEmpty == true { lines.removeLast() }
    let height = max(2, Terminal.height(of: STDOUT_FILENO) ?? 24)
    if lines.count >= height {
      // The summary is at the end.
      let (first, last) = ((height - 2) / 2, (height - 1) / 2)
      lines = lines.prefix(first) + ["… \(lines.count - first - last) more lines"] + lines.suffix(last)
    }
    // From the top left, each line cleared to its end, then all below (ECMA-48: CUP, EL, ED).
    out("\u{1B}[H" + lines.map { $0 + "\u{1B}[K" }.joined(separator: "\n") + "\u{1B}[J")
  }

  private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Int32? {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0 && errno != EINTR { return errno }
      rest = rest.dropFirst(max(0, count))
    }
    return nil
  }
}
