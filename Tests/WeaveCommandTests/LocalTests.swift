import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("A resolution that takes the checkouts' branches", .inProcess)
struct LocalTests {
  /// A workspace with a commit of telperion that only the checkout has, linked with laurelin's newest.
  private func withLocalCommit(_ body: (Lab, _ commit: String, _ checkout: TestRepository) throws -> Void)
    throws
  {
    try Lab.withTwoProjects { lab, telperion, laurelin in
      let checkout = try lab.checkout("telperion")
      let commit = try checkout.commit("three")
      try lab.constellation(Constellations.pair())
      try lab.weave("link", "telperion@\(telperion.two)", "laurelin@\(laurelin.two)", "-m", "fetched")
      try lab.weave("link", "telperion@HEAD", "laurelin@\(laurelin.two)", "-m", "only here")
      try body(lab, commit, checkout)
    }
  }

  private func pick(_ lab: Lab, _ more: String...) throws -> String {
    try lab.weave(["resolve", "--machine", "toto", "--project", "telperion"] + more)
  }

  @Test("a commit that was not pushed is picked with --local only")
  func flag() throws {
    try withLocalCommit { lab, commit, _ in
      try #expect(pick(lab) != commit)
      try #expect(pick(lab, "--local") == commit)
      try #expect(lab.weave("resolve", "--local").contains("\(commit.prefix(7)) (local)"))
    }
  }

  @Test("weave.local in the store says so for good, for what is wanted too")
  func configuration() throws {
    try withLocalCommit { lab, commit, _ in
      try lab.store.git("config", "weave.local", "yes")
      try #expect(pick(lab) == commit)
      try #expect(lab.weave("sha", "telperion", "--machine", "toto") == commit)
    }
  }

  @Test("a local commit that no link names is passed over")
  func unlinked() throws {
    try withLocalCommit { lab, commit, checkout in
      try checkout.commit("four")
      try #expect(pick(lab, "--local") == commit)
    }
  }

  @Test("a checkout that went apart from what was fetched comes before it")
  func diverged() throws {
    try withLocalCommit { lab, commit, checkout in
      try checkout.git("reset", "--quiet", "--hard", "v1")
      let other = try checkout.commit("apart")
      try lab.weave("link", "telperion@HEAD", "laurelin@main", "-m", "apart")
      try #expect(pick(lab, "--local") == other)
      try #expect(pick(lab) != other)
    }
  }

  @Test("only the branch of the tracked name is taken")
  func otherBranch() throws {
    try withLocalCommit { lab, commit, checkout in
      try checkout.git("checkout", "--quiet", "-b", "topic", "v1")
      try checkout.commit("on a topic")
      try lab.weave("link", "telperion@topic", "laurelin@main", "-m", "on a topic")
      try #expect(pick(lab, "--local") == commit)
      try lab.weave("project", "set", "telperion", "track", "v1")
      try #expect(lab.run("resolve", "--local").status == 5)
    }
  }

  @Test("resolving copies nothing into the store; locking copies and names what nobody else has")
  func lock() throws {
    try withLocalCommit { lab, _, checkout in
      try checkout.commit("five")
      try lab.weave("link", "telperion@HEAD", "laurelin@main", "-m", "five")
      try checkout.commit("six")
      let six = try checkout.head()
      try lab.directory.write(
        """
        constellation: alone
        projects: { telperion: {} }
        roles: { one: { projects: [telperion] } }
        machines: { sam: { roles: [one] } }
        """, to: "workspace/alone.yaml")
      let resolved = try lab.weave(
        "resolve", "-c", "alone.yaml", "--local", "--machine", "sam", "--project", "telperion")
      #expect(resolved == six)
      let isCopied = try lab.holds(six)
      #expect(!isCopied)
      let locked = try lab.run("lock", "-c", "alone.yaml", "--local")
      #expect(locked.status == 0)
      #expect(locked.stderr == "note: nobody else has telperion@\(six.prefix(7)) yet; push it\n")
      try #expect(lab.holds(six))
      let shown = try lab.weave("lock", "-c", "alone.yaml", "--show")
      #expect(shown.split(separator: "\n").contains("local telperion \(six)"))
      let message = try lab.store.git("log", "-1", "--format=%B", "refs/weave/public/locks/alone")
      #expect(message.contains("Weave-Local: telperion \(six)"))
    }
  }

  @Test("a shallow checkout is named, as its history cannot be told")
  func shallow() throws {
    try withLocalCommit { lab, _, checkout in
      try FileManager.default.removeItem(atPath: checkout.path)
      try TestRepository(at: lab.directory.path).git(
        "clone", "--quiet", "--depth=1", "file://\(lab.source("telperion").path)", checkout.path)
      let result = try lab.run("resolve", "--local")
      #expect(result.status == 1)
      #expect(result.stderr.hasPrefix("error: the checkout \(checkout.path) is shallow\n"))
    }
  }
}
