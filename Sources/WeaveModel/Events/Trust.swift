import ForeignText

/// Whose word a constellation takes.
public struct Trust: Sendable, Equatable {
  /// The principals whose signatures count, each once, in the order of the file.
  @ByBytes public private(set) var signers: [String]
  /// How many different ones of them it takes: from 1 to their number.
  public let atLeast: Int
  /// Which locks count.
  public let locks: Locks

  /// Which locks count: those whose commits are `linked` by the signers, and those that they signed; or only these.
  public enum Locks: String, Sendable, CaseIterable { case linked, signed }

  /// Trust in `signers`, of whom `atLeast` must sign.
  public init(signers: [String], atLeast: Int = 1, locks: Locks = .linked) {
    (self.signers, self.atLeast, self.locks) = (signers, atLeast, locks)
  }
}

extension Trust {
  /// Whether whatever `trust` lets through `former` lets through as well; nil is trust in everybody.
  public static func isNoWeaker(_ trust: Trust?, than former: Trust?) -> Bool {
    guard let former else { return true }
    guard let trust else { return false }
    let signers = Set(former.signers.map { ExactText($0) })
    return trust.atLeast >= former.atLeast && (trust.locks == .signed || former.locks == .linked)
      && trust.signers.allSatisfy { signers.contains(ExactText($0)) }
  }
}
