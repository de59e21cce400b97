import WeaveModel

extension Observation {
  /// The observation that a commit's `message` and the lines in its tree record; last seen at `seen`, unless that is before
  /// 1970.
  init(message: [UInt8], lines: CommitLines, seen: Int64) throws(StoreError) {
    guard let record = RecordMessage(parsing: message), let machine = record["Weave-Machine"],
      let sequence = record.sequence
    else { throw StoreError("its message is not an observation's") }
    if let reason = MachineName.reason(against: machine) {
      throw StoreError("'\(machine)' cannot name a machine: \(reason)")
    }
    self.init(
      machine: machine, commits: lines.commits, dirty: lines.dirty, sequence: sequence, seen: max(0, seen))
  }

  /// The message of the commit of an observation (`observed`), or of the one that says when it was `seen` last.
  static func message(_ word: String, machine: String, sequence: Int) throws -> [UInt8] {
    try RecordMessage(
      subject: "\(word) \(machine)",
      trailers: [("Weave-Machine", machine), ("Weave-Sequence", String(sequence))]
    ).encoded()
  }
}

extension RecordMessage {
  /// Which of its machine's observations it is, from 1; nil where it does not say so as one is written.
  var sequence: Int? {
    self["Weave-Sequence"].flatMap { text in Int(text).flatMap { $0 > 0 && String($0) == text ? $0 : nil } }
  }
}
