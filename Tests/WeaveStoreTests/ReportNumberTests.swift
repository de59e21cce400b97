import Git
import TestSupport
import Testing
import WeaveModel

@testable import WeaveStore

@Suite("The number of a report") struct ReportNumberTests {
  private static func numbers(_ generator: inout SeededGenerator) -> ReportNumber {
    ReportNumber(
      epoch: .random(in: 0...2, using: &generator), sequence: .random(in: 1...3, using: &generator))
  }

  @Test func `is greater in a later epoch, whatever was counted to before`() {
    #expect(ReportNumber(epoch: 1, sequence: 1) > ReportNumber(sequence: .max))
    #expect(ReportNumber(epoch: 1, sequence: 1) < ReportNumber(epoch: 1, sequence: 2))
    #expect(ReportNumber.none < ReportNumber(sequence: 1))
  }

  @Test func `has one that may follow it and is greater, whatever it is`() {
    for epoch in [0, 1, 1_000, Int.max - 1] {
      for sequence in [1, MachineReport.greatestSequence, Int.max] {
        let number = ReportNumber(epoch: epoch, sequence: sequence)
        let next = ReportNumber(epoch: epoch + 1, sequence: 1)
        #expect(next.refusal(after: [number]) == nil && next > number)
      }
    }
  }

  @Test func `is nowhere less than that of what it follows, where it may follow it`() {
    var generator = SeededGenerator(seed: 15)
    for _ in 1...2_000 {
      let (one, other) = (Self.numbers(&generator), Self.numbers(&generator))
      #expect(one.refusal(after: [other]) != nil || one > other)
    }
  }

  @Test(arguments: ["0", "-1", "+1", "01", "1 ", "one", "9223372036854775808", "1\nWeave-Epoch: 1"])
  func `is none where the epoch is not counted from 1`(epoch: String) {
    let message = "observed m\n\nWeave-Machine: m\nWeave-Sequence: 1\nWeave-Epoch: \(epoch)\n"
    #expect(throws: StoreError.self) {
      try Observation(message: Array(message.utf8), lines: CommitLines([:]), seen: 0)
    }
  }

  @Test func `is of epoch 0 where no epoch is said, and is written so`() throws {
    let number = ReportNumber(sequence: 7)
    let message = try Observation.message("observed", machine: "m", number: number)
    #expect(String(decoding: message, as: UTF8.self) == "observed m\n\nWeave-Machine: m\nWeave-Sequence: 7\n")
    #expect(RecordMessage(parsing: message)?.reportNumber == number)
  }

  /// A commit of an observation on top of `parent`, which nobody else makes.
  private func observe(
    _ number: ReportNumber, _ index: Int, on parent: ObjectID?, in repository: Repository
  ) throws -> ObjectID {
    let line = "p\(index) \(String(repeating: "1", count: 40))\n"
    let blob = try repository.writeBlob(Array(line.utf8))
    var author = StoreFixture.author
    author.seconds += Int64(index)
    return try repository.writeCommit(
      tree: repository.writeTree([TreeEntry(name: "observed", mode: FileMode.file, id: blob)]),
      parents: parent.map { [$0] } ?? [], author: author, committer: author,
      message: Observation.message("observed", machine: "m", number: number))
  }

  /// Where two have one number the dates decide, and a join has the later date of the two that it joins.
  @Test
  func
    `joins to the same, whichever of two is first, and of three with other numbers to one report in any order`()
    throws
  {
    let fixture = try StoreFixture()
    let repository = fixture.store.repository
    var generator = SeededGenerator(seed: 8)
    for _ in 1...60 {
      var numbers: [ReportNumber] = []
      while numbers.count < 3 {
        let number = Self.numbers(&generator)
        if !numbers.contains(number) { numbers.append(number) }
      }
      let tips = try numbers.enumerated().map { try observe($1, $0, on: nil, in: repository) }
      func join(_ one: ObjectID, _ other: ObjectID) throws -> ObjectID {
        let join = try repository.join(ofObservations: [one, other]).write(to: repository)
        #expect(try repository.join(ofObservations: [other, one]).id() == join)
        return join
      }
      let joins = [
        try join(join(tips[0], tips[1]), tips[2]), try join(join(tips[0], tips[2]), tips[1]),
        try join(join(tips[1], tips[2]), tips[0]),
      ]
      let said = try joins.map { try repository.commit($0) }
      #expect(Set(said.map(\.tree)).count == 1 && Set(said.map(\.message)).count == 1)
      #expect(try repository.reportNumber(at: joins[0]) == numbers.max())
    }
  }
}
