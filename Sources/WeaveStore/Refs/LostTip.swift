import ForeignText
import Git

/// A ref that has lost what it is known to have reached.
public struct LostTip: Error, Sendable, CustomStringConvertible {
  let name: String
  let known: ObjectID
  /// Where it stands; nil where it is gone.
  let present: ObjectID?
  /// Whether it is gone, or stands at a commit that `known` goes on from.
  let isBehind: Bool

  public var description: String {
    let loss = present.map { "went back to \($0) from" } ?? "is gone, and stood at"
    return "cannot read \(name): it \(loss) \(known)"
  }

  /// What to type instead.
  public var hint: String {
    isBehind
      ? "`weave fsck --repair` puts it back"
      : "`git update-ref \(Quoted.shellWord(name)) \(known)` in the store's Git directory puts it back"
  }
}
