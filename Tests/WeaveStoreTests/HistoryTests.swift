import TestSupport
import Testing
import WeaveModel
import WeaveStore

@Suite("Newest first") struct HistoryTests {
  @Test("a linear history is in the order of git rev-list")
  func linear() throws {
    let fixture = try StoreFixture()
    for number in 1...5 { _ = try fixture.source.commit("commit \(number)") }
    try fixture.fetch()
    let tip = try #require(CommitID(hex: fixture.source.head()))
    let expected = try fixture.source.git("rev-list", "HEAD").split(separator: "\n").map(String.init)
    #expect(try History.newestFirst(from: tip, in: fixture.store.repository).map(\.hex) == expected)
  }

  @Test(
    "a merge comes before what it merged, and that before the merge's first parent, whatever the dates say")
  func merged() throws {
    let fixture = try StoreFixture()
    let root = try fixture.source.commit("root")
    try fixture.source.git("checkout", "--quiet", "-b", "side")
    let side1 = try fixture.source.commit("side 1", file: "side")
    let side2 = try fixture.source.commit("side 2", file: "side")
    try fixture.source.git("checkout", "--quiet", "main")
    let main = try fixture.source.commit("main")
    try fixture.source.git("merge", "--quiet", "--no-ff", "-m", "merge", "side")
    let merge = try fixture.source.head()
    try fixture.fetch()
    let tip = try #require(CommitID(hex: merge))
    #expect(
      try History.newestFirst(from: tip, in: fixture.store.repository).map(\.hex) == [
        merge, side2, side1, main, root,
      ])
  }

  @Test("the history of a tip holds each commit once, as many as git rev-list counts")
  func crissCross() throws {
    let fixture = try StoreFixture()
    _ = try fixture.source.commit("root")
    for round in 1...4 {
      try fixture.source.git("checkout", "--quiet", "-b", "side\(round)")
      _ = try fixture.source.commit("side \(round)", file: "side\(round)")
      try fixture.source.git("checkout", "--quiet", "main")
      _ = try fixture.source.commit("main \(round)")
      try fixture.source.git("merge", "--quiet", "--no-ff", "-m", "merge \(round)", "side\(round)")
    }
    try fixture.fetch()
    let tip = try #require(CommitID(hex: fixture.source.head()))
    let history = try History.newestFirst(from: tip, in: fixture.store.repository).map(\.hex)
    #expect(Set(history).count == history.count)
    #expect(
      Set(history) == Set(try fixture.source.git("rev-list", "HEAD").split(separator: "\n").map(String.init)))
  }
}
