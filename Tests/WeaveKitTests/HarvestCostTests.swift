import Git
import TestSupport
import Testing
import WeaveFormats

@testable import WeaveKit

@Suite("What a harvest costs")
struct HarvestCostTests {
  private let directory: TemporaryDirectory
  private let sources: TestRepository

  init() throws {
    directory = try TemporaryDirectory()
    sources = try TestRepository.create(at: directory.path + "/sources", bare: true)
  }

  private static let repos = "repositories:\n  telperion:\n    type: git\n    url: /t\n    version: \(id)\n"
  private static let id = String(repeating: "1", count: 40)

  private func blob(_ content: String) throws -> String {
    try sources.git(["hash-object", "-w", "--stdin"], input: Array(content.utf8))
  }

  private func trees(_ contents: [String]) throws -> [ObjectID] {
    let made = try sources.git(
      ["mktree", "--batch"], input: Array(contents.joined(separator: "\n\n").appending("\n\n").utf8))
    return try made.split(separator: "\n").map { try #require(ObjectID(hex: String($0))) }
  }

  /// A tree with a file in each of `depth` directories, one in another.
  private func deep(_ depth: Int) throws -> ObjectID {
    let file = try blob(Self.repos)
    var tree = try #require(trees(["100644 blob \(file)\tx.repos"]).first)
    for _ in 1..<depth {
      tree = try #require(trees(["040000 tree \(tree)\td\n100644 blob \(file)\tx.repos"]).first)
    }
    return tree
  }

  /// Trees with `deep` in it, and a file beside it that differs in each.
  private func trees(above deep: ObjectID, _ count: Int) throws -> [ObjectID] {
    let readme = try blob("read me")
    return try trees((0..<count).map { "040000 tree \(deep)\td\n100644 blob \(readme)\tREADME\($0)" })
  }

  @Test("directories that are the same in each commit are looked into once")
  func sameDirectories() throws {
    let trees = try trees(above: deep(150), 300)
    let repository = try Repository.open(at: sources.path)
    var reader = try PinReader(repository, source: sources.path, tip: trees[0])
    var numbers: [Int] = []
    let seconds = try cpuSeconds { numbers = try trees.map { try reader.number(of: $0) } }
    #expect(Set(numbers) == [1])
    #expect(reader.readings[1].pins.count == 150)
    #expect(seconds < 1)
  }

  @Test("what changes by turns is looked into once for each content")
  func turns() throws {
    let (one, other) = (try deep(100), try deep(101))
    let (ones, others) = (try trees(above: one, 150), try trees(above: other, 150))
    let repository = try Repository.open(at: sources.path)
    var reader = try PinReader(repository, source: sources.path, tip: others[0])
    var numbers: [Int] = []
    let seconds = try cpuSeconds {
      for (one, other) in zip(ones, others) {
        numbers += [try reader.number(of: one), try reader.number(of: other)]
      }
    }
    #expect(Set(numbers) == [1, 2])
    #expect(seconds < 1)
  }

  @Test("a tree that stood before has the number that it had")
  func sameTree() throws {
    let tree = try #require(trees(above: deep(30), 1).first)
    var reader = try PinReader(Repository.open(at: sources.path), source: sources.path, tip: tree)
    let number = try reader.number(of: tree)
    let seconds = try cpuSeconds {
      for _ in 0..<20_000 where try reader.number(of: tree) != number { Issue.record("another number") }
    }
    #expect(seconds < 2)
  }

  @Test("files whose content stays are not read again where one beside them changes")
  func oneOfMany() throws {
    let large = try blob(Self.repos + String(repeating: "# more\n", count: 8_000))
    let files = (0..<20).map { "100644 blob \(large)\tl\($0).repos\n" }.joined()
    let small = try (0..<30).map { try blob(Self.repos + "# \($0)\n") }
    let trees = try trees(small.map { files + "100644 blob \($0)\tx.repos" })
    var reader = try PinReader(Repository.open(at: sources.path), source: sources.path, tip: trees[0])
    let once = try cpuSeconds { _ = try reader.number(of: trees[0]) }
    let more = try cpuSeconds { for tree in trees.dropFirst() { _ = try reader.number(of: tree) } }
    #expect(reader.readings.count == 31)
    #expect(more < once * 5)
  }

  @Test("paths are bounded by their depths together, and that is told")
  func depths() throws {
    let trees = try trees(above: deep(500), 1)
    let reader = try PinReader(Repository.open(at: sources.path), source: sources.path, tip: trees[0])
    #expect(reader.isCutShort)
  }

  @Test("one blob in many directories is read up to a bound on the whole tree, and that is told")
  func oneBlobEverywhere() throws {
    let large = try blob("x" + String(repeating: " ", count: 3 << 20))
    let below = try #require(trees(["100644 blob \(large)\tflake.lock"]).first)
    let tree = try #require(
      trees([(10..<40).map { "040000 tree \(below)\td\($0)" }.joined(separator: "\n")]).first)
    var reader = try PinReader(Repository.open(at: sources.path), source: sources.path, tip: tree)
    let number = try reader.number(of: tree)
    let problems = reader.readings[number].problems
    #expect(problems.count == 7)
    #expect(problems.last?.contains("more than 16 MiB") == true)
  }

  @Test(
    "of a file that is another in each commit, so many versions are read as come to a bound, the newest ones")
  func versions() throws {
    let readme = try (0..<20).map { try blob(Self.repos + "# \($0)" + String(repeating: " x", count: 4_000)) }
    let trees = try trees(readme.map { "100644 blob \($0)\tx.repos" })
    let repository = try Repository.open(at: sources.path)
    var reader = try PinReader(repository, source: sources.path, tip: trees[0], mostHistoryWork: 500_000)
    let numbers = try trees.map { try reader.number(of: $0) }
    let pinning = numbers.prefix { !reader.readings[$0].pins.isEmpty }
    #expect((4...7).contains(pinning.count))
    #expect(PinReader.mostHistoryWork == 128 << 20)
    #expect(reader.isExhausted)
    #expect(numbers.dropFirst(pinning.count).allSatisfy { reader.readings[$0].pins.isEmpty })
    #expect(
      reader.readings[numbers[19]].problems == ["x.repos is not read: the newer versions were too much"])
  }

  @Test("of the problems of files that have others in each commit a bounded number is kept")
  func manyProblems() throws {
    let files = try (0..<30).map { version in
      let projects = (0..<150).map {
        "  n\(version)x\($0):\n    type: \(version)-\($0)-\(String(repeating: "x", count: 900))\n"
      }
      return try blob("repositories:\n" + projects.joined())
    }
    let trees = try trees(files.map { "100644 blob \($0)\tx.repos" })
    var reader = try PinReader(Repository.open(at: sources.path), source: sources.path, tip: trees[0])
    let numbers = try trees.map { try reader.number(of: $0) }
    let remarks = numbers.flatMap { reader.readings[$0].remarks }
    #expect(remarks.reduce(0) { $0 + $1.utf8.count } < 300_000 && remarks.count > 100)
    #expect(reader.told.untold + remarks.count == 30 * 100 + 1)
  }

  @Test("a paragraph of lines that look like trailers takes some milliseconds at most")
  func trailerLines() {
    let message = Array(
      ("subject\n\n" + String(repeating: "a:\n", count: 2_600) + "Weave-With: q@aaaa\n").utf8)
    let seconds = fastest(within: 1) {
      cpuSeconds { for _ in 0..<50 { #expect(CommitTrailers.pins(inMessage: message).isEmpty) } }
    }
    #expect(seconds < 1)
  }

  @Test("of thousands of gitlinks that move in each commit, so many are read as come to a bound")
  func movingGitlinks() throws {
    let links = (0..<3_000).map { "160000 commit \(String(format: "%040x", $0 + 1))\tl\($0)" }
    let trees = try trees(
      (0..<6).map { number in
        (links + ["160000 commit \(String(format: "%040x", 9_000 + number))\tz"]).joined(separator: "\n")
      })
    let repository = try Repository.open(at: sources.path)
    var reader = try PinReader(repository, source: sources.path, tip: trees[0], mostHistoryEntries: 10_000)
    let numbers = try trees.map { try reader.number(of: $0) }
    #expect(numbers.map { reader.readings[$0].pins.count } == [3_001, 3_001, 3_001, 0, 0, 0])
    #expect(reader.isExhausted)
  }
}
