/// Runs `body` on every item, at most `limit` at a time, and returns the results in the order of the items.
///
/// One item's failure stops no other. When the task is cancelled, so is each body that runs or is yet to run.
public func concurrently<Item: Sendable, Value: Sendable, Failure: Error>(
  _ items: [Item], limit: Int, _ body: @escaping @Sendable (Item) async throws(Failure) -> Value
) async -> [Result<Value, Failure>] {
  await withTaskGroup(of: (Int, Result<Value, Failure>).self) { group in
    var results = [Result<Value, Failure>?](repeating: nil, count: items.count)
    var waiting = items.indices.makeIterator()
    func start(_ index: Int) {
      let item = items[index]
      group.addTask {
        do throws(Failure) {
          return (index, .success(try await body(item)))
        } catch {
          return (index, .failure(error))
        }
      }
    }
    for _ in 0..<max(1, limit) {
      guard let index = waiting.next() else { break }
      start(index)
    }
    while let (index, result) = await group.next() {
      results[index] = result
      if let next = waiting.next() { start(next) }
    }
    return results.compactMap { $0 }
  }
}
