import ForeignText
import WeaveModel
import WeaveStore

/// A constellation in the store that is refused, or too much beside the others, and stops whoever asks about it or adds up over all: anybody may have
/// written it, also an older weave with fewer rules.
public struct UnreadableConstellation: Error, Sendable, CustomStringConvertible {
  /// The name under which it is stored; as the manifest has it, encoded, where that is no name.
  public let name: String
  /// What is wrong, and where in the text.
  public let reason: String
  /// Whether it is the disk's doing: nobody knows what the text says.
  public var isLost = false
  /// Whether it is only with the others too much to be read; alone it may be all right.
  public var isTooMuch = false

  public var description: String {
    "the stored constellation '\(name)' \(isTooMuch ? "is not read" : "cannot be read"): \(reason)"
  }

  /// What to type to be rid of it.
  public var wayOut: String {
    let word = Quoted.shellOperand(name)
    if isTooMuch {
      return "`-c NAME` asks about one alone; `weave constellation remove \(word)` takes it out"
    }
    return "`weave constellation show --raw \(word) > FILE`, mend it, `weave constellation add FILE`; "
      + "or `weave constellation remove \(word)`"
  }
}

extension UnreadableConstellation: ExplainedError {
  var explanation: Explanation { Explanation(description, details: [], hints: [wayOut], kind: .usage) }
}
