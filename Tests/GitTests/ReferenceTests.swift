import Foundation
import Git
import Testing

@Suite("References")
struct ReferenceTests {
  let scratch: Scratch
  init() throws { scratch = try Scratch() }

  @Test("a reference is made, moved and deleted only from what the caller saw")
  func compareAndSwap() throws {
    let repository = try scratch.bare()
    let name = "refs/weave/public/ledger/joe"
    let (one, two) = (try repository.commit("one"), try repository.commit("two"))
    try repository.updateReference(name, to: one, expecting: nil, log: "made")
    #expect(try repository.resolve(name) == one)
    try repository.updateReference(name, to: two, expecting: one, log: "moved")
    #expect(try scratch.id("rev-parse", name, in: "bare.git") == two)
    try repository.deleteReference(name, expecting: two)
    #expect(try repository.reference(name) == nil)
    #expect(try repository.resolve(name) == nil)
  }

  @Test("a lost race for a ref is an error and changes nothing", arguments: [false, true])
  func lostRace(packed: Bool) throws {
    let repository = try scratch.bare()
    let name = "refs/weave/x"
    let (one, two) = (try repository.commit("one"), try repository.commit("two"))
    #expect(code { try repository.updateReference(name, to: two, expecting: one, log: "") } == .modified)
    #expect(try repository.reference(name) == nil)
    try scratch.git("update-ref", name, "\(one)", in: "bare.git")
    if packed { try scratch.git("pack-refs", "--all", in: "bare.git") }
    #expect(code { try repository.updateReference(name, to: two, expecting: nil, log: "") } == .exists)
    #expect(code { try repository.updateReference(name, to: one, expecting: two, log: "") } == .modified)
    #expect(code { try repository.deleteReference(name, expecting: two) } == .modified)
    #expect(try scratch.id("rev-parse", name, in: "bare.git") == one)
    try repository.updateReference(name, to: two, expecting: one, log: "")
    #expect(try scratch.id("rev-parse", name, in: "bare.git") == two)
  }

  @Test("of many writers that race for a ref, each step is won by one")
  func race() async throws {
    let path = try scratch.bare().gitDirectory
    let name = "refs/weave/counter"
    let wins = try await withThrowingTaskGroup(of: Int.self) { group in
      for writer in 0..<4 {
        group.addTask {
          let repository = try Repository.open(at: path)
          var wins = 0
          while wins < 10 {
            let old = try repository.resolve(name)
            let next = try repository.commit("\(writer) \(wins)", parents: old.map { [$0] } ?? [])
            do {
              try repository.updateReference(name, to: next, expecting: old, log: "")
              wins += 1
            } catch let error as GitError where [.modified, .exists, .locked].contains(error.code) {}
          }
          return wins
        }
      }
      return try await group.reduce(0, +)
    }
    #expect(wins == 40)
    #expect(try scratch.line("rev-list", "--count", name, in: "bare.git") == "40")
  }

  @Test("a reference whose lock file exists is locked, and stays")
  func locked() throws {
    let repository = try scratch.bare()
    let one = try repository.commit("one")
    try repository.updateReference("refs/heads/main", to: one, expecting: nil, log: "")
    try scratch.write("", to: "bare.git/refs/heads/main.lock")
    let two = try repository.commit("two")
    #expect(
      code { try repository.updateReference("refs/heads/main", to: two, expecting: one, log: "") } == .locked)
    #expect(code { try repository.deleteReference("refs/heads/main", expecting: one) } == .locked)
    #expect(try repository.resolve("refs/heads/main") == one)
  }

  @Test("a reference to an object that is not stored, or with a bad name, is refused")
  func badTargets() throws {
    let repository = try scratch.bare()
    let absent = try #require(ObjectID(bytes: Array(1...20)))
    let one = try repository.commit("one")
    #expect(code { try repository.updateReference("refs/x", to: absent, expecting: nil, log: "") } != nil)
    for name in ["refs/a..b", "refs/x.lock", "refs/x\0y", "bad name"] {
      #expect(code { try repository.updateReference(name, to: one, expecting: nil, log: "") } == .invalidSpec)
    }
    try repository.updateReference("refs/a", to: one, expecting: nil, log: "")
    #expect(code { try repository.updateReference("refs/a/b", to: one, expecting: nil, log: "") } == .exists)
    try repository.updateReference("refs/c/d", to: one, expecting: nil, log: "")
    #expect(code { try repository.updateReference("refs/c", to: one, expecting: nil, log: "") } == .exists)
  }

  @Test("a zero-length reference file is an error that names it", arguments: ["", "deadbeef\n"])
  func emptyFile(content: String) throws {
    let repository = try scratch.bare()
    try repository.updateReference("refs/weave/good", to: repository.commit("m"), expecting: nil, log: "")
    try scratch.write(content, to: "bare.git/refs/weave/broken")
    for read in [
      { _ = try repository.reference("refs/weave/broken") },
      { _ = try repository.resolve("refs/weave/broken") },
      { _ = try repository.references(matching: "refs/weave/*") },
    ] {
      do {
        try read()
        Issue.record("a broken reference was read")
      } catch let error as GitError {
        #expect("\(error)".contains("refs/weave/broken"))
      }
    }
    #expect(try repository.references(matching: "refs/heads/*").isEmpty)
  }

  @Test("references are listed sorted, packed and loose as one")
  func listing() throws {
    let repository = try scratch.bare()
    let (one, two) = (try repository.commit("one"), try repository.commit("two"))
    for name in ["b", "a/x", "a-b", "Z"] {
      try repository.updateReference("refs/weave/\(name)", to: one, expecting: nil, log: "")
    }
    try scratch.git("pack-refs", "--all", in: "bare.git")
    try repository.updateReference("refs/weave/b", to: two, expecting: one, log: "")
    try repository.updateReference("refs/weave/c", to: two, expecting: nil, log: "")
    try repository.setSymbolicReference("refs/weave/head", to: "refs/weave/nowhere")
    let listed = try repository.references(matching: "refs/weave/*")
    #expect(listed.map(\.name) == ["Z", "a-b", "a/x", "b", "c", "head"].map { "refs/weave/" + $0 })
    #expect(
      listed.map(\.target) == [
        .direct(one), .direct(one), .direct(one), .direct(two), .direct(two), .symbolic("refs/weave/nowhere"),
      ])
    #expect(try repository.resolve("refs/weave/head") == nil)
  }

  @Test("HEAD without commits is symbolic, unborn and resolves to nothing")
  func unbornHead() throws {
    let repository = try scratch.bare()
    #expect(repository.isHeadUnborn)
    #expect(try repository.reference("HEAD")?.target == .symbolic("refs/heads/main"))
    #expect(try repository.resolve("HEAD") == nil)
    try repository.updateReference("refs/heads/main", to: repository.commit("m"), expecting: nil, log: "")
    #expect(!repository.isHeadUnborn)
    #expect(try repository.resolve("HEAD") == repository.resolve("refs/heads/main"))
    try repository.setSymbolicReference("HEAD", to: "refs/heads/other")
    #expect(try scratch.line("symbolic-ref", "HEAD", in: "bare.git") == "refs/heads/other")
    #expect(repository.isHeadUnborn)
  }

  @Test("an update does not replace a symbolic reference")
  func symbolicIsKept() throws {
    let repository = try scratch.bare()
    let (one, two) = (try repository.commit("one"), try repository.commit("two"))
    try repository.updateReference("refs/heads/main", to: one, expecting: nil, log: "")
    #expect(code { try repository.updateReference("HEAD", to: two, expecting: one, log: "") } == .modified)
    #expect(code { try repository.updateReference("HEAD", to: two, expecting: nil, log: "") } == .exists)
    #expect(try repository.reference("HEAD")?.target == .symbolic("refs/heads/main"))
  }
}
