import ForeignText

extension ProjectName {
  /// Whether the name stands in `text`, in whatever case, with no letter, digit or `_` at its sides.
  ///
  /// A dot or a dash is as often the end of a sentence as a part of a name: such a neighbour leaves it a word.
  public func isWord(of text: String) -> Bool {
    let text = text.lowercased()
    var rest = text[...]
    while let start = rest.firstIndex(ofBytes: self.text) {
      let end = text.utf8.index(start, offsetBy: self.text.utf8.count)
      if !Self.isPart(text.unicodeScalars[..<start].last), !Self.isPart(text.unicodeScalars[end...].first) {
        return true
      }
      rest = text[text.unicodeScalars.index(after: start)...]
    }
    return false
  }

  private static func isPart(_ scalar: Unicode.Scalar?) -> Bool {
    scalar.map { $0.properties.isAlphabetic || $0.properties.numericType != nil || $0 == "_" } ?? false
  }
}
