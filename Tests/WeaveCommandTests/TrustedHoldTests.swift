import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("A hold of a constellation that trusts some signers only", .inProcess)
struct TrustedHoldTests {
  private let lab: Lab

  /// `toto` and `barge` run telperion and laurelin. CI linked their commits `v1`, and those of `v2`, and signed that and a lock of
  /// the latter.
  init() throws { lab = try Self.template.copy() }

  private static let template = LabTemplate {
    let lab = try Lab.threeProjects()
    try lab.allowSigners(["ci", "ann"])
    try lab.constellation(constellation())
    try lab.sign(as: "ci")
    try lab.link("telperion@v1", "laurelin@v1")
    try lab.link("telperion@v2", "laurelin@v2")
    try lab.weave("lock")
    try lab.signNothing()
    return lab
  }

  private static func constellation(_ trust: String = "signers: [ci@example.org]") -> String {
    """
    constellation: pair
    projects: { telperion: {}, laurelin: {} }
    roles: { dns: { projects: [telperion, laurelin] } }
    machines: { toto: { roles: [dns] }, barge: { roles: [dns] } }
    trust: { \(trust) }
    """
  }

  private func sha(_ machine: String = "toto", _ more: String...) throws -> ProcessResult {
    try lab.run(["sha", "telperion", "--machine", machine] + more)
  }

  private func hold(_ member: String, as name: String?) throws {
    try lab.write(as: "\(name ?? "eve")-1", signingAs: name) {
      _ = try lab.weave("hold", "toto", member, "-m", "says \(name ?? "eve")")
    }
  }

  private func release(as name: String?) throws {
    try lab.write(as: "\(name ?? "eve")-1", signingAs: name) {
      _ = try lab.weave("release", "toto", "telperion")
    }
  }

  private func expectRefusal(
    _ reason: String, _ sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    for arguments in [
      ["sha", "telperion", "--machine", "toto"], ["sha", "laurelin", "--machine", "toto", "--even-revoked"],
      ["manifest", "--machine", "toto"], ["lock", "--show", "--machine", "toto", "--format", "lines"],
      ["lock", "--show", "--format", "json"], ["lock", "--show", "--format", "env"],
      ["resolve", "--format", "lines"], ["resolve", "--machine", "toto", "--project", "telperion"], ["lock"],
    ] {
      let result = try lab.run(arguments)
      #expect(result.status == 5, "\(arguments): \(result.stderr)", sourceLocation: sourceLocation)
      #expect(result.stdout == "", "\(arguments)", sourceLocation: sourceLocation)
      let words = result.stderr.replacing(/\s+/, with: " ")
      #expect(words.contains("what toto should run is not to be trusted: "), sourceLocation: sourceLocation)
      #expect(words.contains(reason), "\(words)", sourceLocation: sourceLocation)
    }
    #expect(try sha("barge").trimmed == lab.id("telperion@v2"), sourceLocation: sourceLocation)
    #expect(
      try lab.run("resolve", "--machine", "barge", "--project", "telperion").status == 0,
      sourceLocation: sourceLocation)
  }

  private func expectSHA(_ member: String, _ sourceLocation: SourceLocation = #_sourceLocation) throws {
    let result = try sha()
    #expect(result.status == 0, "\(result.stderr)", sourceLocation: sourceLocation)
    #expect(try result.trimmed == lab.id(member), sourceLocation: sourceLocation)
  }

  @Test(
    "that nobody signed makes that machine refuse, whatever it holds, and no other; it is no answer to say what would be without"
  )
  func unsigned() throws {
    for version in ["v1", "v2", "v3"] {
      try hold("telperion@\(version)", as: nil)
      try expectRefusal(
        "the hold of telperion@\(try lab.short("telperion@\(version)")) by ")
      try expectRefusal("is signed by nobody whom pair trusts")
      try release(as: nil)
      try expectSHA("telperion@v2")
    }
  }

  @Test("that another than a signer signed makes it refuse")
  func another() throws {
    try hold("telperion@v1", as: "ann")
    try expectRefusal("is signed by nobody whom pair trusts")
  }

  @Test("that a signer signed is in force, and one by somebody else in its place makes the machine refuse")
  func signed() throws {
    try hold("telperion@v1", as: "ci")
    try expectSHA("telperion@v1")
    try hold("telperion@v2", as: nil)
    try expectRefusal("the hold of telperion@\(try lab.short("telperion@v2"))")
    try hold("telperion@v1", as: nil)
    try expectSHA("telperion@v1")
    try hold("telperion@v2", as: "ci")
    try expectSHA("telperion@v2")
  }

  @Test("that a signer began is ended by a signer only: till then the machine refuses")
  func released() throws {
    try hold("telperion@v1", as: "ci")
    try release(as: nil)
    try expectRefusal("that telperion@\(try lab.short("telperion@v1")) is held no more, by ")
    try release(as: "ci")
    try expectSHA("telperion@v2")
    try hold("telperion@v1", as: "ci")
    try release(as: "ci")
    try expectSHA("telperion@v2")
  }

  @Test("that is released, and for which a signature lacks, is not confirmed by who signs nothing")
  func unsignedConfirmation() throws {
    try hold("telperion@v1", as: "ci")
    try release(as: nil)
    let words = try lab.refusal(["release", "toto", "telperion"])
    #expect(words.contains("it takes signatures for that to count") && words.contains("weave.sign true"))
  }

  @Test("takes two signatures where two are asked for, and its end does")
  func two() throws {
    try lab.constellation(Self.constellation("signers: [ci@example.org, ann@example.org], at-least: 2"))
    for version in ["v1", "v2"] {
      for name in ["ci", "ann"] {
        try lab.write(as: "\(name)-1", signingAs: name) {
          _ = try lab.link("telperion@\(version)", "laurelin@\(version)")
        }
      }
    }
    try expectSHA("telperion@v2")
    try hold("telperion@v1", as: "ci")
    try expectRefusal("is signed by fewer than 2 whom pair trusts")
    try hold("telperion@v1", as: "ann")
    try expectSHA("telperion@v1")
    try release(as: "ann")
    try expectRefusal("is held no more")
    try release(as: "ann")
    try expectRefusal("is held no more")
    try release(as: "ci")
    try expectSHA("telperion@v2")
  }

  @Test("takes them, and its end does, one right after the other: what somebody puts between ends the count")
  func between() throws {
    try lab.constellation(Self.constellation("signers: [ci@example.org, ann@example.org], at-least: 2"))
    for version in ["v1", "v2"] {
      try lab.write(as: "ann-1", signingAs: "ann") {
        _ = try lab.link("telperion@\(version)", "laurelin@\(version)")
      }
    }
    for name in ["ci", nil, "ann"] { try hold(name == nil ? "telperion@v2" : "telperion@v1", as: name) }
    try expectRefusal("is signed by fewer than 2 whom pair trusts")
    try hold("telperion@v1", as: "ci")
    try expectSHA("telperion@v1")
    try release(as: "ann")
    try hold("telperion@v2", as: nil)
    try release(as: "ci")
    try expectRefusal("is held no more")
    try release(as: "ann")
    try expectSHA("telperion@v2")
  }

  @Test("is told of by `weave hold` where it does not count, and how it would")
  func told() throws {
    let result = try lab.run("hold", "toto", "telperion@v1", "-m", "why")
    #expect(result.status == 0)
    let words = result.stderr.replacing(/\s+/, with: " ")
    #expect(words.contains("warning: nothing is said of what toto should run: the hold of telperion@"))
    #expect(words.contains("`weave release toto telperion` ends it"))
  }

  @Test("that does not count is failed by the status, as a table, JSON, JUnit and Markdown")
  func status() throws {
    try lab.report("toto", "telperion@v1", "laurelin@v1")
    try hold("telperion@v1", as: nil)
    let table = try lab.run("status", "-c", "pair", "--exit-code")
    #expect(table.status == 5)
    #expect(
      table.stdout.replacing(/\s+/, with: " ").contains("what toto should run is not to be trusted: the hold")
    )
    let json = try lab.weave("status", "-c", "pair", "--json")
    #expect(json.contains("\"distrusted\" : \"the hold of telperion@"))
    #expect(try lab.weave("status", "-c", "pair", "--format", "junit").contains("type=\"not-trusted\""))
    #expect(try lab.weave("status", "-c", "pair", "--format", "markdown").contains("is not to be trusted"))
    #expect(try !lab.weave("status", "-c", "pair", "--format", "prometheus").contains("in-sync"))
  }

  @Test("that somebody made unreadable by hand makes the machine refuse")
  func damaged() throws {
    try hold("telperion@v1", as: "ci")
    try lab.manifestEntryByHand("no hold", in: "holds", as: "telperion@toto")
    try expectRefusal("the hold of telperion is damaged")
  }

  @Test("counts no more once nothing says whose the key is that signed it")
  func lostKey() throws {
    try lab.constellation(Self.constellation("signers: [ci@example.org, ann@example.org]"))
    try hold("telperion@v1", as: "ann")
    try expectSHA("telperion@v1")
    try lab.allowSigners(["ci"])
    try expectRefusal("the hold of telperion@\(try lab.short("telperion@v1")) by ")
  }

  @Test("that lies below a signed commit of something else is not signed by that")
  func below() throws {
    try hold("telperion@v1", as: nil)
    try lab.write(as: "ci-1", signingAs: "ci") {
      _ = try lab.weave("project", "set", "narya", "track", "main")
      _ = try lab.weave("hold", "barge", "telperion@v2", "-m", "why")
    }
    #expect(try lab.verdictOfGit("refs/weave/public/manifest") == "G ci@example.org")
    try expectRefusal("is signed by nobody whom pair trusts")
  }

  @Test("is not looked at where the constellation trusts everybody")
  func noTrust() throws {
    try lab.constellation(Self.constellation().replacing(/trust:.*/, with: ""))
    try hold("telperion@v1", as: nil)
    try expectSHA("telperion@v1")
    try release(as: nil)
    try expectSHA("telperion@v2")
  }
}
