/// What is wrong in a constellation file, and where.
public struct ConstellationError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The file, as the caller named it.
  public let file: String
  /// The line, from 1.
  public let line: Int
  /// The column, from 1, in Unicode scalars.
  public let column: Int
  /// What is wrong.
  public let message: String
  /// The nearest right thing, where there is one.
  public let suggestion: String?

  /// An error at a place in a file.
  public init(file: String, line: Int, column: Int, message: String, suggestion: String? = nil) {
    (self.file, self.line, self.column) = (file, line, column)
    (self.message, self.suggestion) = (FreeText.problem(message), suggestion)
  }

  public var description: String {
    "\(file):\(line):\(column): \(message)" + (suggestion.map { "; did you mean '\($0)'?" } ?? "")
  }
}

extension ConstellationError {
  /// The error at its place in `text`, which ends before a place on a later line: the parser counts one line more where
  /// a text ends with none. Then it is at the end of the last line that is not empty.
  func within(_ text: String) -> ConstellationError {
    let lines = text.yamlLines
    let last = lines.lastIndex { !$0.isEmpty } ?? 0
    guard line > last + 1 else { return self }
    return ConstellationError(
      file: file, line: last + 1, column: lines[last].unicodeScalars.count + 1, message: message,
      suggestion: suggestion)
  }
}
