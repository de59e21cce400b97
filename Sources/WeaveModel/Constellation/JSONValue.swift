import ForeignText

/// What `data:` holds: the user's own, passed through. Every scalar is its text; keys keep their order.
public indirect enum JSONValue: Sendable, Equatable {
  case object([(key: String, value: JSONValue)])
  case array([JSONValue])
  case string(String)

  /// The value of `key` in an object; nil when there is none, or when this is no object.
  public subscript(key: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.key.isExactly(key) }?.value
  }

  public static func == (left: JSONValue, right: JSONValue) -> Bool {
    switch (left, right) {
    case (.object(let one), .object(let other)):
      one.elementsEqual(other) { $0.key.isExactly($1.key) && $0.value == $1.value }
    case (.array(let one), .array(let other)): one == other
    case (.string(let one), .string(let other)): one.isExactly(other)
    default: false
    }
  }
}
