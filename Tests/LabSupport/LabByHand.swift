import TestSupport

extension Lab {
  /// Puts `text` among the stored constellations as `component`, with stock Git: as an older weave or somebody else's program
  /// may have.
  func constellationByHand(_ text: String, as component: String) throws {
    try manifestEntryByHand(text, in: "constellations", as: component)
  }

  /// Puts `text` into that directory of the public manifest, with stock Git.
  func manifestEntryByHand(_ text: String, in folder: String, as component: String) throws {
    let manifest = "refs/weave/public/manifest"
    let blob = try store.git(["hash-object", "-w", "--stdin"], input: Array(text.utf8))
    let before = store.resolve("\(manifest):\(folder)") == nil ? [] : try entries(in: "\(manifest):\(folder)")
    let listing = before.filter { !$0.hasSuffix("\t\(component)") } + ["100644 blob \(blob)\t\(component)"]
    let directory = try store.git(["mktree"], input: Array((listing.joined(separator: "\n") + "\n").utf8))
    let others = try entries(in: manifest).filter { !$0.hasSuffix("\t\(folder)") }
    let root = (others + ["040000 tree \(directory)\t\(folder)"]).joined(separator: "\n") + "\n"
    let tree = try store.git(["mktree"], input: Array(root.utf8))
    let commit = try store.git("commit-tree", "-p", manifest, "-m", "by hand", tree)
    try store.git("update-ref", manifest, commit)
  }

  private func entries(in tree: String) throws -> [String] {
    try store.git("ls-tree", tree).split(separator: "\n").map(String.init)
  }
}
