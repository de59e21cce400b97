import ForeignText
import Foundation

/// What a terminal can show.
enum Terminal {
  /// The columns of the terminal behind `descriptor`; nil where there is none, or it does not say.
  static func width(of descriptor: Int32) -> Int? {
    var size = winsize()
    guard isatty(descriptor) == 1, ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 20 else {
      return nil
    }
    return Int(size.ws_col)
  }

  /// The lines of the terminal behind `descriptor`; nil where there is none, or it does not say.
  static func height(of descriptor: Int32) -> Int? {
    var size = winsize()
    guard isatty(descriptor) == 1, ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_row > 0 else {
      return nil
    }
    return Int(size.ws_row)
  }

  /// The columns of standard output's terminal; 80 where there is none.
  static var standardOutputWidth: Int { width(of: STDOUT_FILENO) ?? 80 }

  /// The line, cut to the width of standard output's terminal where there is one.
  static func fitted(_ line: String) -> String { cut(line, on: STDOUT_FILENO) }

  /// The line, cut to the width of the terminal behind `descriptor` where there is one.
  static func cut(_ line: String, on descriptor: Int32) -> String { cut(line, to: width(of: descriptor)) }

  /// The line, cut to so many columns; as it is where that is nil.
  static func cut(_ line: String, to width: Int?) -> String {
    guard let width else { return line }
    // Any number of marks may stand on one letter.
    let line = line.isPlain ? line : String(line.unicodeScalars.prefix(8 * width))
    guard line.columns > width else { return line }
    return line.prefix(width - 1) + "…"
  }

  /// Asks a question on the terminal, which Enter answers with yes. Where there is none to ask, says what `hint` would do
  /// and takes it for no.
  static func asks(_ question: String, hint: String) -> Bool {
    guard isatty(STDIN_FILENO) == 1, isatty(STDERR_FILENO) == 1 else {
      Printer.note("hint: `\(hint)` does it; without a terminal nobody can be asked")
      return false
    }
    Printer.control("\(question) [Y/n] ")
    guard let answer = readLine() else { return false }
    return ["", "y", "yes"].contains(answer.lowercased())
  }

  /// One line of the two texts; two, the second indented, where standard output's terminal is too narrow.
  static func fitted(_ lead: String, _ rest: String) -> [String] {
    guard let width = width(of: STDOUT_FILENO), lead.count + 2 + rest.count > width, !rest.isEmpty else {
      return [rest.isEmpty ? lead : lead + "  " + rest]
    }
    return [fitted(lead), fitted("         " + rest)]
  }

  /// The text with line breaks between words, as the width of the terminal behind `descriptor` asks for; as it is where
  /// there is none.
  static func wrapped(_ text: String, on descriptor: Int32) -> String {
    width(of: descriptor).map { wrapped(text, to: $0) } ?? text
  }

  /// The text with line breaks between words, so that no line is wider than `width` but for a word that is. Later lines are
  /// indented by two more than the first. Nothing between the first backtick and the last is broken, nor what begins with
  /// `weave`: a command is to be pasted, and a line break would make two of it.
  static func wrapped(_ text: String, to width: Int) -> String {
    guard text.count > width else { return text }
    let indent = String(text.prefix(whileScalar: { $0 == " " }))
    let rest = text.dropFirst(bytes: indent.utf8.count)
    guard !rest.begins(with: "weave ") else { return text }
    var lines: [String] = []
    for word in unbroken(rest) {
      if let line = lines.last, line.count + 1 + word.count <= width {
        lines[lines.count - 1] = line + " " + word
      } else {
        lines.append(indent + (lines.isEmpty ? "" : "  ") + word)
      }
    }
    return lines.joined(separator: "\n")
  }

  /// The words of the text; all from the one with the first backtick to the one with the last are one. Which backticks are a
  /// pair nobody can say where there is text of others among them.
  private static func unbroken(_ text: Substring) -> [Substring] {
    let words = text.split(atScalar: " ", keepsEmpty: true)
    guard let first = words.firstIndex(where: { $0.utf8.contains(UInt8(ascii: "`")) }),
      let last = words.lastIndex(where: { $0.utf8.contains(UInt8(ascii: "`")) })
    else { return words }
    return words[..<first] + [text[words[first].startIndex..<words[last].endIndex]] + words[(last + 1)...]
  }

  /// Whether the terminal behind `descriptor` moves its cursor when told to.
  static func movesCursor(_ descriptor: Int32) -> Bool {
    isatty(descriptor) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"
  }
}

/// A line on standard error that says how far long work has come, and that goes when the work is done; nothing where
/// no terminal shows it.
enum ProgressLine {
  private static let isShown = Terminal.movesCursor(STDERR_FILENO)

  /// Puts `text`, cut to the terminal's width, in the place of what the line said before.
  static func show(_ text: String) {
    guard isShown else { return }
    let width = Terminal.width(of: STDERR_FILENO) ?? 80
    Printer.control("\r\u{1B}[K" + printable(text).prefix(width - 1))
  }

  static func clear() {
    if isShown { Printer.control("\r\u{1B}[K") }
  }
}
