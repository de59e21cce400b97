import WeaveModel

/// The file `weave/index` of a store: derived, and never trusted further than its checksum and its bounds.
enum IndexFile {
  static func path(in gitDirectory: String) -> String { gitDirectory + "/weave/index" }

  /// The index in the file; nil where there is none, or none of this version and store that is whole.
  static func read(gitDirectory: String, store: StoreID) -> StoreIndex? {
    guard let file = OpenIndexFile(path: path(in: gitDirectory)) else { return nil }
    defer { file.close() }
    return read(byteCount: file.byteCount, store: store, fill: file.fill)
  }

  /// The index in those bytes, of which `fill` gives the next; nil where they are none of this version and store that is
  /// whole.
  static func read(
    byteCount: Int, store: StoreID, fill: @escaping (UnsafeMutableRawBufferPointer) -> Bool
  ) -> StoreIndex? {
    guard var reader = IndexReader(byteCount: byteCount, fill: fill),
      let text = reader.column(.text, of: UInt8.self).flatMap({ IndexFormat.Text($0, store: store) }),
      let projectNumbers = reader.column(.commitProjects, of: Int32.self),
      let commitIDs = reader.column(.commitIDs, of: UInt32.self),
      let commitRows = reader.column(.commitRows, of: Int32.self),
      let eventIDs = reader.column(.eventIDs, of: UInt32.self),
      let kinds = reader.column(.eventKinds, of: UInt8.self),
      let seconds = reader.column(.eventSeconds, of: Int64.self),
      let starts = reader.column(.eventStarts, of: Int32.self),
      let members = reader.column(.eventMembers, of: Int32.self),
      let withdrawals = reader.column(.withdrawals, of: Int32.self),
      let withdrawn = reader.column(.withdrawn, of: UInt32.self),
      let eventRows = reader.column(.eventRows, of: Int32.self),
      let histories = reader.column(.histories, of: Int32.self), reader.isSound
    else { return nil }
    guard
      let commits = IdentifierColumn<CommitIDKind>(words: commitIDs).flatMap({ ids in
        ProbingTable(slots: commitRows, seed: reader[.commitSeed], count: projectNumbers.count).flatMap {
          rows in
          CommitTable(projects: text.projects, projectNumbers: projectNumbers, ids: ids, rows: rows)
        }
      }),
      let rows = ProbingTable(slots: eventRows, seed: reader[.eventSeed], count: kinds.count),
      let ids = IdentifierColumn<EventIDKind>(words: eventIDs),
      let targets = IdentifierColumn<EventIDKind>(words: withdrawn),
      let events = EventTable(
        ids: ids, kinds: kinds, seconds: seconds, members: LinkTable(starts: starts, members: members),
        withdrawals: withdrawals, withdrawn: targets, rows: rows, commitCount: commits.count),
      let index = StoreIndex(text, events: events, commits: commits, histories: histories)
    else { return nil }
    return index
  }
}

extension StoreIndex {
  /// The index of those parts; nil where a history names what is no commit, or too much of it is of no use any more.
  fileprivate init?(
    _ text: IndexFormat.Text, events: EventTable, commits: CommitTable, histories numbers: [CommitNumber]
  ) {
    guard text.histories.reduce(0, { $0 + $1.count }) == numbers.count,
      numbers.allSatisfy({ $0 >= 0 && Int($0) < commits.count })
    else { return nil }
    (ledgers, self.events, self.commits) = (text.ledgers, events, commits)
    var start = 0
    for (project, count) in text.histories {
      histories.append(History(project: project, numbers: Array(numbers[start..<start + count])))
      start += count
    }
    // Histories that were rewritten leave commits behind that nothing names.
    let named = events.members.members.count + numbers.count
    guard commits.count <= 2 * named + 1_000 else { return nil }
  }
}
