import ArgumentParser
import WeaveKit
import WeaveModel

/// What of the lock is to stay.
struct PreferenceOptions: ParsableArguments {
  @Flag(help: "Keep what the lock has wherever it fits: the least movement.") var keep = false
  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "The newest of these projects, before all else; keep the others.", valueName: "project"))
  var update: [String] = []
  @Flag(help: "Keep what the lock has, linked or not; move only what a revocation forbids.") var onlyRevoked =
    false

  func validate() throws {
    if [keep, !update.isEmpty, onlyRevoked].filter({ $0 }).count > 1 {
      throw ValidationError("--keep, --update and --only-revoked exclude each other")
    }
  }

  var isGiven: Bool { keep || !update.isEmpty || onlyRevoked }

  /// What asks for the same again.
  var arguments: [String] {
    (keep ? ["--keep"] : []) + (onlyRevoked ? ["--only-revoked"] : [])
      + (update.isEmpty ? [] : ["--update"] + update)
  }

  func preference(_ workspace: Workspace, _ constellation: Constellation) throws -> Preference {
    if keep { return .locked }
    if onlyRevoked { return .lockedUnlessRevoked }
    if update.isEmpty { return .newest }
    return .updating(try update.map { try workspace.projectName($0, in: constellation) })
  }
}

/// How much work the resolver may do.
struct StepsOption: ParsableArguments {
  @Option(
    help: ArgumentHelp("Give up after so many steps of work; some seconds by default.", valueName: "number"))
  var steps = ResolutionProblem.defaultBudget

  func validate() throws {
    if steps < 1 { throw ValidationError("--steps takes a number from 1 on") }
  }
}
