import ForeignText
import Yams

/// Reads a text as one YAML document, within bounds that no honest file reaches.
package struct YAMLDocument {
  static let mostElements = 1_000_000
  static let mostTextBytes = 16 << 20
  static let deepest = 128

  private let file: String
  private let takesTags: Bool
  private var elements = 0
  private var textBytes = 0

  /// The document's only value; nil where the text holds none. `file` is only what errors call it. Throws where a value has
  /// a tag by which a scalar is no text, or a collection another than a list or a mapping, as `!!binary` and `!!set`.
  package static func root(of text: String, file: String) throws(ConstellationError) -> YAMLElement? {
    var values = 0
    return try root(of: text, file: file, takesTags: false, values: &values)
  }

  /// As ``root(of:file:)``, whatever the tags where it `takesTags`; adds to `values` how many were looked at, also where it
  /// throws.
  static func root(
    of text: String, file: String, takesTags: Bool = true, values: inout Int
  ) throws(ConstellationError) -> YAMLElement? {
    if let reason = text.reasonAgainstMarks {
      throw Position(line: 1, column: 1).error(reason, file: file)
    }
    var text = YAMLScanner.joiningSurrogatePairs(in: text)
    text.makeContiguousUTF8()
    guard let node = try compose(text, file: file) else { return nil }
    var document = YAMLDocument(file: file, takesTags: takesTags)
    defer { values += document.elements }
    return try document.element(node, depth: 0)
  }

  /// Whether `text` is written as JSON, whose objects have no order.
  static func isJSON(_ text: String) -> Bool {
    text.unicodeScalars.first { !$0.properties.isWhitespace && $0 != "\u{feff}" } == "{"
  }

  private init(file: String, takesTags: Bool) { (self.file, self.takesTags) = (file, takesTags) }

  private static func compose(_ text: String, file: String) throws(ConstellationError) -> Node? {
    if let place = AliasKeys.firstRisky(in: text) {
      throw place.error("an alias cannot be a part of a key", file: file)
    }
    do {
      // The basic resolver takes no scalar for a number; naming the encoding keeps Yams from the environment.
      return try Parser(yaml: text, resolver: .basic, encoding: .utf8).singleRoot()
    } catch let error as YamlError {
      throw YAMLProblem(error, text: text).error(file: file)
    } catch {
      throw Position(line: 1, column: 1).error("\(error)", file: file)
    }
  }

  private mutating func element(_ node: Node, depth: Int) throws(ConstellationError) -> YAMLElement {
    let position = Position(node)
    elements += 1
    guard elements <= Self.mostElements else {
      throw position.error("the file, its aliases followed, has more than 1,000,000 values", file: file)
    }
    guard depth <= Self.deepest else {
      throw position.error("values are nested more than \(Self.deepest) deep", file: file)
    }
    try checkTag(of: node, at: position)
    switch node {
    case .scalar(let scalar):
      try count(scalar.string, at: position)
      return YAMLElement(position: position, content: .text(scalar.string))
    case .sequence(let sequence):
      var list: [YAMLElement] = []
      for node in sequence { list.append(try element(node, depth: depth + 1)) }
      return YAMLElement(position: position, content: .list(list))
    case .mapping(let mapping):
      return YAMLElement(position: position, content: .mapping(try entries(of: mapping, depth: depth + 1)))
    case .alias:
      throw position.error("this alias refers to nothing", file: file)
    }
  }

  /// Those that a value of its kind has without being told.
  private static let usualTags = ["str", "seq", "map", "merge"].map { "tag:yaml.org,2002:" + $0 } + ["!"]

  private func checkTag(of node: Node, at position: Position) throws(ConstellationError) {
    guard !takesTags else { return }
    let tag =
      switch node {
      case .scalar(let scalar): scalar.tag
      case .sequence(let sequence): sequence.tag
      case .mapping(let mapping): mapping.tag
      case .alias(let alias): alias.tag
      }
    let name = tag.description
    guard name.isEmpty || Self.usualTags.contains(where: { $0.isExactly(name) }) else {
      throw position.error("it has the tag '\(name.prefix(bytes: 200))', and is not read as text", file: file)
    }
  }

  /// Many aliases of one long text are looked at one by one.
  private mutating func count(_ text: String, at position: Position) throws(ConstellationError) {
    textBytes += text.utf8.count
    guard textBytes <= Self.mostTextBytes else {
      throw position.error(
        "the file, its aliases followed, has more than \(Self.mostTextBytes >> 20) MiB of text", file: file)
    }
  }

  private mutating func entries(
    of mapping: Node.Mapping, depth: Int
  ) throws(ConstellationError) -> [YAMLElement.Entry] {
    var entries: [YAMLElement.Entry] = []
    var lines: [String: Int] = [:]
    for (key, value) in mapping {
      let position = Position(key)
      guard case .scalar(let scalar) = key else { throw position.error("a key must be text", file: file) }
      if let line = lines.updateValue(position.line, forKey: scalar.string) {
        throw position.error("'\(scalar.string)' is already given on line \(line)", file: file)
      }
      try count(scalar.string, at: position)
      try checkTag(of: key, at: position)
      let value = try element(value, depth: depth)
      entries.append(
        YAMLElement.Entry(
          key: scalar.string, position: position, value: value,
          isMergeKey: scalar.style == .plain && scalar.string == "<<"))
    }
    return entries
  }
}

extension Position {
  fileprivate init(_ node: Node) {
    self.init(line: node.mark?.line ?? 1, column: node.mark?.column ?? 1)
  }
}
