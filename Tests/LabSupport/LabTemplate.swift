import Foundation
import TestSupport
import Testing

/// A lab that is made once in a test run, and copied for each test that begins with it: to make one starts some
/// eighty processes, to copy it one.
final class LabTemplate: Sendable {
  private let made: Result<Lab, any Error>

  init(_ make: () throws -> Lab) {
    made = Result {
      // All who need it wait while one makes it, on whatever threads they are: a run in this process could have none left.
      let lab = try Lab.$runWeave.withValue(Lab.runProgram) { try make() }
      lab.directory.removeAtExit()
      return lab
    }
  }

  /// A lab of the caller's own: the same store, with the same id and writer, of copied sources.
  func copy() throws -> Lab {
    let copy = try exactCopy()
    try copy.moveSources(from: made.get())
    return copy
  }

  /// As `copy()`, with the same objects, of the original's sources.
  func exactCopy() throws -> Lab {
    let original = try made.get()
    let copy = Lab(in: try TemporaryDirectory(inMemory: true))
    let files = FileManager.default
    for name in try files.contentsOfDirectory(atPath: original.directory.path) {
      try files.copyItem(atPath: original.directory.appending(name), toPath: copy.directory.appending(name))
    }
    return copy
  }
}

extension Lab {
  /// Makes the manifests name the sources of this lab where they name those of `original`, in one more commit each, and accepts that.
  fileprivate func moveSources(from original: Lab) throws {
    let projects = try FileManager.default.contentsOfDirectory(atPath: directory.appending("sources"))
      .sorted()
    var stream = ""
    for audience in ["public", "private"] {
      let manifest = "refs/weave/\(audience)/manifest"
      guard store.resolve(manifest) != nil else { continue }
      let here = Set(
        try store.git("ls-tree", "--name-only", manifest, "projects/").split(separator: "\n")
          .map { String($0.dropFirst("projects/".count)) })
      let moved = projects.filter(here.contains)
      guard !moved.isEmpty else { continue }
      stream += """
        commit \(manifest)
        committer Ann Author <ann@example.org> \(TestEnvironment.epoch) +0000
        data <<.
        move the sources
        .
        from \(manifest)^0

        """
      for project in moved {
        stream += "M 644 inline projects/\(project)\ndata <<.\nsource \(source(project).path)\n.\n"
      }
    }
    let accepted = "refs/weave-local/accepted"
    // An older weave, with which tests are seen to fail, has none.
    if store.resolve(accepted) != nil {
      stream += """
        commit \(accepted)
        committer Ann Author <ann@example.org> \(TestEnvironment.epoch) +0000
        data 0
        from \(accepted)^0
        M 644 inline sources
        data <<.

        """
      stream += projects.map { "\($0) \(source($0).path)\n" }.joined() + ".\n"
    }
    try store.git(["-c", "core.fsync=none", "fast-import", "--quiet"], input: Array(stream.utf8))
  }
}

extension Lab {
  /// Runs `body` with an empty directory as the workspace.
  static func withDirectory(_ body: (Lab) throws -> Void) throws { try body(Lab()) }

  /// Runs `body` with a workspace without projects, then checks the store.
  static func withStore(_ body: (Lab) throws -> Void) throws {
    let lab = try Lab()
    try lab.weave("init")
    try body(lab)
    try lab.check()
  }

  /// Runs `body` with the fetched projects `telperion` and `laurelin`, then checks the store, unless it is
  /// to end broken.
  ///
  /// Each has the commits `one`, with the tag `v1`, and `two`, the tip of `main`.
  static func withTwoProjects(endsBroken: Bool = false, _ body: (Lab, Source, Source) throws -> Void) throws {
    let lab = try twoProjectsTemplate.copy()
    try body(lab, Source(lab.source("telperion")), Source(lab.source("laurelin")))
    if !endsBroken { try lab.check() }
  }

  private static let twoProjectsTemplate = LabTemplate {
    let lab = try Lab()
    try lab.weave("init")
    try lab.addProject("telperion")
    try lab.addProject("laurelin")
    try lab.weave("fetch")
    return lab
  }

  /// The projects of `threeProjects`.
  static let threeProjectNames = ["telperion", "laurelin", "narya"]

  /// A workspace with the projects `telperion`, `laurelin` and `narya`, of four commits each, tagged `v1` to
  /// `v4`.
  static func threeProjects() throws -> Lab { try fetchedTemplate.copy() }

  /// As `threeProjects`, with a record of each kind: the constellation `emerald-city` and its lock, a link of all at `v1`, the set
  /// `release-1`, and a report of `toto`.
  static func withEachRecord() throws -> Lab {
    let lab = try threeProjects()
    try lab.constellation()
    try lab.link("telperion@v1", "laurelin@v1", "narya@v1")
    try lab.weave("lock", "-c", "emerald-city")
    try lab.weave("set", "release-1", "telperion@v1", "laurelin@v1")
    try lab.report("toto", "telperion@v1")
    return lab
  }

  /// As `threeProjects`, before the first fetch.
  static func threeProjectsNotFetched() throws -> Lab { try notFetchedTemplate.copy() }

  private static let notFetchedTemplate = LabTemplate {
    let lab = try Lab()
    try lab.weave("init")
    for project in threeProjectNames {
      let source = try lab.makeSource(
        project, (1...4).map { "\(project) \($0)" }, tags: (1...4).map { "v\($0)" })
      try lab.weave("project", "add", project, source.path)
    }
    return lab
  }

  private static let fetchedTemplate = LabTemplate {
    let lab = try notFetchedTemplate.copy()
    try lab.weave("fetch")
    return lab
  }
}
