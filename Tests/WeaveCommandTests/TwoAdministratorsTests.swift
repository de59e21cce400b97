import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("Two administrators and three unattended clones over one hub", .inProcess)
struct TwoAdministratorsTests {
  private let lab: Lab
  private let hub: TestRepository
  private let bob: Colleague
  private let clones: [Colleague]

  private static func constellation(
    trust: String = "[ci@example.org]", probe: String = "former", address: String = "ody.example"
  ) -> String {
    """
    constellation: pair
    projects: { telperion: {}, laurelin: {} }
    roles: { dns: { projects: [telperion, laurelin] } }
    machines:
      toto: { roles: [dns], address: \(address) }
      barge: { roles: [dns], address: barge.example }
    trust: { signers: \(trust) }
    probe: { command: [\(probe), "{address}"] }
    """
  }

  init() throws {
    lab = try Lab.threeProjects()
    try lab.allowSigners(["ci", "eve"])
    try lab.sign(as: "ci")
    try lab.link("telperion@v1", "laurelin@v1")
    try lab.sign(as: "eve")
    try lab.link("telperion@v2", "laurelin@v2")
    try lab.signNothing()
    try lab.constellation(Self.constellation())
    hub = try lab.share()
    bob = try lab.colleague("bob")
    let lab = lab
    clones = try (1...3).map { try lab.colleague("clone\($0)") }
    for colleague in clones + [bob] { try lab.shareSigners(with: colleague) }
  }

  private func inHub(_ entry: String) throws -> String {
    try hub.git("show", "refs/weave/public/manifest:\(entry)")
  }

  /// What an unattended clone does, each step of which must end with 0: its answer.
  private func run(_ clone: Colleague) throws -> String {
    try clone.weave("pull")
    try clone.weave("fetch")
    return try clone.weave("resolve", "-c", "pair", "--machine", "toto", "--project", "telperion")
  }

  /// That all clones go on as before.
  private func requireUnmoved(sourceLocation: SourceLocation = #_sourceLocation) throws {
    for clone in clones {
      #expect(try run(clone) == lab.id("telperion@v1"), sourceLocation: sourceLocation)
      #expect(try clone.run("pull", "--strict").status == 1, sourceLocation: sourceLocation)
    }
  }

  @Test("nobody undoes anybody, no clone stops for what it need not, and none uses what it did not accept")
  func allFour() throws {
    let evil = try lab.makeSource("evil", ["evil"], tags: ["v9"])
    // Ann: trust. Bob does not know of it yet, and changes a source.
    try lab.constellation(Self.constellation(trust: "[ci@example.org, eve@example.org]"))
    try lab.weave("push")
    try requireUnmoved()
    try bob.weave("project", "set", "telperion", "source", evil.path)
    #expect(try bob.run("push").status == 0)
    #expect(try bob.weave("accept").contains("its trust"))
    try requireUnmoved()
    for clone in clones {
      #expect(clone.store.resolve("refs/namespaces/telperion/refs/tags/v9") == nil)
    }
    // Each goes on with changes of their own, and pushes; what the other changed stays at the hub.
    try lab.weave("pull")
    try lab.weave("project", "set", "narya", "track", "main")
    try lab.weave("push")
    try bob.weave("pull")
    try bob.weave("project", "set", "laurelin", "track", "main")
    try bob.weave("push")
    #expect(try inHub("projects/telperion").contains(evil.path))
    #expect(try inHub("constellations/pair").contains("eve@example.org"))
    // The probe and an address, by Bob, who says yes to the trust with it, as his file has it.
    try bob.weave(
      "constellation", "add", "-",
      input: Self.constellation(
        trust: "[ci@example.org, eve@example.org]", probe: "evil", address: "evil.example"))
    try bob.weave("push")
    try requireUnmoved()
    for clone in clones {
      let inventory = try clone.run("resolve", "-c", "pair", "--format", "ansible")
      #expect(inventory.status == 0, "\(inventory)")
      #expect(!inventory.stdout.contains("evil") && !inventory.stdout.contains("toto"), "\(inventory)")
      #expect(try clone.run("probe", "-c", "pair").stderr.contains("former"))
    }
    // Ann looks at it, and says yes; the clones are given the policy that both have.
    try lab.weave("pull")
    try lab.weave("accept", "project/telperion", "constellation/pair")
    let policies = try [lab.workspace, bob.workspace].map { try lab.weave(["policy"], in: $0) }
    #expect(policies[0] == policies[1])
    let id = String(try #require(policies[0].split(separator: " ").last))
    for clone in clones {
      #expect(try clone.run("pull", "--policy", id).status == 0)
      // Of addresses the policy says nothing.
      #expect(try clone.weave("accept").hasPrefix("constellation/pair: the address of toto"))
      try clone.weave("accept", "constellation/pair")
      #expect(try clone.run("pull", "--strict").status == 0)
      #expect(
        try clone.weave("resolve", "-c", "pair", "--machine", "toto", "--project", "telperion")
          == lab.id("telperion@v2"))
    }
    #expect(try inHub("constellations/pair").contains("evil.example"))
    for colleague in clones + [bob] { try colleague.check() }
  }

  @Test("a change that one took back waits for nobody any more")
  func takenBack() throws {
    try lab.constellation(Self.constellation(trust: "[ci@example.org, eve@example.org]"))
    try lab.weave("push")
    try requireUnmoved()
    try bob.weave("pull")
    try bob.weave("constellation", "add", "-", input: Self.constellation())
    try bob.weave("push")
    for clone in clones {
      #expect(try run(clone) == lab.id("telperion@v1"))
      #expect(try clone.run("pull", "--strict").status == 0)
    }
  }
}
