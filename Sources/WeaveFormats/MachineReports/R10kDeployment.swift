import ForeignText
import WeaveModel

/// Reads `.r10k-deploy.json`, which r10k leaves in each environment that it deploys.
struct R10kDeployment: Decodable {
  private struct Module: Decodable {
    let name: String
    let sha: String?
  }

  private let deploySuccess: Bool?
  private let modules: [Module]?

  private enum CodingKeys: String, CodingKey {
    case deploySuccess = "deploy_success"
    case modules = "module_deploys"
  }

  static func read(_ text: String, file: String) throws(FileFormatError) -> ReportedState {
    let deployment: R10kDeployment = try JSONText.decode(text, file: file, what: "deployment of r10k")
    guard deployment.deploySuccess != false else {
      throw FileFormatError(file: file, message: "this deployment failed, so what runs is not known")
    }
    var commits: [ProjectName: CommitID] = [:]
    var others: [String] = []
    for module in deployment.modules ?? [] {
      // A module is called `author/name` or `author-name`; its folder has the last part of the first.
      let last = module.name.split(atScalar: "/").last.map(String.init) ?? ""
      guard let project = try? ProjectName(last), let commit = module.sha.flatMap({ CommitID(hex: $0) })
      else {
        others.append(String(module.name.prefix(bytes: 100)))
        continue
      }
      guard commits.updateValue(commit, forKey: project) == nil else {
        throw FileFormatError(file: file, message: "two of its modules are called '\(project)'")
      }
    }
    guard !commits.isEmpty else {
      throw FileFormatError(file: file, message: "none of its modules is at a commit")
    }
    let remark =
      "passed over, as no commit of a project is given: " + others.prefix(5).joined(separator: ", ")
      + (others.count > 5 ? " and \(others.count - 5) more" : "")
    return ReportedState(
      ReportedState.Machine(name: nil, content: .projects(commits, dirty: [])),
      remarks: others.isEmpty ? [] : [remark])
  }
}
