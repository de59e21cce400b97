import WeaveModel

/// Why a file cannot be read at all.
public struct FileFormatError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The file, as the caller named it.
  public let file: String
  /// The line, from 1; nil where it is about the whole file.
  public let line: Int?
  /// What is wrong.
  public let message: String

  public init(file: String, line: Int? = nil, message: String) {
    (self.file, self.line, self.message) = (file, line, FreeText.problem(message))
  }

  init(_ error: ConstellationError) {
    self.init(file: error.file, line: error.line, message: error.message)
  }

  public var description: String { "\(file)\(line.map { ":\($0)" } ?? ""): \(message)" }
}
