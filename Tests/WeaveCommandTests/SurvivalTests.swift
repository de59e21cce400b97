import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("What is linked outlives upstream and gc in every clone", .inProcess)
struct SurvivalTests {
  /// Throws away what no ref reaches, and what only a reflog does.
  private func collectGarbage(in path: String) throws {
    let repository = TestRepository(at: path)
    try repository.git("reflog", "expire", "--expire=now", "--all")
    try repository.git("gc", "--quiet", "--prune=now")
  }

  private func holds(_ id: String, _ colleague: Colleague) throws -> Bool {
    try runProcess(
      "git", ["rev-list", "--objects", "--quiet", id], in: colleague.store.path,
      environment: colleague.store.environment.variables
    ).status == 0
  }

  @Test("a force-push upstream and git gc in the store, a checkout and a clone lose no linked commit")
  func everywhere() throws {
    try Lab.withTwoProjects { lab, telperion, laurelin throws in
      let checkout = try lab.checkout("telperion")
      try lab.link("telperion@main", "laurelin@main")
      try lab.share()
      let path = lab.directory.appending("bob")
      try lab.weave("clone", lab.bare().path, path, "--checkout-all", in: lab.directory.path)
      let bob = Colleague(lab: lab, workspace: path)
      for source in [telperion, laurelin] { try source.forcePush() }
      for colleague in [lab.me, bob] { try colleague.weave("fetch") }
      for path in [checkout.path, "\(bob.workspace)/telperion", "\(bob.workspace)/laurelin"] {
        try TestRepository(at: path).git("fetch", "--quiet")
        try TestRepository(at: path).git("reset", "--quiet", "--hard", "origin/main")
        try collectGarbage(in: path)
        #expect(TestRepository(at: path).resolve("\(telperion.two)^{commit}") == nil)
      }
      for colleague in [lab.me, bob] {
        try collectGarbage(in: colleague.store.path)
        for id in [telperion.two, laurelin.two] { #expect(try holds(id, colleague)) }
        #expect(try colleague.weave("links", "--live").contains(telperion.two.prefix(7)))
        try colleague.check()
      }
    }
  }

  @Test(
    "a commit that was here before the event that names it is kept by the pull alone, however it was named")
  func pulled() throws {
    try Lab.withHub { lab, _, bob throws in
      try lab.weave("constellation", "add", "-", input: Constellations.pair())
      try lab.link("telperion@v1", "laurelin@v1")
      try lab.weave("lock")
      try lab.weave("revoke", "telperion@main", "-m", "loops")
      try lab.report("toto", "laurelin@main")
      try lab.weave("push")
      try bob.weave("pull")
      // As a fetch that is cut off after Git has done its part.
      for project in ["telperion", "laurelin"] {
        for ref in try bob.store.refs().keys where ref.hasPrefix("refs/namespaces/\(project)/") {
          try bob.store.git("update-ref", "-d", ref)
        }
      }
      try collectGarbage(in: bob.store.path)
      for member in ["telperion@v1", "telperion@main", "laurelin@v1", "laurelin@main"] {
        #expect(try holds(lab.id(member), bob), "\(member)")
      }
      try bob.weave("fetch")
    }
  }

  @Test("git gc in an exchange repository, and its loss as a whole, lose nothing; push and pull go on")
  func exchangeRepository() throws {
    try Lab.withHub { lab, hub, bob throws in
      let exchange = "\(lab.store.path)/weave/exchange/public.git"
      var events: [String] = []
      for (mine, theirs) in [("v1", "main"), ("main", "v1")] {
        events.append(try lab.link("telperion@\(mine)", "laurelin@\(theirs)"))
        try lab.weave("push")
        try collectGarbage(in: exchange)
        events.append(try bob.weave("link", "telperion@\(mine)", "laurelin@\(mine)", "-m", "works"))
        try bob.weave("push")
        try lab.weave("pull")
        #expect(try lab.me.events() == events.sorted())
        try FileManager.default.removeItem(atPath: exchange)
        events.append(try lab.link("telperion@\(theirs)", "laurelin@\(theirs)"))
        try lab.weave("push")
        #expect(try hub.resolve(lab.ledger()) == lab.store.resolve(lab.ledger()))
        try FileManager.default.removeItem(atPath: exchange)
        #expect(try lab.run("pull").stderr == "From hub: nothing new\n")
      }
      try bob.weave("pull")
      #expect(try bob.events() == events.sorted())
    }
  }
}
