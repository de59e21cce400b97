import Git
import WeaveModel

/// A checkout whose HEAD no link that counts names: how far it is from the commit of the newest that names its project.
public struct MovedCheckout: Sendable {
  public let project: ProjectName
  public let link: EventID
  /// How many commits HEAD has that the linked one has not, and the reverse; nil where the checkout does not have both.
  public let commits: (ahead: Int, behind: Int)?
}

extension Workspace {
  /// The checkouts that have moved since, by project.
  func movedCheckouts(
    _ rows: [WorkspaceStatus.ProjectRow], _ compatibility: Compatibility
  ) -> [MovedCheckout] {
    let newest = compatibility.newestLinks
    return rows.compactMap { row in
      guard let path = row.path, let head = row.work?.head.flatMap({ CommitID(hex: $0) }),
        let (link, commit) = newest[row.project], commit != head,
        !compatibility.links(naming: row.project, commit: head).contains(where: compatibility.counts)
      else { return nil }
      let commits = try? Repository.open(at: path).aheadBehind(head.objectID, commit.objectID)
      return MovedCheckout(project: row.project, link: link, commits: commits)
    }
  }
}
