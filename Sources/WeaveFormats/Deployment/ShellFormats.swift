import ForeignText
import WeaveModel

extension DesiredState {
  /// `project<TAB>commit`, a line each, in the order of priority.
  public func lines() throws(UnwritableState) -> String {
    try oneCommitOfEachProject().map { "\($0.project)\t\($0.commit)\n" }.joined()
  }

  /// Assignments for a POSIX shell: `WEAVE_ID`, `WEAVE_CONSTELLATION`, and `WEAVE_REV_` with the project's name in
  /// capitals, all but letters and digits as `_`.
  public func shellVariables() throws(UnwritableState) -> String {
    let members = try oneCommitOfEachProject()
    let names = try MappedNames(members.map(\.project.text), of: "project") {
      "WEAVE_REV_" + $0.uppercased().underscored()
    }
    let variables =
      [("WEAVE_ID", resolution), ("WEAVE_CONSTELLATION", constellation)]
      + members.map { (names[$0.project.text], $0.commit.hex) }
    return variables.map { "\($0.0)=\(Quoted.shell($0.1))\n" }.joined()
  }
}
