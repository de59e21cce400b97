import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("A lock of a constellation that trusts some signers only", .inProcess)
struct TrustedLockTests: TrustedLockSuite {
  let lab: Lab

  init() throws { lab = try TrustedLockLab.template.copy() }

  @Test(
    "is passed over where it names what nobody linked, and every command and format says what the newest that counts does"
  )
  func forged() throws {
    let before = try TrustedLockLab.answers.map { try answer($0).stdout }
    let forged = try lab.forgeLock(of: "pair", ["toto": ["telperion@v3", "laurelin@v2"]])
    let evil = try lab.id("telperion@v3")
    for (arguments, before) in zip(TrustedLockLab.answers, before) {
      let result = try answer(arguments)
      #expect(result.status == 0, "\(arguments): \(result.stderr)")
      #expect(!result.stdout.contains(evil), "\(arguments)")
      #expect(
        result.stderr.contains("the lock \(forged.prefix(7)) of pair, by Eve, is newer, and not in force"))
      if !result.stdout.contains("passedOver") { #expect(result.stdout == before, "\(arguments)") }
    }
    try lab.weave("checkout", "-c", "pair")
    #expect(try TestRepository(at: "\(lab.workspace)/pair/telperion").head() == lab.id("telperion@v2"))
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

  @Test("beyond three that are passed over is counted, and each is in JSON")
  func many() throws {
    let versions = ["v1", "v2", "v3", "v4", "v1"]
    let forged = try versions.map {
      try lab.forgeLock(of: "pair", ["toto": ["telperion@\($0)", "laurelin@v3"]])
    }
    let result = try sha("--json")
    let named = forged.filter { result.stderr.contains("the lock \($0.prefix(7)) of pair, by Eve, is newer") }
    #expect(named == Array(forged.suffix(3)), "\(result.stderr)")
    #expect(result.stderr.contains("so are 2 more locks of pair"), "\(result.stderr)")
    let document = try JSONDecoder().decode(PassedOver.self, from: Data(result.stdoutBytes))
    #expect(document.passedOver?.map(\.lock) == forged.reversed())
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
    try lab.constellation(constellation())
    try expectSHA("telperion@v2")
    try lab.write(as: "ci-1", signingAs: "ci") { _ = try lab.link("telperion@v3", "laurelin@v3") }
    try expectSHA("telperion@v3")
  }

  @Test("of an old good combination is in force again, by anybody, unless locks must be signed")
  func downgrade() throws {
    try lab.constellation(constellation(", locks: signed"))
    try lab.write(as: "ci-1", signingAs: "ci") { _ = try lab.weave("lock") }
    try expectSHA("telperion@v2")
    try lab.forgeLock(of: "pair", tree: "\(try lab.locks(of: "pair")[2])^{tree}")
    try expectSHA("telperion@v2")
    try lab.constellation(constellation())
    try expectSHA("telperion@v1")
  }

  @Test(
    "whose links were all withdrawn is refused, never replaced by an older one, until they are linked again or it is locked anew",
    arguments: ["link", "lock"])
  func withdrawn(remedy: String) throws {
    let link = try lab.events()[0]
    try lab.write(as: "eve-1", signingAs: nil) { _ = try lab.weave("withdraw", link, "-m", "mistaken") }
    try expectNoAnswer("that pair trusts was withdrawn", "weave link laurelin@", "`weave lock")
    #expect(try lab.run("status", "-c", "pair", "--exit-code").status == 5)
    guard remedy == "link" else {
      // By whoever comes, of what is linked still.
      try lab.weave("lock")
      return try expectSHA("telperion@v1")
    }
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

  @Test(
    "with a pin or a hold in the text since is refused where the signers did not link what that makes of it",
    arguments: ["pins: { telperion: ID }", "holds: [{ project: telperion, at: ID, because: kernel }]"])
  func fixed(text: String) throws {
    let text = text.replacing("ID", with: "\"\(try lab.id("telperion@v3"))\"")
    try lab.constellation(
      Constellations.pair(", \(text)") + "\ntrust: { signers: [ci@example.org] }\n")
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
