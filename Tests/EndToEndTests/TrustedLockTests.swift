import Foundation
import TestSupport
import Testing

@Suite("A lock of a constellation that trusts some signers only")
struct TrustedLockTests {
  private let lab: Lab
  private static let reference = "refs/weave/public/locks/pair"

  /// `toto` runs telperion and laurelin. CI linked their commits `v1`, and those of `v2`, and signed that; each was locked by
  /// somebody who signs nothing.
  init() throws { lab = try Self.template.copy() }

  private static let template = LabTemplate {
    let lab = try Lab.threeProjects()
    try lab.allowSigners(["ci", "ann"])
    try lab.constellation(constellation())
    for version in ["v1", "v2"] {
      try lab.sign(as: "ci")
      try lab.link("telperion@\(version)", "laurelin@\(version)")
      try lab.signNothing()
      try lab.weave("lock")
    }
    return lab
  }

  private static func constellation(_ more: String = "", signers: String = "[ci@example.org]") -> String {
    Constellations.pair() + "\ntrust: { signers: \(signers)\(more) }\n"
  }

  private func sha(_ more: String...) throws -> ProcessResult {
    try lab.run(["sha", "telperion", "--machine", "toto"] + more)
  }

  private func expectSHA(
    _ member: String, _ sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let result = try sha()
    #expect(result.status == 0, "\(result.stderr)", sourceLocation: sourceLocation)
    #expect(try result.trimmed == lab.id(member), sourceLocation: sourceLocation)
  }

  /// Every command that says what should run, and the formats.
  private static let answers = [
    ["sha", "telperion", "--machine", "toto"], ["sha", "telperion", "--machine", "toto", "--json"],
    ["sha", "telperion", "--machine", "toto", "--even-revoked"], ["manifest", "--machine", "toto"],
    ["lock", "--show"], ["lock", "--show", "--json"], ["lock", "--show", "--format", "json"],
    ["lock", "--show", "--machine", "toto", "--format", "env"], ["lock", "--show", "--format", "lines"],
    ["lock", "--show", "--format", "ansible"], ["lock", "--show", "--format", "tfvars"],
    ["export", "-c", "pair", "--format", "west"],
  ]

  @Test(
    "is passed over where it names what nobody linked, and every command and format says what the newest that counts does"
  )
  func forged() throws {
    let before = try Self.answers.map { try lab.run($0).stdout }
    let forged = try lab.forgeLock(of: "pair", ["toto": ["telperion@v3", "laurelin@v2"]])
    let evil = try lab.id("telperion@v3")
    for (arguments, before) in zip(Self.answers, before) {
      let result = try lab.run(arguments)
      #expect(result.status == 0, "\(arguments): \(result.stderr)")
      #expect(!result.stdout.contains(evil), "\(arguments)")
      #expect(
        result.stderr.contains("the lock \(forged.prefix(7)) of pair, by Eve, is newer, and not in force"))
      if !result.stdout.contains("passedOver") { #expect(result.stdout == before, "\(arguments)") }
    }
  }

  @Test("that is passed over is named in JSON, in the list of locks and in the status")
  func named() throws {
    let forged = try lab.forgeLock(of: "pair", ["toto": ["telperion@v3", "laurelin@v2"]])
    let newest = try lab.locks(of: "pair")[1]
    for arguments in [
      ["sha", "telperion", "--machine", "toto", "--json"], ["lock", "--show", "--json"],
      ["lock", "--list", "--json"], ["status", "-c", "pair", "--json"],
    ] {
      let document = try JSONDecoder().decode(PassedOver.self, from: Data(lab.weave(arguments).utf8))
      #expect(document.passedOver?.map(\.lock) == [forged], "\(arguments)")
      #expect(document.passedOver?.first?.reason.contains("linked by nobody whom pair trusts") == true)
    }
    let lines = try lab.weave("lock", "--list").split(separator: "\n")
    #expect(lines[0].contains(forged.prefix(7)) && lines[0].contains("not trusted"))
    #expect(lines[1].contains(newest.prefix(7)) && lines[1].contains("in force"))
    let status = try lab.run("status", "-c", "pair")
    #expect(status.stdout.hasPrefix("pair  lock \(newest.prefix(7))\n"))
    #expect(status.stderr.contains(forged.prefix(7)))
  }

  private struct PassedOver: Decodable {
    struct Entry: Decodable { let lock, reason: String }
    let passedOver: [Entry]?
  }

  @Test(
    "is passed over where it leaves out what runs beside, is empty, or is of commits linked each with others only",
    arguments: [
      ["toto": ["telperion@v1"]], ["toto": ["telperion@v3"]], [:], ["toto": ["telperion@v1", "laurelin@v2"]],
      ["barge": ["telperion@v1", "laurelin@v1"]],
    ])
  func incomplete(machines: [String: [String]]) throws {
    try lab.forgeLock(of: "pair", machines)
    try expectSHA("telperion@v2")
  }

  @Test("says nothing of projects that the constellation does not have on a machine")
  func besides() throws {
    try lab.constellation(
      """
      constellation: pair
      projects: { telperion: {}, laurelin: {}, narya: {} }
      roles: { dns: { projects: [telperion, laurelin] }, ring: { projects: [narya] } }
      machines: { toto: { roles: [dns] }, barge: { roles: [ring] } }
      trust: { signers: [ci@example.org] }
      """)
    try lab.forgeLock(
      of: "pair", ["toto": ["telperion@v2", "laurelin@v2"], "barge": ["narya@v1", "telperion@v3"]])
    #expect(try lab.weave("sha", "narya", "--machine", "barge") == lab.id("narya@v1"))
    #expect(try lab.run("sha", "telperion", "--machine", "barge").status == 1)
    #expect(try !lab.weave("lock", "--show").contains(lab.id("telperion@v3")))
  }

  @Test("of commits that somebody else linked and locked is passed over, until a signer links them too")
  func linkedByOthers() throws {
    try lab.allowSigners(["ci", "ann", "eve"])
    try lab.constellation(Constellations.pair())
    try lab.write(as: "eve-1", signingAs: "eve") {
      try lab.link("telperion@v3", "laurelin@v3")
      try lab.weave("lock")
    }
    try expectSHA("telperion@v3")
    try lab.constellation(Self.constellation())
    try expectSHA("telperion@v2")
    try lab.write(as: "ci-1", signingAs: "ci") { _ = try lab.link("telperion@v3", "laurelin@v3") }
    try expectSHA("telperion@v3")
  }

  @Test("of an old good combination is in force again, by anybody, unless locks must be signed")
  func downgrade() throws {
    try lab.constellation(Self.constellation(", locks: signed"))
    try lab.write(as: "ci-1", signingAs: "ci") { _ = try lab.weave("lock") }
    try expectSHA("telperion@v2")
    try lab.forgeLock(of: "pair", tree: "\(try lab.locks(of: "pair")[2])^{tree}")
    try expectSHA("telperion@v2")
    try lab.constellation(Self.constellation())
    try expectSHA("telperion@v1")
  }

  @Test("is not rolled back by a join that puts a lock of nobody's before it")
  func join() throws {
    try lab.constellation(Self.constellation(", locks: signed"))
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
    try lab.store.git("update-ref", Self.reference, join)
    try expectSHA("telperion@v2")
    try lab.constellation(Constellations.pair())
    try expectSHA("telperion@v1")
  }

  @Test("that must be signed counts only signed, and where none counts, nobody is told to run anything")
  func signed() throws {
    try lab.constellation(Self.constellation(", locks: signed"))
    for arguments in Self.answers {
      let result = try lab.run(arguments)
      #expect(result.status == 5, "\(arguments): \(result.stderr)")
      #expect(result.stdout == "", "\(arguments)")
      let words = result.stderr.replacing(/\s+/, with: " ")
      #expect(
        words.contains("none of the 2 locks of pair counts: signed by nobody whom pair trusts"), "\(words)")
      #expect(words.contains("`weave lock"))
    }
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
      Self.constellation(", at-least: 2, locks: signed", signers: "[ci@example.org, ann@example.org]"))
    let newest = try lab.locks(of: "pair")[0]
    func restore(_ id: String, as name: String) throws {
      try lab.write(as: "\(name)-1", signingAs: name) { _ = try lab.weave("lock", "--restore", id) }
    }
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
        Self.constellation(", at-least: 2, locks: signed", signers: "[ci@example.org, ann@example.org]"))
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

  @Test("counts signed, though nobody linked its commits")
  func signedAndNotLinked() throws {
    let forged = try lab.forgeLock(of: "pair", ["toto": ["telperion@v3", "laurelin@v3"]])
    let result = try lab.run("sha", "telperion", "--machine", "toto", "-c", "pair")
    #expect(try result.trimmed == lab.id("telperion@v2"))
    try lab.write(as: "ci-1", signingAs: "ci") { _ = try lab.weave("lock", "--restore", forged) }
    try expectSHA("telperion@v3")
  }

  @Test(
    "whose links were all withdrawn is refused, never replaced by an older one, until they are linked again")
  func withdrawn() throws {
    let link = try lab.events()[0]
    try lab.write(as: "eve-1", signingAs: nil) { _ = try lab.weave("withdraw", link, "-m", "mistaken") }
    for arguments in Self.answers {
      let result = try lab.run(arguments)
      #expect(result.status == 5 && result.stdout == "", "\(arguments): \(result.stdout)\(result.stderr)")
      let words = result.stderr.replacing(/\s+/, with: " ")
      #expect(words.contains("that pair trusts was withdrawn"), "\(words)")
      #expect(words.contains("weave link laurelin@") && words.contains("`weave lock"))
    }
    #expect(try lab.run("status", "-c", "pair", "--exit-code").status == 5)
    try lab.write(as: "ci-1", signingAs: "ci") { _ = try lab.link("telperion@v2", "laurelin@v2") }
    try expectSHA("telperion@v2")
  }

  @Test("whose links were withdrawn stops the machines of those links alone")
  func withdrawnForOne() throws {
    try lab.constellation(Constellations.emeraldCity + "\ntrust: { signers: [ci@example.org] }\n")
    try lab.weave("constellation", "remove", "pair")
    try lab.write(as: "ci-1", signingAs: "ci") {
      try lab.link("telperion@v2", "laurelin@v2")
      try lab.link("laurelin@v2", "narya@v2")
    }
    try lab.weave("lock")
    #expect(try lab.weave("sha", "narya", "--machine", "barge") == lab.id("narya@v2"))
    for link in try lab.eventIDs(in: lab.workspace) where try lab.weave("show", link).contains("telperion") {
      _ = try? lab.weave("withdraw", link, "-m", "mistaken")
    }
    #expect(try sha().status == 5)
    #expect(try lab.weave("sha", "narya", "--machine", "barge") == lab.id("narya@v2"))
    #expect(try lab.run("lock", "--show", "--machine", "barge", "--format", "lines").status == 0)
    #expect(try lab.run("lock", "--show", "--format", "lines").status == 5)
  }

  @Test("that is revoked is refused, whoever revoked it, and not replaced")
  func revoked() throws {
    try lab.write(as: "eve-1", signingAs: nil) { _ = try lab.revoke("telperion@v2", "laurelin@v2") }
    #expect(try sha().status == 5)
    #expect(try sha("--even-revoked").trimmed == lab.id("telperion@v2"))
  }

  @Test("is asked about anew when another file says whose the keys are, and verified once while it does not")
  func allowedSigners() throws {
    try lab.constellation(Self.constellation(", locks: signed"))
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
    try lab.constellation(Self.constellation(", locks: signed", signers: "[ann@example.org]"))
    #expect(try sha().status == 5, "\(files)")
  }

  @Test("of another store is not one of this, though the same people signed it")
  func otherStore() throws {
    try lab.constellation(Self.constellation(", locks: signed"))
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
    try lab.store.git("update-ref", Self.reference, join)
    try expectSHA("telperion@v2")
  }

  @Test("of a constellation without trust is in force as it ever was")
  func noTrust() throws {
    try lab.constellation(Constellations.pair())
    let verifier = try CountingVerifier(of: lab)
    try lab.forgeLock(of: "pair", ["toto": ["telperion@v3", "laurelin@v2"]])
    try expectSHA("telperion@v3")
    #expect(try sha().stderr == "")
    #expect(try verifier.calls() == 0)
  }

  @Test("that is lost is gone past by `weave lock`, as without trust")
  func lost() throws {
    let tip = try lab.locks(of: "pair")[0]
    try FileManager.default.removeItem(
      atPath: "\(lab.store.path)/objects/\(tip.prefix(2))/\(tip.dropFirst(2))")
    #expect(try sha().status == 1)
    try lab.weave("lock")
    try expectSHA("telperion@v2")
  }

  @Test("is told by resolve and kept by --keep as it is in force, not as it is the newest")
  func resolve() throws {
    try lab.forgeLock(of: "pair", ["toto": ["telperion@v3", "laurelin@v2"]])
    try lab.write(as: "ci-1", signingAs: "ci") { _ = try lab.link("telperion@v4", "laurelin@v4") }
    #expect(
      try lab.weave("resolve", "--keep", "--machine", "toto", "--project", "telperion")
        == lab.id("telperion@v2"))
  }

  @Test("with a pin since is refused where the signers did not link what the pin makes of it")
  func pin() throws {
    try lab.constellation(
      Constellations.pair(", pins: { telperion: \(try lab.id("telperion@v3")) }")
        + "\ntrust: { signers: [ci@example.org] }\n")
    let result = try sha()
    #expect(result.status == 5)
    #expect(
      result.stderr.replacing(/\s+/, with: " ").contains(
        "the constellation fixes telperion@\(try lab.short("telperion@v3")), and"))
    try lab.write(as: "ci-1", signingAs: "ci") { _ = try lab.link("telperion@v3", "laurelin@v2") }
    try expectSHA("telperion@v3")
  }

  @Test("of a coupling across machines counts where those two are linked")
  func couplings() throws {
    try lab.constellation(
      """
      constellation: pair
      projects: { telperion: {}, laurelin: {} }
      roles: { t: { projects: [telperion] }, l: { projects: [laurelin] } }
      machines: { toto: { roles: [t] }, barge: { roles: [l] } }
      couplings: [[telperion, laurelin]]
      trust: { signers: [ci@example.org] }
      """)
    try lab.weave("lock")
    try expectSHA("telperion@v2")
    try lab.forgeLock(of: "pair", ["toto": ["telperion@v1"], "barge": ["laurelin@v2"]])
    try expectSHA("telperion@v2")
    try lab.forgeLock(of: "pair", ["toto": ["telperion@v1"], "barge": ["laurelin@v1"]])
    try expectSHA("telperion@v1")
  }

  @Test("is anybody's word of a project that runs with no other, unless locks must be signed")
  func alone() throws {
    let text = """
      constellation: pair
      projects: { telperion: {}, laurelin: {}, narya: {} }
      roles: { dns: { projects: [telperion, laurelin] }, ring: { projects: [narya] } }
      machines: { toto: { roles: [dns] }, barge: { roles: [ring] } }
      trust: { signers: [ci@example.org]
      """
    try lab.constellation(text + ", locks: signed }\n")
    try lab.write(as: "ci-1", signingAs: "ci") { _ = try lab.weave("lock") }
    let newest = try lab.weave("sha", "narya", "--machine", "barge")
    try lab.forgeLock(of: "pair", ["toto": ["telperion@v2", "laurelin@v2"], "barge": ["narya@v1"]])
    #expect(try lab.weave("sha", "narya", "--machine", "barge") == newest)
    try lab.constellation(text + " }\n")
    #expect(try lab.weave("sha", "narya", "--machine", "barge") == lab.id("narya@v1"))
  }
}
