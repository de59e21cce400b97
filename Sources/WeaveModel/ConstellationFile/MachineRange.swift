import ForeignText

/// A name with ranges in it, as Ansible writes them: `web-[01:40].example`, `[a:c]`, `[1:9:2]`.
struct MachineRange {
  /// Why a name is no range; `offset` counts Unicode scalars from the name's beginning.
  struct Invalid: Error {
    let reason: String
    let offset: Int
  }

  static let mostNames = 100_000

  private enum Part {
    case literal(String)
    case choices(Choices)
  }

  private let parts: [Part]

  /// How many names it expands to.
  let count: Int

  /// The ranges in `name`; nil for an exact name, which has no brackets.
  init?(_ name: String) throws(Invalid) {
    guard name.holds(anyOf: "[]".unicodeScalars) else { return nil }
    var parts: [Part] = []
    var count = 1
    var rest = name[...]
    func offset(_ index: String.Index) -> Int {
      name.unicodeScalars.distance(from: name.startIndex, to: index)
    }
    while let bracket = rest.unicodeScalars.firstIndex(where: { $0 == "[" || $0 == "]" }) {
      guard rest.unicodeScalars[bracket] == "[", let close = rest[bracket...].firstIndex(ofScalar: "]") else {
        throw Invalid(reason: "a bracket has no partner", offset: offset(bracket))
      }
      if bracket > rest.startIndex { parts.append(.literal(String(rest[..<bracket]))) }
      let inner = rest[bracket..<close].dropFirst(bytes: 1)
      let range = try Self.choices(inner, offset: offset(bracket), room: mostNamesLeft(count))
      count *= range.count
      parts.append(.choices(range))
      rest = rest[close...].dropFirst(bytes: 1)
    }
    if !rest.isEmpty { parts.append(.literal(String(rest))) }
    (self.parts, self.count) = (parts, count)
    func mostNamesLeft(_ count: Int) -> Int { Self.mostNames / count }
  }

  /// Every name, the last range turning fastest.
  var names: [String] {
    var names = [""]
    for part in parts {
      switch part {
      case .literal(let text): names = names.map { $0 + text }
      case .choices(let choices):
        let texts = choices.texts
        names = names.flatMap { name in texts.map { name + $0 } }
      }
    }
    return names
  }

  private static func choices(_ inner: Substring, offset: Int, room: Int) throws(Invalid) -> Choices {
    func invalid(_ reason: String) -> Invalid { Invalid(reason: "[\(inner)] \(reason)", offset: offset) }
    let bounds = inner.split(atScalar: ":", keepsEmpty: true)
    guard (2...3).contains(bounds.count) else { throw invalid("is not [START:END] or [START:END:STEP]") }
    var step = 1
    if bounds.count == 3 {
      guard let given = number(bounds[2]), given > 0 else {
        throw invalid("has a step that is no number from 1")
      }
      step = given
    }
    let (start, end) = (bounds[0], bounds[1])
    guard let (first, last) = numbers(start, end) ?? letters(start, end) else {
      throw invalid("must begin and end with numbers, or with two letters of one case")
    }
    guard first <= last else { throw invalid("ends before it begins") }
    // Compared before dividing by the step, so that no bound can overflow.
    guard (last - first) / step < room else { throw invalid("makes more than 100,000 machines") }
    if number(start) == nil { return Choices(first: first, last: last, step: step, form: .letters) }
    guard start.utf8.count > 1, start.begins(with: "0") else {
      return Choices(first: first, last: last, step: step, form: .numbers)
    }
    guard start.utf8.count == end.utf8.count else {
      throw invalid("is padded with zeros: both ends must be as long")
    }
    return Choices(first: first, last: last, step: step, form: .padded(start.utf8.count))
  }

  private static func number(_ text: Substring) -> Int? {
    text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ? Int(text) : nil
  }

  private static func numbers(_ start: Substring, _ end: Substring) -> (Int, Int)? {
    guard let first = number(start), let last = number(end) else { return nil }
    return (first, last)
  }

  private static func letters(_ start: Substring, _ end: Substring) -> (Int, Int)? {
    guard start.utf8.count == 1, end.utf8.count == 1, let first = start.utf8.first, let last = end.utf8.first,
      [first, last].allSatisfy({ (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) })
        || [first, last].allSatisfy({ (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) })
    else { return nil }
    return (Int(first), Int(last))
  }
}

/// What one pair of brackets stands for. Expanded where it is needed, as a few bytes can stand for a hundred thousand texts.
private struct Choices {
  enum Form {
    case letters
    case numbers
    case padded(Int)
  }

  let first, last, step: Int
  let form: Form

  var count: Int { (last - first) / step + 1 }

  var texts: [String] {
    stride(from: first, through: last, by: step).map { value in
      switch form {
      case .letters: return String(UnicodeScalar(UInt8(value)))
      case .numbers: return String(value)
      case .padded(let length):
        let digits = String(value)
        return String(repeating: "0", count: length - digits.utf8.count) + digits
      }
    }
  }
}
