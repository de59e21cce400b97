import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("What is small in a pack, and what commands multiply it with", .inProcess)
struct MultiplicationTests {
  let lab: Lab
  let hub: PushedRecords

  init() throws {
    lab = try Self.template.copy()
    hub = try PushedRecords(lab.share(), of: lab)
  }

  private static let template = LabTemplate {
    let lab = try Lab.threeProjects()
    for project in ["telperion", "laurelin"] { try lab.weave("fetch", project) }
    return lab
  }

  private func store(machines count: Int) throws {
    try lab.constellation(
      "constellation: many\nprojects: { telperion: {} }\nroles: { r: { projects: [telperion] } }\n"
        + "machines: { \"m[10001:\(10_000 + count)]\": { roles: [r] } }\n")
    try lab.weave("push")
  }

  private func names(_ count: Int) -> [String] { (10_001...(10_000 + count)).map { "m\($0)" } }

  private func lines(_ tag: String) throws -> String { "telperion \(try lab.id("telperion@\(tag)"))\n" }

  private func bytes(_ arguments: [String]) throws -> Int {
    let result = try lab.run(arguments)
    #expect(result.status == 0, "\(arguments): \(result.stderr)")
    return result.stdout.utf8.count + result.stderr.utf8.count
  }

  @Test(
    "twice the machines and twice the revocations are twice as much to read of how machines stand, not four times"
  )
  func statusOfRevoked() throws {
    let forms = [[], ["--format", "markdown"], ["--format", "junit"], ["--json"]].map {
      ["status", "-c", "many"] + $0
    }
    var sizes: [[Int]] = []
    for count in [40, 80] {
      try store(machines: count)
      try hub.observe(count == 40 ? names(40) : Array(names(80).suffix(40)), lines("v1"))
      try hub.revoke([lab.memberLine("telperion@v1")], because: (0..<40).map { "r\($0)" })
      try lab.weave("pull")
      sizes.append(try forms.map(bytes))
    }
    for (form, (once, twice)) in zip(forms, zip(sizes[0], sizes[1])) {
      #expect(Double(twice) < 2.6 * Double(once), "\(form)")
    }
  }

  @Test("of very many machines that very many revocations affect, affected names 100,000, and all of one")
  func affected() throws {
    struct Document: Decodable {
      let revocations: [Affected]
      struct Affected: Decodable {
        let running: [Running]
        let moreRunning: Int?
        let wanted: [Wanted]
      }
      struct Running: Decodable { let machine: String }
      struct Wanted: Decodable {
        let machines: [String]
        let moreMachines: Int?
      }
    }
    try store(machines: 1_500)
    try hub.lock("many", names(1_500), [lines("v1")])
    try hub.observe(["m10001"], lines("v1"))
    try hub.revoke([lab.memberLine("telperion@v1")], because: (0..<100).map { "r\($0)" })
    try lab.weave("pull")
    let found = try JSONDecoder().decode(Document.self, from: Data(lab.weave("affected", "--json").utf8))
      .revocations
    #expect(found.count == 100)
    #expect(found.allSatisfy { $0.running.map(\.machine) == ["m10001"] && $0.moreRunning == nil })
    #expect(found.allSatisfy { $0.wanted[0].machines.count + ($0.wanted[0].moreMachines ?? 0) == 1_500 })
    let named = found.reduce(0) { $0 + $1.wanted[0].machines.count }
    #expect((90_000...100_000).contains(named))
    let text = try lab.run("affected")
    #expect(text.stdout.contains(" more (many)"))
    let id = try #require(text.stderr.firstMatch(of: /weave affected ([0-9a-f]+)/)?.1)
    #expect(try lab.weave("affected", String(id)).split(separator: "m1").count > 1_500)
  }

  @Test(
    "of very many machines in very many locks, reverse names those of the lock in force, and 100,000 of the others"
  )
  func reverse() throws {
    struct Document: Decodable {
      let locks: [Lock]
      struct Lock: Decodable {
        let machineCount: Int
        let machines: [String]
      }
    }
    try store(machines: 3_000)
    let line = try lines("v1")
    try hub.lock(
      "many", names(3_000), (0..<50).map { "a\($0) \(String(repeating: "1", count: 40))\n" + line })
    try lab.weave("pull")
    let document = try lab.weave("reverse", "telperion@v1", "--json")
    let locks = try JSONDecoder().decode(Document.self, from: Data(document.utf8)).locks
    #expect(locks.map(\.machineCount) == Array(repeating: 3_000, count: 50))
    #expect(locks[0].machines.count == 3_000)
    #expect(locks.dropFirst().allSatisfy { (1_000..<3_000).contains($0.machines.count) })
    #expect(locks.dropFirst().reduce(0) { $0 + $1.machines.count } <= 100_000)
    #expect(try lab.weave("reverse", "telperion@v1").contains(" more\n"))
  }

  @Test(
    "a list of locks has the first of the commits that only their makers had, and how many more there are")
  func localCommits() throws {
    struct Document: Decodable {
      let locks: [Lock]
      struct Lock: Decodable {
        let local: [Member]
        let moreLocal: Int?
      }
      struct Member: Decodable { let project: String }
    }
    try store(machines: 1)
    let local = (0..<1_000).map {
      "Weave-Local: telperion \(String(1_000_000 + $0))\(String(repeating: "0", count: 33))\n"
    }
    try hub.lock("many", names(1), Array(repeating: lines("v1"), count: 3), trailers: local.joined())
    try lab.weave("pull")
    let document = try lab.weave("lock", "-c", "many", "--list", "--json")
    let locks = try JSONDecoder().decode(Document.self, from: Data(document.utf8)).locks
    #expect(locks.map(\.local.count) == [20, 20, 20])
    #expect(locks.map(\.moreLocal) == [980, 980, 980])
    #expect(try lab.weave("lock", "-c", "many", "--show").split(separator: "\nlocal ").count == 1_001)
  }

  private static func commits(_ count: Int) -> String {
    (0..<count).map { "p\(String(1_000_000 + $0)) \(String(repeating: "1", count: 40))\n" }.joined()
  }

  @Test("sets that hold the same are read once, and a list of them all has 250,000 commits")
  func sets() throws {
    struct Document: Decodable {
      let sets: [Named]
      struct Named: Decodable {
        let commits: [Member]
        let moreCommits: Int?
      }
      struct Member: Decodable { let project: String }
    }
    try hub.name((0..<100).map { "s\($0)" }, Self.commits(4_000))
    try hub.name(["small"], Self.commits(2))
    try lab.weave("pull")
    let document = try lab.weave("set", "list", "--json")
    let sets = try JSONDecoder().decode(Document.self, from: Data(document.utf8)).sets
    #expect(sets.count == 101)
    #expect(sets.map(\.commits.count).min() == 2)
    #expect((240_000...250_000).contains(sets.reduce(0) { $0 + $1.commits.count }))
    #expect(
      sets.allSatisfy { $0.commits.count + ($0.moreCommits ?? 0) == ($0.commits.count == 2 ? 2 : 4_000) })
  }

  @Test("of sets that are too much together the smallest are taken, and the others are named")
  func excessSets() throws {
    try hub.name((0..<40).map { "s\($0)" }, Self.commits(80_000))
    try hub.name(["small"], Self.commits(2))
    let pull = try lab.run("pull")
    #expect(pull.status == 0)
    #expect(pull.stderr.contains("all sets have more than 128 MiB"), "\(pull.stderr)")
    let sets = try lab.store.git("for-each-ref", "--format=%(refname)", "refs/weave/public/sets")
    #expect(sets.contains("sets/small"))
    #expect((20..<40).contains(sets.split(separator: "\n").count))
  }
}
