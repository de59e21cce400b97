import Git
import WeaveModel

extension Store {
  /// Those of a remote's records that are not taken, and why: where all of a kind come to more than its bound, the smallest
  /// are taken, so that no large ones of machines that nobody has can keep a machine's from being seen. Of a kind of which none
  /// is new nothing is read.
  func excessRecords(
    _ records: [RecordRef: ObjectID], in exchange: Exchange
  ) throws -> [RecordRef: String] {
    var excess: [RecordRef: String] = [:]
    for kind in kinds {
      guard let bound = kind.bound else { continue }
      let those = records.filter { $0.key.kind == kind }
      excess.merge(try self.excess(among: those, beyond: bound, in: exchange)) { first, _ in first }
    }
    return excess
  }

  private func excess(
    among records: [RecordRef: ObjectID], beyond bound: RecordKind.Bound, in exchange: Exchange
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
    let excess = measured.tooMuch(beyond: bound.mostBytes)
    let reason = "with those that say less, all \(bound.words) have more than \(bound.mostBytes >> 20) MiB"
    return records.filter { excess.contains($0.key.path) }.mapValues { _ in reason }
  }

  private func size(ofFilesIn tree: ObjectID, _ repository: Repository) throws -> Int {
    try repository.tree(tree).reduce(0) { try $0 + repository.size(of: $1.id) }
  }
}
