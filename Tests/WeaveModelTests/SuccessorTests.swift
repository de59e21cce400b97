import Testing
import WeaveModel

@Suite("The successor of a rewritten commit")
struct SuccessorTests {
  private func tree(_ number: Int) -> TreeID { TreeID(words: (0, 0, UInt32(number))) }

  private func commit(
    _ number: Int, tree: Int, on parents: Int..., changeID: String? = nil, patchID: String? = nil
  ) -> CommitTraits {
    CommitTraits(
      commit: EventFixtures.commit(number), tree: self.tree(tree), parentTrees: parents.map { self.tree($0) },
      changeID: changeID, patchID: patchID)
  }

  private func successor(of rewritten: CommitTraits, among newer: CommitTraits..., older: [Int] = [])
    -> Successor?
  {
    Successors(among: newer).successor(of: rewritten) { older.map(EventFixtures.commit).contains($0) }
  }

  @Test func `is the commit with the same tree, whatever else is said of others`() {
    let found = successor(
      of: commit(1, tree: 5, on: 4, changeID: "I1", patchID: "p"),
      among: commit(2, tree: 6, on: 4, changeID: "I1", patchID: "p"), commit(3, tree: 5, on: 9))
    #expect(found == Successor(commit: EventFixtures.commit(3), proof: .tree(tree(5))))
  }

  @Test func `of several with the same tree is the one on the same parent's tree`() {
    let found = successor(
      of: commit(1, tree: 5, on: 5), among: commit(2, tree: 5, on: 4), commit(3, tree: 5, on: 5))
    #expect(found?.commit == EventFixtures.commit(3))
  }

  @Test func `is the first with the same tree where none has such a parent, as after a squash`() {
    let found = successor(
      of: commit(1, tree: 5, on: 4), among: commit(2, tree: 5, on: 1), commit(3, tree: 5, on: 5))
    #expect(found?.commit == EventFixtures.commit(2))
  }

  @Test func `is the commit with the same patch-id, before one with the same Change-Id`() {
    let found = successor(
      of: commit(1, tree: 5, on: 4, changeID: "I1", patchID: "p"),
      among: commit(2, tree: 6, on: 3, changeID: "I1"), commit(3, tree: 7, on: 3, patchID: "p"))
    #expect(found == Successor(commit: EventFixtures.commit(3), proof: .patchID("p")))
  }

  @Test func `is the last commit with the same Change-Id`() {
    let found = successor(
      of: commit(1, tree: 5, on: 4, changeID: "I1"), among: commit(2, tree: 6, on: 3, changeID: "I1"),
      commit(3, tree: 7, on: 6, changeID: "I1"))
    #expect(found == Successor(commit: EventFixtures.commit(3), proof: .changeID("I1")))
  }

  @Test func `is none that the rewritten commit was made on`() {
    #expect(successor(of: commit(1, tree: 5, on: 4), among: commit(2, tree: 5, on: 4), older: [2]) == nil)
  }

  @Test func `is not found by what neither commit has`() {
    #expect(successor(of: commit(1, tree: 5, on: 4), among: commit(2, tree: 6, on: 4)) == nil)
  }
}

@Suite("The Change-Id of a message")
struct ChangeIDTests {
  private let id = "I" + String(repeating: "0a", count: 20)

  @Test func `is the trailer's in the last paragraph`() {
    #expect(CommitTraits.changeID(in: "subject\n\nbody\n\nSigned-off-by: A\nChange-Id: \(id)\n") == id)
    #expect(CommitTraits.changeID(in: "Change-Id: \(id)") == id)
  }

  @Test(
    arguments: [
      "subject", "", "subject\n\nChange-Id: I123\n",
      "subject\n\nchange-id: I" + String(repeating: "0a", count: 20),
      "subject\n\nChange-Id: I" + String(repeating: "0a", count: 20) + "\n\nmore\n",
      "subject\n\nChange-Id: I" + String(repeating: "0G", count: 20),
    ])
  func `is nothing else`(message: String) {
    #expect(CommitTraits.changeID(in: message) == nil)
  }
}
