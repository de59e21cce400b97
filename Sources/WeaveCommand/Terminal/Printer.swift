import ForeignText
import Foundation
import WeaveKit

/// The only road to standard output, which is data, and to standard error, which is everything else.
public struct Printer: Sendable {
  let output, error: any OutputChannel

  /// A printer on two channels: the one that takes the payload, and the one that takes all else.
  public init(output: any OutputChannel, error: any OutputChannel) {
    (self.output, self.error) = (output, error)
  }

  /// Writes a line of the payload; ends the process with 1 when it cannot be written, so that nobody takes an
  /// empty answer for an answer.
  func out(_ line: String) { payload(Array((line + "\n").utf8)) }

  private func payload(_ bytes: [UInt8]) {
    guard let error = output.write(bytes) else { return }
    // A reader that has seen enough, such as `head`, is no error to speak of.
    if error != EPIPE { note("error: cannot write to standard output: \(String(cString: strerror(error)))") }
    exit(1)
  }

  /// Writes one line of text for people, as ``printable(_:)`` has it: a line feed in it is somebody else's.
  func line(_ text: String) { out(printable(text)) }

  /// Writes the two texts on one line, or the second, indented, on a line of its own where standard output's terminal is too
  /// narrow.
  func line(_ lead: String, _ rest: String) {
    guard !rest.isEmpty else { return line(lead) }
    guard let width = output.terminal?.width, lead.count + 2 + rest.count > width else {
      return line(lead + "  " + rest)
    }
    line(output.cut(lead))
    line(output.cut("         " + rest))
  }

  /// Writes one line of text for people, broken between words where standard output's terminal is too narrow.
  func paragraph(_ text: String) {
    for line in output.wrapped(printable(text)).split(atScalar: "\n") { out(String(line)) }
  }

  /// Writes a line to standard error. No URL in it shows a secret: it may be what the user typed, or what another program said.
  func note(_ line: String) { control(error.wrapped(printable(Redaction.line(line))) + "\n") }

  /// Writes an error to standard error, with its reasons and what to type instead.
  func explain(_ explanation: Explanation) {
    note("error: \(explanation.message)")
    // As they are, secrets taken out already: a command that somebody is to allow is among them.
    for detail in explanation.details { control(error.wrapped(printable("  \(detail)")) + "\n") }
    for hint in explanation.hints { note("hint: \(hint)") }
  }

  /// Writes what a program of the user's has said, as it is.
  func raw(_ bytes: [UInt8], isError: Bool) {
    if isError { _ = error.write(bytes) } else { payload(bytes) }
  }

  /// Writes to standard error as it is, for a terminal to obey.
  func control(_ text: String) { _ = error.write(Array(text.utf8)) }

  /// A value as JSON on standard output: keys sorted, slashes as they are, what nobody sees as escapes.
  func json(_ value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    out(Quoted.jsonDocument(String(decoding: try encoder.encode(value), as: UTF8.self)))
  }

  /// Shows all that `body` prints on the printer it is given in the place of all that the terminal shows, at once; as many
  /// lines as it has. Where it throws, nothing.
  func frame(_ body: (Printer) async throws -> Void) async rethrows {
    let text = PrintedText(for: output.terminal)
    try await body(Printer(output: text, error: text))
    var lines = String(decoding: text.bytes, as: UTF8.self).split(
      atScalar: "\n", keepsEmpty: true)
    if lines.last?.isEmpty == true { lines.removeLast() }
    let height = max(2, text.terminal?.height ?? 24)
    if lines.count >= height {
      // The summary is at the end.
      let (first, last) = ((height - 2) / 2, (height - 1) / 2)
      lines = lines.prefix(first) + ["… \(lines.count - first - last) more lines"] + lines.suffix(last)
    }
    // From the top left, each line cleared to its end, then all below (ECMA-48: CUP, EL, ED).
    out("\u{1B}[H" + lines.map { $0 + "\u{1B}[K" }.joined(separator: "\n") + "\u{1B}[J")
  }
}

/// A line on standard error that says how far long work has come, and that goes when the work is done; nothing where
/// no terminal shows it.
extension Printer {
  /// Puts `text`, cut to the terminal's width, in the place of what the line said before.
  func showProgress(_ text: String) {
    guard let terminal = error.terminal, terminal.movesCursor else { return }
    control("\r\u{1B}[K" + printable(text).prefix((terminal.width ?? 80) - 1))
  }

  func clearProgress() {
    if error.terminal?.movesCursor == true { control("\r\u{1B}[K") }
  }
}

/// Questions to the user.
extension Printer {
  /// Asks a question on the terminal, which Enter answers with yes. Where there is none to ask, says what `hint` would do
  /// and takes it for no.
  func asks(_ question: String, hint: String, _ surroundings: Surroundings) -> Bool {
    guard let readAnswer = surroundings.readAnswer, error.terminal != nil else {
      note("hint: `\(hint)` does it; without a terminal nobody can be asked")
      return false
    }
    control("\(question) [Y/n] ")
    guard let answer = readAnswer() else { return false }
    return ["", "y", "yes"].contains(answer.lowercased())
  }
}

extension Surroundings {
  /// These surroundings, whose warnings the printer prints.
  func warning(on printer: Printer) -> Surroundings {
    var surroundings = self
    surroundings.warn = { printer.note("warning: \($0)") }
    return surroundings
  }
}
