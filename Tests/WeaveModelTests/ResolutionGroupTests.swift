import Testing
import WeaveModel

@Suite struct ResolutionGroupTests {
  private let one = project(1)
  private let two = project(2)
  private let three = project(3)
  private let four = project(4)

  private func placement(
    _ machine: String, _ projects: [ProjectName], fixed: [ProjectName: CommitID] = [:],
    joinedTo: String? = nil
  ) -> Placement {
    Placement(machine: machine, projects: projects, fixed: fixed, joinedTo: joinedTo)
  }

  @Test func `Machines without pins and holds are one group`() {
    let (groups, crossing) = groups(
      of: [placement("toto", [one, two]), placement("barge", [two, three])], couplings: nil, free: [])
    #expect(groups.map(\.machines) == [["toto", "barge"]])
    #expect(groups[0].projects == [one, two, three])
    #expect(groups[0].meeting == [ProjectPair(one, two), ProjectPair(two, three)])
    #expect(groups[0].required == groups[0].meeting)
    #expect(crossing.isEmpty)
  }

  @Test func `Machines with the same pins and holds are a group of their own`() {
    let pinned = [one: commit(1, 4)]
    let (groups, _) = groups(
      of: [
        placement("a", [one, two], fixed: pinned), placement("b", [one]),
        placement("c", [one], fixed: pinned),
        placement("d", [one], fixed: [one: commit(1, 5)]),
      ], couplings: nil, free: [])
    #expect(groups.map(\.machines) == [["a", "c"], ["b"], ["d"]])
    #expect(groups.map(\.fixed) == [pinned, [:], [one: commit(1, 5)]])
  }

  @Test func `Couplings take the place of shared machines, and what is coupled meets across machines`() {
    let (groups, _) = groups(
      of: [placement("a", [one, two]), placement("b", [three, four])], couplings: [[one, three, two]],
      free: [])
    let coupled: Set = [ProjectPair(one, two), ProjectPair(one, three), ProjectPair(two, three)]
    #expect(groups[0].required == coupled)
    #expect(groups[0].meeting == coupled.union([ProjectPair(three, four)]))
  }

  @Test func `No coupling at all requires nothing, and what shares a machine still meets`() {
    let (groups, _) = groups(of: [placement("a", [one, two])], couplings: [], free: [])
    #expect(groups[0].required.isEmpty)
    #expect(groups[0].meeting == [ProjectPair(one, two)])
  }

  @Test(arguments: [nil, [[project(1), project(2), project(3)]]])
  func `A free project is in no required pair, and still meets`(couplings: [[ProjectName]]?) {
    let (groups, _) = groups(of: [placement("a", [one, two, three])], couplings: couplings, free: [three])
    #expect(groups[0].required == [ProjectPair(one, two)])
    #expect(groups[0].meeting.count == 3)
  }

  @Test func `A container built with its host runs one set with it`() {
    let (pin, hold) = (commit(1, 4), commit(2, 3))
    let (groups, _) = groups(
      of: [
        placement("dashy", [two], fixed: [one: commit(1, 9), two: hold], joinedTo: "toto"),
        placement("toto", [one], fixed: [one: pin]), placement("barge", [one]),
        placement("inner", [three], joinedTo: "dashy"),
      ], couplings: nil, free: [])
    #expect(groups.map(\.machines) == [["dashy", "toto", "inner"], ["barge"]])
    #expect(groups[0].fixed == [one: pin, two: hold])
    #expect(groups[0].required == [ProjectPair(one, two), ProjectPair(one, three), ProjectPair(two, three)])
  }

  @Test func `A host that is not there and a circle of hosts join nothing`() {
    let (groups, _) = groups(
      of: [
        placement("a", [one], joinedTo: "b"), placement("b", [two], joinedTo: "a"),
        placement("c", [three], joinedTo: "nowhere"),
      ], couplings: nil, free: [])
    #expect(groups.map(\.machines) == [["a", "b", "c"]])
    #expect(groups[0].meeting.isEmpty)
  }

  @Test func `A coupling that reaches into another group is named and not required`() {
    let (groups, crossing) = groups(
      of: [placement("a", [one]), placement("b", [two], fixed: [two: commit(2, 2)])],
      couplings: [[two, one], [one, three]], free: [])
    #expect(groups.allSatisfy { $0.required.isEmpty && $0.meeting.isEmpty })
    #expect(crossing == [Crossing(pair: ProjectPair(one, two), first: 0, second: 1)])
  }
}
