import Git
import TestSupport
import Testing
import WeaveModel
import WeaveStore

@Suite("Keep chains") struct KeepChainTests {
  @Test("a kept commit outlives its branch and git gc --prune=now")
  func outlives() throws {
    let fixture = try StoreFixture()
    _ = try fixture.source.commit("root")
    try fixture.source.git("checkout", "--quiet", "-b", "topic")
    let doomed = try fixture.source.commit("doomed")
    try fixture.fetch()
    try fixture.store.keep([fixture.member(doomed)], author: StoreFixture.author)
    let store = TestRepository(at: fixture.gitDirectory)
    try store.git("update-ref", "-d", "refs/namespaces/telperion/refs/heads/topic")
    try store.git("gc", "--quiet", "--prune=now")
    #expect(try store.git("cat-file", "-t", doomed) == "commit")
    #expect(try fixture.fsck() == "")
  }

  @Test("the chain lists exactly what was kept, over several steps")
  func lists() throws {
    let fixture = try StoreFixture()
    var kept: Set<CommitID> = []
    for number in 1...4 {
      let commit = try fixture.source.commit("commit \(number)")
      try fixture.fetch()
      let member = try fixture.member(commit)
      kept.insert(member.commit)
      try fixture.store.keep([member], author: StoreFixture.author)
    }
    #expect(try fixture.store.keptCommits(of: fixture.telperion()) == kept)
  }

  @Test("keeping what the newest step of the chain holds writes nothing")
  func idempotent() throws {
    let fixture = try StoreFixture()
    let commit = try fixture.source.commit("one")
    try fixture.fetch()
    try fixture.store.keep([fixture.member(commit)], author: StoreFixture.author)
    let tip = try fixture.store.repository.resolve(RefName.keep(fixture.telperion()))
    try fixture.store.keep([fixture.member(commit)], author: StoreFixture.author)
    #expect(try fixture.store.repository.resolve(RefName.keep(fixture.telperion())) == tip)
  }

  @Test("a commit that looks like a step of the chain can be kept too")
  func lookalike() throws {
    let fixture = try StoreFixture()
    let repository = fixture.store.repository
    let lookalike = CommitID(
      try repository.writeCommit(
        tree: .emptyTree, parents: [], author: StoreFixture.author, committer: StoreFixture.author,
        message: Array("keep telperion\n".utf8)))
    try fixture.store.keep(
      [Member(project: fixture.telperion(), commit: lookalike)], author: StoreFixture.author)
    #expect(try fixture.store.keptCommits(of: fixture.telperion()) == [lookalike])
  }
}
