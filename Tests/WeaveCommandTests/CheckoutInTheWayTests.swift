import TestSupport
import Testing

@testable import LabSupport

@Suite("weave checkout --in-place, with something in the way", .inProcess)
struct CheckoutInTheWayTests {
  private let lab: Lab

  init() throws { lab = try Lab.threeProjects() }

  @Test(
    "is refused in the middle of a merge, a rebase or a bisection, and nothing moves",
    arguments: ["merge", "rebase", "bisect"])
  func underWay(_ operation: String) throws {
    let checkout = try lab.checkout("telperion")
    try lab.checkout("laurelin")
    try lab.weave("set", "old", "telperion@v1", "laurelin@v1")
    try checkout.git("checkout", "--quiet", "-b", "side", "HEAD~1")
    try checkout.commit("aside", file: "aside")
    try checkout.checkout("main")
    switch operation {
    case "merge": try checkout.git("merge", "--quiet", "--no-commit", "--no-ff", "-s", "ours", "side")
    case "rebase":
      try checkout.git(["-c", "sequence.editor=sed -i s/^pick/edit/", "rebase", "--quiet", "-i", "HEAD~2"])
    default: try checkout.git("bisect", "start")
    }
    let before = try checkout.head()
    let error = try lab.refusal(["checkout", "--in-place", "old"])
    #expect(
      error.contains("telperion is in the middle of a \(operation == "bisect" ? "bisection" : operation)"))
    #expect(try checkout.head() == before)
  }

  @Test("is refused whole where an ignored file of one checkout is in the way")
  func ignoredInTheWay() throws {
    try lab.source("laurelin").commit("adds a file", file: "zz")
    try lab.weave("fetch")
    let telperion = try lab.checkout("telperion")
    let laurelin = try lab.checkout("laurelin")
    try telperion.git("checkout", "--quiet", "v1")
    try laurelin.git("checkout", "--quiet", "v1")
    try laurelin.write("zz\n", to: ".git/info/exclude")
    try laurelin.write("mine\n", to: "zz")
    try lab.weave("set", "new", "telperion@v2", "laurelin@" + lab.id("laurelin@main"))
    let error = try lab.refusal(["checkout", "--in-place", "new"])
    #expect(error.contains("zz") && error.contains("nothing was moved"))
    #expect(try telperion.head() == lab.id("telperion@v1"))
  }

  @Test("goes on where only a submodule of a checkout is at another commit")
  func movedSubmodule() throws {
    let top = try TestRepository.create(at: lab.source("top").path)
    try top.git(
      "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", lab.source("telperion").path, "inner"
    )
    try top.git("commit", "--quiet", "-m", "one")
    try top.tag("one")
    try top.commit("two")
    try lab.weave("project", "add", "top", top.path)
    try lab.weave("fetch", "top")
    try lab.store.git("config", "protocol.file.allow", "always")
    let path = "\(lab.workspace)/top"
    try TestRepository(at: lab.directory.path).git(
      "-c", "protocol.file.allow=always", "clone", "--quiet", "--recurse-submodules", top.path, path)
    try TestRepository(at: path + "/inner").git("checkout", "--quiet", "HEAD~1")
    try lab.weave("set", "one", "top@one")
    try lab.weave("checkout", "--in-place", "one")
    #expect(try TestRepository(at: path).head() == top.git("rev-parse", "one"))
  }
}
