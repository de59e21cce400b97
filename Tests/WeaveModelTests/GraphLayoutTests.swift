import TestSupport
import Testing
import WeaveModel

@Suite struct GraphLayoutTests {
  @Test func `Tied commits share a row`() {
    let graph = graph(lanes: [3, 3], ties: [[(0, 0), (1, 1)], [(0, 2), (1, 2)]])
    let layout = GraphLayout(graph)
    #expect(layout.rows[0][0] == layout.rows[1][1])
    #expect(layout.rows[0][2] == layout.rows[1][2])
  }

  @Test func `Of ties that cross, one stays level`() {
    let graph = graph(lanes: [2, 2], ties: [[(0, 0), (1, 1)], [(0, 1), (1, 0)]])
    let layout = GraphLayout(graph)
    #expect(layout.rows[0][0] == layout.rows[1][1])
    #expect(layout.rows[0][1] > layout.rows[1][0])
  }

  @Test(arguments: 0..<20)
  func `Whatever is tied, each lane keeps its order, and no row is empty`(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let counts = (0..<5).map { _ in Int.random(in: 0...20, using: &generator) }
    let used = counts.indices.filter { counts[$0] > 0 }
    let ties = (0..<60).map { _ in
      used.shuffled(using: &generator).prefix(3).sorted().map { lane in
        (lane, Int.random(in: 0..<counts[lane], using: &generator))
      }
    }
    let layout = GraphLayout(graph(lanes: counts, ties: ties))
    for lane in layout.rows { #expect(zip(lane, lane.dropFirst()).allSatisfy { $0 < $1 }) }
    #expect(Set(layout.rows.joined()) == Set(0..<layout.rowCount))
    let tops = layout.tiesFromTop.map { tie in
      ties[tie].map { layout.rows[$0.0][$0.1] }.min() ?? 0
    }
    #expect(tops == tops.sorted())
  }

  @Test func `What lies between shown commits is counted`() {
    let ages = [2, nil, 3, 9]
    let lane = LinkGraph.Lane(
      project: project(0), commits: ages.enumerated().map { shown(0, $0, age: $1) }, historyCount: 12)
    #expect(lane.hidden == [2, 0, 0, 5, 2])
  }

  private func graph(lanes: [Int], ties: [[(Int, Int)]]) -> LinkGraph {
    LinkGraph(
      lanes: lanes.enumerated().map { lane, count in
        LinkGraph.Lane(
          project: project(lane), commits: (0..<count).map { shown(lane, $0, age: $0) }, historyCount: count)
      },
      ties: ties.enumerated().map { number, places in
        LinkGraph.Tie(
          event: event(number), places: places.map { LinkGraph.Place(lane: $0.0, index: $0.1) },
          isLive: places.dropFirst().map { _ in true }, reason: "")
      }, omittedTieCount: 0)
  }

  private func shown(_ lane: Int, _ index: Int, age: Int?) -> LinkGraph.Commit {
    LinkGraph.Commit(
      id: commit(lane, index), subject: "subject", age: age, isPicked: false, isRevoked: false)
  }

  private func event(_ number: Int) -> EventID { EventID(words: (0, 0, UInt32(number))) }
}
