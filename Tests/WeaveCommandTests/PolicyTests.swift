import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("A policy, which names whom a store believes, what it runs and where it fetches from", .inProcess)
struct PolicyTests: ConsentSuite {
  let consent: ConsentLab

  init() throws { consent = try ConsentLab() }

  private func policy(in directory: String? = nil) throws -> String {
    let last = try lab.weave(["policy"], in: directory).split(separator: "\n").last ?? ""
    #expect(last.hasPrefix("policy "))
    return String(last.dropFirst(7))
  }

  @Test(
    "a policy is one id over trust, probes and sources, the same in each store, and not over what changes daily"
  )
  func policies() throws {
    let id = try policy()
    #expect(id.count == 40)
    #expect(try policy(in: bob.workspace) == id)
    try lab.constellation(Constellations.trusting(toto: ""))
    try lab.link("telperion@v3", "laurelin@v3")
    #expect(try policy() == id)
    try lab.constellation(Constellations.trusting(probe: "couplings: []\n"))
    #expect(try policy() == id)
    try lab.constellation(Constellations.trusting("[ann@example.org]"))
    #expect(try policy() != id)
  }

  @Test(
    "a clone of another policy fails and leaves nothing; one of just that is made, and says whom it believes")
  func clonePolicy() throws {
    let id = try policy()
    let there = lab.directory.appending("there")
    let result = try lab.run(["clone", hub.path, there, "--policy", id], in: lab.directory.path)
    #expect(result.status == 0, "\(result)")
    #expect(result.stderr.contains("constellation/pair: trust ci@example.org"), "\(result)")
    try bobStores(Constellations.trusting(nil))
    let other = lab.directory.appending("other")
    let refused = try lab.run(["clone", hub.path, other, "--policy", id], in: lab.directory.path)
    #expect(refused.status == 1 && refused.stderr.contains("and not \(id)"), "\(refused)")
    #expect(!FileManager.default.fileExists(atPath: other))
  }

  @Test(
    "a pull of the policy that all that waits would make accepts that; of another it fails and accepts nothing"
  )
  func pullPolicy() throws {
    let id = try policy()
    try bobStores(Constellations.trusting(nil))
    #expect(try pull("--policy", id).status == 0)
    #expect(try resolved() == "v1")
    let refused = try pull("--policy", String(repeating: "0", count: 40))
    #expect(refused.status == 1, "\(refused)")
    #expect(try resolved() == "v1")
    let new = try policy(in: bob.workspace)
    #expect(try pull("--policy", new).status == 0)
    #expect(try resolved() == "v2")
    #expect(try pull("--policy", id).status == 1)
  }
}
