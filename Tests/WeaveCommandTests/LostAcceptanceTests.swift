import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("What was accepted, where it cannot be read", .inProcess)
struct LostAcceptanceTests: ConsentSuite {
  let consent: ConsentLab

  init() throws { consent = try ConsentLab() }

  @Test("what was accepted and is lost is an error, and never a yes")
  func lost() throws {
    let accepted = "refs/weave-local/accepted"
    try bobStores(Constellations.trusting(nil))
    try pull()
    let tip = try lab.store.git("rev-parse", accepted)
    try lab.store.git("update-ref", "-d", accepted)
    let result = try lab.run("resolve", "-c", "pair")
    #expect(result.status == 1 && result.stderr.contains(accepted), "\(result)")
    _ = try lab.run("fsck", "--repair")
    #expect(try lab.store.git("rev-parse", accepted) == tip)
    #expect(try resolved() == "v1")
  }

  @Test(
    "a lost object of it is an error, and a repair goes on from what was accepted before, which is no more than that"
  )
  func lostObject() throws {
    let accepted = "refs/weave-local/accepted"
    let other = try lab.makeSource("other", ["other"], tags: [])
    try lab.weave("project", "set", "narya", "source", other.path)
    try bobStores(Constellations.trusting(nil))
    try pull()
    let blob = try lab.store.git("rev-parse", "\(accepted):sources")
    try FileManager.default.removeItem(
      atPath: "\(lab.store.path)/objects/\(blob.prefix(2))/\(blob.dropFirst(2))")
    let result = try lab.run("resolve", "-c", "pair")
    #expect(result.status == 1 && result.stderr.contains("what was accepted here"), "\(result)")
    let found = try lab.run("fsck")
    #expect(found.status == 1 && found.stdout.contains("what was accepted here"), "\(found)")
    let repaired = try lab.run("fsck", "--repair")
    #expect(repaired.stderr.contains("what was accepted before is in use"), "\(repaired)")
    #expect(try resolved() == "v1")
    #expect(try lab.weave("accept").contains("project/narya: its source"))
    try lab.check()
  }

  @Test("does not stop fsck, and a store in which nobody was asked yet is used as it is recorded")
  func formerStore() throws {
    try lab.store.git("update-ref", "-d", "refs/weave-local/accepted")
    try lab.forgetTips()
    #expect(try resolved() == "v1")
    try bobStores(Constellations.trusting(nil))
    // The first pull of a store that an older weave made: what is there is accepted before what comes.
    #expect(try pull().stderr.contains("its trust"))
    #expect(try resolved() == "v1")
    try lab.check()
  }
}
