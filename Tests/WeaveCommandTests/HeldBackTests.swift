import TestSupport
import Testing

@testable import LabSupport

@Suite("A public record with a private name", .inProcess)
struct HeldBackTests {
  @Test(
    "whoever guesses a private project's name in a public remote's set stops no push to another, nor learns of it"
  )
  func guessed() throws {
    try Lab.withSecret { lab throws in
      let hub = try lab.share()
      let set = try hub.writeSet("guess", naming: "1")
      try lab.weave("pull", "hub")
      let other = try lab.share(as: "other")
      #expect(other.resolve("refs/weave/public/sets/guess") == set)
      let there = String(decoding: try other.objectsAndRefs(), as: UTF8.self)
      #expect(there.components(separatedBy: "narya").count == 2)
      for id in try lab.source("narya").git("rev-list", "--all", "--objects").split(separator: "\n") {
        #expect(!there.contains(id.prefix(40)))
      }
    }
  }

  @Test("a join of ours with a public remote's set that holds a private name goes out as that does")
  func guessedApart() throws {
    try Lab.withSecret { lab throws in
      let hub = try lab.share()
      let guess = try hub.writeSet("guess", naming: "1")
      try lab.weave("set", "guess", "telperion@v1")
      try lab.weave("pull", "hub")
      for name in ["hub", "other"] {
        let remote = try name == "hub" ? hub : lab.share(as: name)
        try lab.weave("push", name)
        #expect(remote.resolve("refs/weave/public/sets/guess^1") == guess)
      }
    }
  }

  @Test("what a public remote had stays no secret when that is removed")
  func guessedAndRemoved() throws {
    try Lab.withSecret { lab throws in
      let hub = try lab.share()
      let set = try hub.writeSet("guess", naming: "1")
      try lab.weave("pull", "hub")
      try lab.weave("remote", "remove", "hub")
      let other = try lab.share(as: "other")
      #expect(other.resolve("refs/weave/public/sets/guess") == set)
    }
  }

  @Test("an event that somebody puts into one's own ledger, and that names a private project, stops no push")
  func guessedEvent() throws {
    try Lab.withSecret { lab throws in
      let hub = try lab.share()
      let ledger = try #require(
        hub.git("for-each-ref", "--format=%(refname)", "refs/weave/public/ledger").split(separator: "\n")
          .first)
      let message = try hub.git("log", "-1", "--format=%B", String(ledger)).replacing(
        "laurelin", with: "narya")
      let commit = try hub.git(
        "commit-tree", "4b825dc642cb6eb9a060e54bf8d69288fbee4904", "-m", message, "-p", String(ledger))
      try hub.git("update-ref", String(ledger), commit)
      try lab.weave("pull", "hub")
      try lab.link("telperion@main", "laurelin@main", "--force")
      let other = try lab.share(as: "other")
      #expect(other.resolve("\(commit)^{commit}") == commit)
    }
  }

  @Test("a public record that holds a private name is held back alone, and named, while the others go out")
  func heldBack() throws {
    try Lab.withSecret { lab throws in
      let hub = try lab.share()
      let set = try lab.store.writeSet("mine", naming: "1")
      let link = try lab.link("telperion@main", "laurelin@v1")
      let result = try lab.run("push", "hub")
      #expect(result.status == 1)
      #expect(
        result.stderr.contains(
          """
          error: refs/weave/public/sets/mine is not sent: it is public, and \(set) names the private project narya
          hint: push to a private remote, or make public what it names

          """), "\(result.stderr)")
      #expect(hub.resolve("\(link)^{commit}") == link)
      let exchange = TestRepository(at: "\(lab.store.path)/weave/exchange/public.git")
      for repository in [hub, exchange] {
        #expect(!String(decoding: try repository.objectsAndRefs(), as: UTF8.self).contains("narya"))
      }
    }
  }

  /// Kinds of public records, with what of the private project is put into one.
  enum Leak: CaseIterable { case event, privateEvent, manifest, lock, observation }

  /// Puts it into the lab's store with plain Git, as weave would not, and returns the ref.
  private func put(_ leak: Leak, in lab: Lab) throws -> String {
    let line = "narya \(String(repeating: "1", count: 40))\n"
    switch leak {
    case .event:
      try lab.appendEvent("link", [lab.memberLine("laurelin@v1"), lab.memberLine("narya@v1")])
      return try lab.ledger()
    case .privateEvent:
      let event = try #require(lab.store.resolve("refs/weave/private/ledger/\(lab.writer())"))
      try lab.appendEvent("withdraw", ["Weave-Withdraws: \(event)"])
      return try lab.ledger()
    case .manifest:
      try lab.manifestEntryByHand("source /nowhere\n", in: "projects", as: "narya")
      return "refs/weave/public/manifest"
    case .lock:
      let lock = "refs/weave/public/locks/pair"
      try lab.store.writeRecord(lock, "lock pair\n\nWeave-Lock: pair", ["toto": line])
      return lock
    case .observation:
      let observed = "refs/weave/public/observed/barge"
      try lab.store.writeRecord(
        observed, "observed barge\n\nWeave-Machine: barge\nWeave-Sequence: 2", ["observed": line])
      return observed
    }
  }

  @Test(
    "that names what is private is held back, of whatever kind, and the others go out",
    arguments: Leak.allCases)
  func kinds(leak: Leak) throws {
    try Lab.withSecret { lab throws in
      let hub = try lab.share()
      let reference = try put(leak, in: lab)
      let before = try #require(hub.resolve(reference))
      let commit = try #require(lab.store.resolve(reference))
      try lab.weave("set", "other", "telperion@v1")
      let result = try lab.run("push", "hub")
      #expect(result.status == 1)
      let what =
        switch leak {
        case .privateEvent: "names the private event "
        case .manifest: "has an entry of the private project narya"
        default: "names the private project narya"
        }
      #expect(
        result.stderr.contains("error: \(reference) is not sent: it is public, and \(commit) \(what)"),
        "\(result.stderr)")
      #expect(hub.resolve(reference) == before)
      #expect(hub.resolve("refs/weave/public/sets/other") != nil)
      let exchange = TestRepository(at: "\(lab.store.path)/weave/exchange/public.git")
      for repository in [hub, exchange] { #expect(repository.resolve("\(commit)^{object}") == nil) }
      // What somebody put there is nothing that the store's own checks are to find in order.
      try lab.store.git("update-ref", reference, before)
      try lab.forgetTips()
    }
  }

  @Test(
    "what goes on from a public remote's set that holds a private name is held back where it holds one itself"
  )
  func goneOn() throws {
    try Lab.withSecret { lab throws in
      let hub = try lab.share()
      let guess = try hub.writeSet("guess", naming: "1")
      try lab.weave("pull", "hub")
      let own = try lab.store.writeSet("guess", naming: "2")
      for name in ["hub", "other"] {
        let remote = try lab.bare(name)
        if name == "other" { try lab.weave("remote", "add", name, remote.path) }
        let result = try lab.run("push", name)
        #expect(result.status == 1)
        #expect(result.stderr.contains("\(own) names the private project narya"), "\(result.stderr)")
        #expect(remote.resolve("\(own)^{object}") == nil)
        #expect(remote.resolve("refs/weave/public/sets/guess") == (name == "hub" ? guess : nil))
        #expect(remote.resolve("refs/weave/public/manifest") != nil)
      }
    }
  }

  @Test("what a private remote had in public records is a secret still")
  func ofVault() throws {
    try Lab.withSecret { lab throws in
      let vault = try lab.share(as: "vault", private: true)
      let set = try vault.writeSet("inside", naming: "1")
      try lab.weave("pull", "vault")
      #expect(lab.store.resolve("refs/weave/public/sets/inside") == set)
      let hub = try lab.bare()
      try lab.weave("remote", "add", "hub", hub.path)
      let result = try lab.run("push", "hub")
      #expect(result.status == 1)
      #expect(result.stderr.contains("refs/weave/public/sets/inside is not sent"), "\(result.stderr)")
      #expect(!String(decoding: try hub.objectsAndRefs(), as: UTF8.self).contains("narya"))
    }
  }
}
