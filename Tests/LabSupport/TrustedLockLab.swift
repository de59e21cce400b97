import TestSupport
import Testing
import WeaveFormats

/// Tests of locks of `pair`, which trusts some signers only: `toto` runs telperion and laurelin. CI linked their commits `v1`, and
/// those of `v2`, and signed that; each was locked by somebody who signs nothing.
protocol TrustedLockSuite {
  /// A copy of ``TrustedLockLab/template``.
  var lab: Lab { get }
}

enum TrustedLockLab {
  static let reference = "refs/weave/public/locks/pair"

  static let template = LabTemplate {
    let lab = try Lab.threeProjects()
    try lab.directory.write(
      "{{#machines}}{{#projects}}{{commit}}{{/projects}}{{/machines}}", to: "workspace/template")
    try lab.allowSigners(["ci", "ann"])
    try lab.constellation(constellation())
    for version in ["v1", "v2"] {
      try lab.sign(as: "ci")
      try lab.link("telperion@\(version)", "laurelin@\(version)")
      try lab.signNothing()
      try lab.weave("lock")
    }
    return lab
  }

  static func constellation(_ more: String = "", signers: String = "[ci@example.org]") -> String {
    Constellations.pair() + "\ntrust: { signers: \(signers)\(more) }\n"
  }

  /// Every command that says what should run, in every form.
  static let answers: [[String]] =
    [
      ["sha", "telperion", "--machine", "toto"], ["sha", "telperion", "--machine", "toto", "--json"],
      ["sha", "telperion", "--machine", "toto", "--even-revoked"], ["manifest", "--machine", "toto"],
      ["lock", "--show"], ["lock", "--show", "--json"], ["lock", "--show", "--template", "template"],
      ["diff", "telperion@v1", "pair"],
    ]
    + DeployFormat.allCases.filter { $0 != .template }.map {
      ["lock", "--show", "--machine", "toto", "--format", $0.rawValue]
    }
    + ExportFormat.allCases.map { ["export", "-c", "pair", "--format", $0.rawValue] }
}

extension TrustedLockSuite {
  func constellation(_ more: String = "", signers: String = "[ci@example.org]") -> String {
    TrustedLockLab.constellation(more, signers: signers)
  }

  /// Runs one of ``TrustedLockLab/answers``. Terraform asks in JSON.
  func answer(_ arguments: [String]) throws -> ProcessResult { try lab.run(arguments, input: "{}") }

  /// Every command that says what should run must end with 5, and say it and nothing else.
  func expectNoAnswer(_ reasons: String..., sourceLocation: SourceLocation = #_sourceLocation) throws {
    for arguments in TrustedLockLab.answers + [["checkout", "-c", "pair"]] {
      let result = try answer(arguments)
      #expect(result.status == 5, "\(arguments): \(result.stderr)", sourceLocation: sourceLocation)
      #expect(result.stdout == "", "\(arguments)", sourceLocation: sourceLocation)
      let words = result.stderr.replacing(/\s+/, with: " ")
      for reason in reasons {
        #expect(words.contains(reason), "\(arguments): \(words)", sourceLocation: sourceLocation)
      }
    }
  }

  func sha(_ more: String...) throws -> ProcessResult {
    try lab.run(["sha", "telperion", "--machine", "toto"] + more)
  }

  func expectSHA(_ member: String, _ sourceLocation: SourceLocation = #_sourceLocation) throws {
    let result = try sha()
    #expect(result.status == 0, "\(result.stderr)", sourceLocation: sourceLocation)
    #expect(try result.trimmed == lab.id(member), sourceLocation: sourceLocation)
  }

  /// Records a lock of what `id` has, signed by `name`, or by nobody.
  func restore(_ id: String, as name: String?) throws {
    try lab.write(as: "\(name ?? "eve")-1", signingAs: name) { _ = try lab.weave("lock", "--restore", id) }
  }
}
