import Foundation
import TestSupport

/// What is checked out, and all that it is made of.
extension Lab {
  /// A lab with two projects and a checkout of each.
  static func withTwoCheckouts(
    _ body: (_ lab: Lab, _ telperion: TestRepository, _ laurelin: TestRepository) throws -> Void
  ) throws {
    try Lab.withTwoProjects { lab, _, _ throws in
      try body(lab, lab.checkout("telperion"), lab.checkout("laurelin"))
    }
  }

  /// The commit that the newest link names of `project`.
  func linked(_ project: String) throws -> String {
    let message = try store.git("log", "-1", "--format=%B", ledger())
    let line = message.split(separator: "\n").first { $0.hasPrefix("Weave-Member: \(project) ") }
    guard let id = line?.split(separator: " ").last else { throw TestFailure("no link names \(project)") }
    return String(id)
  }
}

extension TestRepository {
  /// The tree that `git add --all` and `git write-tree` make of a copy of the repository's directory.
  func treeOfCopy() throws -> String {
    let copy = "\(path).copy"
    try? FileManager.default.removeItem(atPath: copy)
    try runProcess("cp", ["-a", path, copy], in: "/", environment: environment.variables).succeeded(["cp"])
    defer { try? FileManager.default.removeItem(atPath: copy) }
    let other = TestRepository(at: copy)
    try other.git("add", "--all")
    return try other.git("write-tree")
  }

  /// Every file and directory of the work tree and of Git's own, with content, mode and time of modification, without
  /// the objects.
  func everything() throws -> [String: String] {
    // A link's own time, not that of what it points to.
    let listing = try runProcess(
      "find", [path, "-path", "\(path)/.git/objects", "-prune", "-o", "-printf", "%P %y %m %T@ %l\\0"],
      in: "/",
      environment: environment.variables
    ).succeeded(["find"])
    var found: [String: String] = [:]
    for line in listing.stdout.split(separator: "\0") {
      let name = String(line.prefix { $0 != " " })
      let file = FileManager.default.contents(atPath: "\(path)/\(name)")
      found[name] = line + " " + (file?.base64EncodedString() ?? "")
    }
    return found
  }
}
