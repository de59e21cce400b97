import Foundation
import TestSupport
import Testing

@Suite("Linked commits outlive upstream and gc")
struct GcTests {
  private func collect(_ lab: Lab) throws { try lab.store.git("gc", "--quiet", "--prune=now") }

  @Test("a force-push upstream after the link loses no linked commit")
  func forcePush() throws {
    try Lab.withTwoProjects { lab, telperion, _ throws in
      try lab.weaves("link", "telperion@main", "laurelin@main")
      let new = try telperion.forcePush()
      try lab.weaves("fetch")
      try collect(lab)
      #expect(lab.store.resolve("refs/namespaces/telperion/refs/heads/main") == new)
      #expect(try lab.holds(telperion.two))
    }
  }

  @Test("a force-push between fetch and link loses no linked commit")
  func forcePushBetween() throws {
    try Lab.withTwoProjects { lab, telperion, _ throws in
      try telperion.forcePush()
      try lab.weaves("link", "telperion@main", "laurelin@main")
      try lab.weaves("fetch")
      try collect(lab)
      #expect(try lab.holds(telperion.two))
      #expect(try lab.weaves("links", "--live").contains(telperion.two.prefix(7)))
    }
  }

  @Test("a commit that only gc's grace keeps, and gc takes, is unknown afterwards and stops nothing")
  func notLinked() throws {
    try Lab.withTwoProjects { lab, telperion, _ throws in
      try telperion.forcePush()
      try lab.weaves("fetch")
      try collect(lab)
      #expect(try !lab.holds(telperion.two))
      #expect(try lab.weave("link", "telperion@\(telperion.two)", "laurelin@main").status == 1)
      try lab.weaves("link", "telperion@main", "laurelin@main")
    }
  }

  @Test("a branch deleted upstream loses no linked commit")
  func deletedBranch() throws {
    try Lab.withTwoProjects { lab, telperion, _ throws in
      try telperion.repository.checkout("side", create: true)
      let side = try telperion.repository.commit("side")
      try telperion.repository.checkout("main")
      try lab.weaves("fetch")
      try lab.weaves("link", "telperion@side", "laurelin@main")
      try telperion.repository.git("branch", "--quiet", "-D", "side")
      try lab.weaves("fetch")
      try collect(lab)
      #expect(lab.store.resolve("refs/namespaces/telperion/refs/heads/side") == nil)
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
      try lab.weaves("fetch")
      try lab.weaves("link", "telperion@v1.1", "laurelin@main")
      try telperion.repository.git("tag", "--delete", "v1.1")
      try lab.weaves("fetch")
      try collect(lab)
      #expect(try lab.holds(loose))
    }
  }

  @Test("a revoked commit is kept as a linked one is")
  func revoked() throws {
    try Lab.withTwoProjects { lab, telperion, _ throws in
      try lab.weaves("revoke", "telperion@main", "-m", "eats disks")
      try telperion.forcePush()
      try lab.weaves("fetch")
      try collect(lab)
      #expect(try lab.holds(telperion.two))
    }
  }

  @Test("an observed commit is kept")
  func observed() throws {
    try Lab.withTwoProjects { lab, telperion, _ throws in
      try lab.weaves("report", "--machine", "toto", "telperion=\(telperion.two)")
      try telperion.forcePush()
      try lab.weaves("fetch")
      try collect(lab)
      #expect(try lab.holds(telperion.two))
    }
  }

  @Test("a checkout's local commit can be linked without a push, and outlives the checkout")
  func localCommit() throws {
    try Lab.withTwoProjects { lab, telperion, _ throws in
      let checkout = try lab.checkout(telperion, as: "telperion")
      let local = try checkout.commit("local only")
      let result = try lab.weave("link", "telperion@\(local)", "laurelin@main")
      #expect(result.status == 0, "\(result.stderr)")
      #expect(result.stderr.contains("telperion@\(local.prefix(7))"))
      try FileManager.default.removeItem(atPath: checkout.path)
      try collect(lab)
      #expect(try lab.holds(local))
      #expect(telperion.repository.resolve("\(local)^{commit}") == nil)
      try lab.weaves("fetch")
      try collect(lab)
      #expect(try lab.holds(local))
    }
  }

  @Test("a local commit that the checkout amends away is kept once it is linked")
  func amended() throws {
    try Lab.withTwoProjects { lab, telperion, laurelin throws in
      let checkout = try lab.checkout(telperion, as: "telperion")
      _ = try lab.checkout(laurelin, as: "laurelin")
      let local = try checkout.commit("local only")
      try lab.weaves("link", "-m", "as checked out")
      try checkout.git("commit", "--quiet", "--amend", "--message=amended")
      try checkout.git("reflog", "expire", "--expire=now", "--all")
      try checkout.git("gc", "--quiet", "--prune=now")
      try lab.weaves("fetch")
      try collect(lab)
      #expect(try lab.holds(local))
    }
  }

  @Test("a keep chain is extended, never rewritten, and holds every member")
  func chain() throws {
    try Lab.withTwoProjects { lab, telperion, _ throws in
      let keep = "refs/weave-local/keep/telperion"
      try lab.weaves("link", "telperion@v1", "laurelin@v1")
      let first = try #require(lab.store.resolve(keep))
      #expect(
        try lab.store.git("log", "-1", "--format=%s %T", keep)
          == "keep telperion 4b825dc642cb6eb9a060e54bf8d69288fbee4904")
      try lab.weaves("link", "telperion@main", "laurelin@v1")
      #expect(try lab.store.git("rev-parse", "\(keep)^1") == first)
      #expect(try lab.store.git("rev-parse", "\(keep)^2") == telperion.two)
      let second = try lab.store.git("rev-parse", keep)
      try lab.weaves("link", "telperion@v1", "laurelin@main")
      #expect(try lab.store.git("merge-base", "--is-ancestor", second, keep) == "")
    }
  }
}
