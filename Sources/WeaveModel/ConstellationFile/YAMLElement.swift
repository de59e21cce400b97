/// A place in a file: line and column, from 1.
package struct Position: Sendable, Equatable {
  package let line: Int
  package let column: Int
}

/// A YAML value as written, with the place of each part. Scalars are text, whatever they look like.
package struct YAMLElement: Sendable {
  package struct Entry: Sendable {
    package let key: String
    package let position: Position
    package let value: YAMLElement
    /// Whether the key is `<<` as YAML 1.1 merges by it: without quotes.
    package let isMergeKey: Bool
  }

  package enum Content: Sendable {
    case text(String)
    case list([YAMLElement])
    case mapping([Entry])
  }

  package let position: Position
  package let content: Content
  /// Whether it is a text without quotes, which may be more to YAML than text.
  package let isPlain: Bool
  /// How many values it has in it, itself among them; a text counts once more for each ``bytesOfValue`` bytes.
  let count: Int

  init(position: Position, content: Content, isPlain: Bool = false) {
    (self.position, self.content, self.isPlain) = (position, content, isPlain)
    count =
      switch content {
      case .text(let text): 1 + text.utf8.count / bytesOfValue
      case .list(let elements): elements.reduce(1) { $0 + $1.count }
      case .mapping(let entries): entries.reduce(1) { $0 + $1.key.utf8.count / bytesOfValue + $1.value.count }
      }
  }

  /// What it is, in the words of error messages.
  package var kind: String {
    switch content {
    case .text(""): "nothing"
    case .text: "text"
    case .list: "a list"
    case .mapping: "a mapping"
    }
  }

  func text(file: String) throws(ConstellationError) -> String {
    guard case .text(let text) = content else { throw unexpected("text", file: file) }
    return text
  }

  func list(file: String) throws(ConstellationError) -> [YAMLElement] {
    guard case .list(let elements) = content else { throw unexpected("a list", file: file) }
    return elements
  }

  func mapping(file: String) throws(ConstellationError) -> [Entry] {
    guard case .mapping(let entries) = content else { throw unexpected("a mapping", file: file) }
    return entries
  }

  func json() -> JSONValue {
    switch content {
    case .text(let text): .string(text)
    case .list(let elements): .array(elements.map { $0.json() })
    case .mapping(let entries): .object(entries.map { ($0.key, $0.value.json()) })
    }
  }

  private func unexpected(_ wanted: String, file: String) -> ConstellationError {
    let hint =
      switch (wanted, content) {
      case ("a mapping", .text("")): "; write {} for an empty one"
      case ("a list", .text("")): "; write [] for an empty one"
      default: ""
      }
    return position.error("expected \(wanted), found \(kind)\(hint)", file: file)
  }
}

extension Position {
  func error(_ message: String, suggestion: String? = nil, file: String) -> ConstellationError {
    ConstellationError(file: file, line: line, column: column, message: message, suggestion: suggestion)
  }
}

/// How many bytes of text are a value. What a range lends to 100,000 machines is written for each, 32 MiB in all.
private let bytesOfValue = 8
