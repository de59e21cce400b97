extension Sequence {
  /// The keys of those that are too much, where the smallest are taken first for as long as they come to `most` together:
  /// so nobody's large ones keep another's small ones out. Of the same size that with the lesser key.
  func tooMuch<Key: Comparable & Hashable>(beyond most: Int) -> Set<Key>
  where Element == (key: Key, size: Int) {
    var total = 0
    var excess: Set<Key> = []
    for (key, size) in sorted(by: { ($0.size, $0.key) < ($1.size, $1.key) }) {
      total += size
      if total > most { excess.insert(key) }
    }
    return excess
  }
}
