import WeaveModel
import WeaveStore

extension Workspace {
  /// Every project, by name.
  public func projects() throws -> [ProjectRecord] {
    try store.manifest().projects.values.sorted { $0.name < $1.name }
  }
}
