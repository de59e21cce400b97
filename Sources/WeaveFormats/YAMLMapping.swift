import WeaveModel

/// A mapping of a YAML file of another tool, where keys that nobody asks for are passed over.
struct YAMLMapping {
  let element: YAMLElement
  private let values: [String: YAMLElement]  // Keys: two spellings are refused

  /// The mapping that `element` is, with what its merge keys (`<<`) bring; nil for anything else.
  init?(_ element: YAMLElement) {
    guard case .mapping(let entries) = element.content else { return nil }
    self.element = element
    var values: [String: YAMLElement] = [:]  // Keys: two spellings are refused
    for entry in entries where !entry.isMergeKey { values[entry.key] = entry.value }
    if let merged = entries.first(where: \.isMergeKey)?.value {
      let sources = if case .list(let list) = merged.content { list } else { [merged] }
      for source in sources {
        var inner = YAMLMapping(source)?.values ?? [:]
        // The smaller into the larger: mappings merged into each other copy none of them again and again.
        if inner.count > values.count {
          inner.merge(values) { _, present in present }
          values = inner
        } else {
          values.merge(inner) { present, _ in present }
        }
      }
    }
    self.values = values
  }

  subscript(key: String) -> YAMLElement? { values[key] }

  /// The scalar at `key`; nil where there is none, or where it is YAML's null.
  func text(_ key: String) -> String? {
    guard let element = values[key], case .text(let text) = element.content, !text.isEmpty else { return nil }
    // What is quoted is text (YAML 1.2.2, section 10.3.2).
    return element.isPlain && Self.nulls.contains(where: text.isExactly) ? nil : text
  }

  private static let nulls = ["~", "null", "Null", "NULL"]

  func mapping(_ key: String) -> YAMLMapping? { values[key].flatMap(YAMLMapping.init) }

  func list(_ key: String) -> [YAMLElement]? {
    guard case .list(let list) = values[key]?.content else { return nil }
    return list
  }

  /// The top of a file, which must be a mapping.
  static func top(of text: String, file: String) throws(FileFormatError) -> YAMLMapping {
    let root = try root(of: text, file: file)
    guard let mapping = YAMLMapping(root) else {
      throw FileFormatError(
        file: file, line: root.position.line, message: "expected a mapping, found \(root.kind)")
    }
    return mapping
  }

  static func root(of text: String, file: String) throws(FileFormatError) -> YAMLElement {
    do throws(ConstellationError) {
      if let root = try YAMLDocument.root(of: text, file: file) { return root }
    } catch { throw FileFormatError(error) }
    throw FileFormatError(file: file, message: "it is empty")
  }
}
