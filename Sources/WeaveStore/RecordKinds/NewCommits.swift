import Git

/// The commits of one record that a remote sent anew, before any is read.
struct NewCommits {
  private(set) var ids: [ObjectID] = []
  /// What was here of the record before.
  let known: [ObjectID]
  /// How many bytes the commits have beyond ``usualBytes`` each.
  private(set) var excess = 0
  /// Why some of them are refused whatever they say.
  private(set) var refusals: [ObjectID: String] = [:]
  /// Why they cannot be told; nil where they can.
  private(set) var failure: String?

  /// Why the record is refused whatever its commits say; nil where it is not.
  var refusal: String? { failure ?? ids.lazy.compactMap { id in refusals[id].map { "\(id): \($0)" } }.first }

  init(besides known: [ObjectID]) { self.known = known }

  mutating func append(_ id: ObjectID, size: Int) {
    ids.append(id)
    excess += max(0, size - Self.usualBytes)
    if size > Self.mostBytes { refusals[id] = "it has \(size) bytes, of at most \(Self.mostBytes)" }
  }

  mutating func fail(_ reason: String) { failure = failure ?? reason }

  /// A message has up to ``EventMessage/mostBytes``; a signature and parents come to that.
  private static let mostBytes = 9 << 20
  /// What weave writes has less, but for a long text with much evidence.
  private static let usualBytes = 64 << 10
  /// Of all records of a remote together. In a pack a commit of megabytes that is like another has some hundred bytes.
  private static let mostExcess = 64 << 20

  /// Those of the records that are refused, and why: where all come to more than may be beyond the usual, those with the
  /// least are taken, so that nobody's large ones keep another's small ones out.
  static func excess(among records: [RecordRef: NewCommits]) -> [RecordRef: String] {
    let sizes = records.filter { $0.value.excess > 0 }.map { (key: $0.key.path, size: $0.value.excess) }
    let excess = sizes.tooMuch(beyond: mostExcess)
    let reason =
      "the commits beyond \(usualBytes >> 10) KiB, with those of records that have less, come to more than "
      + "\(mostExcess >> 20) MiB"
    return records.filter { excess.contains($0.key.path) }.mapValues { _ in reason }
  }
}
