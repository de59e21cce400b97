import Foundation
import TestSupport
import Testing

@testable import LabSupport

/// Of one signature many spellings are good, and each is another commit of what was said once.
@Suite("A record whose signature somebody spelled in another way")
struct RespelledRecordTests {
  private let lab: Lab
  private let hub: TestRepository
  private let bob: Colleague
  private static let locks = "refs/weave/public/locks/pair"
  private static let manifest = "refs/weave/public/manifest"

  private static func constellation(_ signers: String) -> String {
    Constellations.pair() + "\ntrust: { signers: \(signers), locks: signed }\n"
  }

  /// `pair` trusts ann, who signs all that is recorded in the lab; bob has it by the hub.
  init() throws {
    lab = try Lab.threeProjects()
    try lab.allowSigners(["ann", "ci"])
    try lab.sign(as: "ann")
    try lab.constellation(Self.constellation("[ann@example.org]"))
    for version in ["v1", "v2"] {
      try lab.link("telperion@\(version)", "laurelin@\(version)")
      try lab.weave("lock", "-c", "pair")
    }
    hub = try lab.share()
    bob = try lab.colleague("bob")
    try lab.shareSigners(with: bob)
  }

  /// The commit with the lines of its signature broken elsewhere, in the hub; which stock Git calls good as well.
  private func respelled(_ commit: String) throws -> String {
    let raw = try runGit(["cat-file", "commit", commit], in: hub.path, environment: hub.environment).stdout
    let first = try #require(raw.firstMatch(of: /-----BEGIN SSH SIGNATURE-----\n ([^\n]+)\n/))
    let line = String(first.output.1)
    let text = raw.replacing(line, with: line.prefix(20) + "\n " + line.dropFirst(20))
    let copy = try hub.git(["hash-object", "-t", "commit", "-w", "--stdin"], input: Array(text.utf8))
    #expect(copy != commit)
    let signers = try lab.store.git("config", "gpg.ssh.allowedSignersFile")
    #expect(
      try hub.git("-c", "gpg.ssh.allowedSignersFile=\(signers)", "log", "-1", "--format=%G? %GS", copy)
        == "G ann@example.org")
    return copy
  }

  /// The commit that weave would make of two that went apart.
  private func join(_ theirs: String, _ ours: String, tree: String) throws -> String {
    let dates = try [theirs, ours].map { try hub.git("log", "-1", "--format=%ct", $0) }.compactMap { Int($0) }
    let date = "@\(dates.max() ?? 0) +0000"
    let nobody = hub.environment.with([
      "GIT_AUTHOR_NAME": "weave", "GIT_AUTHOR_EMAIL": "", "GIT_AUTHOR_DATE": date,
      "GIT_COMMITTER_NAME": "weave", "GIT_COMMITTER_EMAIL": "", "GIT_COMMITTER_DATE": date,
    ])
    return try hub.git(
      ["commit-tree", tree, "-p", theirs, "-p", ours], environment: nobody, input: Array("join\n".utf8))
  }

  private func sha() throws -> String {
    try bob.weave("sha", "telperion", "-c", "pair", "--machine", "toto")
  }

  private func expectRefusal(
    of tip: String, as reference: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let answer = try sha()
    let policy = try bob.weave("policy")
    try hub.git("update-ref", reference, tip)
    let pull = try bob.run("pull")
    #expect(
      pull.stderr.contains("\(reference) is refused")
        && pull.stderr.contains("once more, with its signature"),
      "\(pull.stderr)", sourceLocation: sourceLocation)
    #expect(try sha() == answer, sourceLocation: sourceLocation)
    #expect(try bob.weave("policy") == policy, sourceLocation: sourceLocation)
  }

  @Test("a lock that was followed by another does not come into force again by a join")
  func lock() throws {
    try lab.link("telperion@v3", "laurelin@v2")
    try lab.weave("lock", "-c", "pair")
    try lab.weave("push")
    try bob.weave("pull")
    let (old, new) = try (hub.git("rev-parse", "\(Self.locks)^"), hub.git("rev-parse", Self.locks))
    let copy = try respelled(old)
    try expectRefusal(of: join(copy, new, tree: "\(copy)^{tree}"), as: Self.locks)
    // Nor with somebody's own lock, or another join, in between.
    let mine = try hub.git("commit-tree", "\(old)^{tree}", "-p", copy, "-m", "lock pair\n\nWeave-Lock: pair")
    try expectRefusal(of: join(mine, new, tree: "\(mine)^{tree}"), as: Self.locks)
    let fresh = try lab.colleague("carol")
    #expect(try fresh.run("sha", "telperion", "-c", "pair", "--machine", "toto").status != 0)
  }

  @Test("a set that was removed, and made anew of other commits, does not come back by a join")
  func set() throws {
    let set = "refs/weave/public/sets/release"
    try lab.weave("set", "release", "telperion@v1", "laurelin@v1")
    try lab.weave("set", "remove", "release")
    try lab.weave("set", "release", "telperion@v2", "laurelin@v2")
    try lab.weave("push")
    try bob.weave("pull")
    let copy = try respelled(lab.store.git("rev-parse", "\(set)~2"))
    try expectRefusal(of: join(copy, hub.git("rev-parse", set), tree: "\(copy)^{tree}"), as: set)
  }

  @Test("a hold that was released does not come back")
  func hold() throws {
    try lab.weave("hold", "toto", "telperion@v1", "-m", "wait")
    let held = try lab.store.git("rev-parse", Self.manifest)
    try lab.weave("release", "toto", "telperion")
    try lab.weave("push")
    try bob.weave("pull")
    let copy = try respelled(held)
    try expectRefusal(
      of: join(copy, hub.git("rev-parse", Self.manifest), tree: "\(held)^{tree}"), as: Self.manifest)
  }

  @Test("trust that was taken back does not come back, and no yes of then is one of now")
  func trust() throws {
    try lab.constellation(Self.constellation("[ann@example.org, ci@example.org]"))
    let wide = try lab.store.git("rev-parse", Self.manifest)
    try lab.constellation(Self.constellation("[ann@example.org]"))
    try lab.weave("push")
    try bob.weave("pull")
    let copy = try respelled(wide)
    try expectRefusal(
      of: join(copy, hub.git("rev-parse", Self.manifest), tree: "\(wide)^{tree}"), as: Self.manifest)
  }

  @Test("a hub with the hooks of Docs takes none", arguments: HookedHub.hooks)
  func hook(name: String) throws {
    let hooked = try HookedHub([name], of: lab)
    try hooked.expectAccepted("refs/weave/public/*:refs/weave/public/*")
    let (old, new) = try (hub.git("rev-parse", "\(Self.locks)^"), hub.git("rev-parse", Self.locks))
    let copy = try respelled(old)
    let tip = try join(copy, new, tree: "\(copy)^{tree}")
    let push = try hooked.push(["\(tip):\(Self.locks)"], from: hub.path)
    #expect(push.status == 1 && push.stderr.contains("once more, with its signature"), "\(push.stderr)")
  }

  @Test("is seen where what is remembered of the remote is gone, and the remote shows it alone")
  func forgotten() throws {
    try lab.link("telperion@v3", "laurelin@v2")
    try lab.weave("lock", "-c", "pair")
    try lab.weave("push")
    try bob.weave("pull")
    let copy = try respelled(hub.git("rev-parse", "\(Self.locks)^"))
    try FileManager.default.removeItem(atPath: bob.store.path + "/weave/exchange")
    try expectRefusal(of: copy, as: Self.locks)
  }

  @Test(
    "takes no newest lock's place either, where its signature is spoiled and another lock goes on from it")
  func spoiled() throws {
    try lab.link("telperion@v3", "laurelin@v2")
    try lab.weave("lock", "-c", "pair")
    try lab.weave("push")
    try bob.weave("pull")
    let (newest, answer) = try (hub.git("rev-parse", Self.locks), sha())
    let raw = try runGit(["cat-file", "commit", newest], in: hub.path, environment: hub.environment).stdout
    let lines = raw.split(separator: "\n", omittingEmptySubsequences: false)
    let place = try #require(lines.firstIndex { $0.contains("BEGIN SSH SIGNATURE") })
    let text = (lines[...place] + lines[(place + 2)...]).joined(separator: "\n")
    let copy = try hub.git(["hash-object", "-t", "commit", "-w", "--stdin"], input: Array(text.utf8))
    let above = try hub.git(
      "commit-tree", "\(newest)~1^{tree}", "-p", copy, "-m", "lock pair\n\nWeave-Lock: pair")
    try FileManager.default.removeItem(atPath: bob.store.path + "/weave/exchange")
    for tip in [above, copy] {
      try hub.git("update-ref", Self.locks, tip)
      _ = try bob.run("pull")
      #expect(try sha() == answer)
      #expect(try bob.store.git("merge-base", "--is-ancestor", newest, Self.locks) == "")
    }
  }

  @Test("of an event takes nobody's own out of the ledger")
  func event() throws {
    let ledger = try lab.ledger()
    let events = try lab.events()
    try hub.git("update-ref", ledger, respelled(hub.git("rev-parse", ledger)))
    try FileManager.default.removeItem(atPath: lab.store.path + "/weave/exchange")
    _ = try lab.run("pull")
    #expect(try Set(lab.events()).isSuperset(of: events))
  }

  @Test("what two signed in one second, so that only the signatures differ, is joined, and stops nobody")
  func oneSecond() throws {
    try lab.weave("project", "set", "telperion", "track", "main")
    try lab.weave("push")
    let theirs = try hub.git("rev-parse", Self.manifest)
    let ours = try respelled(theirs)
    try bob.store.git("fetch", "--quiet", hub.path, ours)
    try bob.store.git("update-ref", Self.manifest, ours)
    try FileManager.default.removeItem(atPath: bob.store.path + "/weave/known-tips")
    try bob.weave("pull")
    for tip in [ours, theirs] {
      #expect(try bob.store.git("merge-base", "--is-ancestor", tip, Self.manifest) == "")
    }
    try bob.weave("push")
    #expect(try hub.git("rev-parse", Self.manifest) == bob.store.git("rev-parse", Self.manifest))
    try lab.colleague("carol").check()
    try bob.check()
  }

  @Test("two locks that somebody signed apart from each other are joined")
  func honest() throws {
    for (key, value) in [
      ("gpg.format", "ssh"), ("user.signingKey", try lab.sshKey("ann")), ("weave.sign", "true"),
    ] {
      try bob.store.git("config", key, value)
    }
    try lab.weave("lock", "-c", "pair", "-m", "here")
    try bob.weave("lock", "-c", "pair", "-m", "there")
    try lab.weave("push")
    let pull = try bob.run("pull")
    #expect(pull.status == 0 && !pull.stderr.contains("refused"), "\(pull.stderr)")
    try bob.weave("push")
    #expect(try !lab.run("pull").stderr.contains("refused"))
    #expect(try sha() == lab.weave("sha", "telperion", "-c", "pair", "--machine", "toto"))
  }
}
