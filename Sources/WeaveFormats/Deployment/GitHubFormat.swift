import ForeignText
import WeaveModel

extension DesiredState {
  /// Lines for `$GITHUB_OUTPUT`: `id`, `constellation`, `rev_PROJECT` for each project that all selected machines want
  /// at one commit, and `matrix`, with an entry for each machine.
  ///
  /// No value has a line break, so that none needs a delimiter. `notes`: which projects have no `rev_`, a line each.
  public func gitHubOutputs() throws -> (text: String, notes: [String]) {
    let wanted = commitsByProject
    let names = try MappedNames(wanted.map(\.project.text), of: "project") {
      "rev_" + $0.underscored(keeping: "-")
    }
    var outputs = [("id", resolution), ("constellation", constellation)]
    var notes: [String] = []
    for (project, wanted) in wanted {
      let name = names[project.text]
      if wanted.count == 1 {
        outputs.append((name, wanted[0].commit.hex))
      } else {
        notes.append(
          "there is no output \(name), as machines want different commits of it: take them from matrix, or --machine MACHINE chooses"
        )
      }
    }
    let jobs = selected.map { machine in
      machine.commits.reduce(into: ["machine": machine.name]) {
        $0[names[$1.project.text]] = $1.commit.hex
      }
    }
    outputs.append(("matrix", try DeployJSON.line(["include": jobs])))
    return (outputs.map { Quoted.gitHubOutput($0.0, $0.1) }.joined(), notes)
  }
}
