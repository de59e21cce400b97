import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("Repositories that are none of the workspace's", .inProcess)
struct OtherRepositoryTests {
  enum Place: String, CaseIterable {
    /// A bare repository that a project has among its files.
    case embedded
    /// A folder without a work tree's files, above which a Git directory lies.
    case below
    /// A folder whose own `.git` is a file that names one.
    case linked
    /// Nothing is there, but the caller's variables name one, as those of a hook do.
    case variables
  }

  private static let more: [[String]] = [
    ["init", "FRESH"], ["clone", "HUB", "FRESH", "--checkout-all"], ["adopt", "--yes"], ["gc"],
    ["gc", "--prune", "now"],
    ["link", "telperion@v1", "narya@v2", "-S"], ["verify", "LINK"], ["lock"], ["harvest"],
    ["export", "release-1", "--format", "submodules"], ["import", "west.yml"], ["push", "--with-commits"],
    ["fsck", "--remote"], ["link"], ["link", "--snapshot"], ["checkout", "release-1"],
    ["bisect", "start", "telperion"], ["remote", "add", "third", "HUB2"],
  ]

  @Test("runs no program of its settings, whatever command is typed in it", arguments: Place.allCases)
  func nothingRuns(_ place: Place) throws {
    let lab = try Lab.filled()
    let other = try lab.bare("other")
    let trap = try TrappedConfiguration(in: lab.directory)
    let urls = try Lab.threeProjectNames.map { lab.source($0).path } + [lab.bare().path, other.path]
    try lab.checkout("telperion")
    let standing: String
    var environment = lab.environment
    switch place {
    case .embedded:
      standing = "\(lab.workspace)/telperion/sub"
      try trap.makeRepository(at: standing, remotes: urls)
    case .below:
      standing = "\(lab.workspace)/folder/inner"
      try trap.makeRepository(at: "\(lab.workspace)/folder/.git", remotes: urls)
    case .linked:
      standing = "\(lab.workspace)/folder"
      try trap.makeRepository(at: lab.directory.appending("elsewhere"), remotes: urls)
      try lab.directory.write("gitdir: ../../elsewhere\n", to: "workspace/folder/.git")
    case .variables:
      standing = lab.workspace
      let git = lab.directory.appending("elsewhere")
      try trap.makeRepository(at: git, remotes: urls)
      environment = environment.with([
        "GIT_DIR": git, "GIT_COMMON_DIR": git, "GIT_WORK_TREE": lab.workspace, "GIT_CONFIG": "\(git)/config",
        "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "include.path", "GIT_CONFIG_VALUE_0": "\(git)/config",
        "GIT_CONFIG_PARAMETERS": "'include.path=\(git)/config'",
      ])
    }
    try FileManager.default.createDirectory(atPath: standing, withIntermediateDirectories: true)
    for (number, template) in (EveryCommand.reading + EveryCommand.writing + Self.more).enumerated() {
      let arguments = try lab.arguments(template).map {
        $0 == "FRESH" ? lab.directory.appending("fresh\(number)") : $0 == "HUB2" ? other.path : $0
      }
      try lab.source("laurelin").commit("more \(number)")
      let result = try lab.run(
        arguments, in: standing, environment: environment, input: Constellations.emeraldCity)
      #expect(trap.sprung == [], "\(template)")
      trap.reset()
      if number < EveryCommand.reading.count + EveryCommand.writing.count {
        #expect(result.status == 0, "\(template): \(result.stderr)")
      }
    }
  }
}
