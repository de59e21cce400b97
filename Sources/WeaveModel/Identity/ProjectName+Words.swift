extension ProjectName {
  /// Whether the name stands in `text`, in whatever case, with no letter, digit or `_` at its sides.
  ///
  /// A dot or a dash is as often the end of a sentence as a part of a name: such a neighbour leaves it a word.
  public func isWord(of text: String) -> Bool {
    let text = text.lowercased()
    var rest = text[...]
    while let range = rest.firstRange(of: self.text) {
      let before = range.lowerBound == text.startIndex ? nil : text[text.index(before: range.lowerBound)]
      let after = range.upperBound == text.endIndex ? nil : text[range.upperBound]
      if !Self.isPart(before), !Self.isPart(after) { return true }
      rest = text[text.index(after: range.lowerBound)...]
    }
    return false
  }

  private static func isPart(_ character: Character?) -> Bool {
    character.map { $0.isLetter || $0.isNumber || $0 == "_" } ?? false
  }
}
