import Git
import WeaveFormats
import WeaveModel
import WeaveStore

/// That a commit goes with the commits of other projects that it pins.
struct PinStatement {
  let commit: CommitID
  /// Its committer date: when that was said.
  let seconds: Int64
  /// The commit and what it pins.
  let commits: CommitSet
  /// Where that was read, one line each.
  let evidence: [String]
}

/// The statements that the history of one project makes.
struct PinHarvest {
  private let record: ProjectRecord
  private let tip: CommitID
  private let known: KnownProjects
  private let repository: Repository
  private var reader: PinReader

  /// What commits pin, each distinct answer once; the first is nothing.
  private var answers: [Answer] = [Answer()]
  private var numbers: [Answer: Int] = [Answer(): 0]
  private var numbersByReading = [0: 0]
  private var walked: [(id: ObjectID, parents: [ObjectID], answer: Int, seconds: Int64)] = []
  /// The commits that speak for themselves, by a trailer.
  private var speaking: Set<ObjectID> = []

  /// What was passed over, one line each.
  private(set) var problems = ToldLines()
  /// What in the files names no commit, one line each.
  private(set) var remarks = ToldLines()
  var commitCount: Int { walked.count }

  private struct Answer: Hashable {
    /// What the tree pins, all together.
    var tree = Pins()
    /// What trailers name, each for itself.
    var trailers = Pins()
  }

  private struct Pins: Hashable {
    var commits: [ProjectName: CommitID] = [:]
    var files: Set<String> = []  // Keys: to be told
  }

  /// A harvest of the history that `tip` reaches.
  init(of record: ProjectRecord, at tip: CommitID, known: KnownProjects, in repository: Repository) throws {
    (self.record, self.tip, self.known, self.repository) = (record, tip, known, repository)
    let tree = try repository.treeOfCommit(tip.objectID)
    reader = try PinReader(repository, source: record.source.text, tip: tree)
  }

  /// Reads what is pinned by each commit that the tip reaches, and `since` does not.
  mutating func walk(since: CommitID?, report: (HarvestProgress) -> Void) throws {
    var cursor = try repository.commits(from: [tip.objectID], hiding: since.map { [$0.objectID] } ?? [])
    while let id = try cursor.next() {
      let commit = try repository.commitByAnybody(id)
      var number = try number(ofReading: reader.number(of: commit.tree), at: commit)
      let trailers = CommitTrailers.pins(inMessage: commit.message)
      if commit.message.count > CommitTrailers.longestMessage {
        remarks.append(
          "\(record.name)@\(CommitID(id).short): a message of more than \(CommitTrailers.longestMessage >> 10) KiB is not looked at for trailers",
          once: "a long message")
      }
      if !trailers.isEmpty { number = try self.number(of: trailers, of: commit, besides: number) }
      walked.append((id, commit.parents, number, commit.committer.seconds))
      if walked.count % 1_000 == 0 {
        report(HarvestProgress(project: record.name, commits: walked.count))
      }
    }
    remarks.count(reader.told.untold)
    if reader.isExhausted {
      remarks.append(
        "\(record.name) has more pins in its history than are read: the older versions are left out")
    }
    if reader.isCutShort {
      remarks.append("\(record.name) has more directories than are looked into: those near the top count")
    }
  }

  /// The statements of the commits that were walked, the oldest first: of those in a row that pin the same the last, or
  /// `every` one.
  func statements(every: Bool) throws -> [PinStatement] {
    var answers: [ObjectID: Int] = [:]
    for commit in walked { answers[commit.id] = commit.answer }
    var isFollowed: Set<ObjectID> = []
    for commit in walked {
      for parent in commit.parents where answers[parent] == commit.answer { isFollowed.insert(parent) }
    }
    let chosen = walked.filter {
      $0.answer != 0 && (every || speaking.contains($0.id) || !isFollowed.contains($0.id))
    }
    return try chosen.sorted { ($0.seconds, $0.id) < ($1.seconds, $1.id) }.flatMap { commit in
      try statements(of: CommitID(commit.id), at: commit.seconds, answers: self.answers[commit.answer])
    }
  }

  /// A tree says that all that it pins goes together; who names two commits in a message has not said that these do.
  private func statements(
    of commit: CommitID, at seconds: Int64, answers answer: Answer
  ) throws -> [PinStatement] {
    func statement(_ pins: Pins) throws -> PinStatement {
      let own = Member(project: record.name, commit: commit)
      return PinStatement(
        commit: commit, seconds: seconds,
        commits: try CommitSet([own] + pins.commits.map { Member(project: $0.key, commit: $0.value) }),
        // No event holds a control character, which a directory's name may.
        evidence: pins.files.sorted().map { file in
          let path = file.mapScalars { $0.properties.generalCategory == .control ? "?" : nil }
          return "\(record.name)@\(commit):\(path)"
        })
    }
    let tree = answer.tree.commits.isEmpty ? [] : [try statement(answer.tree)]
    let named = answer.trailers.commits.filter { answer.tree.commits[$0.key] != $0.value }
    return try tree
      + named.sorted { $0.key < $1.key }.map {
        try statement(Pins(commits: [$0.key: $0.value], files: answer.trailers.files))
      }
  }

  private mutating func number(ofReading key: Int, at commit: Commit) throws -> Int {
    if let number = numbersByReading[key] { return number }
    let reading = reader.readings[key]
    let place = "\(record.name)@\(CommitID(commit.id).short)"
    for problem in reading.problems { problems.append("\(place): \(problem)", once: problem) }
    for remark in reading.remarks { remarks.append("\(place): \(remark)") }
    var answer = Answer()
    try add(reading.pins, to: &answer.tree, at: place)
    let number = number(of: answer)
    numbersByReading[key] = number
    return number
  }

  private mutating func number(
    of trailers: [TrailerPin], of commit: Commit, besides number: Int
  ) throws -> Int {
    var answer = answers[number]
    let place = "\(record.name)@\(CommitID(commit.id).short)"
    let pins = trailers.map { trailer in
      PinnedCommit(
        name: trailer.project, address: trailer.project.map { RepositoryAddress($0) }, commit: trailer.commit,
        file: trailer.key, isDirect: true)
    }
    try add(pins, to: &answer.trailers, at: place)
    // Of a project that both name, what the message says counts.
    for (project, commit) in answer.trailers.commits where answer.tree.commits[project] != commit {
      answer.tree.commits[project] = nil
    }
    if answer != answers[number] { speaking.insert(commit.id) }
    return self.number(of: answer)
  }

  private mutating func number(of answer: Answer) -> Int {
    if let number = numbers[answer] { return number }
    numbers[answer] = answers.count
    answers.append(answer)
    return answers.count - 1
  }

  /// Adds what is pinned of known projects. Of what is named for itself, and on behalf of another, the first counts; two
  /// commits of one project count for nothing.
  private mutating func add(_ pins: [PinnedCommit], to answer: inout Pins, at place: String) throws {
    var found: [ProjectName: [PinnedCommit]] = [:]
    for pin in pins {
      guard let project = try known.project(of: pin), project != record.name else { continue }
      found[project, default: []].append(pin)
    }
    for (project, pins) in found.sorted(by: { $0.key < $1.key }) {
      let direct = pins.filter(\.isDirect)
      let counting = direct.isEmpty ? pins : direct
      guard let pin = counting.first else { continue }
      guard counting.allSatisfy({ $0.commit == pin.commit }) else {
        let ids = Set(counting.map(\.commit.short)).sorted().joined(separator: " and ")
        problems.append(
          "\(place) pins two commits of \(project), \(ids); neither is linked", once: "\(project) \(ids)")
        continue
      }
      guard try known.isFetched(project) else {
        problems.append(
          "\(place) and others pin \(project), which is not here; `weave fetch \(project)`",
          once: project.text)
        continue
      }
      guard try known.has(pin.commit, in: project) else {
        problems.append(
          "\(place) pins \(project) \(pin.commit), which \(project) does not have",
          once: "\(project) \(pin.commit)")
        continue
      }
      answer.commits[project] = pin.commit
      answer.files.insert(pin.file)
    }
  }
}
