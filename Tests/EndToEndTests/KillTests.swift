import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("Killed writers")
struct KillTests {
  /// A project with `count` commits on `main`, and no more to it.
  private func addLongProject(_ name: String, count: Int, to lab: Lab) throws {
    let repository = try TestRepository.create(at: lab.source(name).path)
    var stream = ""
    for number in 0..<count {
      stream += "commit refs/heads/main\ncommitter A <a@example.org> \(1_700_000_000 + number) +0000\n"
      stream += "data <<.\n\(name) \(number)\n.\n"
    }
    try repository.git(["fast-import", "--quiet"], input: Array(stream.utf8))
    try lab.weave("project", "add", name, repository.path)
  }

  /// In two stores, so that two processors share the 200 kills.
  @Test(
    "after each of 200 kills at random moments, the event is whole or absent and the store is sound",
    arguments: [20_240_117, 20_240_118] as [UInt64])
  func kills(seed: UInt64) throws {
    try Lab.withStore { lab throws in
      let count = 100
      try addLongProject("telperion", count: count + 1, to: lab)
      try addLongProject("laurelin", count: count + 1, to: lab)
      try lab.weave("fetch")
      var random = SeededGenerator(seed: seed)
      var (events, killed, appended) = (0, 0, 0)
      let start = ContinuousClock.now
      try lab.weave("link", "telperion@main", "laurelin@main", "-m", "as long as a link takes")
      events += 1
      // How long the machine takes at present, so that kills come all through a link.
      var longest = (ContinuousClock.now - start) * 1.25
      for round in 0..<count {
        // From the oldest commit on, so that each link has to extend both keep chains.
        let age = count - round
        let process = try lab.start("link", "telperion@main~\(age)", "laurelin@main~\(age)", "-m", "\(round)")
        usleep(UInt32(longest / .microseconds(1) * Double.random(in: 0.25...1, using: &random)))
        process.kill(SIGKILL)
        let result = process.wait()
        if result.signal == SIGKILL { killed += 1 }
        longest = longest * (result.signal == SIGKILL ? 1.05 : 0.9)

        let now = try lab.events()
        try #require(now.count == events || now.count == events + 1, "round \(round)")
        if !result.stdout.isEmpty {
          #expect(now.first == result.stdout.trimmingCharacters(in: .newlines), "round \(round)")
        }
        if now.count > events { appended += 1 }
        events = now.count
        try lab.check()
        if round % 20 == 19 {
          let next = try lab.run("link", "telperion@main", "laurelin@main", "-m", "after \(round)")
          #expect(next.status == 0, "round \(round): \(next.stderr)")
          events += 1
          #expect(try lab.events().count == events)
        }
      }
      print("killed \(killed) of \(count); \(appended) events came to be")
      #expect(killed > count / 4)
      #expect(appended > 0 && appended < count)
      #expect(try lab.weave("links", "--live").split(separator: "\n").count == events)
    }
  }
}
