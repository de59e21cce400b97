import ForeignText
import Yams

/// Reads a text as one YAML document, within bounds that no honest file reaches.
package struct YAMLDocument {
  private let file: String
  private let takesTags: Bool

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
    var text = YAMLQuotes.joiningSurrogatePairs(in: text)
    text.makeContiguousUTF8()
    var outline = YAMLOutline(file: file)
    defer { values += outline.elements }
    try outline.look(through: &text)
    guard let node = try compose(text, file: file) else { return nil }
    return try YAMLDocument(file: file, takesTags: takesTags).element(node)
  }

  /// Whether `text` is written as JSON, whose objects have no order.
  static func isJSON(_ text: String) -> Bool {
    text.unicodeScalars.first { !$0.properties.isWhitespace && $0 != "\u{feff}" } == "{"
  }

  private init(file: String, takesTags: Bool) { (self.file, self.takesTags) = (file, takesTags) }

  private static func compose(_ text: String, file: String) throws(ConstellationError) -> Node? {
    do {
      // The basic resolver takes no scalar for a number; naming the encoding keeps Yams from the environment.
      return try Parser(yaml: text, resolver: .basic, encoding: .utf8).singleRoot()
    } catch let error as YamlError {
      throw YAMLProblem(error, text: text).error(file: file)
    } catch {
      throw Position(line: 1, column: 1).error("\(error)", file: file)
    }
  }

  private func element(_ node: Node) throws(ConstellationError) -> YAMLElement {
    let position = Position(node)
    try checkTag(of: node, at: position)
    switch node {
    case .scalar(let scalar):
      return YAMLElement(
        position: position, content: .text(scalar.string), isPlain: scalar.style == .plain)
    case .sequence(let sequence):
      var list: [YAMLElement] = []
      for node in sequence { list.append(try element(node)) }
      return YAMLElement(position: position, content: .list(list))
    case .mapping(let mapping):
      return YAMLElement(position: position, content: .mapping(try entries(of: mapping)))
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
      throw position.error("it has the tag '\(FreeText.name(name))', and is not read as text", file: file)
    }
  }

  private func entries(of mapping: Node.Mapping) throws(ConstellationError) -> [YAMLElement.Entry] {
    var entries: [YAMLElement.Entry] = []
    var lines: [String: Int] = [:]
    for (key, value) in mapping {
      let position = Position(key)
      guard case .scalar(let scalar) = key else { throw position.error("a key must be text", file: file) }
      if let line = lines.updateValue(position.line, forKey: scalar.string) {
        throw position.error("'\(FreeText.name(scalar.string))' is already given on line \(line)", file: file)
      }
      try checkTag(of: key, at: position)
      let value = try element(value)
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
