/// Two different projects, in the order of their names.
public struct ProjectPair: Hashable, Comparable, Sendable, CustomStringConvertible {
  public let first: ProjectName
  public let second: ProjectName

  public init(_ one: ProjectName, _ other: ProjectName) {
    (first, second) = one < other ? (one, other) : (other, one)
  }

  public var description: String { "\(first)-\(second)" }
  public static func < (left: Self, right: Self) -> Bool {
    (left.first, left.second) < (right.first, right.second)
  }
}
