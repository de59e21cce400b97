import TestSupport
import Testing

@testable import LabSupport

@Suite("Killed snapshots", .enabled(if: KillSweep.isPossible))
struct SnapshotKillTests {
  @Test(
    "after each of 200 kills of link --snapshot it is linked or not, the checkout is as it was, and the next one links"
  )
  func link() throws {
    try Lab.withTwoCheckouts { lab, telperion, laurelin throws in
      for checkout in [telperion, laurelin] {
        try checkout.commit("local")
        try checkout.write("changed\n", to: "file")
        for number in 0..<5 { try checkout.write("\(number)\n", to: "new/\(number)") }
      }
      let before = try telperion.git("status", "--porcelain=v2", "--branch")
      let stash = telperion.resolve("refs/stash")
      try KillSweep(of: ["link", "--snapshot", "-m", "works"], in: lab).kill(
        200, seed: 6, isRepeatable: false
      ) {
        () throws in
        #expect(try telperion.git("status", "--porcelain=v2", "--branch") == before)
        #expect(telperion.resolve("refs/stash") == stash)
        let snapshot = try lab.linked("telperion")
        #expect(try lab.store.git("show", "\(snapshot):new/4") == "4")
        #expect(lab.store.resolve("refs/weave-local/snapshots/telperion/main") == snapshot)
        try lab.collectGarbage()
        #expect(try lab.holds(snapshot))
      }
    }
  }
}
