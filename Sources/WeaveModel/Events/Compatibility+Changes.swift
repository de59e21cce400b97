extension Compatibility {
  /// The commits of each link and revocation that may have come to stand otherwise by the events in `rows` of
  /// ``events``, and of these events themselves.
  ///
  /// A link changes nothing but itself, a revocation each link that holds all its commits, and a withdrawal what the
  /// event that it names had changed. Looks at the events that name the rarest commit of each revocation.
  package func commitsAffected(byEventsIn rows: some Sequence<Int>) -> Set<CommitNumber> {
    var affected: Set<CommitNumber> = []
    for row in rows {
      // What is withdrawn need not be here yet, and then nothing has changed.
      guard let claim = events.withdrawn(by: row).map(events.row) ?? row else { continue }
      let members = events.members[claim]
      affected.formUnion(members)
      guard events.kind(claim) == .revocation else { continue }
      for link in links(holding: members) { affected.formUnion(events.members[link]) }
    }
    return affected
  }
}
