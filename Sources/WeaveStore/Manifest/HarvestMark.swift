import ForeignText
import Git
import WeaveModel

/// How far a project's history was harvested, and by which rule: all that need not be looked at again.
public struct HarvestMark: Equatable, Sendable {
  public let tip: CommitID
  /// What the answer depends on besides the history.
  public let rule: String

  public init(tip: CommitID, rule: String) { (self.tip, self.rule) = (tip, rule) }
}

extension Store {
  /// The mark that was left; nil where there is none that can be read.
  public func harvestMark(of project: ProjectName) throws -> HarvestMark? {
    guard let bytes = file(of: project).read(), let text = String(validating: bytes, as: UTF8.self) else {
      return nil
    }
    let lines = text.split(atScalar: "\n", maxSplits: 1)
    guard lines.count == 2, let tip = CommitID(hex: String(lines[0])),
      try repository.kind(of: tip.objectID) == .commit
    else { return nil }
    return HarvestMark(tip: tip, rule: String(lines[1]))
  }

  public func setHarvestMark(_ mark: HarvestMark, of project: ProjectName) {
    file(of: project).write(Array("\(mark.tip)\n\(mark.rule)".utf8))
  }

  private func file(of project: ProjectName) -> DerivedFile {
    DerivedFile(name: "harvested-\(project)", gitDirectory: repository.gitDirectory)
  }
}
