import Git
import WeaveModel

extension Store {
  /// Those of the observations among a remote's records that are not taken, and why: where all come to more than
  /// ``mostObservedBytes``, the smallest are taken, so that no large ones of machines that nobody has can keep a machine's
  /// from being seen. Empty, and nothing is read, where none is new.
  func excessObservations(
    _ records: [RecordRef: ObjectID], in exchange: Exchange
  ) throws -> [RecordRef: String] {
    let observed = records.filter { if case .observed = $0.key.kind { true } else { false } }
    guard try observed.contains(where: { try repository.resolve($0.key.name) != $0.value }) else {
      return [:]
    }
    var sizes: [ObjectID: Int] = [:]
    var measured: [(key: String, size: Int)] = []
    for (record, tip) in observed {
      // One that cannot be read is refused where it is looked at whole.
      guard let tree = try? exchange.repository.commit(tip).tree else { continue }
      guard let size = sizes[tree] ?? (try? size(ofFilesIn: tree, exchange.repository)) else { continue }
      sizes[tree] = size
      measured.append((record.path, size))
    }
    let excess = measured.tooMuch(beyond: Self.mostObservedBytes)
    let reason =
      "with those that say less, all observations have more than \(Self.mostObservedBytes >> 20) MiB"
    return observed.filter { excess.contains($0.key.path) }.mapValues { _ in reason }
  }

  /// Some five million projects of machines.
  private static let mostObservedBytes = 256 << 20

  private func size(ofFilesIn tree: ObjectID, _ repository: Repository) throws -> Int {
    try repository.tree(tree).reduce(0) { try $0 + repository.size(of: $1.id) }
  }
}
