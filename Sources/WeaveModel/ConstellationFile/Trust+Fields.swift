import ForeignText

extension Trust {
  /// What `trust:` says; nil where the key is missing.
  init?(_ top: Fields) throws(ConstellationError) {
    guard let element = top["trust"] else { return nil }
    let fields = try Fields(element, of: "trust", file: top.file, keys: ["signers", "at-least", "locks"])
    let list = try fields.required("signers")
    let signers = try fields.words("signers", each: "the signer").map(\.word)
    guard !signers.isEmpty else {
      throw list.position.error("trust needs one signer or more", file: top.file)
    }
    let locks = try Self.locks(fields)
    guard let number = fields["at-least"] else {
      self.init(signers: signers, locks: locks)
      return
    }
    let text = try number.text(file: top.file)
    guard let value = Int(text), String(value) == text, (1...signers.count).contains(value) else {
      throw number.position.error(
        "'at-least' takes a whole number from 1 to \(signers.count), the number of signers, found '\(FreeText.name(text))'",
        file: top.file)
    }
    self.init(signers: signers, atLeast: value, locks: locks)
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
