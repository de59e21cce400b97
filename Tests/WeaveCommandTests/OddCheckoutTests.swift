import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("Checkouts that libgit2 and git see differently", .inProcess)
struct OddCheckoutTests {
  @Test("a sparse checkout, with a sparse index and a configuration of its own, is clean and can be linked")
  func sparse() throws {
    try Lab.withTwoProjects { lab, telperion, _ throws in
      for directory in ["a", "b"] { try telperion.repository.write("x", to: "\(directory)/file") }
      try telperion.repository.commit("directories")
      try lab.weave("fetch")
      let checkout = try lab.checkout("telperion")
      try checkout.git("sparse-checkout", "set", "--cone", "--sparse-index", "a")
      try checkout.git("config", "core.repositoryFormatVersion", "1")
      #expect(try checkout.git("config", "--type=bool", "extensions.worktreeConfig") == "true")
      #expect(!FileManager.default.fileExists(atPath: "\(checkout.path)/b"))
      #expect(try line(of: "telperion", in: lab).hasSuffix("clean"))
      try expectLocalCommitIsLinked(of: checkout, in: lab)
    }
  }

  @Test("a split index, an untracked cache and precious objects change nothing")
  func splitIndex() throws {
    try Lab.withTwoProjects { lab, telperion, _ throws in
      let checkout = try lab.checkout("telperion")
      try checkout.git("config", "core.repositoryFormatVersion", "1")
      try checkout.git("config", "extensions.preciousObjects", "true")
      try checkout.git("update-index", "--split-index", "--untracked-cache")
      #expect(try line(of: "telperion", in: lab).hasSuffix("clean"))
      try expectLocalCommitIsLinked(of: checkout, in: lab)
      try checkout.write("more", to: "file")
      #expect(try line(of: "telperion", in: lab).hasSuffix("file"))
    }
  }

  @Test("a linked worktree beside the store is a checkout of its project")
  func linkedWorktree() throws {
    try Lab.withTwoProjects { lab, telperion, _ throws in
      let main = lab.directory.appending("elsewhere")
      try TestRepository(at: lab.directory.path).git("clone", "--quiet", telperion.repository.path, main)
      try TestRepository(at: main).git("worktree", "add", "--quiet", "\(lab.workspace)/telperion")
      try expectLocalCommitIsLinked(of: TestRepository(at: "\(lab.workspace)/telperion"), in: lab)
    }
  }

  @Test(
    "of a checkout that borrows its objects, a local commit is copied whole, and nothing borrows from the store"
  )
  func alternates() throws {
    try Lab.withTwoProjects { lab, telperion, _ throws in
      // What the checkout borrows is in no repository that weave knows.
      let lender = lab.directory.appending("lender")
      try TestRepository(at: lab.directory.path).git("clone", "--quiet", telperion.repository.path, lender)
      let lent = try TestRepository(at: lender).commit("lent")
      let checkout = TestRepository(at: "\(lab.workspace)/telperion")
      try TestRepository(at: lab.directory.path).git("clone", "--quiet", "--shared", lender, checkout.path)
      try checkout.git("remote", "set-url", "origin", telperion.repository.path)
      let local = try checkout.commit("local")
      try lab.weave("link", "telperion@\(local)", "laurelin@main")
      try FileManager.default.removeItem(atPath: lender)
      try FileManager.default.removeItem(atPath: checkout.path)
      try lab.store.git("gc", "--quiet", "--prune=now")
      #expect(try lab.holds(local) && lab.holds(lent))
      #expect(!FileManager.default.fileExists(atPath: "\(lab.store.path)/objects/info/alternates"))
    }
  }

  @Test("a local commit of a shallow checkout is one error and no event, until the checkout has its history")
  func shallow() throws {
    try Lab.withTwoProjects { lab, telperion, _ throws in
      try telperion.repository.commit("three")
      try telperion.repository.commit("four")
      let checkout = TestRepository(at: "\(lab.workspace)/telperion")
      let url = "file://\(telperion.repository.path)"
      try TestRepository(at: lab.directory.path).git("clone", "--quiet", "--depth=1", url, checkout.path)
      let local = try checkout.commit("local")
      let before = try lab.store.refs()
      let result = try lab.run("link", "telperion@\(local)", "laurelin@main")
      #expect(result.status == 1)
      #expect(result.stdout == "")
      #expect(result.stderr.hasPrefix("error: ") && result.stderr.contains("shallow"), "\(result.stderr)")
      #expect(try lab.store.refs() == before)
      try checkout.git("fetch", "--quiet", "--unshallow")
      try lab.weave("link", "telperion@\(local)", "laurelin@main")
    }
  }

  @Test("of a partial checkout, a local commit whose files are not all there is an error, and no event")
  func partial() throws {
    try Lab.withTwoProjects { lab, telperion, _ throws in
      try telperion.repository.git("config", "uploadpack.allowFilter", "true")
      try telperion.repository.write("not fetched", to: "other")
      try telperion.repository.commit("three")
      let checkout = TestRepository(at: "\(lab.workspace)/telperion")
      let url = "file://\(telperion.repository.path)"
      try TestRepository(at: lab.directory.path).git(
        "clone", "--quiet", "--filter=blob:none", "--no-checkout", url, checkout.path)
      let local = try checkout.git("commit-tree", "-p", "HEAD", "-m", "local", "HEAD^{tree}")
      try checkout.git("update-ref", "refs/heads/main", local)
      let before = try lab.store.refs()
      let result = try lab.run("link", "telperion@\(local)", "laurelin@main")
      #expect(result.status == 1)
      #expect(result.stdout == "")
      #expect(
        result.stderr.hasPrefix("error: ") && result.stderr.contains("is a partial clone"), "\(result.stderr)"
      )
      #expect(try lab.store.refs() == before)
    }
  }

  private func line(of project: String, in lab: Lab) throws -> Substring {
    try #require(lab.weave("status").split(separator: "\n").first { $0.hasPrefix(project) })
  }

  private func expectLocalCommitIsLinked(
    of checkout: TestRepository, in lab: Lab, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let local = try checkout.git("commit-tree", "-p", "HEAD", "-m", "local", "HEAD^{tree}")
    try checkout.git("update-ref", "HEAD", local)
    try lab.weave("link", "telperion@\(local)", "laurelin@main")
    try lab.store.git("gc", "--quiet", "--prune=now")
    #expect(try lab.holds(local), sourceLocation: sourceLocation)
  }
}
