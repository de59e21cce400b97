import Git
import GitProcess
import WeaveKit
import WeaveModel
import WeaveStore

/// An error as a person sees it: what was attempted and why not, then what to type instead.
struct Failure {
  let message: String
  let hints: [String]
  let exitCode: Int32

  /// How `error` is shown; nil for an error of the option parser's.
  init?(_ error: any Error) {
    switch error {
    case let error as WeaveError:
      let code: Int32 = switch error.kind {
      case .usage: 1
      case .incompatible: 5
      case .undecided: 4
      }
      self.init(error.message, hint: error.hint, exitCode: code)
    case let error as NoResolution:
      let lines = [error.description] + error.reasons.map { "  " + $0 }
      self.init(lines.joined(separator: "\n"), hints: error.remedies.map { "`\($0)`" }, exitCode: 5)
    case let error as StoreError: self.init(error.message, hint: error.hint)
    case let error as GitError: self.init(error.description, hint: nil)
    case let error as GitProcessError: self.init(error.description, hint: error.hint)
    case let error as ConstellationError: self.init(error.description, hint: nil)
    case let error as NameError: self.init(error.description, hint: nil)
    case let error as UnwritableEvent: self.init("cannot record that: \(error)", hint: nil)
    default: return nil
    }
  }

  private init(_ message: String, hint: String?, exitCode: Int32 = 1) {
    self.init(message, hints: hint.map { [$0] } ?? [], exitCode: exitCode)
  }

  private init(_ message: String, hints: [String], exitCode: Int32) {
    (self.message, self.hints, self.exitCode) = (message, hints, exitCode)
  }

  func print() {
    Printer.note("error: \(message)")
    for hint in hints { Printer.note("hint: \(hint)") }
  }
}
