import ForeignText
import WeaveModel

/// A source that a file of another tool gives as a path of this machine.
enum PathInManifest {
  /// Why `url` is not taken for a project's source, though the file says so; nil for what is on a host.
  ///
  /// Whoever writes such a file may mean somebody's private repository, or one that lies in the tree of his own project, whose
  /// hooks nobody chose. Of links, of what a file includes, and of what its own repository was cloned from, nothing tells which
  /// path its user means.
  static func refusal(of url: String) -> String? {
    RepositoryAddress.isLocal(url) ? "is a path of this machine, which only you can mean" : nil
  }
}
