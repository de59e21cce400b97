import ForeignText
import Git
import GitProcess
import WeaveStore

extension ProjectExchange {
  private static let attempts = 8

  /// Has `fetch` bring what comes of the project into its exchange repository, made where there is none, and gives the store
  /// what came; also where `fetch` failed after some of the refs.
  ///
  /// Of what a fetch brings Git checks that all which it reaches is there: what only the store has is missing, and the fetch
  /// fails.
  func receive(
    isHeadDetached: Bool = false, git: GitProcess, warn: (String) -> Void,
    _ fetch: (_ gitDirectory: String) async throws -> Void
  ) async throws {
    try make(warn: warn)
    let before = try references()
    do { try await fetch(gitDirectory) } catch {
      // What is here of refs that did not come stays, also where this is the first fetch through here.
      try await deliver(isHeadDetached: isHeadDetached, since: before, git: git)
      throw error
    }
    try await deliver(isHeadDetached: isHeadDetached, since: nil, git: git)
  }

  private func deliver(
    isHeadDetached: Bool, since before: [ExactText: Reference.Target]?, git: GitProcess
  ) async throws {
    for attempt in 1...Self.attempts {
      let moves = try give(isHeadDetached: isHeadDetached, since: before)
      // Those that go first: others may come in their places, and below.
      let (going, coming) = (moves.filter { $0.to == nil }, moves.filter { $0.to != nil })
      var refusal: GitOutput?
      for part in [going, coming] where !part.isEmpty && refusal == nil {
        let output = try await git.run(
          ["update-ref", "--stdin"], at: .repository(storeDirectory),
          standardInput: Array(Self.lines(part).utf8))
        if !output.succeeded { refusal = output }
      }
      guard let refusal else { return }
      guard attempt < Self.attempts else {
        throw GitProcessError(operation: "move the refs of \(project)", output: refusal)
      }
      // Somebody else fetches the same, and is done in a moment.
      try await Task.sleep(for: .milliseconds(Int.random(in: 20...(200 * attempt))))
    }
  }

  /// As git-update-ref(1) reads them. A name of a ref has no blank.
  private static func lines(_ moves: [ReferenceMove]) -> String {
    moves.map { move in
      switch (move.from, move.to) {
      case (let old?, let new?): "update \(move.name) \(new) \(old)\n"
      case (nil, let new?): "create \(move.name) \(new)\n"
      case (let old, nil): "delete \(move.name)\(old.map { " \($0)" } ?? "")\n"
      }
    }.joined()
  }
}
