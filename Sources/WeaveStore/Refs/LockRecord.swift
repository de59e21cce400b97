import ForeignText
import Git
import WeaveModel

/// A resolution that someone adopted as the desired state.
public struct Lock: Sendable {
  public let id: LockID
  public let constellation: String
  public let resolution: ResolutionID
  let storedText: String
  /// Why it was adopted, as ``FreeText/shown(_:)`` has it; may be empty.
  public var text: String { FreeText.shown(storedText) }
  /// As ``FreeText/listed(_:)`` has it.
  public var listedText: String { FreeText.listed(storedText) }
  /// As ``FreeText/line(_:)`` has it.
  public var line: String { FreeText.line(storedText) }
  public let author: Author
  /// The version of the constellation that it was made from, where it says.
  public let constellationVersion: ObjectID?
  /// The commits that only the adopter's checkouts had then, sorted.
  public let local: [Member]
  /// Whether it is signed by whoever adopted it for this store. Whose the signature is, and whether it is one, is another question.
  public let claimsSignature: Bool
  /// Whether it was wanted once. One that was made while somebody else made another, which came first to where both
  /// were sent, was not.
  public let isAdopted: Bool
}
