import Git
import WeaveModel

extension Store {
  /// The names of which only private records may speak: those of private projects, also of removed ones. Reads the private
  /// manifest, where there is one.
  public func privateProjects() throws -> Set<ProjectName> {
    let name = RefName.manifest(.private)
    let manifest = try repository.resolve(name)
    try requireKnown(name, at: manifest)
    guard let tip = manifest else { return [] }
    let part = try ManifestPart(at: tip, in: repository)
    if !readsAnyFormat { try part.format.requireKnown() }
    return Set(part.removed.keys).union(part.projects.keys).union(part.malformedNames)
  }

  /// Who may know of a record that names those projects.
  public func audience(naming projects: some Sequence<ProjectName>) throws -> Audience {
    let secret = try privateProjects()
    return projects.contains(where: secret.contains) ? .private : .public
  }

  /// Who may know of a record that names those commits.
  func audience(of members: some Sequence<Member>) throws -> Audience {
    try audience(naming: members.map(\.project))
  }

  /// Who may know of what a machine said: a private project's name in the machine's own makes it private, too.
  public func audience(ofReportBy machine: String, naming projects: some Sequence<ProjectName>) throws
    -> Audience
  {
    if try privateProjects().contains(where: { $0.isWord(of: machine) }) { return .private }
    return try audience(naming: projects)
  }
}
