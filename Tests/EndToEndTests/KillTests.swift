import Foundation
import TestSupport
import Testing

@Suite("Killed writers")
struct KillTests {
  /// A source with `count` commits on `main`, and no more to it.
  private func longSource(_ lab: Lab, _ name: String, count: Int) throws {
    let repository = try TestRepository.create(at: lab.directory.appending("sources/\(name)"))
    var stream = ""
    for number in 0..<count {
      stream += "commit refs/heads/main\ncommitter A <a@example.org> \(1_700_000_000 + number) +0000\n"
      stream += "data <<.\n\(name) \(number)\n.\n"
    }
    try repository.git(["fast-import", "--quiet"], input: Array(stream.utf8))
    try lab.weave("project", "add", name, repository.path)
  }

  @Test("after each of 200 kills at random moments, the event is whole or absent and the store is sound")
  func kills() throws {
    try Lab.withStore { lab throws in
      let count = 200
      try longSource(lab, "telperion", count: count + 1)
      try longSource(lab, "laurelin", count: count + 1)
      try lab.weave("fetch")
      var random = SeededGenerator(seed: 20_240_117)
      var events = 0
      var killed = 0
      var appended = 0
      let start = ContinuousClock.now
      try lab.weave("link", "telperion@main", "laurelin@main", "-m", "as long as a link takes")
      events += 1
      let whole = ContinuousClock.now - start
      let longest = UInt32(whole.components.seconds * 1_000_000 + whole.components.attoseconds / 1_000_000_000_000) * 5 / 4
      for round in 0..<count {
        // From the oldest commit on, so that each link has to extend both keep chains.
        let age = count - round
        let process = try lab.start("link", "telperion@main~\(age)", "laurelin@main~\(age)", "-m", "\(round)")
        usleep(UInt32.random(in: longest / 4...longest, using: &random))
        process.kill(SIGKILL)
        let result = process.wait()
        if result.signal == SIGKILL { killed += 1 }

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
      print("killed \(killed) of \(count), \(appended) of them after the event")
      #expect(killed > count / 4)
      #expect(appended > 0 && appended < count)
      #expect(try lab.weave("links", "--live").split(separator: "\n").count == events)
    }
  }
}
