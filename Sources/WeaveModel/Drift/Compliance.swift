/// How a machine as a whole stands to what is wanted of it: exactly one word, the first that applies.
public enum Compliance: String, Sendable, CaseIterable {
  /// What it runs is unfit, alone or with what the machines run that it is coupled to.
  case incompatible
  /// In no stored constellation.
  case unmanaged
  /// Nothing is wanted of it.
  case unassigned
  /// It never said what it runs.
  case unobserved = "-"
  /// Some project is dirty or foreign.
  case drifted
  /// Some project is forked.
  case diverged
  /// Some project is ahead, and some is behind or missing.
  case mixed
  /// Some project is behind or missing.
  case behind
  /// Some project is ahead.
  case ahead
  /// A wanted commit comes from a hold.
  case held
  /// Some project is at another commit of the same tree.
  case equivalent
  case inSync = "in-sync"

  /// From the worst, as a summary puts it.
  ///
  /// `unobserved` stands between what moved and what is merely to be changed, where its exit status stands.
  public static let worstFirst: [Compliance] = [
    .incompatible, .drifted, .diverged, .mixed, .unobserved, .ahead, .behind, .unassigned, .unmanaged, .held,
    .equivalent, .inSync,
  ]

  /// The worst of `words`; nil of none.
  public static func worst(of words: some Sequence<Compliance>) -> Compliance? {
    let present = Set(words)
    return worstFirst.first(where: present.contains)
  }
}
