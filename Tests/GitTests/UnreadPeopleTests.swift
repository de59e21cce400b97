import Foundation
import Git
import TestSupport
import Testing

/// What stands in the place of author and committer, or of the tagger, that Git takes and libgit2 does not.
private let unreadPeople = ["A <a@example.org> 99999999999999999999 +0000", "A a@example.org 1 +0000"]

@Suite("A history with commits whose people libgit2 does not read")
struct UnreadPeopleTests {
  let scratch: Scratch
  init() throws { scratch = try Scratch() }

  private func unread(_ person: String, _ parents: [ObjectID]) throws -> ObjectID {
    let lines = parents.map { "parent \($0)\n" }.joined() + "author \(person)\ncommitter \(person)\n"
    let bytes = Array("tree \(ObjectID.emptyTree)\n\(lines)\nbad \(parents.count)\n".utf8)
    return try scratch.id(
      "hash-object", "-t", "commit", "-w", "--stdin", "--literally", in: "bare.git", input: bytes)
  }

  /// 90 commits, every fifth a merge of one some way back; every `seventh` cannot be read.
  private func history(_ person: String, in repository: Repository) throws -> [ObjectID] {
    var ids: [ObjectID] = []
    for index in 0..<90 {
      var parents = index == 0 ? [] : [ids[max(0, index - 1 - index % 3)]]
      if index % 5 == 4, ids[index / 2] != parents[0] { parents.append(ids[index / 2]) }
      ids.append(
        try index % 7 == 6
          ? unread(person, parents)
          : repository.commit("\(index)", parents: parents, after: Int64(index * 60)))
    }
    try repository.updateReference("refs/heads/main", to: ids[89], expecting: nil, log: "")
    return ids
  }

  private func drain(_ cursor: consuming CommitCursor) throws -> [ObjectID] {
    var cursor = cursor
    var ids: [ObjectID] = []
    while let id = try cursor.next() { ids.append(id) }
    #expect(try cursor.next() == nil)
    return ids
  }

  private func ancestors(of tip: ObjectID, _ repository: Repository) throws -> Set<ObjectID> {
    var (pending, seen) = ([tip], Set([tip]))
    while let id = pending.popLast() {
      pending += try repository.parents(of: id).filter { seen.insert($0).inserted }
    }
    return seen
  }

  @Test("is walked in every order, each commit once", arguments: unreadPeople)
  func walks(person: String) throws {
    let repository = try scratch.bare()
    let ids = try history(person, in: repository)
    func stock(_ arguments: String...) throws -> [ObjectID] {
      try scratch.lines(["rev-list"] + arguments, in: "bare.git").map { try #require(ObjectID(hex: $0)) }
    }
    // The last, a commit that cannot be read, and one above it.
    for tip in [ids[89], ids[83], ids[84]] {
      for order in [WalkOrder.any, .time, .topological] {
        let walked = try drain(repository.commits(from: [tip], order: order))
        let wanted = try stock("\(tip)")
        #expect(walked.count == wanted.count && Set(walked) == Set(wanted), "\(order)")
        for base in [ids[40], ids[41], ids[76]] {
          let walked = try drain(repository.commits(from: [tip, ids[60]], hiding: [base], order: order))
          let wanted = try stock("\(tip)", "\(ids[60])", "^\(base)")
          #expect(walked.count == wanted.count && Set(walked) == Set(wanted), "\(order)")
          guard order == .topological else { continue }
          var shown: Set<ObjectID> = []
          for id in walked {
            shown.insert(id)
            #expect(try repository.parents(of: id).allSatisfy { !shown.contains($0) })
          }
        }
      }
      #expect(
        try drain(repository.commits(from: [tip], order: .firstParent)) == stock("--first-parent", "\(tip)"))
    }
  }

  @Test("is compared as Git compares it", arguments: unreadPeople)
  func comparisons(person: String) throws {
    let repository = try scratch.bare()
    let ids = try history(person, in: repository)
    for (left, right) in [(89, 40), (41, 89), (88, 87), (50, 50), (89, 0), (87, 73), (76, 77), (6, 5)] {
      // Git itself may count wrongly here, as such a commit has the date 0 for it.
      let (ours, theirs) = try (ancestors(of: ids[left], repository), ancestors(of: ids[right], repository))
      #expect(
        try repository.aheadBehind(ids[left], ids[right])
          == (ours.subtracting(theirs).count, theirs.subtracting(ours).count), "\(left) \(right)")
      let bases = try scratch.lines(["merge-base", "--all", "\(ids[left])", "\(ids[right])"], in: "bare.git")
      let base = try #require(try repository.mergeBase(ids[left], ids[right]))
      #expect(bases.contains("\(base)"), "\(left) \(right)")
      #expect(try repository.isAncestor(ids[right], of: ids[left]) == bases.contains("\(ids[right])"))
    }
    let alone = try unread(person, [])
    #expect(try repository.mergeBase(alone, ids[89]) == nil)
    #expect(try repository.aheadBehind(alone, ids[0]) == (1, 1))
  }

  @Test("has the same parents and trees by revisions", arguments: unreadPeople)
  func revisions(person: String) throws {
    let repository = try scratch.bare()
    let ids = try history(person, in: repository)
    let tip = ids[83]
    for suffix in ["~1", "~", "^", "^1", "^0", "~3^{commit}", "^{tree}", "^{}", "~2^{tree}", "^^~2"] {
      let stock = try scratch.id("rev-parse", "--verify", "\(tip)\(suffix)", in: "bare.git")
      #expect(try repository.object(at: Substring(suffix), of: tip) == stock, "\(suffix)")
    }
    for suffix in ["^3", "~100", "^~~^9"] {
      #expect(try repository.object(at: Substring(suffix), of: tip) == nil, "\(suffix)")
    }
  }

  @Test("a tag leads to its commit, whoever its tagger is", arguments: unreadPeople)
  func tags(person: String) throws {
    let repository = try scratch.bare()
    let commit = try unread(person, [])
    func tag(_ target: ObjectID, _ type: String) throws -> ObjectID {
      let bytes = Array("object \(target)\ntype \(type)\ntag t\ntagger \(person)\n\nm\n".utf8)
      return try scratch.id(
        "hash-object", "-t", "tag", "-w", "--stdin", "--literally", in: "bare.git", input: bytes)
    }
    let one = try tag(commit, "commit")
    let two = try tag(one, "tag")
    #expect(try repository.peelToCommit(two) == commit)
    #expect(try scratch.id("rev-parse", "\(two)^{commit}", in: "bare.git") == commit)
    #expect(try repository.object(at: "^0", of: two) == commit)
    // As Git, which does not take it either.
    let wrong = try tag(commit, "tree")
    #expect(code { _ = try repository.peelToCommit(wrong) } == .malformed)
    #expect(try repository.peelIfCommit(wrong) == wrong)
    let absent = try #require(ObjectID(bytes: Array(1...20)))
    #expect(try code { _ = try repository.peelToCommit(tag(absent, "commit")) } == .notFound)
  }
}
