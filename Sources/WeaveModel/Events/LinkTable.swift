/// Sets of commits by their numbers, one a row, in flat memory: what a million links are to the resolver.
public struct LinkTable: Sendable {
  /// Where each row starts in `members`, and where the last one ends: one more than there are rows.
  public private(set) var starts: [Int32]
  /// The rows, end to end.
  public private(set) var members: [CommitNumber]

  /// A table with no rows.
  public init() { (starts, members) = ([0], []) }

  /// A table with no rows, and room for as many.
  init(rowCapacity: Int, memberCapacity: Int) {
    self.init()
    starts.reserveCapacity(rowCapacity + 1)
    members.reserveCapacity(memberCapacity)
  }

  /// The table of those parts: `starts` begins with 0, never falls, and ends with the count of `members`.
  public init(starts: [Int32], members: [CommitNumber]) { (self.starts, self.members) = (starts, members) }

  /// The number of rows.
  public var count: Int { starts.count - 1 }

  public subscript(row: Int) -> ArraySlice<CommitNumber> { members[Int(starts[row])..<Int(starts[row + 1])] }

  /// Adds a row at the end.
  public mutating func append(_ members: some Sequence<CommitNumber>) {
    self.members.append(contentsOf: members)
    starts.append(Int32(self.members.count))
  }
}
