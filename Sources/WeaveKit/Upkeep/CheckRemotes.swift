import Git
import WeaveModel
import WeaveStore

extension Workspace {
  /// The links that remotes have and whose commits nobody can have: no branch or tag of the project's source reaches
  /// them. Fetches every project first.
  public func checkRemotes(report: @escaping @Sendable (FetchProgress) -> Void) async throws -> [Finding] {
    var findings: [Finding] = []
    for result in try await fetch([], report: report) {
      if let failure = result.failure { findings.append(Finding(severity: .error, message: failure.message)) }
    }
    let compatibility = try compatibility()
    let published = try publishedEvents().filter(compatibility.counts)
    var links: [Member: [EventID]] = [:]
    for id in published {
      guard case .link(let members) = try event(id).claim else { continue }
      for member in members.members { links[member, default: []].append(id) }
    }
    for member in try unpublished(Set(links.keys)) {
      let ids = (links[member] ?? []).sorted().prefix(3).map(\.short).joined(separator: ", ")
      findings.append(
        Finding(
          severity: .error,
          message:
            "\(member.project) \(member.commit), which published links name (\(ids)), cannot be had: no branch "
            + "or tag of its source has it"))
    }
    return findings
  }

  /// The events in the ledgers that remotes are known to have.
  private func publishedEvents() throws -> [EventID] {
    var ids: Set<EventID> = []
    for remote in try store.remotes() {
      guard let exchange = try store.existingExchange(for: remote.audience) else { continue }
      for (record, tip) in try exchange.records(of: remote.name) {
        guard record.isLedger else { continue }
        ids.formUnion(try exchange.repository.ancestry(of: tip).map { EventID($0) })
      }
    }
    return ids.sorted()
  }
}
