import ForeignText
import GitProcess

/// How asking a machine ended.
enum ProbeAnswer: Sendable {
  case refused(String)
  /// It is nobody's fault but that of the asking side.
  case notStarted(String)
  case ran(BoundedExecution, timeout: Int)

  struct Failure: Error {
    let verdict: ProbeResult.Verdict
  }

  /// What ssh exits with where it did not get as far as to run anything (ssh(1)).
  private static let sshFailure: Int32 = 255

  /// What the machine said, or why it said nothing that can be taken.
  func content(isSSH: Bool) -> Result<[UInt8], Failure> {
    switch self {
    case .refused(let reason): return .failure(Failure(verdict: .refused(reason)))
    case .notStarted(let reason): return .failure(Failure(verdict: .refused("not asked: \(reason)")))
    case .ran(let execution, let timeout):
      switch execution.end {
      case .exited(0): return .success(execution.output)
      case .exited(Self.sshFailure) where isSSH:
        return .failure(
          Failure(
            verdict: .unreachable(
              execution.lastErrorLine.map { Redaction.text($0) } ?? "ssh does not say why")))
      case .exited(let code):
        let words = execution.lastErrorLine.map { ": \(Redaction.text($0))" } ?? ""
        return .failure(Failure(verdict: .refused("the command exited with \(code)\(words)")))
      case .timedOut: return .failure(Failure(verdict: .unreachable("no answer within \(timeout)s")))
      case .saidTooMuch: return .failure(Failure(verdict: .refused("its answer is more than 1 MiB")))
      }
    }
  }
}
