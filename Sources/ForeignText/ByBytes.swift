/// What has an equal that is equal only where the bytes of all texts in it are.
public protocol ComparableByBytes {
  associatedtype Exact: Hashable
  var exact: Exact { get }
}

/// A text of somebody else, or several, in a value that is compared: equal to another only where the bytes are.
///
/// To `String`, and so to an `==` that the compiler writes, two spellings of one character, composed and decomposed, are equal.
@propertyWrapper
public struct ByBytes<Value: ComparableByBytes>: Hashable {
  public var wrappedValue: Value

  public init(wrappedValue: Value) { self.wrappedValue = wrappedValue }

  public static func == (one: Self, other: Self) -> Bool {
    one.wrappedValue.exact == other.wrappedValue.exact
  }

  public func hash(into hasher: inout Hasher) { hasher.combine(wrappedValue.exact) }
}

extension ByBytes: Sendable where Value: Sendable {}

extension String: ComparableByBytes {
  public var exact: ExactText { ExactText(self) }
}

extension Optional: ComparableByBytes where Wrapped: ComparableByBytes {
  public var exact: Wrapped.Exact? { map(\.exact) }
}

extension Array: ComparableByBytes where Element: ComparableByBytes {
  public var exact: [Element.Exact] { map(\.exact) }
}

extension Dictionary: ComparableByBytes where Key == String, Value: Hashable {
  public var exact: [ExactText: Value] {
    Dictionary<ExactText, Value>(uniqueKeysWithValues: map { (ExactText($0.key), $0.value) })
  }
}
