import Foundation
import TestSupport

@testable import LabSupport

/// How a command that met a fault ended, beside how it ends without one.
enum Verdict: String, CaseIterable, Sendable {
  case healthy
  /// It said that it could not answer.
  case error
  /// It answered, and not what it answers without the fault.
  case wrong
  /// It ended with 1, and no line says why.
  case mute
  case hang
  case trap

  /// Whether a command may end so.
  var isAllowed: Bool { self == .healthy || self == .error }

  /// Judges `result`, where the same command ends with `healthy` when nothing fails.
  ///
  /// Any code but 1 is an answer, and so must be the healthy one to the byte. On standard error there may be
  /// warnings.
  init(of result: ProcessResult, healthy: ProcessResult) {
    if result.status == healthy.status, result.stdoutBytes == healthy.stdoutBytes {
      self = .healthy
    } else if result.signal == SIGKILL || result.status == 128 + SIGKILL {
      self = .hang
    } else if result.signal != nil || result.status > 128 {
      self = .trap
    } else if result.status == 1 {
      self = result.error != nil ? .error : .mute
    } else {
      self = .wrong
    }
  }

  /// Judges what `fsck` said of a store in which something is damaged: it may find what it likes. Where that `isDerived`,
  /// warnings are enough.
  init(ofCheck result: ProcessResult, healthy: ProcessResult, isDerived: Bool) {
    self.init(of: result, healthy: healthy)
    let found = result.stdout.split(separator: "\n")
    let onlyWarns = result.status == 0 && found.allSatisfy { $0.utf8.starts(with: "warning: ".utf8) }
    if self == .mute || (isDerived && self == .wrong && onlyWarns), !found.isEmpty { self = .error }
  }
}

extension ProcessResult {
  /// The line that says why the command failed.
  var error: String? {
    stderr.split(separator: "\n").first { $0.utf8.starts(with: "error: ".utf8) }.map(String.init)
  }
}

/// A run that ended as none may.
struct FaultFinding: Sendable, CustomStringConvertible {
  let store: FaultStore
  let command: String
  /// What was made to fail.
  let fault: String
  let verdict: Verdict
  /// How it ended, in words.
  let ending: String

  var description: String { "\(verdict) | \(store) | \(command) | \(fault) | \(ending)" }
}

/// How many runs of each command ended how, under each kind of fault.
struct FaultTable: Sendable {
  private(set) var counts: [String: [String: [Verdict: Int]]] = [:]
  private(set) var findings: [FaultFinding] = []
  /// The errors that were met, without the ids in them, and how often.
  private(set) var errors: [String: Int] = [:]

  var runs: Int { counts.values.flatMap(\.values).flatMap(\.values).reduce(0, +) }

  mutating func add(_ verdict: Verdict, command: String, kind: String) {
    counts[command, default: [:]][kind, default: [:]][verdict, default: 0] += 1
  }

  mutating func add(_ finding: FaultFinding) { findings.append(finding) }

  mutating func add(error: String) { errors[error.replacing(/[0-9a-f]{38,40}/, with: "ID"), default: 0] += 1 }

  mutating func add(_ other: FaultTable) {
    errors.merge(other.errors, uniquingKeysWith: +)
    findings += other.findings
    counts.merge(other.counts) { $0.merging($1) { $0.merging($1, uniquingKeysWith: +) } }
  }

  /// A table of Markdown: a line for each command and kind of fault, and one for all.
  var text: String { text(of: counts) }

  /// The same, with all commands taken together.
  var summary: String {
    var kinds: [String: [Verdict: Int]] = [:]
    for command in counts.values { kinds.merge(command) { $0.merging($1, uniquingKeysWith: +) } }
    return text(of: ["each": kinds])
  }

  private func text(of counts: [String: [String: [Verdict: Int]]]) -> String {
    func row(_ names: [String], _ verdicts: [Verdict: Int]) -> String {
      let numbers = Verdict.allCases.map { "\(verdicts[$0] ?? 0)" }
      return "| " + (names + ["\(verdicts.values.reduce(0, +))"] + numbers).joined(separator: " | ") + " |\n"
    }
    let heads = ["command", "fault", "points"] + Verdict.allCases.map(\.rawValue)
    var text = "| " + heads.joined(separator: " | ") + " |\n"
    text += "|---|---|" + String(repeating: "--:|", count: heads.count - 2) + "\n"
    var all: [Verdict: Int] = [:]
    for (command, kinds) in counts.sorted(by: { $0.key < $1.key }) {
      for (kind, verdicts) in kinds.sorted(by: { $0.key < $1.key }) {
        text += row(["`\(command)`", kind], verdicts)
        all.merge(verdicts, uniquingKeysWith: +)
      }
    }
    return text + row(["all", "all"], all)
  }
}
