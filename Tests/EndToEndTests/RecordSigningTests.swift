import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("Locks, holds, sets and constellations of somebody who signs")
struct RecordSigningTests {
  private let lab: Lab

  init() throws {
    lab = try Lab.threeProjects()
    try lab.allowSigners(["joe"])
    try lab.sign(as: "joe")
  }

  private static let manifest = "refs/weave/public/manifest"

  @Test("are signed with the user's key, and stock Git finds them good")
  func signed() throws {
    func expectSigned(_ commit: String, after arguments: String..., input: String = "") throws {
      let before = lab.store.resolve(commit)
      try lab.weave(arguments, input: input)
      #expect(try lab.store.resolve(commit) != before, "\(arguments)")
      #expect(try lab.verdictOfGit(commit) == "G joe@example.org", "\(arguments)")
    }
    try expectSigned(Self.manifest, after: "constellation", "add", "-", input: Constellations.pair())
    try lab.link("telperion@v2", "laurelin@v2")
    try expectSigned("refs/weave/public/locks/pair", after: "lock")
    try expectSigned(
      "refs/weave/public/locks/pair", after: "lock", "--restore", try lab.locks(of: "pair")[0])
    try expectSigned(Self.manifest, after: "hold", "toto", "telperion@v1", "-m", "why")
    try expectSigned(Self.manifest, after: "release", "toto", "telperion")
    try expectSigned("refs/weave/public/sets/one", after: "set", "one", "telperion@v1", "laurelin@v1")
    try expectSigned("refs/weave/public/sets/one", after: "set", "remove", "one")
    try expectSigned(Self.manifest, after: "status", "--ack", "toto", "--for", "2d", "-m", "known")
    try expectSigned(Self.manifest, after: "status", "--unack", "toto")
    try expectSigned(Self.manifest, after: "project", "set", "narya", "track", "main")
    try expectSigned(Self.manifest, after: "project", "add", "nenya", lab.source("narya").path)
    try expectSigned(Self.manifest, after: "project", "remove", "nenya")
    try expectSigned(Self.manifest, after: "constellation", "remove", "pair")
    #expect(try lab.complaints() == "")
  }

  @Test("are signed where commit.gpgSign says so, unless weave.sign says no", arguments: [nil, "false"])
  func settings(sign: String?) throws {
    try lab.store.git("config", "--unset", "weave.sign")
    try lab.store.git("config", "commit.gpgSign", "true")
    if let sign { try lab.store.git("config", "weave.sign", sign) }
    try lab.constellation(Constellations.pair())
    try lab.link("telperion@v2", "laurelin@v2")
    try lab.weave("lock")
    try lab.weave("set", "one", "telperion@v1", "laurelin@v1")
    for record in ["manifest", "locks/pair", "sets/one"] {
      let verdict = try lab.verdictOfGit("refs/weave/public/\(record)")
      #expect(verdict.hasPrefix(sign == nil ? "G joe@" : "N"), "\(record): \(verdict)")
    }
  }

  @Test("that cannot be signed are not recorded, and the error says why and what to type")
  func failure() throws {
    try lab.constellation(Constellations.pair())
    try lab.link("telperion@v2", "laurelin@v2")
    try lab.store.git("config", "user.signingKey", "/nowhere/key")
    for (arguments, what) in [
      (["lock"], "a lock"), (["hold", "toto", "telperion@v1", "-m", "why"], "the hold"),
      (["set", "one", "telperion@v1", "laurelin@v1"], "the set one"),
    ] {
      let before = [Self.manifest, "refs/weave/public/locks/pair", "refs/weave/public/sets/one"].map(
        lab.store.resolve)
      let result = try lab.run(arguments)
      #expect(result.status == 1, "\(arguments)")
      #expect(
        result.stderr.hasPrefix("error: cannot record \(what): signing it failed: "), "\(result.stderr)")
      #expect(result.stderr.replacing(/\s+/, with: " ").contains("config weave.sign false"))
      let after = [Self.manifest, "refs/weave/public/locks/pair", "refs/weave/public/sets/one"].map(
        lab.store.resolve)
      #expect(before == after, "\(arguments)")
    }
  }

  @Test("that change their audience are signed in both manifests, and leave the public one")
  func audiences() throws {
    try lab.constellation(Constellations.pair())
    let vault = try lab.makeSource("vault", ["one"], tags: ["v1"])
    try lab.weave("project", "add", "nenya", vault.path, "--private")
    try lab.constellation(Constellations.pair(projects: "{ telperion: {}, laurelin: {}, nenya: {} }"))
    for audience in ["public", "private"] {
      #expect(try lab.verdictOfGit("refs/weave/\(audience)/manifest") == "G joe@example.org")
    }
    #expect(lab.store.resolve("\(Self.manifest):constellations/pair") == nil)
    #expect(lab.store.resolve("refs/weave/private/manifest:constellations/pair") != nil)
  }

  @Test("made at once are all there")
  func concurrent() throws {
    try lab.constellation(Constellations.pair())
    let running = try (0..<4).map { try lab.start("set", "s\($0)", "telperion@v1", "laurelin@v1") }
    let holds = try ["telperion", "laurelin"].map {
      try lab.start("hold", "toto", "\($0)@v1", "-m", "why")
    }
    for process in running + holds { #expect(process.wait().status == 0) }
    #expect(try lab.store.git("for-each-ref", "refs/weave/public/sets/").split(separator: "\n").count == 4)
    #expect(
      try lab.store.git("ls-tree", "--name-only", "\(Self.manifest):holds").split(separator: "\n").count == 2)
  }

  @Test("are taken by a pull as any others, and count in a clone that knows whose the keys are")
  func shared() throws {
    try lab.constellation(Constellations.pair() + "\ntrust: { signers: [joe@example.org], locks: signed }\n")
    try lab.link("telperion@v2", "laurelin@v2")
    try lab.weave("lock")
    try lab.share()
    let bob = try lab.colleague("bob")
    try lab.shareSigners(with: bob)
    func sha() throws -> String { try bob.weave("sha", "telperion", "--machine", "toto") }
    #expect(try sha() == lab.id("telperion@v2"))
    for (arguments, version) in [
      (["hold", "toto", "telperion@v1", "-m", "why"], "v1"), (["release", "toto", "telperion"], "v2"),
    ] {
      try lab.weave(arguments)
      try lab.weave("push")
      try bob.weave("pull")
      #expect(try sha() == lab.id("telperion@\(version)"))
    }
    try bob.check()
  }
}
