import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("A signed lock of a constellation that trusts some signers only", .inProcess)
struct SignedLockTests: TrustedLockSuite {
  let lab: Lab

  init() throws { lab = try TrustedLockLab.template.copy() }

  @Test("that must be signed counts only signed, and where none counts, nobody is told to run anything")
  func signed() throws {
    try lab.constellation(constellation(", locks: signed"))
    try expectNoAnswer(
      "none of the 2 locks of pair counts: signed by nobody whom pair trusts", "`weave lock")
    #expect(try lab.run("status", "-c", "pair", "--exit-code").status == 5)
    #expect(try lab.weave("status", "-c", "pair").contains("pair  no lock that counts\n"))
    try lab.write(as: "eve-1", signingAs: "ann") { _ = try lab.weave("lock") }
    #expect(try sha().status == 5)
    try lab.write(as: "ci-1", signingAs: "ci") { _ = try lab.weave("lock") }
    try expectSHA("telperion@v2")
  }

  @Test(
    "takes two signatures where two are asked for: one after the other, each on a lock of the same commits")
  func two() throws {
    try lab.constellation(
      constellation(", at-least: 2, locks: signed", signers: "[ci@example.org, ann@example.org]"))
    let newest = try lab.locks(of: "pair")[0]
    try restore(newest, as: "ci")
    #expect(try sha().status == 5)
    try restore(newest, as: "ci")
    #expect(try sha().status == 5)
    try restore(newest, as: "ann")
    try expectSHA("telperion@v2")
    // What comes between them is another lock.
    let old = try lab.locks(of: "pair")[4]
    try restore(old, as: "ci")
    try restore(newest, as: "ci")
    try restore(old, as: "ann")
    try expectSHA("telperion@v2")
    try restore(old, as: "ci")
    try expectSHA("telperion@v1")
  }

  @Test("that `weave lock` finds and that is not signed by enough yet is locked once more")
  func again() throws {
    try lab.write(as: "ann-1", signingAs: "ann") {
      try lab.constellation(
        constellation(", at-least: 2, locks: signed", signers: "[ci@example.org, ann@example.org]"))
    }
    for name in ["ci", "ann"] {
      try lab.write(as: "\(name)-1", signingAs: name) { _ = try lab.link("telperion@v2", "laurelin@v2") }
    }
    for name in ["ci", "ann"] {
      #expect(try sha().status == 5)
      try lab.write(as: "\(name)-1", signingAs: name) { _ = try lab.weave("lock") }
    }
    try expectSHA("telperion@v2")
    let count = try lab.locks(of: "pair").count
    #expect(try lab.run("lock").stderr.contains("this lock is in force already"))
    #expect(try lab.locks(of: "pair").count == count)
  }

  @Test("is not rolled back by a join that puts a lock of nobody's before it")
  func join() throws {
    try lab.constellation(constellation(", locks: signed"))
    for version in ["v1", "v2"] {
      try lab.write(as: "ci-1", signingAs: "ci") {
        _ = try lab.weave("lock", "--restore", try lab.locks(of: "pair")[version == "v1" ? 1 : 1])
      }
    }
    let locks = try lab.locks(of: "pair")
    try expectSHA("telperion@v2")
    let forged = try lab.forgeLock(of: "pair", tree: "\(locks[1])^{tree}", parent: locks[1], isNewest: false)
    let join = try lab.store.git(
      "commit-tree", "-p", forged, "-p", locks[0], "-m", "join", "\(forged)^{tree}")
    try lab.store.git("update-ref", TrustedLockLab.reference, join)
    try expectSHA("telperion@v2")
    try lab.constellation(Constellations.pair())
    try expectSHA("telperion@v1")
  }

  @Test(
    "whose links were all withdrawn since is refused as any, until they are linked again",
    arguments: ["linked", "signed"])
  func withdrawn(locks: String) throws {
    try lab.constellation(constellation(", locks: \(locks)"))
    try restore(lab.locks(of: "pair")[0], as: "ci")
    try expectSHA("telperion@v2")
    let link = try #require(lab.events().first)
    try lab.write(as: "eve-1", signingAs: nil) { _ = try lab.weave("withdraw", link, "-m", "mistaken") }
    try expectNoAnswer("that pair trusts was withdrawn")
    // Nor does it help to sign it once more.
    try restore(lab.locks(of: "pair")[0], as: "ci")
    #expect(try sha().status == 5)
    try lab.write(as: "ci-1", signingAs: "ci") { _ = try lab.link("telperion@v2", "laurelin@v2") }
    try expectSHA("telperion@v2")
  }

  @Test("that joins locks which went apart does not count, whoever signed it, but those that it joins")
  func signedJoin() throws {
    try lab.constellation(constellation(", locks: signed"))
    try restore(lab.locks(of: "pair")[0], as: "ci")
    let locks = try lab.locks(of: "pair")
    let forged = try lab.forgeLock(of: "pair", tree: "\(locks[2])^{tree}", parent: locks[1], isNewest: false)
    try lab.sign(as: "ci")
    let message = try lab.store.git("log", "-1", "--format=%B", locks[0])
    let join = try lab.store.git(
      ["commit-tree", "-S", "-p", forged, "-p", locks[0], "\(forged)^{tree}"],
      input: Array("\(message)\n".utf8))
    try lab.store.git("update-ref", TrustedLockLab.reference, join)
    #expect(try lab.verdictOfGit(join) == "G ci@example.org")
    try expectSHA("telperion@v2")
  }

  @Test("counts signed, though nobody linked its commits")
  func signedAndNotLinked() throws {
    let forged = try lab.forgeLock(of: "pair", ["toto": ["telperion@v3", "laurelin@v3"]])
    let result = try lab.run("sha", "telperion", "--machine", "toto", "-c", "pair")
    #expect(try result.trimmed == lab.id("telperion@v2"))
    try lab.write(as: "ci-1", signingAs: "ci") { _ = try lab.weave("lock", "--restore", forged) }
    try expectSHA("telperion@v3")
  }

  @Test("is asked about anew when another file says whose the keys are, and verified once while it does not")
  func allowedSigners() throws {
    try lab.constellation(constellation(", locks: signed"))
    try lab.write(as: "ci-1", signingAs: "ci") { _ = try lab.weave("lock") }
    try expectSHA("telperion@v2")
    let verifier = try CountingVerifier(of: lab)
    try expectSHA("telperion@v2")
    _ = try verifier.calls()
    try expectSHA("telperion@v2")
    #expect(try verifier.calls() == 0)
    try lab.allowSigners(["ann"])
    #expect(try sha().status == 5)
    try lab.allowSigners(["ci"])
    try expectSHA("telperion@v2")
    let files = try FileManager.default.contentsOfDirectory(atPath: "\(lab.store.path)/weave")
    try lab.constellation(Constellations.pair())
    try expectSHA("telperion@v2")
    try lab.constellation(constellation(", locks: signed", signers: "[ann@example.org]"))
    #expect(try sha().status == 5, "\(files)")
  }

  @Test("of another store is not one of this, though the same people signed it")
  func otherStore() throws {
    try lab.constellation(constellation(", locks: signed"))
    try lab.write(as: "ci-1", signingAs: "ci") { _ = try lab.weave("lock") }
    let signed = try lab.locks(of: "pair")[0]
    #expect(try lab.verdictOfGit(signed) == "G ci@example.org")
    let id = try lab.storeID()
    let body = try lab.store.git("log", "-1", "--format=%B", signed)
    #expect(body.contains("Weave-Store: \(id)\n") || body.hasSuffix("Weave-Store: \(id)"))
    // The same lock, as it was signed for another store.
    let other = body.replacing(id, with: String(id.reversed()))
    let forged = try lab.store.git(
      ["commit-tree", "-S", "-p", try lab.locks(of: "pair")[1], "\(try lab.locks(of: "pair")[2])^{tree}"],
      input: Array("\(other)\n".utf8))
    #expect(try lab.verdictOfGit(forged) == "G ci@example.org")
    let join = try lab.store.git("commit-tree", "-p", forged, "-p", signed, "-m", "join", "\(forged)^{tree}")
    try lab.store.git("update-ref", TrustedLockLab.reference, join)
    try expectSHA("telperion@v2")
  }
}
