/// The links and revocations that name each commit: rows of an ``EventTable`` in flat memory, ascending.
struct EventsByCommit: Sendable {
  private let starts: [Int32]
  private let rows: [Int32]

  /// Inverts `members` by counting: linear.
  init(_ members: LinkTable, commitCount: Int) {
    var starts = [Int32](repeating: 0, count: commitCount + 1)
    let rows = [Int32](unsafeUninitializedCapacity: members.members.count) { rows, count in
      starts.withUnsafeMutableBufferPointer { starts in
        members.members.withUnsafeBufferPointer { numbers in
          members.starts.withUnsafeBufferPointer { rowStarts in
            for number in numbers { starts[Int(number) + 1] += 1 }
            for number in 0..<commitCount { starts[number + 1] += starts[number] }
            // From behind, so that each list is ascending and `starts` ends where the lists do.
            for number in 0..<commitCount { starts[number] = starts[number + 1] }
            for row in stride(from: rowStarts.count - 2, through: 0, by: -1) {
              for index in Int(rowStarts[row])..<Int(rowStarts[row + 1]) {
                let number = Int(numbers[index])
                starts[number] -= 1
                rows.initializeElement(at: Int(starts[number]), to: Int32(row))
              }
            }
          }
        }
      }
      count = members.members.count
    }
    (self.starts, self.rows) = (starts, rows)
  }

  /// None for a commit that was numbered later.
  subscript(commit: CommitNumber) -> ArraySlice<Int32> {
    let commit = Int(commit)
    guard commit + 1 < starts.count else { return [] }
    return rows[Int(starts[commit])..<Int(starts[commit + 1])]
  }
}
