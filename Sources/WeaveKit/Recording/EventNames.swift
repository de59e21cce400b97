import ForeignText
import WeaveModel
import WeaveStore

extension Workspace {
  /// The event whose id begins with `text`; looked up among events only.
  public func event(named text: String) throws -> Event {
    try event(id(of: text, among: store.readingAnyFormat { try compatibility() }.events))
  }

  func id(of text: String, among events: EventTable) throws -> EventID {
    let digits = text.lowercased()
    guard digits.count >= 4, digits.count <= 40, digits.unicodeScalars.allSatisfy(\.isASCIIHexDigit) else {
      throw WeaveError("'\(text)' is no event id", hint: "`weave log` lists the events")
    }
    let matches = events.ids(beginningWith: digits)
    guard let id = matches.first else {
      throw WeaveError("no event has the id '\(text)'", hint: "`weave log` lists the events")
    }
    guard matches.count == 1 else {
      throw WeaveError(
        "'\(text)' is ambiguous: "
          + matches.prefix(3).map { String($0.hex.prefix(12)) }.joined(separator: ", "),
        hint: "give more digits")
    }
    return id
  }
}
