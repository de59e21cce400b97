import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("A constellation that trusts some signers only", .inProcess)
struct TrustTests {
  /// `toto` runs telperion and laurelin, and only what `signers` signed counts.
  private static func constellation(_ signers: String = "[ci@example.org]", _ more: String = "") -> String {
    Constellations.pair() + "\ntrust: { signers: \(signers)\(more) }\n"
  }

  private let lab: Lab

  /// A lab where ci and ann are known, CI has linked the commits `v1`, and somebody the commits `v2`, unsigned.
  init() throws {
    lab = try Lab.withSignedLink()
    try lab.constellation(Self.constellation())
  }

  private func telperion() throws -> String {
    try lab.weave("resolve", "--machine", "toto", "--project", "telperion")
  }

  @Test("resolves to what they linked, and says so")
  func resolve() throws {
    #expect(try telperion() == lab.id("telperion@v1"))
    let result = try lab.run("resolve")
    #expect(
      result.stderr.contains(
        "note: pair trusts ci@example.org: 1 link is left out, signed by nobody whom pair trusts\n"))
    try lab.constellation(Constellations.pair())
    #expect(try telperion() == lab.id("telperion@v2"))
    #expect(try !lab.run("resolve").stderr.contains("trust"))
  }

  @Test("shows in links and show what holds for everybody")
  func plain() throws {
    #expect(
      try lab.weave("links").split(separator: "\n").map { $0.split(separator: " ")[1] } == ["live", "live"])
    #expect(try lab.weave("show", lab.events()[0]).contains("State:   live"))
  }

  @Test("takes the word of nobody else, in whatever ledger, but for revocations")
  func anyone() throws {
    try lab.allowSigners(["ci", "ann", "eve"])
    try lab.write(as: "eve-1", signingAs: "eve") { _ = try lab.link("telperion@v3", "laurelin@v3") }
    try lab.write(as: "eve-2", signingAs: nil) { _ = try lab.link("telperion@v4", "laurelin@v4") }
    #expect(try telperion() == lab.id("telperion@v1"))
    try lab.write(as: "ci-1", signingAs: "ci") { _ = try lab.link("telperion@v2", "laurelin@v2") }
    #expect(try telperion() == lab.id("telperion@v2"))
    try lab.write(as: "eve-2", signingAs: nil) { _ = try lab.revoke("telperion@v2") }
    #expect(try telperion() == lab.id("telperion@v1"))
  }

  @Test("takes nothing for theirs that lies below what they signed, in their own ledger")
  func below() throws {
    for (name, version) in [(nil, "v3"), ("ci", "v1")] {
      try lab.write(as: "ci-1", signingAs: name) {
        _ = try lab.link("telperion@\(version)", "laurelin@\(version)")
      }
    }
    #expect(try telperion() == lab.id("telperion@v1"))
  }

  @Test("takes a pattern of the allowed-signers file for a signer of its own, and not for whom it fits")
  func pattern() throws {
    let key = try String(contentsOfFile: lab.sshKey("ci") + ".pub", encoding: .utf8)
    try lab.directory.write("*@example.org \(key)", to: "allowed-signers")
    #expect(try lab.run("resolve").status == 5)
    try lab.constellation(Self.constellation("[\"*@example.org\"]"))
    #expect(try telperion() == lab.id("telperion@v1"))
  }

  @Test(
    "takes what one of them harvested, whoever committed what was read, and what nobody signed not",
    arguments: [(nil, "v1"), ("ci", "main")])
  func harvested(signer: String?, expected: String) throws {
    let telperion = lab.source("telperion")
    let pins = "[submodule \"laurelin\"]\npath = laurelin\nurl = \(lab.source("laurelin").path)\n"
    try telperion.write(pins, to: ".gitmodules")
    try telperion.git("add", ".gitmodules")
    try telperion.git(
      "update-index", "--add", "--cacheinfo", "160000,\(lab.id("laurelin@v3")),laurelin")
    try telperion.git("-c", "user.name=Eve", "commit", "--quiet", "-m", "pin")
    try lab.weave("fetch")
    try lab.write(as: "harvester-1", signingAs: signer) { _ = try lab.weave("harvest") }
    #expect(try lab.weave("links").contains(lab.short("telperion@main")))
    #expect(try self.telperion() == lab.id("telperion@\(expected)"))
  }

  @Test("leaves a revocation in force until one of them takes it back")
  func reinstatement() throws {
    let revocation = try lab.revoke("telperion@v1")
    try lab.weave("reinstate", revocation, "-m", "it was the switch")
    let fitness = try lab.run("check", "telperion@v1", "laurelin@v1")
    #expect(fitness.status == 5)
    #expect(fitness.stdout.contains("takes it back and is left out, signed by nobody whom pair trusts"))
    #expect(try lab.weave("links", "--live").contains("telperion@\(lab.short("telperion@v1"))"))
    #expect(try lab.run("resolve").status == 5)
    try lab.write(as: "ci-1", signingAs: "ci") {
      let signed = try lab.weave("reinstate", revocation, "-m", "it was the switch")
      let again = try lab.run("reinstate", revocation, "-m", "it was the switch")
      #expect(again.stdout == signed + "\n")
      #expect(again.stderr.contains("took it back before"), "\(again)")
    }
    #expect(try telperion() == lab.id("telperion@v1"))
  }

  @Test("can ask for two of them to take a revocation back")
  func twoReinstate() throws {
    try lab.constellation(Self.constellation("[ci@example.org, ann@example.org]", ", at-least: 2"))
    for name in ["ci", "ann"] {
      try lab.write(as: "\(name)-1", signingAs: name) { _ = try lab.link("telperion@v1", "laurelin@v1") }
    }
    let revocation = try lab.revoke("telperion@v1")
    for name in ["ci", "ann"] {
      #expect(try lab.run("resolve").status == 5)
      try lab.write(as: "\(name)-1", signingAs: name) {
        _ = try lab.weave("reinstate", revocation, "-m", "it was the switch")
      }
    }
    #expect(try telperion() == lab.id("telperion@v1"))
  }

  @Test("can ask for two of them")
  func two() throws {
    try lab.constellation(Self.constellation("[ci@example.org, ann@example.org]", ", at-least: 2"))
    let result = try lab.run("resolve")
    #expect(result.status == 5)
    #expect(result.stderr.contains("2 of ci@example.org, ann@example.org: 2 links are left out"))
    try lab.write(as: "ci-2", signingAs: "ci") { _ = try lab.link("telperion@v1", "laurelin@v1") }
    #expect(try lab.run("resolve").status == 5)
    try lab.write(as: "ann-1", signingAs: "ann") { _ = try lab.link("telperion@v1", "laurelin@v1") }
    #expect(try telperion() == lab.id("telperion@v1"))
  }

  @Test("names what would fit and is left out, where nothing fits")
  func nothingFits() throws {
    try lab.constellation(Self.constellation("[ann@example.org]"))
    let newest = try lab.events()[0]
    for arguments in [
      ["resolve"], ["lock"], ["sha", "telperion", "--machine", "toto"], ["why", "telperion"], ["propose"],
    ] {
      let result = try lab.run(arguments)
      #expect(result.status == 5)
      let words = result.stderr.replacing(/\s+/, with: " ")
      #expect(
        words.contains("with one event it would fit, left out for being signed by nobody whom pair trusts:"))
      #expect(words.contains("\(newest.prefix(7)) laurelin@\(try lab.short("laurelin@v2")) telperion@"))
    }
  }

  @Test("names the reinstatement that is left out, where nothing fits for that")
  func reinstatementThatWouldFit() throws {
    try lab.weave("withdraw", lab.events()[0], "-m", "mistaken")
    let revocation = try lab.revoke("telperion@v1")
    let reinstatement = try lab.weave("reinstate", revocation, "-m", "it was the switch")
    let words = try lab.run("resolve").stderr.replacing(/\s+/, with: " ")
    #expect(
      words.contains("with one event it would fit, left out for being signed by nobody whom pair trusts:"))
    #expect(
      words.contains("\(reinstatement.prefix(7)) reinstates \(revocation.prefix(7)): it was the switch"))
  }

  @Test("says in why, check and propose what is left out")
  func explanations() throws {
    let why = try lab.run("why", "telperion")
    #expect(
      why.stdout.contains(
        "linked to laurelin only by links that are left out, signed by nobody whom pair trusts"))
    #expect(why.stderr.contains("note: pair trusts ci@example.org"))
    let check = try lab.run("check", "telperion@v2", "laurelin@v2")
    #expect(check.status == 5)
    #expect(check.stdout.contains(", but for what is left out: \(try lab.events()[0].prefix(7))"))
    #expect(try lab.run("check", "telperion@v1", "laurelin@v1").status == 0)
    #expect(try lab.run("propose").stderr.contains("note: pair trusts ci@example.org"))
  }

  @Test(
    "says in each answer how much is left out",
    arguments: [
      ["resolve"], ["lock"], ["why", "telperion"], ["propose"], ["check", "telperion@v2", "laurelin@v2"],
      ["what-if", "resolve", "--revoke", "narya@v1"], ["status", "-c", "pair"],
    ])
  func note(arguments: [String]) throws {
    let words = try lab.run(arguments).stderr.replacing(/\s+/, with: " ")
    #expect(
      words.contains(
        "note: pair trusts ci@example.org: 1 link is left out, signed by nobody whom pair trusts"))
  }

  @Test(
    "takes nothing any more of a key whose line is gone, or that is revoked",
    arguments: ["line", "revocation"])
  func lostKey(means: String) throws {
    #expect(try telperion() == lab.id("telperion@v1"))
    if means == "line" {
      try lab.allowSigners(["ann"])
    } else {
      try lab.store.git("config", "gpg.ssh.revocationFile", lab.sshKey("ci") + ".pub")
    }
    #expect(try lab.run("resolve").status == 5)
    try lab.write(as: "ann-1", signingAs: "ann") { _ = try lab.link("telperion@v1", "laurelin@v1") }
    try lab.constellation(Self.constellation("[ci@example.org, ann@example.org]"))
    #expect(try telperion() == lab.id("telperion@v1"))
  }

  @Test("calls a machine untested that runs what only others linked")
  func status() throws {
    try lab.report("toto", "telperion@v2", "laurelin@v2")
    let result = try lab.run("status", "-c", "pair")
    #expect(result.stdout.contains("ahead untested"))
    #expect(result.stderr.contains("note: pair trusts ci@example.org"))
    try lab.constellation(Constellations.pair())
    #expect(try !lab.run("status", "-c", "pair").stdout.contains("untested"))
  }

  @Test("is asked what would be if one of them linked or revoked")
  func whatIf() throws {
    let linked = try lab.weave(
      "what-if", "resolve", "--link", "telperion@v2", "laurelin@v2", "--machine", "toto", "--project",
      "telperion")
    // What follows --link are members; the options after them end it.
    #expect(try linked == lab.id("telperion@v2"))
    #expect(try lab.run("what-if", "resolve", "--revoke", "telperion@v1").status == 5)
  }

  @Test("locks what it resolves to, and finds a lock unfit that only others reinstated")
  func lock() throws {
    try lab.weave("lock")
    let revocation = try lab.revoke("telperion@v1")
    try lab.weave("reinstate", revocation, "-m", "it was the switch")
    let result = try lab.run("sha", "telperion", "--machine", "toto")
    #expect(result.status == 5)
    #expect(result.stderr.replacing(/\s+/, with: " ").contains("takes it back and is left out"))
    try lab.constellation(Constellations.pair())
    #expect(try lab.weave("sha", "telperion", "--machine", "toto") == lab.id("telperion@v1"))
  }

  @Test("starts no verification for what was verified, and verifies only what is new")
  func verifiedOnce() throws {
    let verifier = try CountingVerifier(of: lab)
    #expect(try telperion() == lab.id("telperion@v1"))
    #expect(try verifier.calls() > 0)
    #expect(try telperion() == lab.id("telperion@v1"))
    try lab.weave("status", "-c", "pair")
    #expect(try verifier.calls() == 0)
    try lab.write(as: "ci-1", signingAs: "ci") { _ = try lab.link("telperion@v3", "laurelin@v3") }
    #expect(try telperion() == lab.id("telperion@v3"))
    #expect(try verifier.calls() == 1)
  }

  @Test("does not take a link back in because somebody spells its signature in another way")
  func respelled() throws {
    let link = try lab.write(as: "ci-1", signingAs: "ci") { try lab.link("telperion@v3", "laurelin@v3") }
    #expect(try telperion() == lab.id("telperion@v3"))
    try lab.weave("withdraw", link, "-m", "mistaken")
    #expect(try telperion() == lab.id("telperion@v1"))
    // The armour of an ssh signature may be broken into lines at other places, and it is the same signature.
    let raw = try lab.rawCommit(link)
    let first = try #require(raw.firstMatch(of: /-----BEGIN SSH SIGNATURE-----\n ([^\n]+)\n/))
    let line = String(first.output.1)
    let respelled = raw.replacing(line, with: line.prefix(20) + "\n " + line.dropFirst(20))
    let copy = try lab.store.git(
      ["hash-object", "-t", "commit", "-w", "--stdin"], input: Array(respelled.utf8))
    let join = try lab.store.git(
      "commit-tree", "-m", "join", "-p", link, "-p", copy, "4b825dc642cb6eb9a060e54bf8d69288fbee4904")
    try lab.store.git("update-ref", "refs/weave/public/ledger/ci-1", join)
    #expect(try lab.verdicts()[copy] == "good ci@example.org")
    #expect(try lab.weave("links", "--live").contains("telperion@\(lab.short("telperion@v3"))"))
    #expect(try telperion() == lab.id("telperion@v1"))
  }

  @Test("warns where the signatures that it asks for cannot be verified")
  func unverifiable() throws {
    try lab.store.git("config", "--unset", "gpg.ssh.allowedSignersFile")
    let result = try lab.run("resolve")
    #expect(result.status == 5)
    #expect(
      result.stderr.replacing(/\s+/, with: " ").contains(
        "1 of the signatures that pair asks for could not be verified"))
  }
}
