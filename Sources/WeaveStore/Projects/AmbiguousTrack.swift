import ForeignText
import WeaveModel

/// A branch and a tag have the name that a project tracks, and are two commits: whoever may push to its source could
/// otherwise put the one in the place of the other.
public struct AmbiguousTrack: Error, Sendable, CustomStringConvertible {
  public let project: ProjectName
  public let track: String
  /// The full names of two of them.
  public let references: (String, String)

  public var description: String {
    "'\(track)', which \(project) tracks, is ambiguous: \(references.0) and \(references.1) are two commits"
  }

  /// What to type instead.
  public var hint: String {
    let words = [references.0, references.1].map { "`track: \(Quoted.yaml($0))`" }.joined(separator: " or ")
    return "say which, in the constellation by \(words), or by "
      + "`weave project set \(project) track \(Quoted.shellWord(references.0))`"
  }
}
