import ForeignText
import Yams

/// A parser's complaint in weave's words: where, and what.
struct YAMLProblem {
  private let position: Position
  private let message: String

  init(_ error: YamlError, text: String) {
    switch error {
    case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
      .composer(let context, let problem, let mark, _):
      position = Position(line: mark.line, column: mark.column)
      message =
        switch problem {
        case "but found another document": "the file holds more than one document"
        case "found undefined alias": "this alias refers to nothing that is complete before it"
        default: "this is not YAML: " + [context?.text, problem].compactMap(\.self).joined(separator: ", ")
        }
    case .reader(let problem, let offset, _, _):
      position = Self.place(of: offset ?? 0, in: text)
      message = "this is not YAML: \(problem)"
    case .duplicatedKeysInMapping(let keys, let context):
      let first = Position(line: context.mark.line, column: context.mark.column)
      position = Self.second(of: keys.first ?? "", after: first, in: text) ?? first
      let key = FreeText.name(keys.first ?? "")
      message =
        position == first
        ? "'\(key)' is given twice"
        : "'\(key)' is already given on line \(first.line)"
    default:
      position = Position(line: 1, column: 1)
      message = "this is not YAML: \(FreeText.name("\(error)"))"
    }
  }

  func error(file: String) -> ConstellationError { position.error(message, file: file) }

  /// The place of the Character at `offset`, counted from the beginning.
  private static func place(of offset: Int, in text: String) -> Position {
    // Yams counts Characters.
    let lines = text.prefix(offset).yamlLines
    return Position(line: lines.count, column: (lines.last?.unicodeScalars.count ?? 0) + 1)
  }

  /// Where the key at `first` is given again, in block style: on a later line, in the same column. Yams tells
  /// of the first only.
  private static func second(of key: String, after first: Position, in text: String) -> Position? {
    let lines = text.yamlLines
    let indent = first.column - 1
    for (index, line) in lines.enumerated().dropFirst(first.line) {
      let rest = line.drop(whileScalar: { $0 == " " })
      guard !rest.isEmpty, !rest.begins(with: "#") else { continue }
      let depth = line.utf8.count - rest.utf8.count
      if depth < indent { return nil }
      guard depth == indent else { continue }
      for spelling in [key, "\"\(key)\"", "'\(key)'"] {
        guard let after = rest.dropping(prefix: spelling) else { continue }
        if after.drop(whileScalar: { $0 == " " }).begins(with: ":") {
          return Position(line: index + 1, column: first.column)
        }
      }
    }
    return nil
  }
}

extension StringProtocol {
  /// The lines as YAML counts them (YAML 1.1, 4.2, as libyaml reads it), empty ones too.
  var yamlLines: [SubSequence] {
    var lines: [SubSequence] = []
    var (start, index) = (startIndex, startIndex)
    while index < endIndex {
      let scalar = unicodeScalars[index]
      var next = unicodeScalars.index(after: index)
      if scalar == "\r", next < endIndex, unicodeScalars[next] == "\n" {
        next = unicodeScalars.index(after: next)
      }
      if "\n\r\u{85}\u{2028}\u{2029}".unicodeScalars.contains(scalar) {
        lines.append(self[start..<index])
        start = next
      }
      index = next
    }
    return lines + [self[start...]]
  }
}
