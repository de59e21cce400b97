import TestSupport
import Testing

@testable import LabSupport

@Suite("Killed locks and collections", .enabled(if: KillSweep.isPossible))
struct LocalKillTests {
  @Test("after each of 200 kills of a lock it is made or not, and the next one makes it")
  func lock() throws {
    let lab = try Lab.threeProjects()
    try lab.constellation()
    try lab.link("telperion@v1", "laurelin@v1", "narya@v1")
    try lab.weave("lock")
    try lab.link("telperion@v2", "laurelin@v2", "narya@v2")
    try KillSweep(of: ["lock", "-m", "adopted"], in: lab).kill(200, seed: 4)
    #expect(try lab.weave("lock", "--list").split(separator: "\n").count == 2)
    #expect(try lab.weave("sha", "narya", "--machine", "barge") == lab.id("narya@v2"))
  }

  @Test(
    "after each of 200 kills of a collection nothing that is needed is gone, and the next one completes it")
  func collection() throws {
    try Lab.withTwoProjects { lab, telperion, laurelin throws in
      try lab.share()
      try lab.link("telperion@main", "laurelin@main")
      try lab.report("toto", "telperion@main")
      try lab.weave("push")
      let unneeded = try laurelin.repository.commit("three")
      try lab.weave("fetch")
      for source in [telperion, laurelin] { try source.forcePush() }
      try lab.weave("fetch")
      try lab.weave("gc")
      try KillSweep(of: ["gc", "--prune", "now"], in: lab).kill(200, seed: 5) { () throws in
        #expect(try lab.store.git("count-objects") == "0 objects, 0 kilobytes")
        for id in [telperion.two, laurelin.two] { #expect(try lab.holds(id)) }
        #expect(try !lab.holds(unneeded))
      }
      try lab.link("telperion@main", "laurelin@main")
      try lab.weave("push")
    }
  }
}
