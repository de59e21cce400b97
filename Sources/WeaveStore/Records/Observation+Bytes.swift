import WeaveModel

extension Observation {
  /// The observation that a commit's `message` and the lines in its tree record; last seen at `seen`, unless that is before
  /// 1970.
  init(message: [UInt8], lines: CommitLines, seen: Int64) throws(StoreError) {
    guard let record = RecordMessage(parsing: message), let machine = record["Weave-Machine"],
      let number = record.reportNumber
    else { throw StoreError("its message is not an observation's") }
    if let reason = MachineName.reason(against: machine) {
      throw StoreError("'\(machine)' cannot name a machine: \(reason)")
    }
    self.init(
      machine: machine, commits: lines.commits, dirty: lines.dirty, number: number, seen: max(0, seen))
  }

  /// The message of the commit of an observation (`observed`), or of the one that says when it was `seen` last.
  static func message(_ word: String, machine: String, number: ReportNumber) throws -> [UInt8] {
    let epoch = number.epoch == 0 ? [] : [(key: "Weave-Epoch", value: String(number.epoch))]
    return try RecordMessage(
      subject: "\(word) \(machine)",
      trailers: [("Weave-Machine", machine), ("Weave-Sequence", String(number.sequence))] + epoch
    ).encoded()
  }
}
