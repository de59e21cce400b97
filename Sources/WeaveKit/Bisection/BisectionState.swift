import ForeignText
import WeaveModel

/// A run of a bisection's command.
public struct BisectionRun: Sendable {
  public let commits: CommitSet
  public let exitCode: Int32
  public let verdict: Verdict
}

/// What is asked of a bisection.
public struct BisectionRequest: Sendable {
  public var good: SelectedCommits
  public var bad: SelectedCommits
  public var command: [String]
  /// Whether links and revocations tell nothing, so that the command is run on all that is looked at.
  public var ignoresEvents = false
  /// Whether the two sets are taken for what they were said to be, and not run.
  public var trustsEnds = false
  /// Whether what the runs said is recorded in the end.
  public var records = false

  public init(good: SelectedCommits, bad: SelectedCommits, command: [String]) {
    (self.good, self.bad, self.command) = (good, bad, command)
  }
}

/// A bisection as it is kept between two runs: the request, and what the runs said. All else follows from these.
public struct BisectionState: Sendable {
  public let request: BisectionRequest
  public internal(set) var runs: [BisectionRun] = []
  /// Whether it has come to its end.
  public internal(set) var isFinished = false

  init(_ request: BisectionRequest) { self.request = request }

  private static let header = "weave bisection 1"

  /// A line for each thing: a word, and what it is of.
  var text: String {
    func line(_ word: String, _ fields: String...) -> String {
      ([word] + fields.map(Self.escaped)).joined(separator: "\t")
    }
    func members(_ set: CommitSet) -> String {
      set.members.map { "\($0.project)@\($0.commit)" }.joined(separator: " ")
    }
    var lines = [Self.header]
    lines.append(line("good", request.good.label, members(request.good.commits)))
    lines.append(line("bad", request.bad.label, members(request.bad.commits)))
    lines += request.command.map { line("word", $0) }
    if request.ignoresEvents { lines.append("ignores-events") }
    if request.trustsEnds { lines.append("trusts-ends") }
    if request.records { lines.append("records") }
    lines += runs.map { line("run", String($0.exitCode), members($0.commits)) }
    if isFinished { lines.append("finished") }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The bisection that `text` tells of; nil where it is damaged.
  init?(parsing text: String) {
    var lines = text.split(atScalar: "\n").map {
      $0.split(atScalar: "\t", keepsEmpty: true).map(Self.unescaped)
    }[...]
    guard text.ends(with: "\n"), lines.popFirst() == [Self.header],
      let good = lines.popFirst().flatMap({ Self.selected($0, "good") }),
      let bad = lines.popFirst().flatMap({ Self.selected($0, "bad") })
    else { return nil }
    var request = BisectionRequest(good: good, bad: bad, command: [])
    var runs: [BisectionRun] = []
    var isFinished = false
    for line in lines {
      switch (line[0], line.count) {
      case ("word", 2): request.command.append(line[1])
      case ("ignores-events", 1): request.ignoresEvents = true
      case ("trusts-ends", 1): request.trustsEnds = true
      case ("records", 1): request.records = true
      case ("run", 3):
        guard let code = Int32(line[1]), let verdict = Verdict(exitCode: code),
          let commits = Self.commits(line[2])
        else { return nil }
        runs.append(BisectionRun(commits: commits, exitCode: code, verdict: verdict))
      case ("finished", 1): isFinished = true
      default: return nil
      }
    }
    (self.request, self.runs, self.isFinished) = (request, runs, isFinished)
  }

  private static func selected(_ line: [String], _ word: String) -> SelectedCommits? {
    guard line.count == 3, line[0] == word, let commits = commits(line[2]) else { return nil }
    return SelectedCommits(label: line[1], commits: commits)
  }

  private static func commits(_ text: String) -> CommitSet? {
    var members: [Member] = []
    for word in text.split(atScalar: " ") {
      let parts = word.split(atScalar: "@")
      guard parts.count == 2, let project = try? ProjectName(String(parts[0])),
        let commit = CommitID(hex: parts[1])
      else { return nil }
      members.append(Member(project: project, commit: commit))
    }
    return try? CommitSet(members)
  }

  /// The text without the bytes that separate lines and fields.
  private static func escaped(_ text: String) -> String {
    text.mapScalars { scalar in
      switch scalar {
      case "\\": "\\\\"
      case "\n": "\\n"
      case "\t": "\\t"
      case "\r": "\\r"
      default: nil
      }
    }
  }

  private static func unescaped(_ text: some StringProtocol) -> String {
    var (result, isEscape) = ("", false)
    for scalar in text.unicodeScalars {
      if isEscape {
        result += ["n": "\n", "t": "\t", "r": "\r"][scalar] ?? String(scalar)
        isEscape = false
      } else if scalar == "\\" {
        isEscape = true
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
