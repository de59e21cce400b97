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

extension Trust {
  /// What `trust:` says; nil where the key is missing.
  init?(_ top: Fields) throws(ConstellationError) {
    guard let element = top["trust"] else { return nil }
    let fields = try Fields(element, of: "trust", file: top.file, keys: ["signers", "at-least", "locks"])
    let list = try fields.required("signers")
    let signers = try fields.words("signers", each: "the signer").map(\.word)
    self.signers = signers
    guard !signers.isEmpty else {
      throw list.position.error("trust needs one signer or more", file: top.file)
    }
    locks = try Self.locks(fields)
    guard let number = fields["at-least"] else {
      atLeast = 1
      return
    }
    let text = try number.text(file: top.file)
    guard let value = Int(text), String(value) == text, (1...signers.count).contains(value) else {
      throw number.position.error(
        "'at-least' takes a whole number from 1 to \(signers.count), the number of signers, found '\(FreeText.name(text))'",
        file: top.file)
    }
    atLeast = value
  }

  private static func locks(_ fields: Fields) throws(ConstellationError) -> Locks {
    guard let element = fields["locks"] else { return .linked }
    let text = try element.text(file: fields.file)
    guard let locks = Locks(rawValue: text) else {
      let words = Locks.allCases.map(\.rawValue)
      throw element.position.error(
        "'locks' takes \(words.joined(separator: " or ")), found '\(FreeText.name(text))'",
        suggestion: Nearest.match(text, among: words), file: fields.file)
    }
    return locks
  }
}
