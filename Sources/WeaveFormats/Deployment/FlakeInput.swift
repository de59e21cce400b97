import ForeignText
import WeaveModel

/// A project at one commit, as the input of a flake.
public struct FlakeInput: Sendable {
  public let member: Member
  /// The flake's URL, with the commit in it.
  public let url: String
  /// Whether there is a `flake.nix` at that commit.
  public let isFlake: Bool
  /// The inputs that its flake declares and that are projects, by the names that the flake gives them.
  public let projectsByInput: [String: ProjectName]

  public init(member: Member, url: String, isFlake: Bool, projectsByInput: [String: ProjectName] = [:]) {
    (self.member, self.url, self.isFlake) = (member, url, isFlake)
    self.projectsByInput = projectsByInput
  }

  /// The URL of a commit in the repository at an absolute path, which `reference` reaches: Nix takes a commit from a
  /// ref only.
  public static func url(ofRepository path: String, reference: String, at commit: CommitID) -> String {
    "git+file://\(PercentEncoding.path(path))?ref=\(PercentEncoding.path(reference))&rev=\(commit)"
  }

  /// The URL of a commit at the project's own source, of which the ref `reference` reaches it; nil where none is known to.
  public static func url(
    ofSource source: String, reference: String?, at commit: CommitID
  ) throws(UnknownToNix) -> String {
    try FlakeURL(source).at(commit, reachedBy: reference)
  }
}

extension MappedNames {
  /// The names of flake inputs: Nix takes `[a-zA-Z][a-zA-Z0-9_-]*` where an input follows another, or is overridden.
  init(flakeInputsFor projects: some Sequence<ProjectName>) throws(UnwritableState) {
    try self.init(
      projects.map(\.text), of: "project", taken: ["self": "is how a flake calls itself"]
    ) { name in
      let name = name.underscored(keeping: "-")
      return name.unicodeScalars.first?.isASCIILetter == true ? name : "p-" + name
    }
  }
}
