import ForeignText

/// A ref of a repository elsewhere that is broken there: what it names, or what that reaches, is gone or damaged.
public struct BrokenRemoteRef: Hashable, Sendable {
  public let name: String
  /// What it names, in hexadecimal.
  public let id: String
  /// Git's words.
  public let reason: String

  public init(name: String, id: String, reason: String) {
    (self.name, self.id, self.reason) = (name, id, reason)
  }
}

extension GitProcess {
  /// So many objects may be broken before nothing else is looked for: each takes some fetches.
  private static let mostBroken = 100

  /// Brings the refs of `url` that `refspecs` name, each of which is forced and ends in `*` on both sides, into the
  /// repository at `gitDirectory`, and drops those that are gone there. Git checks each object, and that nothing which
  /// they reach is missing.
  ///
  /// Where that fails though the refs can be listed, those that cannot be brought are told apart by halves, and left out.
  ///
  /// - Parameter remote: what to call it in an error.
  /// - Returns: those that were left out, which stay here as they were.
  public func fetchRefs(
    _ refspecs: [String], of remote: String, from url: RepositoryURL, into gitDirectory: String
  ) async throws(GitProcessError) -> [BrokenRemoteRef] {
    do throws(GitProcessError) {
      try await fetchAllRefs(refspecs, of: remote, from: url, into: gitDirectory)
      return []
    } catch {
      let failure = error
      let broken: [BrokenRemoteRef]
      do throws(GitProcessError) {
        let listed = try await listRefs(refspecs, of: remote, at: url, from: gitDirectory)
        broken = try await brokenRefs(
          among: listed, refspecs, of: remote, at: url, into: gitDirectory, failure)
      } catch { throw failure }
      try await fetchAllRefs(
        refspecs + broken.map { "^" + $0.name }, of: remote, from: url, into: gitDirectory)
      return broken
    }
  }

  /// The refs of `url` that `refspecs` name, and what they name.
  public func listRefs(
    _ refspecs: [String], of remote: String, at url: RepositoryURL, from gitDirectory: String
  ) async throws(GitProcessError) -> [(name: String, id: String)] {
    try refuseRelative(url, "list the refs of \(remote)")
    let output = try await run(for: url, at: .repository(gitDirectory), watch: .question) {
      ["ls-remote", "--refs", "--", $0] + refspecs.map { Self.sides($0).source + "*" }
    }
    guard output.succeeded else {
      throw GitProcessError(operation: "list the refs of \(remote), \(url)", output: output)
    }
    let sources = refspecs.map { Self.sides($0).source }
    return output.text.split(atScalar: "\n").compactMap { line in
      let fields = line.split(atScalar: "\t", maxSplits: 1)
      guard fields.count == 2, sources.contains(where: { fields[1].begins(with: $0) }) else { return nil }
      return (String(fields[1]), String(fields[0]))
    }
  }

  private func brokenRefs(
    among refs: [(name: String, id: String)], _ refspecs: [String], of remote: String, at url: RepositoryURL,
    into gitDirectory: String, _ failure: GitProcessError
  ) async throws(GitProcessError) -> [BrokenRemoteRef] {
    // All refs of one object are broken, or none.
    let byID = Dictionary(grouping: refs, by: \.id)
    let firsts = refs.filter { byID[$0.id]?.first?.name == $0.name }
    var broken: [BrokenRemoteRef] = []
    func add(_ ref: (name: String, id: String), because reason: String) {
      broken += (byID[ref.id] ?? []).map { BrokenRemoteRef(name: $0.name, id: $0.id, reason: reason) }
    }
    var brokenObjects = 0
    var pending = Self.halves(of: firsts[...])
    // The first by name first: ledgers and locks before what machines say.
    while !pending.isEmpty {
      let group = pending.removeFirst()
      guard brokenObjects < Self.mostBroken else {
        for ref in group { add(ref, because: "it was not looked at: \(Self.mostBroken) others are broken") }
        continue
      }
      let single = group.compactMap { ref in
        refspecs.map(Self.sides).first { ref.name.begins(with: $0.source) }.map { sides in
          "+\(ref.name):\(sides.destination)\(ref.name.dropFirst(bytes: sides.source.utf8.count))"
        }
      }
      do throws(GitProcessError) {
        try await fetchAllRefs(single, of: remote, from: url, into: gitDirectory)
      } catch {
        if group.count > 1 {
          pending = Self.halves(of: group) + pending
        } else if let ref = group.first {
          add(ref, because: error.reason)
          brokenObjects += 1
        }
      }
    }
    guard !broken.isEmpty, broken.count < refs.count else { throw failure }
    return broken.sorted { $0.name < $1.name }
  }

  private static func halves<Element>(of all: ArraySlice<Element>) -> [ArraySlice<Element>] {
    let middle = all.startIndex + all.count / 2
    return [all[..<middle], all[middle...]].filter { !$0.isEmpty }
  }

  /// What stands before the `*` on both sides.
  private static func sides(_ refspec: String) -> (source: String, destination: String) {
    let parts = refspec.dropFirst(bytes: 1).split(atScalar: ":").map { String($0.dropLast(bytes: 1)) }
    return (parts[0], parts[1])
  }
}
