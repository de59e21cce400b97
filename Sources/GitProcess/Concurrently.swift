/// Runs `body` on every item, at most `limit` at a time, and returns the results in the order of the items.
///
/// One item's failure stops no other. When the task is cancelled, so is each body that runs or is yet to run.
///
/// - Parameters:
///   - group: what an item has in common with others; nil for nothing.
///   - groupLimit: how many items of one group are run at a time.
///   - onEnd: told of each result as soon as it is there, one after the other.
public func concurrently<Item: Sendable, Value: Sendable, Failure: Error>(
  _ items: [Item], limit: Int, group: (Item) -> String? = { _ in nil }, groupLimit: Int = .max,
  onEnd: (Item, Result<Value, Failure>) -> Void = { _, _ in },
  _ body: @escaping @Sendable (Item) async throws(Failure) -> Value
) async -> [Result<Value, Failure>] {
  let groups = items.map(group)
  return await withTaskGroup(of: (Int, Result<Value, Failure>).self) { tasks in
    var results = [Result<Value, Failure>?](repeating: nil, count: items.count)
    var waiting = Array(items.indices)
    var running: [String: Int] = [:]
    func startNext() {
      let next = waiting.firstIndex { index in
        groups[index].map { running[$0, default: 0] < groupLimit } ?? true
      }
      guard let next else { return }
      let index = waiting.remove(at: next)
      if let group = groups[index] { running[group, default: 0] += 1 }
      let item = items[index]
      tasks.addTask {
        do throws(Failure) {
          return (index, .success(try await body(item)))
        } catch {
          return (index, .failure(error))
        }
      }
    }
    for _ in 0..<min(items.count, max(1, limit)) { startNext() }
    while let (index, result) = await tasks.next() {
      results[index] = result
      onEnd(items[index], result)
      if let group = groups[index] { running[group, default: 0] -= 1 }
      startNext()
    }
    return results.compactMap { $0 }
  }
}
