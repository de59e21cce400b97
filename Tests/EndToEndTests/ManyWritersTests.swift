import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("Many writers at once")
struct ManyWritersTests {
  /// How many clones push how often; `make writers` runs it with fifty that push twenty times.
  static let clones = size("WEAVE_TEST_CLONES", 10)
  static let pushes = size("WEAVE_TEST_PUSHES", 5)

  private static func size(_ variable: String, _ usual: Int) -> Int {
    ProcessInfo.processInfo.environment[variable].flatMap { Int($0) } ?? usual
  }

  @Test("clones that link and push at the same time end with every event in each of them after one pull")
  func events() async throws {
    let (clones, pushes) = (Self.clones, Self.pushes)
    let lab = try Lab()
    for name in ["telperion", "laurelin"] {
      _ = try lab.makeSource(name, (1...pushes).map { "commit \($0)" }, tags: (1...pushes).map { "v\($0)" })
    }
    try lab.weave("init")
    for name in ["telperion", "laurelin"] {
      try lab.weave("project", "add", name, lab.source(name).path)
    }
    try lab.weave("fetch")
    let hub = try lab.share()
    let first = try lab.colleague("clone-1")
    // What a clone is made by is tested elsewhere: a copy that writes under its own name is one.
    let colleagues = try (1...clones).map { number in
      let colleague = Colleague(lab: lab, workspace: lab.directory.appending("clone-\(number)"))
      if number > 1 { try FileManager.default.copyItem(atPath: first.workspace, toPath: colleague.workspace) }
      try colleague.store.git("config", "weave.writer", "writer-\(number)")
      return colleague
    }
    let failures = await withTaskGroup(of: String?.self) { group in
      for (place, colleague) in colleagues.enumerated() {
        group.addTask {
          do {
            for push in 1...pushes {
              try colleague.weave("link", "telperion@v\(push)", "laurelin@v\(place % pushes + 1)")
              try colleague.weave("push")
            }
            return nil
          } catch { return "\(place): \(error)" }
        }
      }
      return await group.reduce(into: [String]()) { $0 += $1.map { [$0] } ?? [] }
    }
    #expect(failures == [])
    let ledgers = try hub.refs().filter { $0.key.hasPrefix("refs/weave/public/ledger/") }
    #expect(ledgers.count == clones)
    for colleague in colleagues {
      try colleague.weave("pull")
      #expect(try colleague.events().count == clones * pushes)
    }
    try colleagues[0].check()
  }

  @Test("clones that add projects at the same time end with all of them")
  func manifest() async throws {
    let lab = try Lab()
    try lab.weave("init")
    for number in 1...6 { _ = try lab.makeSource("project-\(number)") }
    try lab.share()
    let colleagues = try (1...6).map { try lab.colleague("clone-\($0)") }
    let failures = await withTaskGroup(of: String?.self) { group in
      for (place, colleague) in colleagues.enumerated() {
        group.addTask {
          do {
            let name = "project-\(place + 1)"
            try colleague.weave("project", "add", name, lab.source(name).path)
            try colleague.weave("push")
            return nil
          } catch { return "\(place): \(error)" }
        }
      }
      return await group.reduce(into: [String]()) { $0 += $1.map { [$0] } ?? [] }
    }
    #expect(failures == [])
    try lab.weave("pull")
    #expect(try lab.weave("project", "list").split(separator: "\n").count == 7)
  }
}
