import WeaveModel

extension DesiredState {
  private struct Variable: Encodable {
    let constellation, id: String
    let machines: [String: [String: String]]
  }
  private var variable: Variable {
    Variable(constellation: constellation, id: resolution, machines: commitsByMachine)
  }

  /// `weave.auto.tfvars.json`: one variable, `weave`.
  public func terraformVariables() throws -> String { try DeployJSON.document(["weave": variable]) }

  /// The answer to Terraform's `data "external"`: one object whose values are all strings.
  ///
  /// Each commit is under `machine/project`, the whole as JSON under `json`, and where one machine and one project are
  /// selected their commit is under `rev` too.
  public func terraformResult() throws -> String {
    var result = ["id": resolution, "constellation": constellation, "json": try DeployJSON.line(variable)]
    if let lock { result["lock"] = lock }
    for machine in selected {
      // A machine's name has no slash.
      for member in machine.commits { result["\(machine.name)/\(member.project)"] = member.commit.hex }
    }
    if selectedMachine != nil, let commits = selected.first?.commits, commits.count == 1 {
      result["rev"] = commits[0].commit.hex
    }
    return try DeployJSON.document(result)
  }
}
