import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("Linked commits outlive upstream and gc", .inProcess)
struct GcTests {
  /// Throws telperion's `two` away upstream, fetches, and throws away what the store does not keep.
  @discardableResult
  private func lose(_ telperion: Source, in lab: Lab) throws -> String {
    let new = try telperion.forcePush()
    try lab.weave("fetch")
    try lab.collectGarbage()
    return new
  }

  @Test("a force-push upstream after the link loses no linked commit")
  func forcePush() throws {
    try Lab.withTwoProjects { lab, telperion, _ throws in
      try lab.weave("link", "telperion@main", "laurelin@main")
      let new = try lose(telperion, in: lab)
      #expect(lab.fetched("telperion", "refs/heads/main") == new)
      #expect(try lab.holds(telperion.two))
    }
  }

  @Test("a force-push between fetch and link loses no linked commit")
  func forcePushBetween() throws {
    try Lab.withTwoProjects { lab, telperion, _ throws in
      try telperion.forcePush()
      try lab.weave("link", "telperion@main", "laurelin@main")
      try lab.weave("fetch")
      try lab.collectGarbage()
      #expect(try lab.holds(telperion.two))
      #expect(try lab.weave("links", "--live").contains(telperion.two.prefix(7)))
    }
  }

  @Test("a commit that only gc's grace keeps, and gc takes, is unknown afterwards and stops nothing")
  func notLinked() throws {
    try Lab.withTwoProjects { lab, telperion, _ throws in
      try lose(telperion, in: lab)
      #expect(try !lab.holds(telperion.two))
      #expect(try lab.run("link", "telperion@\(telperion.two)", "laurelin@main").status == 1)
      try lab.weave("link", "telperion@main", "laurelin@main")
    }
  }

  @Test("a branch deleted upstream loses no linked commit")
  func deletedBranch() throws {
    try Lab.withTwoProjects { lab, telperion, _ throws in
      let side = try lab.branchOff("telperion", "side")
      try lab.weave("link", "telperion@side", "laurelin@main")
      try telperion.repository.git("branch", "--quiet", "-D", "side")
      try lab.weave("fetch")
      try lab.collectGarbage()
      #expect(lab.fetched("telperion", "refs/heads/side") == nil)
      #expect(try lab.holds(side))
    }
  }

  @Test("a deleted tag upstream loses no linked commit")
  func deletedTag() throws {
    try Lab.withTwoProjects { lab, telperion, _ throws in
      try telperion.repository.checkout("v1^{commit}")
      let loose = try telperion.repository.commit("released from no branch")
      try telperion.repository.tag("v1.1", message: "fix")
      try telperion.repository.checkout("main")
      try lab.weave("fetch")
      try lab.weave("link", "telperion@v1.1", "laurelin@main")
      try telperion.repository.git("tag", "--delete", "v1.1")
      try lab.weave("fetch")
      try lab.collectGarbage()
      #expect(try lab.holds(loose))
    }
  }

  @Test("a revoked commit is kept as a linked one is")
  func revoked() throws {
    try Lab.withTwoProjects { lab, telperion, _ throws in
      try lab.weave("revoke", "telperion@main", "-m", "eats disks")
      try lose(telperion, in: lab)
      #expect(try lab.holds(telperion.two))
    }
  }

  @Test("an observed commit is kept")
  func observed() throws {
    try Lab.withTwoProjects { lab, telperion, _ throws in
      try lab.weave("report", "--machine", "toto", "telperion=\(telperion.two)")
      try lose(telperion, in: lab)
      #expect(try lab.holds(telperion.two))
    }
  }

  @Test("a checkout's local commit can be linked without a push, and outlives the checkout")
  func localCommit() throws {
    try Lab.withTwoProjects { lab, telperion, _ throws in
      let checkout = try lab.checkout("telperion")
      let local = try checkout.commit("local only")
      let result = try lab.run("link", "telperion@\(local)", "laurelin@main")
      #expect(result.status == 0, "\(result.stderr)")
      #expect(result.stderr.contains("telperion@\(local.prefix(7))"))
      try FileManager.default.removeItem(atPath: checkout.path)
      try lab.collectGarbage()
      #expect(try lab.holds(local))
      #expect(telperion.repository.resolve("\(local)^{commit}") == nil)
      try lab.weave("fetch")
      try lab.collectGarbage()
      #expect(try lab.holds(local))
    }
  }

  @Test("a local commit that the checkout amends away is kept once it is linked")
  func amended() throws {
    try Lab.withTwoProjects { lab, telperion, laurelin throws in
      let checkout = try lab.checkout("telperion")
      try lab.checkout("laurelin")
      let local = try checkout.commit("local only")
      try lab.weave("link", "-m", "as checked out")
      try checkout.git("commit", "--quiet", "--amend", "--message=amended")
      try checkout.git("reflog", "expire", "--expire=now", "--all")
      try checkout.git("gc", "--quiet", "--prune=now")
      try lab.weave("fetch")
      try lab.collectGarbage()
      #expect(try lab.holds(local))
    }
  }

  @Test("a keep chain is extended, never rewritten, and holds every member")
  func chain() throws {
    try Lab.withTwoProjects { lab, telperion, _ throws in
      let keep = "refs/weave-local/keep/telperion"
      try lab.weave("link", "telperion@v1", "laurelin@v1")
      let first = try #require(lab.store.resolve(keep))
      #expect(
        try lab.store.git("log", "-1", "--format=%s %T", keep)
          == "keep telperion 4b825dc642cb6eb9a060e54bf8d69288fbee4904")
      try lab.weave("link", "telperion@main", "laurelin@v1")
      #expect(try lab.store.git("rev-parse", "\(keep)^1") == first)
      #expect(try lab.store.git("rev-parse", "\(keep)^2") == telperion.two)
      let second = try lab.store.git("rev-parse", keep)
      try lab.weave("link", "telperion@v1", "laurelin@main")
      #expect(try lab.store.git("merge-base", "--is-ancestor", second, keep) == "")
    }
  }
}
