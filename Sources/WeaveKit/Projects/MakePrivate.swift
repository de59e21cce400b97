import Git
import WeaveModel
import WeaveStore

extension Workspace {
  /// Makes the project private. Refuses once a public record other than the manifest names it, or a remote has a
  /// manifest that does: what was published cannot be taken back.
  func makePrivate(_ project: ProjectName) async throws {
    try refusePublished(project)
    let author = try await author()
    try await recording("the change") {
      try store.makePrivate(project, publishedManifests: publishedManifests(), author: author)
    }
  }

  /// Throws where a public record names the project already.
  func refusePublished(_ project: ProjectName) throws {
    guard let record = try store.publicRecord(naming: project, publishedManifests: publishedManifests())
    else {
      return
    }
    throw WeaveError(
      "cannot make \(project) private: \(record) names it, and what was published cannot be taken back",
      hint: "`weave project add NAME SOURCE --private`, under another name, begins anew")
  }

  /// The public manifests that remotes are known to have.
  private func publishedManifests() throws -> [ObjectID] {
    try Audience.allCases.flatMap { audience in
      try store.existingExchange(for: audience)?.tips(of: RecordRef(.manifest, .public)) ?? []
    }.filter { try store.repository.kind(of: $0) == .commit }
  }
}
