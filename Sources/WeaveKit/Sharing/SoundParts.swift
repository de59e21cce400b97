import Git
import GitProcess
import WeaveStore

/// What is sound of records that are broken at a remote and may be taken in part, as ledgers and locks: what is below a commit
/// that Git's fsck refuses. Whoever can push there would cut a writer off otherwise, or freeze what should run.
struct SoundParts {
  private let git: GitProcess
  private let exchange: Exchange
  private let remote: Remote
  /// Of so many the good part is looked for: each takes some fetches.
  private static let mostChains = 20

  init(of remote: Remote, into exchange: Exchange, git: GitProcess) {
    (self.remote, self.exchange, self.git) = (remote, exchange, git)
  }

  /// Brings the good part of each of these among the broken refs. One that has none stays as it was.
  func take(of broken: [BrokenRemoteRef]) async throws {
    let chains = broken.filter { RecordRef(name: $0.name)?.kind.isTakenInPart == true }
    let scratch = exchange.repository.gitDirectory + "/unchecked.git"
    // One that was killed left it.
    if FileSystem.exists(scratch) { FileSystem.removeAll(scratch) }
    for ref in chains.prefix(Self.mostChains) {
      defer { FileSystem.removeAll(scratch) }
      do {
        try Repository.createBare(at: scratch).setConfigValue("uploadpack.allowAnySHA1InWant", to: "true")
        try FileSystem.replace(scratch + "/objects/info/alternates", with: "../../objects\n")
        try await git.fetchCopy(
          "+\(ref.name):\(ref.name)", from: remote.url, into: scratch,
          configuration: ["fetch.fsckObjects=false", "transfer.fsckObjects=false"])
        try await takeGoodPart(of: ref, in: scratch)
      } catch is GitProcessError {
        // Nothing of it can be had: it is named as broken.
        continue
      }
    }
  }

  /// Where a commit is sound, all that it reaches is: the newest such one is found by halves.
  private func takeGoodPart(of ref: BrokenRemoteRef, in scratch: String) async throws {
    guard let record = RecordRef(name: ref.name) else { return }
    let chain = try await git.firstParents(of: ref.name, in: scratch)
    var candidates = chain[...]
    while !candidates.isEmpty {
      let middle = candidates.startIndex + candidates.count / 2
      do throws(GitProcessError) {
        try await git.fetch(
          commit: chain[middle], from: scratch, as: Exchange.tracking(record, remote.name),
          into: exchange.repository.gitDirectory)
        candidates = candidates[..<middle]
      } catch {
        candidates = candidates[(middle + 1)...]
      }
    }
  }
}
