import TestSupport
import Testing

extension Lab {
  /// Two public projects and a private one called `narya`, with something private of every kind, and something public
  /// beside it.
  static func withSecret(_ body: (Lab) throws -> Void) throws {
    try withTwoProjects { lab, _, _ throws in
      _ = try lab.makeSource("narya")
      try lab.weave("project", "add", "narya", lab.source("narya").path, "--private")
      try lab.weave("fetch")
      try lab.link("telperion@v1", "laurelin@v1")
      let hidden = try lab.link("telperion@v1", "laurelin@v1", "narya@v1")
      try lab.weave("revoke", "narya@main", "telperion@main", "-m", "narya loops")
      try lab.weave("withdraw", hidden, "-m", "not tested")
      try lab.link("telperion@v1", "laurelin@v1", "narya@main")
      try lab.weave("constellation", "add", "-", input: Constellations.pair())
      try lab.weave("constellation", "add", "-", input: Constellations.trio)
      for name in ["pair", "trio"] { try lab.weave("lock", "-c", name) }
      try lab.report("toto", "telperion@v1", "laurelin@v1", "narya@v1")
      try lab.report("barge", "telperion@v1", "laurelin@v1")
      try lab.tellingNoSecret(body)
    }
  }
}

extension TestRepository {
  /// Every object, reachable or not, and every ref, as bytes.
  func objectsAndRefs() throws -> [UInt8] {
    let objects = try runGit(
      ["cat-file", "--batch-all-objects", "--batch", "--unordered"], in: path, environment: environment)
    return Array((objects.stdout + (try git("for-each-ref"))).utf8)
  }

  /// Makes a set with plain Git, on top of what there is of it, that names `narya` at a commit of nobody's.
  @discardableResult
  func writeSet(_ name: String, naming digit: String) throws -> String {
    let reference = "refs/weave/public/sets/\(name)"
    return try writeRecord(
      reference, "set \(name)\n\nWeave-Set: \(name)",
      ["set": "narya \(String(repeating: digit, count: 40))\n"])
  }

  /// Puts a commit of these files, with plain Git, on top of what there is of the ref, and returns its id.
  @discardableResult
  func writeRecord(_ reference: String, _ message: String, _ files: [String: String]) throws -> String {
    let entries = try files.map { name, content in
      let blob = try git(["hash-object", "-w", "--stdin"], input: Array(content.utf8))
      return "100644 blob \(blob)\t\(name)\n"
    }
    let tree = try git(["mktree"], input: Array(entries.joined().utf8))
    let former = resolve(reference).map { ["-p", $0] } ?? []
    let commit = try git(["commit-tree", tree] + former, input: Array("\(message)\n".utf8))
    try git("update-ref", reference, commit)
    return commit
  }
}
