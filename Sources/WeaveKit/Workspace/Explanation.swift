import ForeignText
import Git
import GitProcess
import WeaveFormats
import WeaveModel
import WeaveStore

/// An error that says itself what it is in words.
protocol ExplainedError: Error {
  var explanation: Explanation { get }
}

/// An error in words: what was attempted and why not, then what to type instead.
public struct Explanation: Sendable {
  public let message: String
  /// The reasons behind it, a sentence each; without secrets of URLs, but for a command that is to be allowed, which stands
  /// there as it would be run.
  public let details: [String]
  public let hints: [String]
  public let kind: WeaveError.Kind

  /// The words for an error of this library's; nil for any other.
  public init?(_ error: any Error) {
    switch error {
    case let error as WeaveError: self.init(error.message, hint: error.hint, kind: error.kind)
    case let error as any ExplainedError: self = error.explanation
    case let error as UnreadableRecord: self.init(error.description, hint: error.hint)
    case let error as LostTip: self.init(error.description, hint: error.hint)
    case let error as MalformedRecord: self.init(error.description, hint: error.hint)
    case let error as UnreadableLedger: self.init(error.description, hint: error.hint)
    case let error as AmbiguousTrack: self.init(error.description, hint: error.hint)
    case let error as StoreError: self.init(error.message, hint: error.hint)
    case let error as GitError: self.init(error.description, hint: nil)
    case let error as GitProcessError: self.init(error.description, hint: error.hint)
    case let error as ConstellationError: self.init(error.description, hint: nil)
    case let error as FileFormatError: self.init(error.description, hint: nil)
    case let error as UnwritableState: self.init(error.message, hint: error.hint)
    case let error as NameError: self.init(error.description, hint: nil)
    case let error as StaleReport:
      self.init(
        error.description,
        hint:
          "`sequence` must grow with each change; where the machine counts anew, `weave report --restart` says so"
      )
    case let error as CommandNotFound: self.init(error.description, hint: nil)
    case let error as UnwritableEvent: self.init(error.description, hint: nil)
    default: return nil
    }
  }

  /// One sentence and no more.
  init(sentence: String) { self.init(sentence, hint: nil) }

  private init(_ message: String, hint: String?, kind: WeaveError.Kind = .usage) {
    self.init(message, details: [], hints: hint.map { [$0] } ?? [], kind: kind)
  }

  init(_ message: String, details: [String], hints: [String], kind: WeaveError.Kind) {
    (self.message, self.details, self.hints, self.kind) = (message, details, hints, kind)
  }
}
