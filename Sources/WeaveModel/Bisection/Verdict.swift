/// What a run of a command says of a set of commits. Zeller calls the third outcome unresolved ("Yesterday, my program
/// worked. Today, it does not. Why?", ESEC/FSE 1999).
public enum Verdict: String, Hashable, Sendable {
  case good, bad, skipped

  /// The verdict of a command that exited with `exitCode`, as `git bisect run` reads it: 0 good, 125 untestable, any other
  /// up to 127 bad; nil from 128 on, which says that the command itself was killed or is broken.
  public init?(exitCode: Int32) {
    switch exitCode {
    case 0: self = .good
    case 125: self = .skipped
    case 1...127: self = .bad
    default: return nil
    }
  }
}
