import Git
import WeaveModel

/// Which of a machine's reports one is: of two the one of the greater epoch is the later, in one epoch that of the greater
/// number (Docs/formats/store.md, section 9).
public struct ReportNumber: Comparable, Hashable, Sendable, CustomStringConvertible {
  /// How often it was begun anew to count them.
  public let epoch: Int
  /// Counts the changes of an epoch from 1.
  public let sequence: Int

  public init(epoch: Int = 0, sequence: Int) { (self.epoch, self.sequence) = (epoch, sequence) }

  /// Less than that of any report.
  static let none = ReportNumber(sequence: 0)

  public static func < (left: Self, right: Self) -> Bool {
    (left.epoch, left.sequence) < (right.epoch, right.sequence)
  }

  public var description: String { epoch == 0 ? "\(sequence)" : "\(sequence) of epoch \(epoch)" }

  /// Why no report that follows those with the numbers `parents` may have this one, in words; nil where one may.
  ///
  /// No number may be the last: within an epoch one is greater than that before by as much as a machine may count to at
  /// most, and the epoch after any can be begun.
  func refusal(after parents: [ReportNumber]) -> String? {
    let newest = parents.map(\.epoch).max() ?? 0
    guard epoch >= newest else {
      return "its epoch, \(epoch), is less than that of the report that it follows, \(newest)"
    }
    guard epoch - newest <= 1 else { return "its epoch, \(epoch), is not the one after \(newest)" }
    let before = parents.filter { $0.epoch == epoch }.map(\.sequence).max() ?? 0
    guard sequence > before else {
      return "its number, \(sequence), is not greater than that of the report that it follows, \(before)"
    }
    return sequence - before <= MachineReport.greatestSequence ? nil : "its number is too great"
  }

  /// The numbers of the commits that go on from one with the number `former` and end with this one: no epoch is left out.
  func steps(from former: ReportNumber) -> [ReportNumber] {
    (min(former.epoch, epoch)..<epoch).dropFirst().map { ReportNumber(epoch: $0, sequence: 1) } + [self]
  }
}

extension RecordMessage {
  /// Which of its machine's reports it is of; nil where it does not say so as one is written.
  var reportNumber: ReportNumber? {
    guard let sequence = self["Weave-Sequence"].flatMap(Self.count) else { return nil }
    guard !values(of: "Weave-Epoch").isEmpty else { return ReportNumber(sequence: sequence) }
    guard let epoch = self["Weave-Epoch"].flatMap(Self.count) else { return nil }
    return ReportNumber(epoch: epoch, sequence: sequence)
  }

  /// The number from 1 on that `text` spells, without leading zeros.
  private static func count(_ text: String) -> Int? {
    Int(text).flatMap { $0 > 0 && String($0).utf8.elementsEqual(text.utf8) ? $0 : nil }
  }
}

extension Repository {
  /// The number of the report that a commit records; ``ReportNumber/none`` where it is of none.
  func reportNumber(at commit: ObjectID) throws -> ReportNumber {
    RecordMessage(parsing: try self.commit(commit).message)?.reportNumber ?? .none
  }
}
