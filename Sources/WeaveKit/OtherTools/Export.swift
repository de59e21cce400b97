import WeaveFormats
import WeaveModel
import WeaveStore

extension Workspace {
  /// The selected commits as a file that another tool reads, which fetches from the projects' sources.
  public func export(_ selection: Selection, as format: ExportFormat) async throws -> String {
    let selected = try await commits(of: selection, copying: false)
    let records = try store.manifest().projects
    let projects = try selected.commits.members.map { member in
      guard let record = records[member.project] else {
        throw WeaveError(
          "\(selected.label) names \(member.project), which is no project here",
          hint: "`weave project add \(member.project) SOURCE`")
      }
      return PinnedProject(
        name: record.name, source: record.source.text, commit: member.commit,
        reference: format.hasReferences ? try reference(of: record, reaching: member) : nil)
    }
    do throws(UnwritableProject) {
      return try format.text(of: projects, label: selected.label)
    } catch { throw WeaveError("\(error)", hint: "another --format can say it") }
  }

  private func reference(of record: ProjectRecord, reaching member: Member) throws -> String? {
    let tracked: String?
    // The commit is fixed already, and any ref will do.
    do { tracked = try store.trackedReference(of: record.name, track: record.track) } catch is AmbiguousTrack
    { tracked = nil }
    return try store.sourceReference(reaching: member, preferring: tracked)
  }
}
