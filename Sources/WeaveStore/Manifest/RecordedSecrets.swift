import ForeignText
import Git
import WeaveModel

/// A project's source that a manifest holds with a secret, now or in its history.
public struct RecordedSecret: Hashable, Sendable {
  public let project: ProjectName
  public let source: RepositoryURL
  public let audience: Audience
  /// Whether the manifest as it stands holds it.
  public let isPresent: Bool
}

extension Store {
  /// The sources that the manifests hold, or held once, with a secret, by project. Reads the manifests' whole history;
  /// each content once.
  public func recordedSecrets() throws -> [RecordedSecret] {
    var found: [RecordedSecret] = []
    for audience in Audience.allCases {
      guard let tip = try recordTip(RefName.manifest(audience)) else { continue }
      let present = try sourcesWithSecret(at: tip)
      var known = present
      var (seen, trees): (Set<ObjectID>, Set<ObjectID>) = ([], [])
      for commit in try repository.ancestry(of: tip) {
        let root = try repository.tree(repository.commit(commit).tree)
        guard let projects = root.first(where: { $0.name == "projects" && $0.isTree }),
          trees.insert(projects.id).inserted
        else { continue }
        for entry in try repository.tree(projects.id)
        where entry.mode == FileMode.file && seen.insert(entry.id).inserted {
          if let held = try sourceWithSecret(in: entry) { known.insert(held) }
        }
      }
      found += known.map {
        RecordedSecret(
          project: $0.project, source: $0.source, audience: audience, isPresent: present.contains($0))
      }
    }
    return found.sorted {
      ($0.project, $0.source.textWithSecret) < ($1.project, $1.source.textWithSecret)
    }
  }

  private struct Held: Hashable {
    let project: ProjectName
    let source: RepositoryURL
  }

  private func sourcesWithSecret(at commit: ObjectID) throws -> Set<Held> {
    guard let records = try ManifestPart.past(at: commit, in: repository)?.projects.values else { return [] }
    return Set(records.filter(\.source.hasSecret).map { Held(project: $0.name, source: $0.source) })
  }

  private func sourceWithSecret(in entry: TreeEntry) throws -> Held? {
    // What is malformed, as one that has no name of a project, is none, and no reader takes it for one.
    do {
      let record = try ManifestPart.project(
        named: entry.name, bytes: repository.blob(entry.id, atMost: ManifestPart.mostEntryBytes))
      return record.source.hasSecret ? Held(project: record.name, source: record.source) : nil
    } catch {
      guard !isUnreadable(error) else { throw error }
      return nil
    }
  }
}
