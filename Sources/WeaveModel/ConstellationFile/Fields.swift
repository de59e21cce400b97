import ForeignText

/// The entries of a mapping whose keys are known.
struct Fields {
  let file: String
  let position: Position
  private let what: String
  private let values: [String: YAMLElement]

  /// The fields of the mapping `element`, which is `what` ("a role"); an error for a key not among `keys`.
  init(_ element: YAMLElement, of what: String, file: String, keys: [String]) throws(ConstellationError) {
    try self.init(
      try element.mapping(file: file), at: element.position, of: what, file: file, keys: keys)
  }

  init(
    _ entries: [YAMLElement.Entry], at position: Position, of what: String, file: String, keys: [String]
  ) throws(ConstellationError) {
    var values: [String: YAMLElement] = [:]
    for entry in entries {
      guard keys.contains(entry.key) else {
        let nearest = Nearest.match(entry.key, among: keys)
        let known = nearest == nil ? "; it takes \(keys.joined(separator: ", "))" : ""
        throw entry.position.error(
          "\(what) has no key '\(FreeText.name(entry.key))'\(known)", suggestion: nearest, file: file)
      }
      values[entry.key] = entry.value
    }
    (self.file, self.position, self.what, self.values) = (file, position, what, values)
  }

  subscript(key: String) -> YAMLElement? { values[key] }

  func required(_ key: String) throws(ConstellationError) -> YAMLElement {
    guard let element = values[key] else {
      throw position.error("\(what) needs the key '\(key)'", file: file)
    }
    return element
  }

  func text(_ key: String) throws(ConstellationError) -> String? { try values[key]?.text(file: file) }
  func list(_ key: String) throws(ConstellationError) -> [YAMLElement]? { try values[key]?.list(file: file) }
  func mapping(_ key: String) throws(ConstellationError) -> [YAMLElement.Entry]? {
    try values[key]?.mapping(file: file)
  }

  /// `true` or `false`; false where the key is missing.
  func flag(_ key: String) throws(ConstellationError) -> Bool {
    guard let element = values[key] else { return false }
    switch try element.text(file: file) {
    case "true": return true
    case "false": return false
    case let other:
      throw element.position.error("expected true or false, found '\(FreeText.name(other))'", file: file)
    }
  }

  /// A list of texts, none empty, none twice, and none that `rule` has a reason against.
  func words(
    _ key: String, each what: String, rule: (String) -> String? = { _ in nil }
  ) throws(ConstellationError) -> [(word: String, position: Position)] {
    var words: [(word: String, position: Position)] = []
    var seen: Set<String> = []
    for element in try list(key) ?? [] {
      let word = try element.text(file: file)
      try Naming.check(word, what: what, rule: rule, at: element.position, file: file)
      guard seen.insert(word).inserted else {
        throw element.position.error("\(what) '\(word)' is listed twice", file: file)
      }
      words.append((word, element.position))
    }
    return words
  }

  func quantities(_ key: String) throws(ConstellationError) -> [String: Quantity] {
    var quantities: [String: Quantity] = [:]
    for entry in try mapping(key) ?? [] {
      let text = try entry.value.text(file: file)
      do { quantities[entry.key] = try Quantity(text) } catch {
        throw entry.value.position.error("\(error)", file: file)
      }
    }
    return quantities
  }

  func data() throws(ConstellationError) -> JSONValue? { values["data"]?.json() }
}

/// What every name in the file keeps to.
enum Naming {
  static let longest = 200

  /// Throws where `name`, which is `what` ("the role's name"), is none of weave's at all, or `rule` has a reason against it.
  static func check(
    _ name: String, what: String, rule: (String) -> String? = { _ in nil }, at position: Position,
    file: String
  ) throws(ConstellationError) {
    guard !name.isEmpty else { throw position.error("\(what) is empty", file: file) }
    guard name.utf8.count <= longest else {
      throw position.error("\(what) has \(name.utf8.count) bytes, of at most \(longest)", file: file)
    }
    guard !name.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
      throw position.error("\(what) contains a control character", file: file)
    }
    if let reason = rule(name) { throw position.error("\(what) cannot be '\(name)': \(reason)", file: file) }
  }

  /// A machine's name is that of a file in a resolution's tree too.
  static func checkMachine(_ name: String, at position: Position, file: String) throws(ConstellationError) {
    try check(name, what: "the machine's name", at: position, file: file)
    if let reason = MachineName.reason(against: name) {
      throw position.error("'\(name)' cannot name a machine: \(reason)", file: file)
    }
  }
}
