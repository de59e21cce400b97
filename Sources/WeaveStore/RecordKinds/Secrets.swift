import Git
import WeaveModel

/// What must not be in a public record.
final class Secrets {
  let repository: Repository
  /// The names of private projects.
  let projects: Set<ProjectName>
  /// The commits of private ledgers.
  let events: Set<ObjectID>
  /// The trees and blobs that were found to name nothing private, as records of the kind are read: many commits may have one.
  private var harmless: [RecordKind: Set<ObjectID>] = [:]

  init(projects: Set<ProjectName>, events: Set<ObjectID>, in repository: Repository) {
    (self.projects, self.events, self.repository) = (projects, events, repository)
  }

  /// What is private in the files of the commit, which is of a record of that kind, in words; nil where nothing is.
  func leak(inFilesOf commit: Commit, of kind: RecordKind) throws -> String? {
    guard !projects.isEmpty else { return nil }
    guard case .files(let reading) = kind.content else { preconditionFailure("\(kind.name) has no files") }
    // A join, whose parents are looked at themselves.
    if try commit.parents.contains(where: { try repository.commit($0).tree == commit.tree }) { return nil }
    guard harmless[kind, default: []].insert(commit.tree).inserted else { return nil }
    for entry in try repository.tree(commit.tree) where harmless[kind, default: []].insert(entry.id).inserted
    {
      let commits = try reading(repository.blob(entry.id, atMost: CommitLines.mostBytes), false)
      guard let project = named(by: commits.keys) else { continue }
      harmless[kind]?.subtract([entry.id, commit.tree])
      return "names the private project \(project)"
    }
    return nil
  }

  /// The first of the names that is a private project's.
  func named(by names: some Sequence<ProjectName>) -> ProjectName? {
    projects.isEmpty ? nil : names.first(where: projects.contains)
  }
}
