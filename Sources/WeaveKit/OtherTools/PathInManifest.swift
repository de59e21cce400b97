import ForeignText
import WeaveModel

/// A source that a file of another tool gives as a path of this machine.
enum PathInManifest {
  /// Why `url` is not taken for a project's source, though the file says so; nil for what is taken, as all that is on a host.
  ///
  /// Whoever writes a file at a host cannot know what is here, and means somebody's private repository, or one that lies in the
  /// tree of his own project, whose hooks nobody chose.
  ///
  /// - Parameters:
  ///   - origin: where the repository that holds the file comes from; nil for a file in none.
  ///   - workspace: its directory, from which a relative path is taken, too.
  static func refusal(of url: String, in origin: String?, workspace: String) -> String? {
    guard let path = RepositoryAddress.localPath(url) else { return nil }
    if let origin, !RepositoryAddress.isLocal(origin) {
      return "is a path of this machine, in a file that comes from \(RepositoryURL(origin))"
    }
    guard FileSystem.isInside(FileSystem.absolute(path, from: workspace), workspace) else { return nil }
    return "is a path in the workspace itself"
  }
}
