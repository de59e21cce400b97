import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("Killed exchanges with a remote", .enabled(if: KillSweep.isPossible))
struct SharingKillTests {
  private func expectAgreement(_ lab: Lab, _ others: [Colleague]) throws {
    try lab.weave("push")
    let events = try lab.me.events()
    #expect(events.count == 5)
    for other in others {
      try other.weave("pull")
      #expect(try other.events() == events)
      #expect(try other.weave("status") == lab.weave("status"))
      try other.check()
    }
  }

  @Test("after each of 200 kills of a pull what it brings is there or not, and the next one completes it")
  func pull() throws {
    let (lab, hub, others) = try Lab.apart()
    let refs = try hub.refs()
    try KillSweep(of: ["pull"], in: lab).kill(200, seed: 1) { () throws in
      #expect(try lab.me.events().count == 5)
    }
    #expect(try hub.refs() == refs)
    try expectAgreement(lab, others)
  }

  @Test("after each of 200 kills of a push the remote and the store are sound, and the next one completes it")
  func push() throws {
    let (lab, hub, others) = try Lab.apart()
    try KillSweep(of: ["push"], changing: ["workspace", "hub.git"], in: lab).kill(200, seed: 2) { () throws in
      try hub.git("fsck", "--strict")
    }
    try expectAgreement(lab, others)
  }

  @Test("a push after a pull that was cut off, once Git had fetched, joins what came and sends all")
  func cutOffPull() throws {
    let (lab, hub, others) = try Lab.apart()
    try TestRepository(at: "\(lab.store.path)/weave/exchange/public.git")
      .git("fetch", "--quiet", hub.path, "+refs/weave/public/*:refs/remotes/hub/public/*")
    try lab.weave("push")
    #expect(try hub.resolve(lab.ledger()) == lab.store.resolve(lab.ledger()))
    try expectAgreement(lab, others)
  }

  @Test("after each of 60 kills of a clone there is no store, or one that a pull and a fetch complete")
  func clone() throws {
    let (lab, hub, others) = try Lab.apart()
    let (refs, events) = (try hub.refs(), try others[1].events())
    var random = SeededGenerator(seed: 3)
    var longest: UInt32 = 200_000
    var (killed, stores) = (0, 0)
    let directory = lab.directory.appending("clone")
    let clone = Colleague(lab: lab, workspace: directory)
    while killed < 60 {
      let process = try KillSweep.start(["clone", hub.path, directory], in: lab)
      let isKilled = try KillSweep.kill(process, after: UInt32.random(in: 0...longest, using: &random))
      longest = isKilled ? longest + longest / 8 : max(longest / 2, 1_000)
      killed += isKilled ? 1 : 0
      let isStore = FileManager.default.fileExists(atPath: "\(clone.store.path)/refs/weave/public/manifest")
      if isKilled, FileManager.default.fileExists(atPath: clone.store.path) {
        let again = try lab.run("clone", hub.path, directory)
        #expect(again.status == 1)
        #expect(
          again.stderr == "error: \(directory) exists and is not an empty directory\nhint: "
            + (isStore
              ? "it holds a store: `weave pull` and `weave fetch` in it complete a clone that was cut off\n"
              : "it holds no store yet: if a clone was cut off there, remove its .weave\n"))
      }
      stores += isStore ? 1 : 0
      if isStore, stores % 3 == 1 {
        try KillSweep.age(KillSweep.locks(in: clone.store.path))
        try clone.weave("pull")
        try clone.weave("fetch")
        #expect(try clone.events() == events)
        #expect(try clone.weave("project", "list") == others[1].weave("project", "list"))
        try clone.check()
      }
      try? FileManager.default.removeItem(atPath: directory)
      #expect(try hub.refs() == refs)
    }
    #expect(stores > 0)
    try lab.weave("clone", hub.path, directory)
    #expect(try clone.events() == events)
  }
}
