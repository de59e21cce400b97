import Testing

@testable import GitProcess

@Suite("The refs of a source for which there can be no file here")
struct UnwritableRefsTests {
  private static let id = String(repeating: "1", count: 40)

  private func refs(_ names: some Sequence<String>, head: String? = nil) -> RemoteRefs {
    var refs = RemoteRefs()
    for name in names { refs.branchesAndTags[name] = Self.id }
    if let head { refs.head = .branch(head, commit: Self.id) }
    return refs
  }

  private func removed(from refs: inout RemoteRefs) -> [String] {
    refs.removeUnwritable(below: "refs/namespaces/x/", in: ["/store"])
  }

  private func branch(levels: Int, _ first: String = "y") -> String {
    "refs/heads/" + ([first] + Array(repeating: "y", count: levels - 3)).joined(separator: "/")
  }

  @Test("of more levels than are taken are taken out, of as many not")
  func deep() {
    let (kept, deep) = (branch(levels: 64, "a"), branch(levels: 65, "b"))
    var refs = refs([kept, deep], head: deep)
    #expect(removed(from: &refs) == [deep])
    #expect(Set(refs.branchesAndTags.keys) == [kept])
    #expect(refs.head == .absent)
  }

  @Test("of the most levels are taken out where all would need many more directories than they are refs")
  func manyDirectories() {
    let deep = (100..<400).map { branch(levels: 60, "deep\($0)") }
    let flat = (0..<2_000).map { "refs/heads/topic\($0)/of/one" }
    var refs = refs(deep + flat, head: flat[0])
    #expect(removed(from: &refs) == deep)
    #expect(Set(refs.branchesAndTags.keys) == Set(flat))
    #expect(refs.head != .absent)
  }

  @Test("are none of many that share their directories")
  func shared() {
    let names = (0..<5_000).map { branch(levels: 40) + "/\($0)" }
    var refs = refs(names)
    #expect(removed(from: &refs).isEmpty)
  }

  @Test("keep a HEAD that the source hides, and of which nothing is taken out")
  func hiddenHead() {
    var refs = refs(["refs/heads/a"], head: "refs/heads/hidden")
    #expect(removed(from: &refs).isEmpty)
    #expect(refs.head == .branch("refs/heads/hidden", commit: Self.id))
  }
}
