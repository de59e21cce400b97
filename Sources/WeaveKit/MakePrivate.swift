import Git
import WeaveModel
import WeaveStore

extension Workspace {
  /// Makes the project private. Refuses once a public record other than the manifest names it, or a remote has a
  /// manifest that does: what was published cannot be taken back.
  func makePrivate(_ project: ProjectName) async throws {
    let published = try publishedManifests()
    if let record = try store.publicRecord(naming: project, publishedManifests: published) {
      throw WeaveError(
        "cannot make \(project) private: \(record) names it, and what was published cannot be taken back",
        hint: "`weave project add NAME SOURCE --private`, under another name, begins anew")
    }
    try store.makePrivate(project, publishedManifests: published, author: await author())
  }

  /// The public manifests that remotes are known to have.
  private func publishedManifests() throws -> [ObjectID] {
    try Audience.allCases.flatMap { audience in
      try store.existingExchange(for: audience)?.tips(of: RecordRef(.manifest, .public)) ?? []
    }.filter { store.repository.kind(of: $0) == .commit }
  }
}
