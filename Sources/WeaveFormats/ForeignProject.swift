import WeaveModel

/// A repository that another tool's file names.
public struct ForeignProject: Sendable, Hashable {
  /// What the file calls it: any text, not yet a name of weave's.
  public let name: String
  /// Where its checkout belongs: relative to the workspace, within it, without `.`, `..` and `.git`; "." for the
  /// workspace itself. Nil where the format has no paths, or the file's leads elsewhere.
  public let path: String?
  /// Where it is fetched from, whole: a relative one was resolved if the file's own source is known.
  public let url: String?
  /// What the file asks for, as written: a commit, a tag or a branch.
  public let revision: String?
  /// The branch that the file says it follows, beside what it asks for.
  public let branch: String?
  /// Whether the file itself asks for it. Otherwise it came with another project: a flake's input's input.
  public let isDirect: Bool
  /// Whether the tool takes an archive of one commit from a forge, and not the history: a flake's input of type `github`.
  public let isArchive: Bool
  /// Whether it has no ``url`` because that of the file is not taken, which is told.
  public let isURLRefused: Bool

  public init(
    name: String, path: String? = nil, url: String? = nil, revision: String? = nil, branch: String? = nil,
    isDirect: Bool = true, isArchive: Bool = false, isURLRefused: Bool = false
  ) {
    (self.name, self.path, self.url, self.revision) = (name, path, url, revision)
    (self.branch, self.isDirect, self.isArchive) = (branch, isDirect, isArchive)
    self.isURLRefused = url == nil && isURLRefused
  }

  /// The commit, where ``revision`` is a full id; nil for what names a branch or a tag, which may move.
  public var commit: CommitID? { revision.flatMap { CommitID(hex: $0) } }

  /// The same from another URL; nil for one that is not taken.
  func from(_ url: String?) -> ForeignProject {
    ForeignProject(
      name: name, path: path, url: url, revision: revision, branch: branch, isDirect: isDirect,
      isArchive: isArchive, isURLRefused: url == nil)
  }

  /// All that is said of it.
  var texts: [String] { [name, path, url, revision, branch].compactMap(\.self) }

  /// How many bytes all that is said of it has.
  public var textBytes: Int { texts.reduce(0) { $0 + $1.utf8.count } }

  /// The same at another path.
  func at(_ path: String?) -> ForeignProject {
    ForeignProject(
      name: name, path: path, url: url, revision: revision, branch: branch, isDirect: isDirect,
      isArchive: isArchive, isURLRefused: isURLRefused)
  }
}
