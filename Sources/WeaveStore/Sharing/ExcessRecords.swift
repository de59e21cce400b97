import Git
import WeaveModel

extension Store {
  /// Those of the observations and of the sets among a remote's records that are not taken, and why: where all of a kind
  /// come to more than ``mostObservedBytes`` or ``mostSetBytes``, the smallest are taken, so that no large ones of machines
  /// that nobody has can keep a machine's from being seen. Of a kind of which none is new nothing is read.
  func excessRecords(
    _ records: [RecordRef: ObjectID], in exchange: Exchange
  ) throws -> [RecordRef: String] {
    let observed = records.filter { if case .observed = $0.key.kind { true } else { false } }
    let sets = records.filter { if case .set = $0.key.kind { true } else { false } }
    return try excess(among: observed, called: "observations", beyond: Self.mostObservedBytes, in: exchange)
      .merging(excess(among: sets, called: "sets", beyond: Self.mostSetBytes, in: exchange)) { first, _ in
        first
      }
  }

  private func excess(
    among records: [RecordRef: ObjectID], called kind: String, beyond most: Int, in exchange: Exchange
  ) throws -> [RecordRef: String] {
    guard try records.contains(where: { try repository.resolve($0.key.name) != $0.value }) else { return [:] }
    var sizes: [ObjectID: Int] = [:]
    var measured: [(key: String, size: Int)] = []
    for (record, tip) in records {
      // One that cannot be read is refused where it is looked at whole.
      guard let tree = try? exchange.repository.commit(tip).tree else { continue }
      guard let size = sizes[tree] ?? (try? size(ofFilesIn: tree, exchange.repository)) else { continue }
      sizes[tree] = size
      measured.append((record.path, size))
    }
    let excess = measured.tooMuch(beyond: most)
    let reason = "with those that say less, all \(kind) have more than \(most >> 20) MiB"
    return records.filter { excess.contains($0.key.path) }.mapValues { _ in reason }
  }

  /// Some five million projects of machines.
  private static let mostObservedBytes = 256 << 20
  /// Some two million commits.
  private static let mostSetBytes = 128 << 20

  private func size(ofFilesIn tree: ObjectID, _ repository: Repository) throws -> Int {
    try repository.tree(tree).reduce(0) { try $0 + repository.size(of: $1.id) }
  }
}
