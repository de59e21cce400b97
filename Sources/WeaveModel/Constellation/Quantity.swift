import ForeignText

/// An amount of something that machines have and roles need: `8GiB`, `500M`, `12`.
public struct Quantity: Sendable, Hashable, CustomStringConvertible {
  /// The amount as it was written.
  public let text: String
  /// The amount in base units, exactly.
  public let value: Int

  /// Why a text is no quantity.
  public struct Invalid: Error, Sendable, Equatable, CustomStringConvertible {
    public let text: String
    public let reason: String
    public var description: String { "'\(FreeText.name(text))' is not an amount: \(reason)" }
  }

  /// The amount that `text` spells: a whole number, then perhaps K, M, G, T or P (powers of 1000) or Ki, Mi,
  /// Gi, Ti or Pi (powers of 1024), then perhaps B.
  public init(_ text: String) throws(Invalid) {
    let digits = text.prefix(whileScalar: \.isASCIIDigit)
    guard !digits.isEmpty else {
      throw Invalid(text: text, reason: "it must begin with a whole number, as in 8GiB")
    }
    let suffix = text[digits.endIndex...]
    let unit = suffix.dropping(suffix: "B") ?? suffix
    guard let factor = Self.factor(of: unit) else {
      throw Invalid(
        text: text, reason: "the units are K, M, G, T, P and Ki, Mi, Gi, Ti, Pi, each with or without B")
    }
    guard let number = Int(digits) else { throw Invalid(text: text, reason: "it is too large") }
    let (value, overflow) = number.multipliedReportingOverflow(by: factor)
    guard !overflow else { throw Invalid(text: text, reason: "it is too large") }
    (self.text, self.value) = (text, value)
  }

  /// `value` in the largest binary unit that divides it: what a sum of amounts is called in messages.
  static func describe(_ value: Int) -> String {
    for (index, unit) in binary.enumerated().reversed() {
      let factor = 1 << (10 * (index + 1))
      if value != 0, value % factor == 0 { return "\(value / factor)\(unit)" }
    }
    return String(value)
  }

  public var description: String { text }

  private static let binary = ["Ki", "Mi", "Gi", "Ti", "Pi"]
  private static let decimal = ["K", "M", "G", "T", "P"]

  private static func factor(of unit: Substring) -> Int? {
    if unit.isEmpty { return 1 }
    if let index = binary.firstIndex(where: { $0 == unit }) { return 1 << (10 * (index + 1)) }
    guard let index = decimal.firstIndex(where: { $0 == unit }) else { return nil }
    return (0...index).reduce(1) { factor, _ in factor * 1000 }
  }
}
