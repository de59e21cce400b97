import Foundation
import TestSupport
import Testing

@testable import LabSupport

/// A workflow of GitHub Actions, as far as Docs/pipelines.md uses it.
struct Workflow: Decodable {
  struct Job: Decodable {
    struct Step: Decodable { let id, run, uses: String? }
    struct Strategy: Decodable { let matrix: String }
    let outputs, env: [String: String]?
    let strategy: Strategy?
    let steps: [Step]
  }
  let env: [String: String]
  let jobs: [String: Job]

  /// `text` with the expressions in it replaced by their values in `context`.
  static func expand(_ text: String, _ context: [String: String]) throws -> String {
    var result = text
    for match in text.matches(of: /\$\{\{ *(.*?) *\}\}/) {
      let value = try #require(context[String(match.1)], "nothing is called \(match.1)")
      result = result.replacing(match.0, with: value)
    }
    return result
  }
}

/// The jobs of a pipeline on GitLab, as far as Docs/pipelines.md uses them.
struct GitLabPipeline: Decodable {
  struct Defaults: Decodable { let before_script: [String] }
  struct Parallel: Decodable { let matrix: [[String: [String]]] }
  struct Job: Decodable {
    let parallel: Parallel?
    let script: [String]
  }
  let variables: [String: String]
  let stages: [String]
  let `default`: Defaults
  let deploy, drift: Job
}

extension PipelineLab {
  /// `text`, which is YAML, as `type`.
  func yaml<Document: Decodable>(_ type: Document.Type, _ text: String) throws -> Document {
    let script = "import sys, yaml, json; json.dump(yaml.safe_load(sys.stdin), sys.stdout)"
    let json = try lab.peer("python3", "-c", script, in: directory, input: text)
    return try JSONDecoder().decode(type, from: Data(json.utf8))
  }

  /// Whether Python can read YAML here.
  static let readsYAML: Bool =
    (try? runProcess(
      "python3", ["-c", "import yaml"], in: "/",
      environment: TestEnvironment(home: NSTemporaryDirectory()).variables
    ).status) == 0

  /// Whether jq is here.
  static let hasJQ: Bool =
    (try? runProcess(
      "jq", ["--version"], in: "/", environment: TestEnvironment(home: NSTemporaryDirectory()).variables
    ).status) == 0

  /// How a job of a workflow ended: with the step that failed, if one did, and what the steps wrote.
  struct JobResult {
    let failed: (step: String, result: ProcessResult)?
    let outputs: [String: String]
    let outputText, summary: String
  }

  /// Runs the steps of a job, until one fails, as GitHub does: each by `bash -e`.
  func run(
    _ job: String, of workflow: Workflow, _ context: [String: String] = [:], as name: String? = nil
  ) throws -> JobResult {
    let definition = try #require(workflow.jobs[job])
    let directory = try self.job(name ?? job)
    let (output, summary) = (directory + "-output", directory + "-summary")
    for file in [output, summary] { try Data().write(to: URL(fileURLWithPath: file)) }
    var environment = lab.environment.with([
      "GITHUB_OUTPUT": output, "GITHUB_STEP_SUMMARY": summary,
    ])
    var context = context.merging(["vars.WEAVE_POLICY": environment.variables["WEAVE_POLICY"] ?? ""]) { $1 }
    for variables in [workflow.env, definition.env ?? [:]] {
      environment = environment.with(try variables.mapValues { try Workflow.expand($0, context) })
    }
    var failed: (String, ProcessResult)?
    for step in definition.steps {
      guard let command = step.run else {
        #expect(step.uses?.hasPrefix("actions/checkout@") == true)
        continue
      }
      let result = try runProcess(
        "bash", ["-e", "-c", Workflow.expand(command, context)], in: directory,
        environment: environment.variables)
      if let id = step.id {
        for line in try String(contentsOfFile: output, encoding: .utf8).split(separator: "\n") {
          let parts = line.split(separator: "=", maxSplits: 1).map(String.init)
          context["steps.\(id).outputs.\(parts[0])"] = parts[1]
        }
      }
      guard result.status == 0 else {
        failed = (command, result)
        break
      }
    }
    return try JobResult(
      failed: failed,
      outputs: failed == nil
        ? (definition.outputs ?? [:]).mapValues { try Workflow.expand($0, context) } : [:],
      outputText: String(contentsOfFile: output, encoding: .utf8),
      summary: String(contentsOfFile: summary, encoding: .utf8))
  }

  /// Runs a job as GitLab's runner does: all its lines in one bash with -e and pipefail.
  func run(
    _ job: GitLabPipeline.Job, of pipeline: GitLabPipeline, _ variables: [String: String] = [:],
    as name: String
  ) throws -> ProcessResult {
    let environment = lab.environment.with(pipeline.variables).with(variables)
    let script = (pipeline.default.before_script + job.script).joined(separator: "\n")
    return try runProcess(
      "bash", ["-eo", "pipefail", "-c", script], in: self.job(name), environment: environment.variables)
  }
}
