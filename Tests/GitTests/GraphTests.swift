import Foundation
import Git
import Testing

@Suite("Graph and revisions")
struct GraphTests {
  let scratch: Scratch
  init() throws { scratch = try Scratch() }

  /// 120 commits, every fifth a merge of one some way back; dates that do not always go forward.
  private func history(_ repository: Repository) throws -> [ObjectID] {
    var ids: [ObjectID] = []
    for index in 0..<120 {
      var parents = index == 0 ? [] : [ids[max(0, index - 1 - index % 3)]]
      if index % 5 == 4, ids[index / 2] != parents[0] { parents.append(ids[index / 2]) }
      ids.append(
        try repository.commit("\(index)", parents: parents, after: Int64(index * 60 - index % 7 * 100)))
    }
    try repository.updateReference("refs/heads/main", to: ids[119], expecting: nil, log: "")
    return ids
  }

  private func drain(_ cursor: consuming CommitCursor) throws -> [ObjectID] {
    var cursor = cursor
    var ids: [ObjectID] = []
    while let id = try cursor.next() { ids.append(id) }
    #expect(try cursor.next() == nil)
    return ids
  }

  @Test(
    "the commits down to one are found by their parents, and not where a way leads past it, or they are many")
  func downTo() throws {
    let repository = try scratch.bare()
    let root = try repository.commit("0", parents: [], after: 1_000)
    let base = try repository.commit("base", parents: [root], after: 1_060)
    let one = try repository.commit("1", parents: [base], after: 0)
    let other = try repository.commit("2", parents: [base], after: 3)
    let tip = try repository.commit("tip", parents: [one, other], after: 2)
    #expect(try repository.commits(from: tip, downTo: base, atMost: 3).map(Set.init) == [tip, one, other])
    #expect(try repository.commits(from: tip, downTo: base, atMost: 2) == nil)
    #expect(try repository.commits(from: base, downTo: base, atMost: 0) == [])
    #expect(try repository.commits(from: root, downTo: base, atMost: 9) == nil)
    let past = try repository.commit("past", parents: [tip, root], after: 4)
    #expect(try repository.commits(from: past, downTo: base, atMost: 9) == nil)
  }

  @Test("which of some commits tips reach is the same for a few and for many", arguments: [3, 60])
  func reachableAmong(count: Int) throws {
    let repository = try scratch.bare()
    let ids = try history(repository)
    let tip = ids[70]
    let asked = Set(ids.suffix(ids.count - 70 + count / 2).prefix(count))
    let wanted = try asked.filter { try repository.isReachable($0, from: [tip]) }
    #expect(try repository.reachable(among: asked, from: [tip]) == wanted)
    #expect(!wanted.isEmpty && wanted != asked)
    #expect(try repository.reachable(among: asked, from: []).isEmpty)
  }

  @Test("a walk gives what git rev-list gives, in every order")
  func walks() throws {
    let repository = try scratch.bare()
    let ids = try history(repository)
    func stock(_ arguments: String...) throws -> [ObjectID] {
      try scratch.lines(["rev-list"] + arguments, in: "bare.git").map { try #require(ObjectID(hex: $0)) }
    }
    let (tip, base) = (ids[119], ids[70])
    #expect(Set(try drain(repository.commits(from: [tip]))) == Set(try stock("\(tip)")))
    #expect(
      Set(try drain(repository.commits(from: [tip], hiding: [base]))) == Set(try stock("\(tip)", "^\(base)")))
    #expect(try drain(repository.commits(from: [tip], order: .time)).count == stock("\(tip)").count)
    #expect(
      try drain(repository.commits(from: [tip], order: .firstParent)) == stock("--first-parent", "\(tip)"))
    let topological = try drain(repository.commits(from: [tip], order: .topological))
    #expect(Set(topological) == Set(try stock("\(tip)")))
    var shown: Set<ObjectID> = []
    for id in topological {
      shown.insert(id)
      #expect(try repository.commit(id).parents.allSatisfy { !shown.contains($0) })
    }
    #expect(try drain(repository.commits(from: [])).isEmpty)
  }

  @Test("ahead and behind are what git rev-list --left-right counts")
  func aheadBehind() throws {
    let repository = try scratch.bare()
    let ids = try history(repository)
    for (left, right) in [(119, 70), (70, 119), (118, 117), (50, 50), (119, 0), (117, 103)] {
      let (ahead, behind) = try repository.aheadBehind(ids[left], ids[right])
      let range = "\(ids[left])...\(ids[right])"
      #expect(
        try scratch.line("rev-list", "--left-right", "--count", range, in: "bare.git")
          == "\(ahead)\t\(behind)")
    }
    let other = try repository.commit("unrelated")
    let (ahead, behind) = try repository.aheadBehind(ids[0], other)
    #expect(ahead == 1 && behind == 1)
  }

  @Test("a commit is its own ancestor, and its parents' descendant only")
  func ancestors() throws {
    let repository = try scratch.bare()
    let one = try repository.commit("one")
    let two = try repository.commit("two", parents: [one])
    #expect(try repository.isAncestor(one, of: two))
    #expect(try repository.isAncestor(one, of: one))
    #expect(try !repository.isAncestor(two, of: one))
    let absent = try #require(ObjectID(bytes: Array(1...20)))
    #expect(code { _ = try repository.isAncestor(one, of: absent) } == .notFound)
    #expect(code { _ = try repository.isAncestor(absent, of: absent) } == .notFound)
  }

  @Test("annotated tags are kept by resolve and followed by peel")
  func tags() throws {
    let repository = try scratch.checkout()
    try scratch.git("tag", "-a", "-m", "t", "v1", in: "work")
    try scratch.git("tag", "-a", "-m", "t", "v2", "v1", in: "work")
    try scratch.git("tag", "-a", "-m", "t", "tree", "HEAD^{tree}", in: "work")
    let head = try #require(try repository.resolve("HEAD"))
    let tag = try #require(try repository.resolve("refs/tags/v2"))
    #expect(try repository.kind(of: tag) == .tag)
    #expect(try repository.peelToCommit(tag) == head)
    #expect(try repository.peelToCommit(head) == head)
    #expect(
      code { _ = try repository.peelToCommit(try #require(try repository.resolve("refs/tags/tree"))) }
        == .wrongKind)
    #expect(code { _ = try repository.peelToCommit(repository.commit(head).tree) } == .wrongKind)
    #expect(code { _ = try repository.peelToCommit(.zero) } == .notFound)
  }

  @Test("a revision is what git rev-parse makes of it")
  func revisions() throws {
    let repository = try scratch.checkout()
    try scratch.git("commit", "-q", "--allow-empty", "-m", "second", in: "work")
    try scratch.git("tag", "-a", "-m", "t", "v1", in: "work")
    for text in [
      "HEAD", "trunk", "HEAD~1", "HEAD^{tree}", "v1", "v1^{commit}", "HEAD:README", "refs/heads/trunk",
    ] {
      #expect(try repository.resolveRevision(text) == scratch.id("rev-parse", text, in: "work"))
    }
    #expect(code { _ = try repository.resolveRevision("nothing") } == .notFound)
    #expect(code { _ = try repository.resolveRevision("HEAD\0x") } == .invalidSpec)
  }

  @Test("a shortened id finds its one object")
  func prefixes() throws {
    let repository = try scratch.bare()
    // Two blobs whose ids share their first four digits, found by writing many.
    var firsts: [String: ObjectID] = [:]
    var pair: (ObjectID, ObjectID)?
    for index in 0... {
      let id = try repository.writeBlob(Array("\(index)".utf8))
      if let first = firsts.updateValue(id, forKey: String("\(id)".prefix(4))) {
        pair = (first, id)
        break
      }
    }
    let (left, right) = try #require(pair)
    #expect(code { _ = try repository.object(withPrefix: String("\(left)".prefix(4))) } == .ambiguous)
    #expect(try repository.object(withPrefix: String("\(left)".prefix(12))) == left)
    #expect(try repository.object(withPrefix: "\(right)".uppercased()) == right)
    #expect(code { _ = try repository.object(withPrefix: "\(left)".prefix(11) + "x") } == .invalidSpec)
    #expect(code { _ = try repository.object(withPrefix: "abc") } == .ambiguous)
    #expect(code { _ = try repository.object(withPrefix: "0000000000") } == .notFound)
  }
}
